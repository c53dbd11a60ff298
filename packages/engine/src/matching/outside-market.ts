/**
 * The outside market of each instrument: best bid and offer of the tape with the size that is
 * still there for our orders, and the last price.
 *
 * `left` is what stands at the displayed price: orders that take it use it up, and the same quote
 * shown again does not refill it. A new row at another price brings its displayed size; a new row
 * at the same price changes `left` by as much as the displayed size changed.
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import { NANOS_PER_UNIT } from '../values/quantity.ts';

/** Words per instrument: two sides of four, then the quote's tape position (F) and last price. */
const STRIDE = 16;
const SIDE_WORDS = 4;
const Side = { price: 0, displayed: 1, leftWhole: 2, leftNanos: 3 } as const;
const LAST_PRICE = 10;

export class OutsideMarket {
  instruments = 0;
  private words: Int32Array = new Int32Array(64 * STRIDE);
  private doubles: Float64Array = new Float64Array(this.words.buffer);

  addInstrument(): void {
    this.instruments++;
    if (this.instruments * STRIDE <= this.words.length) return;
    const larger = new Int32Array(this.words.length * 2);
    larger.set(this.words);
    this.words = larger;
    this.doubles = new Float64Array(larger.buffer);
  }

  /** Price of a side (0: bid, 1: ask); 0 when that side is absent. */
  price(instrument: number, side: number): number {
    return this.words[instrument * STRIDE + side * SIDE_WORDS + Side.price] as number;
  }

  displayed(instrument: number, side: number): number {
    return this.words[instrument * STRIDE + side * SIDE_WORDS + Side.displayed] as number;
  }

  leftWhole(instrument: number, side: number): number {
    return this.words[instrument * STRIDE + side * SIDE_WORDS + Side.leftWhole] as number;
  }

  leftNanos(instrument: number, side: number): number {
    return this.words[instrument * STRIDE + side * SIDE_WORDS + Side.leftNanos] as number;
  }

  /** Price of a side when something is left there; 0 otherwise. */
  takeablePrice(instrument: number, side: number): number {
    const at = instrument * STRIDE + side * SIDE_WORDS;
    const left =
      (this.words[at + Side.leftWhole] as number) | (this.words[at + Side.leftNanos] as number);
    return left === 0 ? 0 : (this.words[at + Side.price] as number);
  }

  /** Tape position of the quote that stands. */
  quotePosition(instrument: number): number {
    return this.doubles[(instrument * STRIDE) / 2 + 4] as number;
  }

  setQuotePosition(instrument: number, position: number): void {
    this.doubles[(instrument * STRIDE) / 2 + 4] = position;
  }

  lastPrice(instrument: number): number {
    return this.words[instrument * STRIDE + LAST_PRICE] as number;
  }

  setLastPrice(instrument: number, price: number): void {
    this.words[instrument * STRIDE + LAST_PRICE] = price;
  }

  /** A new quote row for one side; a size or price of 0 makes the side absent. */
  setSide(instrument: number, side: number, price: number, size: number): void {
    const { words } = this;
    const at = instrument * STRIDE + side * SIDE_WORDS;
    const present = price > 0 && size > 0;
    const newPrice = present ? price : 0;
    const displayed = present ? size : 0;
    let whole = displayed;
    let nanos = 0;
    if (newPrice === words[at + Side.price]) {
      const leftNanos = words[at + Side.leftNanos] as number;
      const change = displayed - (words[at + Side.displayed] as number);
      const leftWhole = (words[at + Side.leftWhole] as number) + change;
      whole = Math.max(0, Math.min(displayed, leftWhole));
      nanos = leftWhole >= 0 && leftWhole < displayed ? leftNanos : 0;
    }
    words[at + Side.price] = newPrice;
    words[at + Side.displayed] = displayed;
    words[at + Side.leftWhole] = whole;
    words[at + Side.leftNanos] = nanos;
  }

  /** Uses up some of what is left on a side; no more than is left. */
  consume(instrument: number, side: number, whole: number, nanos: number): void {
    const { words } = this;
    const at = instrument * STRIDE + side * SIDE_WORDS;
    const leftNanos = (words[at + Side.leftNanos] as number) - nanos;
    const borrow = leftNanos < 0 ? 1 : 0;
    words[at + Side.leftWhole] = (words[at + Side.leftWhole] as number) - whole - borrow;
    words[at + Side.leftNanos] = leftNanos + borrow * NANOS_PER_UNIT;
  }

  write(w: ByteWriter): void {
    w.i32s(this.words.subarray(0, this.instruments * STRIDE));
  }

  static read(r: ByteReader): OutsideMarket {
    const outside = new OutsideMarket();
    const words = r.i32s();
    outside.instruments = words.length / STRIDE;
    if (words.length > 0) {
      outside.words = words;
      outside.doubles = new Float64Array(words.buffer);
    }
    return outside;
  }
}
