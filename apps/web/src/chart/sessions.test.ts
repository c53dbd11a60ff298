import type { AlpacaCalendarDay } from '@rialto/contracts/alpaca/market-hours';
import { expect, test } from 'vitest';
import { sessionAt, sessionHours } from './sessions.ts';

const day = (date: string, close: string): AlpacaCalendarDay => ({
  date,
  open: '09:30',
  close,
  session_open: '0400',
  session_close: '2000',
  settlement_date: date,
});

const HOURS = sessionHours([day('2013-10-07', '16:00'), day('2013-11-29', '13:00')]);

const at = (text: string): string => sessionAt(Date.parse(text), HOURS);

test('an ordinary day has four sessions, each from its first minute on', () => {
  expect(
    ['03:59', '04:00', '09:29', '09:30', '15:59', '16:00', '19:59', '20:00'].map((time) =>
      at(`2013-10-07T${time}:00-04:00`),
    ),
  ).toEqual(['closed', 'pre', 'pre', 'regular', 'regular', 'post', 'post', 'closed']);
});

test('a half day closes at 13:00', () => {
  expect([at('2013-11-29T12:59:00-05:00'), at('2013-11-29T13:00:00-05:00')]).toEqual([
    'regular',
    'post',
  ]);
});

test('a day outside the calendar has the usual hours', () => {
  expect(at('2013-10-08T15:00:00-04:00')).toBe('regular');
});
