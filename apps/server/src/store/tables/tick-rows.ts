/**
 * Trades and quotes as rows of PostgreSQL's binary COPY format, built in place.
 *
 * All columns have fixed widths, so a row is a fixed number of bytes and its place follows
 * from its number. Field counts and lengths never change: they are written once, when the
 * buffer grows, and a row only gets its values. Rows stand in tape order, with the venue's index
 * of the instrument; `toCopy` makes of them what is sent.
 */
import { QUOTE, TRADE } from '@rialto/engine/events/event-layout';
import type { EventBuffer } from '@rialto/engine/events/event-buffer';
import { MICROS_PER_SECOND } from '@rialto/engine/values/time';

/** PostgreSQL counts microseconds from 2000-01-01. */
const POSTGRES_EPOCH_MICROS = 946_684_800 * MICROS_PER_SECOND;

const TWO_32 = 4_294_967_296;

/** Rows the buffer starts with; it doubles. */
const INITIAL_ROWS = 1_024;

// A row: int16 count of fields; then for each field int32 length and value, big-endian.
const TS_AT = 6;
const POSITION_AT = 18;
const INSTRUMENT_AT = 30;
const INTEGERS_AT = 34;
const INTEGER_STEP = 8;
const LETTER_STEP = 5;
const LENGTH_BYTES = 4;

/** A table of ticks; both begin with ts, position, instrument_id. */
export interface TickTable {
  readonly name: 'trade' | 'quote';
  /** Columns of type integer. */
  readonly integers: readonly string[];
  /** Columns of type "char". */
  readonly letters: readonly string[];
}

export const TRADE_TABLE: TickTable = {
  name: 'trade',
  integers: ['price', 'size', 'conditions', 'flags'],
  letters: ['venue'],
};

export const QUOTE_TABLE: TickTable = {
  name: 'quote',
  integers: ['bid_price', 'bid_size', 'ask_price', 'ask_size', 'conditions'],
  letters: ['bid_venue', 'ask_venue'],
};

/** Names of the columns in the order of a row, for COPY and SELECT. */
export function tickColumns(table: TickTable): string {
  return ['ts', 'position', 'instrument_id', ...table.integers, ...table.letters].join(', ');
}

/** Bytes of one row. */
export function tickRowBytes(table: TickTable): number {
  return INTEGERS_AT + table.integers.length * INTEGER_STEP + table.letters.length * LETTER_STEP;
}

/** Reads row fields where they stand: `at` is the first byte of the row. */
export function rowTime(view: DataView, at: number): number {
  return readInt64(view, at + TS_AT) + POSTGRES_EPOCH_MICROS;
}

export function rowPosition(view: DataView, at: number): number {
  return readInt64(view, at + POSITION_AT);
}

/** The k-th of the table's integers. */
export function rowInteger(view: DataView, at: number, k: number): number {
  return view.getInt32(at + INTEGERS_AT + k * INTEGER_STEP + LENGTH_BYTES);
}

/** The k-th of the table's letters as a character code; 0: none. */
export function rowLetter(view: DataView, at: number, table: TickTable, k: number): number {
  const lettersAt = INTEGERS_AT + table.integers.length * INTEGER_STEP;
  return view.getUint8(at + lettersAt + k * LETTER_STEP + LENGTH_BYTES);
}

/** What of the rows is to be sent; all lists by the venue's index of the instrument. */
export interface CopyPlan {
  /** What the rows carry for the instrument in the table. */
  readonly keys: readonly number[];
  /** The last stored position: rows up to it are left out. */
  readonly before: readonly number[];
  /** Raised to the last position sent. */
  readonly after: number[];
}

/** Rows of one table, in one buffer that is reused. */
export class TickRows {
  readonly table: TickTable;
  readonly rowBytes: number;
  count = 0;
  private bytes: Uint8Array;
  private view: DataView;
  private capacity: number;
  /** Rows in the order of `toCopy`; made when first needed. */
  private grouped = new Uint8Array(0);

  constructor(table: TickTable) {
    this.table = table;
    this.rowBytes = tickRowBytes(table);
    this.capacity = INITIAL_ROWS;
    this.bytes = new Uint8Array(INITIAL_ROWS * this.rowBytes);
    this.view = new DataView(this.bytes.buffer);
    this.writeLengths(0);
  }

  clear(): void {
    this.count = 0;
  }

  /** Adds a trade event: the record that starts at `word`. */
  addTrade(events: EventBuffer, word: number, instrument: number, time: number): void {
    const { i32, f64 } = events;
    const at = this.begin(instrument, time, f64[(word + TRADE.position) >> 1] as number);
    const { view } = this;
    view.setInt32(at + 38, i32[word + TRADE.price] as number);
    view.setInt32(at + 46, i32[word + TRADE.size] as number);
    view.setInt32(at + 54, i32[word + TRADE.conditions] as number);
    view.setInt32(at + 62, i32[word + TRADE.flags] as number);
    view.setUint8(at + 70, i32[word + TRADE.venue] as number);
  }

