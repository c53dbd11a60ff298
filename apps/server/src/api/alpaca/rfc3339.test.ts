import type { Micros } from '@rialto/engine/values/time';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTime, parseDate, parseTime } from './rfc3339.ts';

const OPEN = (Date.UTC(2013, 9, 7, 13, 30) * 1000) as Micros;

describe('times on the wire', () => {
  test('an instant is written in UTC with trailing zeros of the fraction trimmed', () => {
    expect(formatTime(OPEN)).toBe('2013-10-07T13:30:00Z');
    expect(formatTime((OPEN + 500_000) as Micros)).toBe('2013-10-07T13:30:00.5Z');
    expect(formatTime((OPEN + 120) as Micros)).toBe('2013-10-07T13:30:00.00012Z');
  });

  test('offsets, nine digits and a lower-case z are read', () => {
    expect(parseTime('2013-10-07T09:30:00-04:00')).toBe(OPEN);
    expect(parseTime('2013-10-07T13:30:00.000001999Z')).toBe(OPEN + 1);
    expect(parseTime('2013-10-07t13:30:00z')).toBe(OPEN);
  });

  test.each([
    '',
    '2013-10-07',
    '2013-02-30T00:00:00Z',
    '2013-10-07T24:00:00Z',
    '2013-10-07T13:60:00Z',
    '2013-10-07T13:30:00',
    '2013-10-07T13:30:00.Z',
    '2013-10-07T13:30:00.1234567890Z',
    '2013-10-07T13:30:00+24:00',
    '13-10-07T13:30:00Z',
    ' 2013-10-07T13:30:00Z',
  ])('%j is no instant', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  test('a date is a day that exists', () => {
    expect(parseDate('1970-01-02')).toBe(1);
    expect(parseDate('2024-02-29')).toBe(19782);
    expect(parseDate('2023-02-29')).toBeUndefined();
    expect(parseDate('0013-10-07')).toBeUndefined();
  });

  test('reading what was written gives the same instant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000_000 }), (micros) => {
        expect(parseTime(formatTime(micros as Micros))).toBe(micros);
      }),
    );
  });
});
