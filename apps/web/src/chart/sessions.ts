/** Which session of the exchange a bar belongs to, to shade the chart. */
import type { AlpacaCalendarDay } from '@rialto/contracts/alpaca/market-hours';
import { wallClock } from '../format/time.ts';

/** A session of the trading day; `closed` is the night. */
export type Session = 'closed' | 'pre' | 'regular' | 'post';

const PRE_OPEN = 4 * 60;
const REGULAR_OPEN = 9 * 60 + 30;
const REGULAR_CLOSE = 16 * 60;
const POST_CLOSE = 20 * 60;

/** Opening and closing minutes by New York date; days that are missing have the usual hours. */
export type SessionHours = ReadonlyMap<string, { readonly open: number; readonly close: number }>;

/** Reads the calendar of the trading API ("09:30", "13:00"). */
export function sessionHours(days: readonly AlpacaCalendarDay[]): SessionHours {
  return new Map(
    days.map((day) => [day.date, { open: minuteOfDay(day.open), close: minuteOfDay(day.close) }]),
  );
}

/** The session that an instant falls into. */
export function sessionAt(timeMs: number, hours: SessionHours): Session {
  const { date, minutes } = wallClock(timeMs, 'exchange');
  const day = hours.get(date) ?? { open: REGULAR_OPEN, close: REGULAR_CLOSE };
  if (minutes < PRE_OPEN || minutes >= POST_CLOSE) return 'closed';
  if (minutes < day.open) return 'pre';
  return minutes < day.close ? 'regular' : 'post';
}

function minuteOfDay(text: string): number {
  const [hour, minute] = text.split(':');
  return Number(hour) * 60 + Number(minute);
}
