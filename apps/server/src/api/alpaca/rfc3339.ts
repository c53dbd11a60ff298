/**
 * Times on the wire: RFC 3339 text ↔ microseconds.
 *
 * Written: UTC, at most six fraction digits, trailing zeros trimmed, as Alpaca sends them.
 * Read: strict; up to nine fraction digits (digits below a microsecond are cut off), dates that
 * do not exist are refused.
 */
import { dayOfYyyymmdd, formatDay, type Day } from '@rialto/engine/calendar/civil-date';
import {
  MICROS_PER_DAY,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  type Micros,
} from '@rialto/engine/values/time';

const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, n) =>
  String(n).padStart(2, '0'),
);

let cachedDay = Number.NaN;
let cachedDate = '';

/** The UTC date of a day. Most calls ask for the same day. */
function dateOfDay(day: number): string {
  if (day !== cachedDay) {
    cachedDay = day;
    cachedDate = formatDay(day as Day);
  }
  return cachedDate;
}

/** Writes an instant in UTC: "2013-10-07T13:30:00.123456Z". */
export function formatTime(time: Micros): string {
  const day = Math.floor(time / MICROS_PER_DAY);
  const ofDay = time - day * MICROS_PER_DAY;
  const hour = Math.floor(ofDay / MICROS_PER_HOUR);
  const minute = Math.floor(ofDay / MICROS_PER_MINUTE) % 60;
  const second = Math.floor(ofDay / MICROS_PER_SECOND) % 60;
  const fraction = ofDay % MICROS_PER_SECOND;
  const text = `${dateOfDay(day)}T${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[second]}`;
  if (fraction === 0) return `${text}Z`;
  return `${text}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}Z`;
}

const DATE = /^[1-9]\d{3}-\d\d-\d\d$/;
const TIME =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))$/;

/** The day of a date like "2013-10-07"; `undefined` when there is no such day. */
export function parseDate(text: string): Day | undefined {
  return DATE.test(text) ? dayOfYyyymmdd(Number(text.replaceAll('-', ''))) : undefined;
}

/** Reads an RFC 3339 instant; `undefined` when the text is none. */
export function parseTime(text: string): Micros | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, date = '', hour, minute, second, fraction = '', , sign, offsetHour, offsetMinute] =
    match;
  const day = parseDate(date);
  if (day === undefined) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(offsetHour ?? 0) > 23 || Number(offsetMinute ?? 0) > 59) return undefined;
  const local =
    day * MICROS_PER_DAY +
    Number(hour) * MICROS_PER_HOUR +
    Number(minute) * MICROS_PER_MINUTE +
    Number(second) * MICROS_PER_SECOND +
    Number(fraction.slice(0, 6).padEnd(6, '0'));
  const offset =
    Number(offsetHour ?? 0) * MICROS_PER_HOUR + Number(offsetMinute ?? 0) * MICROS_PER_MINUTE;
  return (sign === '-' ? local + offset : local - offset) as Micros;
}
