/**
 * Bars of the chart: minute bars are kept, longer ones are folded from them.
 *
 * One source for all intraday timeframes means that a switch needs no request and that 1 h is
 * exactly the fold of 1 m. A minute without a trade has no bar.
 */
import type { BarTick } from '@rialto/contracts/stream/platform-stream';
import { wallClock } from '../format/time.ts';

/** One bar. `timeMs` is its start; prices in dollars, volume in shares. */
export interface Bar {
  readonly timeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A choice of bar length. */
export interface Timeframe {
  readonly id: '1m' | '5m' | '15m' | '1h' | '1D';
  readonly name: string;
  /** Length in minutes; 0 means a New York day. */
  readonly minutes: number;
}

/** In the order of the keys 1 to 5. */
export const TIMEFRAMES: readonly Timeframe[] = [
  { id: '1m', name: '1 minute', minutes: 1 },
  { id: '5m', name: '5 minutes', minutes: 5 },
  { id: '15m', name: '15 minutes', minutes: 15 },
  { id: '1h', name: '1 hour', minutes: 60 },
  { id: '1D', name: '1 day', minutes: 0 },
];

const MINUTE_MS = 60_000;

/** A bar of the wire. */
export function barFromTick(tick: BarTick): Bar {
  return {
    timeMs: Date.parse(tick.t),
    open: tick.o,
    high: tick.h,
    low: tick.l,
    close: tick.c,
    volume: tick.v,
  };
}

/** Start of the bar of length `timeframe` that holds an instant. */
export function bucketStart(timeMs: number, timeframe: Timeframe): number {
  // New York is a whole number of hours from UTC, so up to 1 h the two grids agree.
  if (timeframe.minutes > 0) return timeMs - (timeMs % (timeframe.minutes * MINUTE_MS));
  return timeMs - (timeMs % MINUTE_MS) - wallClock(timeMs, 'exchange').minutes * MINUTE_MS;
}

/** Folds ascending bars into longer ones. */
export function foldBars(bars: readonly Bar[], timeframe: Timeframe): Bar[] {
  const folded: Bar[] = [];
  for (const bar of bars) {
    const timeMs = bucketStart(bar.timeMs, timeframe);
    const last = folded.at(-1);
    if (last?.timeMs === timeMs) folded[folded.length - 1] = joinBars(last, bar);
    else folded.push({ ...bar, timeMs });
  }
  return folded;
}

/** The bar over two stretches, the second right after the first. */
function joinBars(first: Bar, second: Bar): Bar {
  return {
    timeMs: first.timeMs,
    open: first.open,
    high: Math.max(first.high, second.high),
    low: Math.min(first.low, second.low),
    close: second.close,
    volume: first.volume + second.volume,
  };
}

/** Joins two ascending lists; where both have a bar, `newer` wins. */
export function mergeBars(older: readonly Bar[], newer: readonly Bar[]): Bar[] {
  const merged: Bar[] = [];
  let next = 0;
  for (const bar of older) {
    for (; next < newer.length; next += 1) {
      const earlier = newer[next];
      if (earlier === undefined || earlier.timeMs >= bar.timeMs) break;
      merged.push(earlier);
    }
    const twin = newer[next];
    if (twin?.timeMs === bar.timeMs) {
      merged.push(twin);
      next += 1;
    } else {
      merged.push(bar);
    }
  }
  merged.push(...newer.slice(next));
  return merged;
}

/** The last bars, from the one that holds `fromMs` on: `bars` are ascending. */
export function barsFrom(bars: readonly Bar[], fromMs: number): readonly Bar[] {
  let start = bars.length;
  while (start > 0 && (bars[start - 1]?.timeMs ?? 0) >= fromMs) start -= 1;
  return bars.slice(start);
}
