/**
 * Bars of any timeframe: minute bars and daily bars from the tables, folded, and the bar of the
 * current day from the replica.
 *
 * A minute is shown once it is over. Of the tables' daily bars only those of days before the
 * venue's day are taken: a later one, or the whole of today, would be the recording's future.
 */
import { foldBars, type Timeframe } from '@rialto/engine/bars/fold';
import type { Day } from '@rialto/engine/calendar/civil-date';
import { newYorkDay, newYorkMidnight } from '@rialto/engine/calendar/new-york';
import { MICROS_PER_MINUTE, type Micros } from '@rialto/engine/values/time';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { BarView } from '@rialto/engine/venue/views';
import type { MarketDataReader } from '../../store/readers.ts';
import type { PagePlace } from './page-token.ts';

/** Days of minute bars read at once: a week is at most 6,720 rows per symbol. */
const DAYS_AT_ONCE = 7;

/** What bars are asked for. */
export interface BarRange {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Inclusive, of the bars' starts. */
  readonly start: Micros;
  readonly end: Micros;
  readonly sort: 'asc' | 'desc';
  readonly limit: number;
  readonly after: PagePlace | undefined;
}

/** Bars of one venue. */
export class BarHistory {
  private readonly reader: MarketDataReader;
  private readonly venue: VenueApi;
  /** Times of the tape's first and last row: outside there is nothing to look for. */
  private readonly tape: { readonly from: Micros; readonly to: Micros };

  constructor(
    reader: MarketDataReader,
    venue: VenueApi,
    tape: { readonly from: Micros; readonly to: Micros },
  ) {
    this.reader = reader;
    this.venue = venue;
    this.tape = tape;
  }

  /** At most `limit` bars in the order asked for. */
  async read(range: BarRange): Promise<readonly BarView[]> {
    const narrowed = this.narrow(range);
    if (narrowed.start > narrowed.end) return [];
    return range.timeframe.unit === 'minute' ? this.foldMinutes(narrowed) : this.foldDays(narrowed);
  }

  /** The range without what lies before the page or outside the tape. */
  private narrow(range: BarRange): BarRange {
    const { after, sort } = range;
    const first = newYorkMidnight(this.firstDay(range.timeframe));
    let start = Math.max(range.start, first);
    let end = Math.min(range.end, this.tape.to);
    if (after !== undefined && sort === 'asc') start = Math.max(start, after.time + 1);
    if (after !== undefined && sort === 'desc') end = Math.min(end, after.time - 1);
    return { ...range, start: start as Micros, end: end as Micros };
  }

  /** A week or month begins before its first bar: a year back is enough for all. */
  private firstDay({ unit }: Timeframe): Day {
    const day = newYorkDay(this.tape.from);
    return (unit === 'minute' || unit === 'day' ? day : day - 366) as Day;
  }

  private async foldMinutes(range: BarRange): Promise<readonly BarView[]> {
    const found: BarView[] = [];
    const firstDay = newYorkDay(range.start);
    const lastDay = newYorkDay(range.end);
    const ascending = range.sort === 'asc';
    for (let done = 0; done <= lastDay - firstDay; done += DAYS_AT_ONCE) {
      const days = Math.min(DAYS_AT_ONCE, lastDay - firstDay + 1 - done);
      const from = (ascending ? firstDay + done : lastDay - done - days + 1) as Day;
      const bars = foldBars(await this.minutes(range.symbol, from, days), range.timeframe);
      found.push(...inOrder(bars, range));
      if (found.length >= range.limit) break;
    }
    return found.slice(0, range.limit);
  }

  /** All final minute bars of some days, up to the venue's time. */
  private async minutes(symbol: string, from: Day, days: number): Promise<readonly BarView[]> {
    const now = this.venue.clock().time;
    const endOfDays = newYorkMidnight((from + days) as Day) - 1;
    return this.reader.minuteBars({
      tapeId: this.venue.tape.dataset,
      symbol,
      start: newYorkMidnight(from),
      end: Math.min(endOfDays, now - MICROS_PER_MINUTE),
    });
  }

  private async foldDays(range: BarRange): Promise<readonly BarView[]> {
    const today = newYorkMidnight(newYorkDay(this.venue.clock().time));
    const stored = await this.reader.dayBars({
      tapeId: this.venue.tape.dataset,
      symbol: range.symbol,
      start: newYorkMidnight(newYorkDay(this.tape.from)),
      end: today - 1,
    });
    const bars = [...stored, ...this.today(range.symbol, today)];
    return inOrder(foldBars(bars, range.timeframe), range).slice(0, range.limit);
  }

  /** The bar of the venue's day, in progress or closed. */
  private today(symbol: string, midnight: Micros): readonly BarView[] {
    const instrument = this.venue.instrumentIndex(symbol);
    if (instrument === undefined) return [];
    const { dayBar, previousDayBar } = this.venue.market(instrument);
    const bar = [dayBar, previousDayBar].find((candidate) => candidate?.start === midnight);
    return bar === undefined ? [] : [bar];
  }
}

/** The bars that start in the range, in the order asked for. */
function inOrder(bars: readonly BarView[], { start, end, sort }: BarRange): readonly BarView[] {
  const inside = bars.filter((bar) => bar.start >= start && bar.start <= end);
  return sort === 'asc' ? inside : inside.toReversed();
}
