import { expect, test } from 'vitest';
import { formatAge, formatDay, formatSeconds, wallClock, zoneLabel } from './time.ts';

const OPEN = Date.parse('2013-10-07T13:30:00Z');

test('one instant reads 09:30 in New York and 13:30 in UTC', () => {
  expect(formatSeconds(OPEN, 'exchange')).toBe('09:30:00');
  expect(formatSeconds(OPEN, 'utc')).toBe('13:30:00');
  expect(formatDay(OPEN, 'exchange')).toBe('Mon, Oct 7, 2013');
  expect([zoneLabel('exchange'), zoneLabel('utc')]).toEqual(['New York', 'UTC']);
});

test('midnight is 00:00, not 24:00', () => {
  expect(formatSeconds(Date.parse('2013-10-07T04:00:00Z'), 'exchange')).toBe('00:00:00');
});

test('the hour that is repeated at the end of summer time is read twice', () => {
  const first = Date.parse('2013-11-03T05:30:00Z');
  expect(formatSeconds(first, 'exchange')).toBe('01:30:00');
  expect(formatSeconds(first + 3_600_000, 'exchange')).toBe('01:30:00');
});

test('a wall clock gives the date and the minute of the day in its zone', () => {
  expect(wallClock(OPEN, 'exchange')).toEqual({ date: '2013-10-07', minutes: 570 });
  expect(wallClock(Date.parse('2013-10-08T02:00:00Z'), 'exchange')).toEqual({
    date: '2013-10-07',
    minutes: 22 * 60,
  });
});

test('ages stay within four characters', () => {
  expect([-5, 900, 59_999, 60_000, 3_600_000, 90_000_000].map(formatAge)).toEqual([
    '0s',
    '0s',
    '59s',
    '1m',
    '1h',
    '1d',
  ]);
});
