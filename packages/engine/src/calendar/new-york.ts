/**
 * New York local time, from the rules of US law; no time-zone data base.
 *
 * Eastern time is UTC−5, in summer UTC−4. Summer time begins and ends at 02:00 local time:
 * 1987–2006 first Sunday of April to last Sunday of October (Public Law 99-359); from 2007
 * second Sunday of March to first Sunday of November (Energy Policy Act of 2005, §110).
 * Earlier years are given the rule of 1987.
 */
import {
  MICROS_PER_DAY,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
} from '../values/time.ts';
import type { Micros } from '../values/time.ts';
import { civilOf, dayOf, digits, formatDay, weekdayOf } from './civil-date.ts';
import type { Day } from './civil-date.ts';

const STANDARD = -5 * MICROS_PER_HOUR;
const SUMMER = -4 * MICROS_PER_HOUR;

/** When summer time begins and ends in a year, microseconds UTC. */
interface SummerTime {
  readonly begins: number;
  readonly ends: number;
}

/** What is added to UTC to get New York time, in microseconds (negative). */
export function newYorkOffset(time: Micros): number {
  const summer = summerTime(civilOf(Math.floor(time / MICROS_PER_DAY) as Day).year);
  return time >= summer.begins && time < summer.ends ? SUMMER : STANDARD;
}

/** The New York date of an instant. */
export function newYorkDay(time: Micros): Day {
  return Math.floor((time + newYorkOffset(time)) / MICROS_PER_DAY) as Day;
}

/** The instant at which a New York date begins (the clock never changes at midnight). */
export function newYorkMidnight(day: Day): Micros {
  return newYorkInstant(day, 0);
}

/**
 * The instant of a local time of day, in microseconds after local midnight. Of a time that the
 * change to summer time leaves out, the instant an hour later; of one that comes twice, the
 * second. No session edge is such a time.
 */
export function newYorkInstant(day: Day, timeOfDay: number): Micros {
  const local = day * MICROS_PER_DAY + timeOfDay;
  const standard = (local - STANDARD) as Micros;
  if (newYorkOffset(standard) === STANDARD) return standard;
  const summer = (local - SUMMER) as Micros;
  return newYorkOffset(summer) === SUMMER ? summer : standard;
}

/**
 * An instant as RFC 3339 text in New York time: "2013-10-07T09:30:00.25-04:00". Fractions of a
 * second stand only where there are any.
 */
export function formatNewYork(time: Micros): string {
  const offset = newYorkOffset(time);
  const local = time + offset;
  const day = Math.floor(local / MICROS_PER_DAY) as Day;
  const hours = digits(-offset / MICROS_PER_HOUR, 2);
  return `${formatDay(day)}T${formatTimeOfDay(local - day * MICROS_PER_DAY)}-${hours}:00`;
}

/** Microseconds after midnight as "09:30:00" or "09:30:00.25". */
function formatTimeOfDay(timeOfDay: number): string {
  const hours = digits(Math.floor(timeOfDay / MICROS_PER_HOUR), 2);
  const minutes = digits(Math.floor(timeOfDay / MICROS_PER_MINUTE) % 60, 2);
  const seconds = digits(Math.floor(timeOfDay / MICROS_PER_SECOND) % 60, 2);
  const fraction = digits(timeOfDay % MICROS_PER_SECOND, 6).replace(/0+$/, '');
  const text = `${hours}:${minutes}:${seconds}`;
  return fraction === '' ? text : `${text}.${fraction}`;
}

function summerTime(year: number): SummerTime {
  const begins = year < 2007 ? sunday(year, 4, 1) : sunday(year, 3, 8);
  const ends = year < 2007 ? sunday(year, 10, 25) : sunday(year, 11, 1);
  return {
    begins: begins * MICROS_PER_DAY + 2 * MICROS_PER_HOUR - STANDARD,
    ends: ends * MICROS_PER_DAY + 2 * MICROS_PER_HOUR - SUMMER,
  };
}

/** The first Sunday on or after a date. */
function sunday(year: number, month: number, dayOfMonth: number): Day {
  const day = dayOf(year, month, dayOfMonth);
  return (day + ((7 - weekdayOf(day)) % 7)) as Day;
}
