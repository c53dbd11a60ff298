/**
 * Dates as day numbers: days since 1970-01-01 in the proleptic Gregorian calendar.
 *
 * Pure arithmetic after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
 * (howardhinnant.github.io/date_algorithms.html), so the engine needs no `Date`.
 */
import type { Brand } from '../values/brand.ts';

/** Days since 1970-01-01; an integer. */
export type Day = Brand<number, 'Day'>;

/** A date taken apart; month 1–12, day of the month 1–31. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DAYS_PER_ERA = 146_097;

/** The day number of a date. The date must exist; nothing is checked. */
export function dayOf(year: number, month: number, day: number): Day {
  // Years begin in March here, so that the leap day is the last day of a year.
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfEra = yearOfEra * 365 + leapDays + dayOfYear;
  return (era * DAYS_PER_ERA + dayOfEra - 719_468) as Day;
}

/** The date of a day number. */
export function civilOf(day: Day): CivilDate {
  const z = day + 719_468;
  const era = Math.floor(z / DAYS_PER_ERA);
  const dayOfEra = z - era * DAYS_PER_ERA;
  const skipped =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - skipped) / 365);
  const startOfYear = 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - startOfYear;
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const month = march < 10 ? march + 3 : march - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * march + 2) / 5) + 1,
  };
}

/** Day of the week: 0 Sunday … 6 Saturday. */
export function weekdayOf(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** A day as the number yyyymmdd: 20131007. */
export function yyyymmddOf(day: Day): number {
  const date = civilOf(day);
  return date.year * 10_000 + date.month * 100 + date.day;
}

/** The day of a number yyyymmdd; `undefined` when there is no such date. */
export function dayOfYyyymmdd(yyyymmdd: number): Day | undefined {
  if (!Number.isInteger(yyyymmdd) || yyyymmdd < 10_101 || yyyymmdd > 99_991_231) return undefined;
  const month = Math.floor(yyyymmdd / 100) % 100;
  if (month < 1 || month > 12) return undefined;
  const day = dayOf(Math.floor(yyyymmdd / 10_000), month, yyyymmdd % 100);
  return yyyymmddOf(day) === yyyymmdd ? day : undefined;
}

/** A day as ISO 8601 text: "2013-10-07". */
export function formatDay(day: Day): string {
  const { year, month, day: dayOfMonth } = civilOf(day);
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(dayOfMonth, 2)}`;
}

/** An unsigned integer with leading zeros. */
export function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
