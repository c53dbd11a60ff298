/**
 * A recording in memory, read by position: the outside market of a `recording` venue.
 *
 * All rows stand in one buffer (tape-layout.ts) and are read in place: an accessor makes no
 * object. Opening checks every row, so whoever holds a RecordedTape holds a valid one. The
 * accessors do not check the position; 0 ≤ position < length is the caller's duty.
 */
import { ByteReader, BytesError } from '../values/bytes.ts';
import type { Micros } from '../values/time.ts';
import {
  ROW,
  TAPE_INSTRUMENTS_MAX,
  TAPE_MAGIC,
  TAPE_ROW_BYTES,
  TAPE_ROW_WORDS,
  TAPE_ROWS_PER_INSTANT_MAX,
  TAPE_VERSION,
  TapeError,
  WHAT_INSTRUMENT,
  WHAT_QUOTE,
  WHAT_SUSPICIOUS,
} from './tape-layout.ts';

/** An opened recording. */
export class RecordedTape {
  /** Symbols of the recording; a row names its instrument by the place in this list. */
  readonly symbols: readonly string[];
  /** How many rows there are; positions run from 0 to length − 1. */
  readonly length: number;
  private readonly words: Int32Array;
  private readonly doubles: Float64Array;

  /**
   * Opens the bytes of a recording (they are kept, not copied, when they are 8-byte aligned).
   *
   * @throws TapeError when the bytes are no recording or a row breaks a rule of the layout.
   */
  constructor(bytes: Uint8Array) {
    const header = readHeader(bytes);
    this.symbols = header.symbols;
    this.length = header.rows;
    const size = header.rows * TAPE_ROW_BYTES;
    if (bytes.length !== header.rowsAt + size) throw new TapeError('tape has the wrong length');
    const start = bytes.byteOffset + header.rowsAt;
    const inPlace = start % 8 === 0;
    const buffer = inPlace ? bytes.buffer : Uint8Array.from(bytes.subarray(header.rowsAt)).buffer;
    this.words = new Int32Array(buffer, inPlace ? start : 0, header.rows * TAPE_ROW_WORDS);
    this.doubles = new Float64Array(
      buffer,
      inPlace ? start : 0,
      (header.rows * TAPE_ROW_WORDS) / 2,
    );
    this.check();
  }

  /** When the row happened. */
  time(position: number): Micros {
    return (this.doubles[position << 2] ?? 0) as Micros;
  }

  /** True for a quote, false for a trade. */
  isQuote(position: number): boolean {
    return (this.word(position, ROW.what) & WHAT_QUOTE) !== 0;
  }

  /** The vendor doubts the row. */
  isSuspicious(position: number): boolean {
    return (this.word(position, ROW.what) & WHAT_SUSPICIOUS) !== 0;
  }

  /** Place of the row's instrument in `symbols`. */
  instrument(position: number): number {
    return this.word(position, ROW.what) & WHAT_INSTRUMENT;
  }

  /** Character code of the venue letter of the trade or of the bid. */
  venue(position: number): number {
    return (this.word(position, ROW.what) >>> 16) & 0xff;
  }

  /** Character code of the venue letter of the ask. */
  askVenue(position: number): number {
    return this.word(position, ROW.what) >>> 24;
  }

  /** Condition bits as an unsigned 32-bit integer. */
  conditions(position: number): number {
    return this.word(position, ROW.conditions) >>> 0;
  }

  /** Price of the trade, or of the bid (0: no bid), $0.0001. */
  price(position: number): number {
    return this.word(position, ROW.price);
  }

  /** Size of the trade or of the bid, shares. */
  size(position: number): number {
    return this.word(position, ROW.size);
  }

  /** Price of the ask, 0: no ask. */
  askPrice(position: number): number {
    return this.word(position, ROW.ask);
  }

  /** Size of the ask, shares. */
  askSize(position: number): number {
    return this.word(position, ROW.askSize);
  }

  /** How many rows happened up to and including `time`: the position of the first later row. */
  rowsUntil(time: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.time(middle) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The latest time, at most `to`, up to which a clock that has played `position` rows may go
   * without playing more than `rowsMax` further rows.
   */
  sliceEnd(position: number, to: Micros, rowsMax: number): Micros {
    const first = position + rowsMax;
    if (first >= this.length || this.time(first) > to) return to;
    return (this.time(first) - 1) as Micros;
  }

  private word(position: number, word: number): number {
    return this.words[(position << 3) + word] ?? 0;
  }

  private check(): void {
    let previous = 0;
    let previousQuote = false;
    let first = 0;
    for (let position = 0; position < this.length; position++) {
      const time = this.time(position);
      const quote = this.isQuote(position);
      if (!Number.isSafeInteger(time) || time < previous) {
        throw new TapeError(`tape row ${position} is not in time order`);
      }
      if (time > previous) first = position;
      else if (previousQuote && !quote) {
        throw new TapeError(`tape row ${position}: a trade follows a quote of the same instant`);
      }
      if (position - first >= TAPE_ROWS_PER_INSTANT_MAX) {
        throw new TapeError(`tape row ${position}: too many rows at one instant`);
      }
      if (this.instrument(position) >= this.symbols.length) {
        throw new TapeError(`tape row ${position} names no instrument`);
      }
      if (!this.hasSaneNumbers(position, quote)) {
        throw new TapeError(`tape row ${position} has an impossible price or size`);
      }
      previous = time;
      previousQuote = quote;
    }
  }

  private hasSaneNumbers(position: number, quote: boolean): boolean {
    const price = this.price(position);
    const size = this.size(position);
    const askPrice = this.askPrice(position);
    const askSize = this.askSize(position);
    if (!quote) return price > 0 && size > 0 && askPrice === 0 && askSize === 0;
    return price >= 0 && size >= 0 && askPrice >= 0 && askSize >= 0;
  }
}

interface TapeHeader {
  readonly symbols: readonly string[];
  readonly rows: number;
  readonly rowsAt: number;
}

function readHeader(bytes: Uint8Array): TapeHeader {
  try {
    const r = new ByteReader(bytes);
    if (r.u32() !== TAPE_MAGIC) throw new TapeError('this is no packed recording');
    const version = r.u32();
    if (version !== TAPE_VERSION) throw new TapeError(`tape version ${version} is unknown`);
    const rows = r.u32();
    const rowsAt = r.u32();
    const count = r.u32();
    if (count > TAPE_INSTRUMENTS_MAX) throw new TapeError(`${count} instruments are too many`);
    const symbols: string[] = [];
    for (let i = 0; i < count; i++) symbols.push(r.text());
    if (new Set(symbols).size !== count) throw new TapeError('a symbol stands twice in the tape');
    if (rowsAt % 8 !== 0 || rowsAt < bytes.length - r.remaining) {
      throw new TapeError('the rows of the tape overlap its header');
    }
    return { symbols, rows, rowsAt };
  } catch (error) {
    if (error instanceof BytesError) throw new TapeError('the header of the tape is cut off');
    throw error;
  }
}
