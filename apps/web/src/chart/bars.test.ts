import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TIMEFRAMES, barsFrom, bucketStart, foldBars, mergeBars } from './bars.ts';
import type { Bar, Timeframe } from './bars.ts';

const OPEN = Date.parse('2013-10-07T13:30:00Z');
const [MINUTE, FIVE, FIFTEEN, HOUR, DAY] = TIMEFRAMES as [
  Timeframe,
  Timeframe,
  Timeframe,
  Timeframe,
  Timeframe,
];

const bar = (minute: number, close: number, volume = 100): Bar => ({
  timeMs: OPEN + minute * 60_000,
  open: close - 1,
  high: close + 2,
  low: close - 2,
  close,
  volume,
});

test('five minute bars take the first open, the extremes, the last close and all volume', () => {
  expect(foldBars([bar(0, 10), bar(3, 14), bar(4, 8), bar(5, 9)], FIVE)).toEqual([
    { timeMs: OPEN, open: 9, high: 16, low: 6, close: 8, volume: 300 },
    { timeMs: OPEN + 5 * 60_000, open: 8, high: 11, low: 7, close: 9, volume: 100 },
  ]);
});

test('hours start on the hour and days at midnight in New York', () => {
  expect(bucketStart(OPEN, HOUR)).toBe(Date.parse('2013-10-07T13:00:00Z'));
  expect(bucketStart(OPEN + 59_999, DAY)).toBe(Date.parse('2013-10-07T04:00:00Z'));
  expect(bucketStart(Date.parse('2013-01-07T20:59:00Z'), DAY)).toBe(
    Date.parse('2013-01-07T05:00:00Z'),
  );
});

test('where two lists meet the newer bar wins and none is lost', () => {
  const merged = mergeBars([bar(0, 1), bar(1, 2), bar(3, 4)], [bar(1, 20), bar(2, 30)]);
  expect(merged.map((each) => each.close)).toEqual([1, 20, 30, 4]);
});

test('the last stretch starts at the bar that holds the instant', () => {
  expect(barsFrom([bar(0, 1), bar(1, 2), bar(2, 3)], OPEN + 60_000).length).toBe(2);
  expect(barsFrom([], OPEN)).toEqual([]);
});

const minuteBars = fc
  .uniqueArray(fc.integer({ min: 0, max: 600 }), { maxLength: 80 })
  .map((minutes) => minutes.toSorted((a, b) => a - b).map((each) => bar(each, 50 + (each % 7))));

test('an hour folded from quarter hours is the hour folded from minutes', () => {
  fc.assert(
    fc.property(minuteBars, (bars) => {
      expect(foldBars(foldBars(bars, FIFTEEN), HOUR)).toEqual(foldBars(bars, HOUR));
      expect(foldBars(bars, MINUTE)).toEqual(bars);
    }),
  );
});

test('a merge is ascending, holds every minute once, and is the same when repeated', () => {
  fc.assert(
    fc.property(minuteBars, minuteBars, (older, newer) => {
      const merged = mergeBars(older, newer);
      const times = merged.map((each) => each.timeMs);
      const wanted = new Set([...older, ...newer].map((each) => each.timeMs));
      expect(times).toEqual([...wanted].toSorted((a, b) => a - b));
      expect(mergeBars(merged, newer)).toEqual(merged);
    }),
  );
});
