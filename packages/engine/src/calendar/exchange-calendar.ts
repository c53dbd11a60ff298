/**
 * The trading calendar of US equities: days, half days and the sessions of a day.
 *
 * A trading day has four transitions, in New York time: 04:00 pre-market, 09:30 regular session,
 * 16:00 post-market, 20:00 closed. On half days the regular session ends at 13:00 and the
 * post-market at 17:00. Each session begins at its edge (inclusive) and ends before the next.
 */
import { MICROS_PER_HOUR, MICROS_PER_MINUTE } from '../values/time.ts';
import type { Micros } from '../values/time.ts';
import type { SessionKind } from '../venue/views.ts';
import { dayOfYyyymmdd, weekdayOf } from './civil-date.ts';
import type { Day } from './civil-date.ts';
import { newYorkDay, newYorkInstant } from './new-york.ts';
import { CLOSED_DATES, HALF_DATES } from './us-equities-data.ts';

/** The instants at which the sessions of a trading day begin, and the last one ends. */
export interface TradingHours {
  readonly pre: Micros;
  readonly open: Micros;
  readonly close: Micros;
  readonly end: Micros;
}

const PRE = 4 * MICROS_PER_HOUR;
const OPEN = 9 * MICROS_PER_HOUR + 30 * MICROS_PER_MINUTE;
const CLOSE = 16 * MICROS_PER_HOUR;
const END = 20 * MICROS_PER_HOUR;
const HALF_CLOSE = 13 * MICROS_PER_HOUR;
const HALF_END = 17 * MICROS_PER_HOUR;

const closedDays = daySet(CLOSED_DATES);
const halfDays = daySet(HALF_DATES);

/** Whether the exchanges trade on this day. */
export function isTradingDay(day: Day): boolean {
  const weekday = weekdayOf(day);
  return weekday !== 0 && weekday !== 6 && !closedDays.has(day);
}

/** Whether the regular session of this day ends at 13:00. */
export function isHalfDay(day: Day): boolean {
  return halfDays.has(day);
}

/** The sessions of a trading day; what it says of other days has no meaning. */
export function tradingHours(day: Day): TradingHours {
  const half = isHalfDay(day);
  return {
    pre: newYorkInstant(day, PRE),
    open: newYorkInstant(day, OPEN),
    close: newYorkInstant(day, half ? HALF_CLOSE : CLOSE),
    end: newYorkInstant(day, half ? HALF_END : END),
  };
}

/** The first trading day on or after a day. */
export function tradingDayFrom(day: Day): Day {
  let found: number = day;
  while (!isTradingDay(found as Day)) found++;
  return found as Day;
}

/** The last trading day before a day. */
export function tradingDayBefore(day: Day): Day {
  let found = day - 1;
  while (!isTradingDay(found as Day)) found--;
  return found as Day;
}

/** The trading date of an instant: its New York date, or the next trading day once that ended. */
export function tradingDayAt(time: Micros): Day {
  const day = newYorkDay(time);
  const over = isTradingDay(day) && time >= tradingHours(day).end;
  return tradingDayFrom((over ? day + 1 : day) as Day);
}

/** The session at an instant. */
export function sessionAt(time: Micros): SessionKind {
  const day = newYorkDay(time);
  if (!isTradingDay(day)) return 'closed';
  const hours = tradingHours(day);
  if (time < hours.pre || time >= hours.end) return 'closed';
  if (time < hours.open) return 'pre';
  return time < hours.close ? 'regular' : 'post';
}

/** The first instant after `time` at which a session begins or ends. */
export function nextTransition(time: Micros): Micros {
  const hours = tradingHours(tradingDayAt(time));
  if (time < hours.pre) return hours.pre;
  if (time < hours.open) return hours.open;
  return time < hours.close ? hours.close : hours.end;
}

/** The first regular open after `time`. */
export function nextOpen(time: Micros): Micros {
  const day = tradingDayFrom(newYorkDay(time));
  const { open } = tradingHours(day);
  return time < open ? open : tradingHours(tradingDayFrom((day + 1) as Day)).open;
}

/** The first regular close after `time`. */
export function nextClose(time: Micros): Micros {
  const day = tradingDayFrom(newYorkDay(time));
  const { close } = tradingHours(day);
  return time < close ? close : tradingHours(tradingDayFrom((day + 1) as Day)).close;
}

function daySet(dates: readonly number[]): ReadonlySet<Day> {
  const days = new Set<Day>();
  for (const date of dates) {
    const day = dayOfYyyymmdd(date);
    if (day !== undefined) days.add(day);
  }
  return days;
}
