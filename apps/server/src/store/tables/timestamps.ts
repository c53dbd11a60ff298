/**
 * Microseconds of venue time as `timestamptz` text, exact to the microsecond.
 *
 * Writing goes through this text; reading through the SQL function `unix_micros`, because the
 * driver's Date would round to milliseconds.
 */
import { MICROS_PER_DAY, MICROS_PER_SECOND } from '@rialto/engine/values/time';

/** RFC 3339 with six digits: "2013-10-07T13:30:00.000123Z". */
export function timestampText(micros: number): string {
  const fraction = ((micros % MICROS_PER_SECOND) + MICROS_PER_SECOND) % MICROS_PER_SECOND;
  const seconds = new Date((micros - fraction) / 1_000).toISOString().slice(0, 19);
  return `${seconds}.${fraction.toString().padStart(6, '0')}Z`;
}

/** Number of the UTC day that holds an instant: days since 1970-01-01. */
export function utcDayOf(micros: number): number {
  return Math.floor(micros / MICROS_PER_DAY);
}

/** The date of a UTC day as text: "2013-10-07". */
export function dateText(utcDay: number): string {
  return new Date(utcDay * 86_400_000).toISOString().slice(0, 10);
}
