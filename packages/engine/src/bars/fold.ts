/**
 * Longer bars from shorter ones: minutes to any intraday length, days to weeks and months.
 *
 * Buckets are aligned in New York time, counted from local midnight: 1Hour bars start on the
 * hour, 7Min bars at 00:00, 00:07 … and the last one of a day is cut off at midnight. On the
 * day of a clock change buckets keep their length in elapsed time. Weeks start on Monday.
 */
import { civilOf, dayOf, weekdayOf } from '../calendar/civil-date.ts';
import type { Day } from '../calendar/civil-date.ts';
import { newYorkDay, newYorkMidnight } from '../calendar/new-york.ts';
import { MICROS_PER_MINUTE } from '../values/time.ts';
import type { Micros } from '../values/time.ts';
import type { BarView } from '../venue/views.ts';

/** The span of a bar: a count of units. Months and weeks are made of day bars. */
export interface Timeframe {
  /** Minutes 1–1,439; days and weeks 1; months 1, 2, 3, 4, 6, 12. */
  readonly count: number;
  readonly unit: 'minute' | 'day' | 'week' | 'month';
}

/**
 * The bars of `timeframe` over bars in time order: minute bars for minutes, day bars for days,
 * weeks and months. A bucket without bars gives none. The start of a folded bar is that of its
 * bucket.
 */
export function foldBars(bars: readonly BarView[], timeframe: Timeframe): BarView[] {
  const folded: BarView[] = [];
  let last: BarView | undefined;
  for (const bar of bars) {
    const start = bucketStart(bar.start, timeframe);
    if (last?.start === start) {
      last = joined(last, bar);
      folded[folded.length - 1] = last;
    } else {
      last = { ...bar, start };
      folded.push(last);
    }
  }
  return folded;
}

/** Start of the bucket that an instant falls in. */
export function bucketStart(time: Micros, timeframe: Timeframe): Micros {
  const day = newYorkDay(time);
  switch (timeframe.unit) {
    case 'minute': {
      const midnight = newYorkMidnight(day);
      const length = timeframe.count * MICROS_PER_MINUTE;
      return (midnight + Math.floor((time - midnight) / length) * length) as Micros;
    }
    case 'day':
      return newYorkMidnight(day);
    case 'week':
      return newYorkMidnight((day - ((weekdayOf(day) + 6) % 7)) as Day);
    case 'month':
      break;
  }
  const { year, month } = civilOf(day);
  const first = month - ((month - 1) % timeframe.count);
  return newYorkMidnight(dayOf(year, first, 1));
}

/** The first instant after a bucket, for those who read the bars that it needs. */
export function bucketEnd(start: Micros, timeframe: Timeframe): Micros {
  const day = newYorkDay(start);
  switch (timeframe.unit) {
    case 'minute': {
      const end = start + timeframe.count * MICROS_PER_MINUTE;
      return Math.min(end, newYorkMidnight((day + 1) as Day)) as Micros;
    }
    case 'day':
      return newYorkMidnight((day + 1) as Day);
    case 'week':
      return newYorkMidnight((day + 7) as Day);
    case 'month':
      break;
  }
  const { year, month } = civilOf(day);
  const next = month - 1 + timeframe.count;
  return newYorkMidnight(dayOf(year + Math.floor(next / 12), (next % 12) + 1, 1));
}

function joined(a: BarView, b: BarView): BarView {
  return {
    start: a.start,
    open: a.open,
    high: a.high > b.high ? a.high : b.high,
    low: a.low < b.low ? a.low : b.low,
    close: b.close,
    volume: a.volume + b.volume,
    notional: a.notional + b.notional,
    tradeCount: a.tradeCount + b.tradeCount,
  };
}
