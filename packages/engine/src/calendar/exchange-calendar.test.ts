import { expect, test } from 'vitest';
import type { Micros } from '../values/time.ts';
import { dayOf, formatDay, yyyymmddOf } from './civil-date.ts';
import type { Day } from './civil-date.ts';
import { formatNewYork, newYorkDay } from './new-york.ts';
import {
  isHalfDay,
  isTradingDay,
  nextClose,
  nextOpen,
  nextTransition,
  sessionAt,
  tradingDayAt,
  tradingDayBefore,
  tradingDayFrom,
} from './exchange-calendar.ts';

function at(text: string): Micros {
  return (Date.parse(text) * 1_000) as Micros;
}

function day(text: string): Day {
  const [year = 0, month = 0, dayOfMonth = 0] = text.split('-').map(Number);
  return dayOf(year, month, dayOfMonth);
}

test.each([
  ['1998-01-01', 'New Year'],
  ['1999-12-24', 'Christmas observed on the Friday before'],
  ['2001-09-11', 'September 11'],
  ['2001-09-14', 'September 11, last day'],
  ['2004-06-11', 'mourning for Ronald Reagan'],
  ['2012-10-29', 'Hurricane Sandy'],
  ['2013-03-29', 'Good Friday'],
  ['2018-12-05', 'mourning for George H. W. Bush'],
  ['2021-12-24', 'Christmas observed'],
  ['2022-06-20', 'Juneteenth observed'],
  ['2025-01-09', 'mourning for Jimmy Carter'],
  ['2028-12-25', 'Christmas of the last year'],
  ['2013-10-05', 'a Saturday'],
  ['2013-10-06', 'a Sunday'],
])('%s is closed: %s', (date) => {
  expect(isTradingDay(day(date))).toBe(false);
  expect(sessionAt(at(`${date}T17:00:00Z`))).toBe('closed');
});

test.each(['2001-09-10', '2001-09-17', '2013-10-14', '2020-02-28', '2021-12-31', '2021-06-18'])(
  '%s trades the whole day',
  (date) => {
    expect(isTradingDay(day(date))).toBe(true);
    expect(isHalfDay(day(date))).toBe(false);
  },
);

test('the number of trading days of each year is that of the exchange', () => {
  // NYSE: 252 in 1998, 2013, 2019 and 2021; 248 in 2001 (four days lost), 250 in 2012 (two).
  const counts = new Map<number, number>();
  for (let d: number = dayOf(1998, 1, 1); d < dayOf(2029, 1, 1); d++) {
    if (!isTradingDay(d as Day)) continue;
    const year = Math.floor(yyyymmddOf(d as Day) / 10_000);
    counts.set(year, (counts.get(year) ?? 0) + 1);
  }
  expect([1998, 2001, 2012, 2013, 2019, 2020, 2021].map((year) => counts.get(year))).toEqual([
    252, 248, 250, 252, 252, 253, 252,
  ]);
});

// Summer: UTC−4. Winter: UTC−5. Each row: the first instant of a session and the session.
test.each([
  ['a summer day', '2013-10-07T08:00:00Z', 'closed', 'pre'],
  ['a summer day', '2013-10-07T13:30:00Z', 'pre', 'regular'],
  ['a summer day', '2013-10-07T20:00:00Z', 'regular', 'post'],
  ['a summer day', '2013-10-08T00:00:00Z', 'post', 'closed'],
  ['a winter day', '2013-12-02T09:00:00Z', 'closed', 'pre'],
  ['a winter day', '2013-12-02T14:30:00Z', 'pre', 'regular'],
  ['a winter day', '2013-12-02T21:00:00Z', 'regular', 'post'],
  ['a winter day', '2013-12-03T01:00:00Z', 'post', 'closed'],
  ['a half day', '2013-11-29T14:30:00Z', 'pre', 'regular'],
  ['a half day', '2013-11-29T18:00:00Z', 'regular', 'post'],
  ['a half day', '2013-11-29T22:00:00Z', 'post', 'closed'],
  ['a half day in summer', '2013-07-03T17:00:00Z', 'regular', 'post'],
  ['a half day in summer', '2013-07-03T21:00:00Z', 'post', 'closed'],
  ['the Friday before the change to summer time', '2013-03-08T14:30:00Z', 'pre', 'regular'],
  ['the Monday after the change to summer time', '2013-03-11T13:30:00Z', 'pre', 'regular'],
  ['the Friday before the change to winter time', '2013-11-01T13:30:00Z', 'pre', 'regular'],
  ['the Monday after the change to winter time', '2013-11-04T14:30:00Z', 'pre', 'regular'],
  ['the Monday after the old change to summer time', '2006-04-03T13:30:00Z', 'pre', 'regular'],
  ['the same Monday of March a year before the new rule', '2006-03-13T14:30:00Z', 'pre', 'regular'],
  ['the first Monday under the new rule', '2007-03-12T13:30:00Z', 'pre', 'regular'],
  ['a leap day', '2016-02-29T14:30:00Z', 'pre', 'regular'],
])('%s: at %s the market goes from %s to %s, to the microsecond', (_name, edge, before, after) => {
  const time = at(edge);
  const justBefore = (time - 1) as Micros;
  expect(sessionAt(justBefore)).toBe(before);
  expect(sessionAt(time)).toBe(after);
  expect(sessionAt((time + 1) as Micros)).toBe(after);
  expect(nextTransition(justBefore)).toBe(time);
  expect(nextTransition(time)).toBeGreaterThan(time);
});

