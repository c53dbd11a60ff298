import { expect, test } from 'vitest';
import { MICROS_PER_HOUR } from '../values/time.ts';
import type { Micros } from '../values/time.ts';
import { civilOf, dayOf, dayOfYyyymmdd, formatDay, weekdayOf, yyyymmddOf } from './civil-date.ts';
import type { Day } from './civil-date.ts';
import {
  formatNewYork,
  newYorkDay,
  newYorkInstant,
  newYorkMidnight,
  newYorkOffset,
} from './new-york.ts';

/** An instant given as ISO 8601 text with milliseconds at most. */
function at(text: string): Micros {
  return (Date.parse(text) * 1_000) as Micros;
}

const intl = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

test('local time agrees with the IANA data base on every day of 1998 to 2028', () => {
  const end = at('2029-01-01T00:00:00Z');
  let days = 0;
  // 05:00, 06:00 and 07:00 UTC are the hours around which the clock changes.
  for (
    let day = at('1998-01-01T00:00:00Z');
    day < end;
    day = (day + 24 * MICROS_PER_HOUR) as Micros
  ) {
    for (const hour of [5, 6, 7, 17]) {
      const time = (day + hour * MICROS_PER_HOUR) as Micros;
      const expected = intl.format(time / 1_000).replace(', ', 'T');
      expect(formatNewYork(time).slice(0, 19)).toBe(expected);
    }
    days++;
  }
  expect(days).toBe(11_323);
});

test.each([
  // Until 2006: first Sunday of April, last Sunday of October.
  ['2006-04-02T06:59:59.999Z', '2006-04-02T01:59:59.999-05:00'],
  ['2006-04-02T07:00:00.000Z', '2006-04-02T03:00:00-04:00'],
  ['2006-10-29T05:59:59.999Z', '2006-10-29T01:59:59.999-04:00'],
  ['2006-10-29T06:00:00.000Z', '2006-10-29T01:00:00-05:00'],
  // From 2007: second Sunday of March, first Sunday of November.
  ['2007-03-11T06:59:59.999Z', '2007-03-11T01:59:59.999-05:00'],
  ['2007-03-11T07:00:00.000Z', '2007-03-11T03:00:00-04:00'],
  ['2007-11-04T05:59:59.999Z', '2007-11-04T01:59:59.999-04:00'],
  ['2007-11-04T06:00:00.000Z', '2007-11-04T01:00:00-05:00'],
  ['2020-02-29T05:00:00.000Z', '2020-02-29T00:00:00-05:00'],
  ['2013-10-07T13:30:00.250Z', '2013-10-07T09:30:00.25-04:00'],
])('%s is %s in New York', (utc, local) => {
  expect(formatNewYork(at(utc))).toBe(local);
});

test('a microsecond is the last digit that is written', () => {
  expect(formatNewYork((at('2013-10-07T13:30:00Z') + 1) as Micros)).toBe(
    '2013-10-07T09:30:00.000001-04:00',
  );
});

test('one microsecond decides on which side of a clock change an instant lies', () => {
  const spring = at('2013-03-10T07:00:00Z');
  expect(newYorkOffset((spring - 1) as Micros)).toBe(-5 * MICROS_PER_HOUR);
  expect(newYorkOffset(spring)).toBe(-4 * MICROS_PER_HOUR);
  const autumn = at('2013-11-03T06:00:00Z');
  expect(newYorkOffset((autumn - 1) as Micros)).toBe(-4 * MICROS_PER_HOUR);
  expect(newYorkOffset(autumn)).toBe(-5 * MICROS_PER_HOUR);
});

test.each([
  ['the left-out half past two', '2013-03-10', 2.5, '2013-03-10T07:30:00Z'],
  ['the second half past one', '2013-11-03', 1.5, '2013-11-03T06:30:00Z'],
  ['midnight before the change to summer time', '2013-03-10', 0, '2013-03-10T05:00:00Z'],
  ['midnight before the change to winter time', '2013-11-03', 0, '2013-11-03T04:00:00Z'],
])('%s of a day is this instant', (_name, date, hours, utc) => {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  expect(newYorkInstant(dayOf(year, month, day), hours * MICROS_PER_HOUR)).toBe(at(utc));
});

test('the New York date changes at New York midnight, to the microsecond', () => {
  const day = dayOf(2013, 10, 7);
  const midnight = newYorkMidnight(day);
  expect(newYorkDay(midnight)).toBe(day);
  expect(newYorkDay((midnight - 1) as Micros)).toBe(day - 1);
});

test('day numbers and dates agree with Date from 1900 to 2100', () => {
  const last = dayOf(2100, 12, 31);
  const wrong: string[] = [];
  for (let day = dayOf(1900, 1, 1); day <= last; day = (day + 1) as Day) {
    const date = new Date(day * 86_400_000);
    const text = date.toISOString().slice(0, 10);
    const { year, month, day: dayOfMonth } = civilOf(day);
    const same =
      formatDay(day) === text &&
      weekdayOf(day) === date.getUTCDay() &&
      dayOf(year, month, dayOfMonth) === day &&
      dayOfYyyymmdd(yyyymmddOf(day)) === day;
    if (!same) wrong.push(text);
  }
  expect(wrong).toEqual([]);
  expect(formatDay(last)).toBe('2100-12-31');
});

test.each([20130229, 20131301, 20130100, 20130132, 2013, 1.5, Number.NaN, -20130101])(
  '%s is no date',
  (yyyymmdd) => {
    expect(dayOfYyyymmdd(yyyymmdd)).toBeUndefined();
  },
);
