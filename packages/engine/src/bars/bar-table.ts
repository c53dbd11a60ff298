/**
 * Bars in progress: one row per instrument in one Float64Array, integers only.
 *
 * A bar is what the prints of a span changed (market/trade-conditions.ts): volume, notional and
 * count from those that count for volume; high and low from those that update them; open and
 * close from those that update the last price. A span whose prints never updated the last price
 * has no bar. Invariant of every bar: low ≤ open, close ≤ high.
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import { BytesError } from '../values/bytes.ts';
import type { Price } from '../values/price.ts';
import type { Micros } from '../values/time.ts';
import type { BarView } from '../venue/views.ts';

/** Doubles in one row. */
const STRIDE = 8;
const START = 0;
const OPEN = 1;
const HIGH = 2;
const LOW = 3;
const CLOSE = 4;
const VOLUME = 5;
const NOTIONAL = 6;
const COUNT = 7;

/** What a print may change in one bar: minute effects of TradeEffect, or day effects shifted. */
const CHANGES_HIGH_LOW = 1;
const CHANGES_LAST = 2;
const CHANGES_VOLUME = 4;

/** One bar, or none, per instrument. */
export class BarTable {
  private values: Float64Array;

  constructor(instruments: number) {
    this.values = new Float64Array(instruments * STRIDE);
  }

  /** Whether any print has touched the row since it was cleared. */
  isStarted(instrument: number): boolean {
    const { values } = this;
    const at = instrument * STRIDE;
    return (values[at + COUNT] ?? 0) !== 0 || (values[at + HIGH] ?? 0) !== 0;
  }

  /** Whether the row is a bar: a print updated its last price. */
  isBar(instrument: number): boolean {
    return (this.values[instrument * STRIDE + OPEN] ?? 0) !== 0;
  }

  /**
   * Adds a print to the bar that starts at `start`. `changes`: bit 0 high and low, bit 1 last
   * (never without bit 0), bit 2 volume.
   */
  add(instrument: number, start: number, price: number, size: number, changes: number): void {
    const { values } = this;
    const at = instrument * STRIDE;
    values[at + START] = start;
    if ((changes & CHANGES_VOLUME) !== 0) {
      values[at + VOLUME] = capped((values[at + VOLUME] ?? 0) + size);
      values[at + NOTIONAL] = capped((values[at + NOTIONAL] ?? 0) + price * size);
      values[at + COUNT] = (values[at + COUNT] ?? 0) + 1;
    }
    if ((changes & CHANGES_HIGH_LOW) !== 0) {
      const low = values[at + LOW] ?? 0;
      if (price > (values[at + HIGH] ?? 0)) values[at + HIGH] = price;
      if (low === 0 || price < low) values[at + LOW] = price;
    }
    if ((changes & CHANGES_LAST) !== 0) {
      if (values[at + OPEN] === 0) values[at + OPEN] = price;
      values[at + CLOSE] = price;
    }
  }

  /** The bar of an instrument; `undefined` while it has none. */
  view(instrument: number): BarView | undefined {
    if (!this.isBar(instrument)) return undefined;
    const { values } = this;
    const at = instrument * STRIDE;
    return {
      start: (values[at + START] ?? 0) as Micros,
      open: (values[at + OPEN] ?? 0) as Price,
      high: (values[at + HIGH] ?? 0) as Price,
      low: (values[at + LOW] ?? 0) as Price,
      close: (values[at + CLOSE] ?? 0) as Price,
      volume: values[at + VOLUME] ?? 0,
      notional: values[at + NOTIONAL] ?? 0,
      tradeCount: values[at + COUNT] ?? 0,
    };
  }

  /** Forgets the bar of an instrument. */
  clear(instrument: number): void {
    this.values.fill(0, instrument * STRIDE, (instrument + 1) * STRIDE);
  }

  /** Takes over the bar that another table has for the instrument. */
  copyFrom(other: BarTable, instrument: number): void {
    const at = instrument * STRIDE;
    for (let i = at; i < at + STRIDE; i++) this.values[i] = other.values[i] ?? 0;
  }

  /** Appends the table to a snapshot. */
  write(w: ByteWriter): void {
    w.f64s(this.values);
  }

  /**
   * Reads what `write` wrote, for the same number of instruments.
   *
   * @throws BytesError when the bytes are not that.
   */
  read(r: ByteReader): void {
    const values = r.f64s();
    if (values.length !== this.values.length) throw new BytesError('bars of other instruments');
    this.values = values;
  }
}

/** Keeps a sum exact: nothing real comes near 2^53, and past it the sum stays there. */
function capped(sum: number): number {
  return sum > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : sum;
}
