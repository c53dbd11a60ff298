import { expect, test } from 'vitest';
import type { Bar } from './bars.ts';
import { TIMEFRAMES } from './bars.ts';
import type { Timeframe } from './bars.ts';
import { MinuteHistory } from './minute-history.ts';

const OPEN = Date.parse('2013-10-07T13:30:00Z');
const FIVE = TIMEFRAMES[1] as Timeframe;
const at = (minute: number): number => OPEN + minute * 60_000;
const bar = (minute: number, close = 10): Bar => ({
  timeMs: at(minute),
  open: 10,
  high: 12,
  low: 8,
  close,
  volume: 100,
});

test('a minute that ends final and is followed by the next leaves no gap', () => {
  const history = new MinuteHistory();
  history.put(bar(0), false);
  history.put(bar(0, 11), true);
  history.put(bar(1), false);
  expect(history.gapFromMs).toBeUndefined();
  expect(history.last?.timeMs).toBe(at(1));
});

test('a last state that was never final is a gap from that minute on', () => {
  const history = new MinuteHistory();
  history.put(bar(0), false);
  history.put(bar(1), false);
  history.put(bar(2), false);
  expect(history.takeGap()).toBe(at(0));
  expect(history.gapFromMs).toBeUndefined();
});

test('minutes without a trade are no gap', () => {
  const history = new MinuteHistory();
  history.put(bar(0), true);
  history.put(bar(7), false);
  expect(history.gapFromMs).toBeUndefined();
});

test('the newest bar that was read counts as unfinished', () => {
  const history = new MinuteHistory();
  history.merge([bar(0), bar(1)]);
  history.put(bar(2), false);
  expect(history.gapFromMs).toBe(at(1));
});

test('what was read fills the gap and does not touch the live bar', () => {
  const history = new MinuteHistory();
  history.put(bar(0, 9), false);
  history.put(bar(3, 11), false);
  history.merge([bar(0, 10), bar(1), bar(2), bar(3, 10)]);
  expect(history.bars(TIMEFRAMES[0] as Timeframe).map((each) => each.close)).toEqual([
    10, 10, 10, 11,
  ]);
});

test('an older bar of the stream is put in its place', () => {
  const history = new MinuteHistory();
  history.put(bar(1), true);
  expect(history.put(bar(0), true)).toBe(false);
  expect(history.last?.timeMs).toBe(at(1));
});

test('the newest bar of five minutes folds its minutes so far', () => {
  const history = new MinuteHistory();
  for (const minute of [3, 4, 5, 6]) history.put(bar(minute, minute), true);
  expect(history.lastBar(FIVE)).toEqual({ ...bar(5), close: 6, volume: 200 });
  expect(new MinuteHistory().lastBar(FIVE)).toBeUndefined();
});