test('transitions of 1998 to 2028 cover every trading day, and the session holds between them', () => {
  const order = ['pre', 'regular', 'post', 'closed'];
  let time = at('1998-01-01T12:00:00Z');
  let transitions = 0;
  const end = at('2029-01-01T06:00:00Z');
  for (;;) {
    const next = nextTransition(time);
    if (next > end) break;
    expect(sessionAt((next - 1) as Micros)).toBe(sessionAt(time));
    expect(sessionAt(next)).toBe(order[transitions % 4]);
    expect(isTradingDay(newYorkDay(next))).toBe(true);
    time = next;
    transitions++;
  }
  let tradingDays = 0;
  for (let d: number = dayOf(1998, 1, 1); d < dayOf(2029, 1, 1); d++) {
    if (isTradingDay(d as Day)) tradingDays++;
  }
  expect(transitions).toBe(tradingDays * 4);
});

test.each([
  [
    'before the open of a Monday',
    '2013-10-07T13:29:59Z',
    '2013-10-07T09:30:00-04:00',
    '2013-10-07T16:00:00-04:00',
  ],
  ['at the open', '2013-10-07T13:30:00Z', '2013-10-08T09:30:00-04:00', '2013-10-07T16:00:00-04:00'],
  [
    'at the close',
    '2013-10-07T20:00:00Z',
    '2013-10-08T09:30:00-04:00',
    '2013-10-08T16:00:00-04:00',
  ],
  [
    'on a Friday evening',
    '2013-10-04T22:00:00Z',
    '2013-10-07T09:30:00-04:00',
    '2013-10-07T16:00:00-04:00',
  ],
  [
    'on Thanksgiving',
    '2013-11-28T17:00:00Z',
    '2013-11-29T09:30:00-05:00',
    '2013-11-29T13:00:00-05:00',
  ],
])('%s the next open and close are these', (_name, now, open, close) => {
  expect(formatNewYork(nextOpen(at(now)))).toBe(open);
  expect(formatNewYork(nextClose(at(now)))).toBe(close);
});

test.each([
  ['in the night before', '2013-10-07T05:00:00Z', '2013-10-07'],
  ['in the post-market', '2013-10-07T23:59:59Z', '2013-10-07'],
  ['after the post-market', '2013-10-08T00:00:00Z', '2013-10-08'],
  ['on a Friday night', '2013-10-05T00:00:00Z', '2013-10-07'],
  ['on a Sunday', '2013-10-06T17:00:00Z', '2013-10-07'],
  ['after a half day', '2013-11-29T22:00:00Z', '2013-12-02'],
])('%s, at %s, the trading date is %s', (_name, now, date) => {
  expect(formatDay(tradingDayAt(at(now)))).toBe(date);
});

test('the trading days around a weekend and a holiday', () => {
  expect(formatDay(tradingDayFrom(day('2013-11-28')))).toBe('2013-11-29');
  expect(formatDay(tradingDayFrom(day('2013-11-29')))).toBe('2013-11-29');
  expect(formatDay(tradingDayBefore(day('2013-12-02')))).toBe('2013-11-29');
  expect(formatDay(tradingDayBefore(day('2013-11-29')))).toBe('2013-11-27');
});
