/**
 * Makes a packed recording, row by row in time order. Used by the importer of data sets and by
 * tests. Layout: tape-layout.ts.
 */
import { ByteWriter } from '../values/bytes.ts';
import { PRICE_MAX } from '../values/price.ts';
import {
  ROW,
  TAPE_INSTRUMENTS_MAX,
  TAPE_MAGIC,
  TAPE_ROW_BYTES,
  TAPE_ROW_WORDS,
  TAPE_ROWS_PER_INSTANT_MAX,
  TAPE_VERSION,
  TapeError,
  WHAT_QUOTE,
  WHAT_SUSPICIOUS,
} from './tape-layout.ts';

/** What every row has. */
interface TapeRow {
  /** Microseconds. */
  readonly time: number;
  /** Place in the writer's list of symbols. */
  readonly instrument: number;
  /** Condition bits, an unsigned 32-bit integer. */
  readonly conditions: number;
  readonly suspicious: boolean;
}

/** One print. */
export interface TapeTrade extends TapeRow {
  /** $0.0001, above 0. */
  readonly price: number;
  /** Shares, above 0. */
  readonly size: number;
  /** One letter. */
  readonly venue: string;
}

/** The best bid and offer after a change; a side that is absent has price and size 0. */
export interface TapeQuote extends TapeRow {
  readonly bidPrice: number;
  readonly bidSize: number;
  readonly bidVenue: string;
  readonly askPrice: number;
  readonly askSize: number;
  readonly askVenue: string;
}

/** Collects rows and packs them. */
export class TapeWriter {
  private readonly symbols: readonly string[];
  private words: Int32Array;
  private doubles: Float64Array;
  private rows = 0;
  private lastTime = 0;
  private lastWasQuote = false;
  private atLastTime = 0;

  /**
   * @param symbols the instruments of the recording; rows name them by place.
   * @throws TapeError when there are too many or one stands twice.
   */
  constructor(symbols: readonly string[], expectedRows = 1_024) {
    if (symbols.length > TAPE_INSTRUMENTS_MAX) throw new TapeError('too many instruments');
    if (new Set(symbols).size !== symbols.length) throw new TapeError('a symbol stands twice');
    this.symbols = [...symbols];
    this.words = new Int32Array(Math.max(1, expectedRows) * TAPE_ROW_WORDS);
    this.doubles = new Float64Array(this.words.buffer);
  }

  /** Rows so far. */
  get length(): number {
    return this.rows;
  }

  /**
   * Adds a print.
   *
   * @throws TapeError when it is earlier than the row before, follows a quote of the same
   * instant, or has a number that no print can have. Nothing is added then.
   */
  trade(row: TapeTrade): void {
    checkAmount(row.price, 1, 'price');
    checkAmount(row.size, 1, 'size');
    const at = this.begin(row, false, letterCode(row.venue));
    this.words[at + ROW.price] = row.price;
    this.words[at + ROW.size] = row.size;
  }

  /**
   * Adds a best bid and offer.
   *
   * @throws TapeError like `trade`.
   */
  quote(row: TapeQuote): void {
    checkAmount(row.bidPrice, 0, 'bid price');
    checkAmount(row.bidSize, 0, 'bid size');
    checkAmount(row.askPrice, 0, 'ask price');
    checkAmount(row.askSize, 0, 'ask size');
    const venues = letterCode(row.bidVenue) | (letterCode(row.askVenue) << 8);
    const at = this.begin(row, true, venues);
    this.words[at + ROW.price] = row.bidPrice;
    this.words[at + ROW.size] = row.bidSize;
    this.words[at + ROW.ask] = row.askPrice;
    this.words[at + ROW.askSize] = row.askSize;
  }

  /** The recording as bytes; `new RecordedTape(bytes)` opens them. */
  finish(): Uint8Array {
    const names = new ByteWriter();
    for (const symbol of this.symbols) names.text(symbol);
    const list = names.finish();
    const rowsAt = Math.ceil((5 * 4 + list.length) / 8) * 8;
    const header = new ByteWriter();
    header.u32(TAPE_MAGIC);
    header.u32(TAPE_VERSION);
    header.u32(this.rows);
    header.u32(rowsAt);
    header.u32(this.symbols.length);
    const bytes = new Uint8Array(rowsAt + this.rows * TAPE_ROW_BYTES);
    bytes.set(header.finish());
    bytes.set(list, 5 * 4);
    bytes.set(new Uint8Array(this.words.buffer, 0, this.rows * TAPE_ROW_BYTES), rowsAt);
    return bytes;
  }

  private begin(row: TapeRow, quote: boolean, venues: number): number {
    this.checkRow(row, quote);
    const at = this.rows * TAPE_ROW_WORDS;
    if (at === this.words.length) this.grow();
    this.doubles[at >> 1] = row.time;
    this.words[at + ROW.what] =
      row.instrument |
      (quote ? WHAT_QUOTE : 0) |
      (row.suspicious ? WHAT_SUSPICIOUS : 0) |
      (venues << 16);
    this.words[at + ROW.conditions] = row.conditions;
    this.atLastTime = row.time === this.lastTime ? this.atLastTime + 1 : 1;
    this.lastTime = row.time;
    this.lastWasQuote = quote;
    this.rows++;
    return at;
  }

  private checkRow(row: TapeRow, quote: boolean): void {
    const { time, instrument, conditions } = row;
    if (!Number.isSafeInteger(time) || time < this.lastTime) {
      throw new TapeError('a row is earlier than the row before');
    }
    if (time === this.lastTime) {
      if (this.lastWasQuote && !quote) {
        throw new TapeError('a trade follows a quote of the same instant');
      }
      if (this.atLastTime === TAPE_ROWS_PER_INSTANT_MAX) {
        throw new TapeError('too many rows at one instant');
      }
    }
    if (!(instrument in this.symbols)) throw new TapeError('a row names no instrument');
    if (conditions !== conditions >>> 0) throw new TapeError('conditions are no 32-bit set');
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(words.buffer);
  }
}

function checkAmount(value: number, min: number, what: string): void {
  if (!Number.isInteger(value) || value < min || value > PRICE_MAX) {
    throw new TapeError(`${what} ${value} is impossible`);
  }
}

/** Character code of a venue letter; empty text (side absent) is 0. */
function letterCode(letter: string): number {
  const code = letter === '' ? 0 : letter.charCodeAt(0);
  if (letter.length > 1 || code > 0x7f) throw new TapeError(`${letter} is no venue letter`);
  return code;
}