  /** Adds a quote event: the record that starts at `word`. */
  addQuote(events: EventBuffer, word: number, instrument: number, time: number): void {
    const { i32, f64 } = events;
    const at = this.begin(instrument, time, f64[(word + QUOTE.position) >> 1] as number);
    const { view } = this;
    const venues = i32[word + QUOTE.venues] as number;
    view.setInt32(at + 38, i32[word + QUOTE.bidPrice] as number);
    view.setInt32(at + 46, i32[word + QUOTE.bidSize] as number);
    view.setInt32(at + 54, i32[word + QUOTE.askPrice] as number);
    view.setInt32(at + 62, i32[word + QUOTE.askSize] as number);
    view.setInt32(at + 70, i32[word + QUOTE.conditions] as number);
    view.setUint8(at + 78, venues & 0xff);
    view.setUint8(at + 83, (venues >> 8) & 0xff);
  }

  /**
   * The rows that are not stored yet, as they are sent. They are grouped by instrument, so that
   * the entries of the primary key come in runs, which saves the server a third of its work.
   * Valid until the next call.
   */
  toCopy({ keys, before, after }: CopyPlan): Uint8Array {
    const { rowBytes, bytes, view } = this;
    // ends[i]: where the rows of instrument i end so far in the grouped bytes.
    const ends = this.groupStarts(before);
    const total = ends[before.length] as number;
    if (this.grouped.length < total) this.grouped = new Uint8Array(bytes.length);
    const { grouped } = this;
    const groupedView = new DataView(grouped.buffer);
    for (let from = 0; from < this.count * rowBytes; from += rowBytes) {
      const instrument = view.getInt32(from + INSTRUMENT_AT);
      const position = rowPosition(view, from);
      if (position <= (before[instrument] as number)) continue;
      if (position > (after[instrument] as number)) after[instrument] = position;
      const to = ends[instrument] as number;
      grouped.set(bytes.subarray(from, from + rowBytes), to);
      groupedView.setInt32(to + INSTRUMENT_AT, keys[instrument] as number);
      ends[instrument] = to + rowBytes;
    }
    return grouped.subarray(0, total);
  }

  /** Where the rows of each instrument begin among those to send; last: where all end. */
  private groupStarts(stored: readonly number[]): Uint32Array {
    const { rowBytes, view } = this;
    const starts = new Uint32Array(stored.length + 1);
    for (let from = 0; from < this.count * rowBytes; from += rowBytes) {
      const instrument = view.getInt32(from + INSTRUMENT_AT);
      const last = stored[instrument];
      if (last === undefined) throw new Error(`the venue has no instrument ${instrument}`);
      if (rowPosition(view, from) > last) {
        starts[instrument + 1] = (starts[instrument + 1] as number) + rowBytes;
      }
    }
    for (let i = 1; i < starts.length; i++) {
      starts[i] = (starts[i] as number) + (starts[i - 1] as number);
    }
    return starts;
  }

  private begin(instrument: number, time: number, position: number): number {
    if (this.count === this.capacity) this.grow();
    const at = this.count * this.rowBytes;
    writeInt64(this.view, at + TS_AT, time - POSTGRES_EPOCH_MICROS);
    writeInt64(this.view, at + POSITION_AT, position);
    this.view.setInt32(at + INSTRUMENT_AT, instrument);
    this.count++;
    return at;
  }

  private grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
    this.writeLengths(this.capacity);
    this.capacity *= 2;
  }

  /** Writes what is the same in all rows, from row `first` to the end of the buffer. */
  private writeLengths(first: number): void {
    const { view, rowBytes, table } = this;
    const lettersAt = INTEGERS_AT + table.integers.length * INTEGER_STEP;
    for (let at = first * rowBytes; at < this.bytes.length; at += rowBytes) {
      view.setInt16(at, 3 + table.integers.length + table.letters.length);
      view.setInt32(at + TS_AT - LENGTH_BYTES, 8);
      view.setInt32(at + POSITION_AT - LENGTH_BYTES, 8);
      view.setInt32(at + INSTRUMENT_AT - LENGTH_BYTES, 4);
      for (let k = 0; k < table.integers.length; k++) {
        view.setInt32(at + INTEGERS_AT + k * INTEGER_STEP, 4);
      }
      for (let k = 0; k < table.letters.length; k++) {
        view.setInt32(at + lettersAt + k * LETTER_STEP, 1);
      }
    }
  }
}

function writeInt64(view: DataView, at: number, value: number): void {
  view.setInt32(at, Math.floor(value / TWO_32));
  // ToInt32 takes the value modulo 2^32, which is the low half.
  view.setInt32(at + 4, value | 0);
}

function readInt64(view: DataView, at: number): number {
  return view.getInt32(at) * TWO_32 + view.getUint32(at + 4);
}
