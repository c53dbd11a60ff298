/**
 * Reads the two tick formats, trades and quotes, as columns of numbers.
 *
 * Path: text-chunks.ts (bytes) → here (rows) → merge-ticks.ts (one order) → the packed tape.
 * Strict: the header must be exact, every field must be exactly what its column holds, and time
 * never goes back. A bad row is noted in `problems` and left out; the caller imports nothing
 * when there is any. A batch is reused by the next call: take what you need before.
 */
import { CsvLines } from './csv-lines.ts';
import type { CsvProblems } from './csv-problems.ts';
import { SYMBOL_PATTERN } from './instrument-list.ts';
import {
  explainCondition,
  explainFieldCount,
  explainFlag,
  explainHeader,
  explainPrice,
  explainSize,
  explainSymbol,
  explainTime,
  explainVenue,
  quoted,
} from './tick-explanations.ts';
import { parseHex, parseInteger, parsePriceUnits, parseVenue, TimeParser } from './tick-fields.ts';

export type TickKind = 'trades' | 'quotes';

/** The header line of each format; column meanings: datasets/us-equities-2013-10-07/README.md. */
export const TICK_HEADERS: Readonly<Record<TickKind, string>> = {
  trades: 'symbol,ts,price,size,exchange,condition,suspicious',
  quotes: 'symbol,ts,bid,bid_size,bid_exchange,ask,ask_size,ask_exchange,condition,suspicious',
};

/** Rows in one batch. */
export const BATCH_ROWS = 8_192;

const SIZE_MAX = 0x7fffffff;
const COMMA = 0x2c;

/** Rows as columns. Prices in $0.0001 (0: that side is absent), venues as letter codes. */
export interface TickBatch {
  /** Rows filled in. */
  rows: number;
  /** Microseconds since 1970, UTC. */
  readonly time: Float64Array;
  /** Index into the file's `symbols`. */
  readonly symbol: Int32Array;
  /** Price of the trade, or the bid. */
  readonly price: Int32Array;
  readonly size: Int32Array;
  readonly venue: Uint8Array;
  readonly askPrice: Int32Array;
  readonly askSize: Int32Array;
  readonly askVenue: Uint8Array;
  /** Condition bits, unsigned. */
  readonly condition: Uint32Array;
  /** 1 where the vendor doubts the row. */
  readonly suspicious: Uint8Array;
}

/** What to read and how. */
export interface TickFileOptions {
  readonly path: string;
  /** Name of the file in messages. */
  readonly name: string;
  readonly problems: CsvProblems;
  /** The symbols that may occur, in the order of their index; any when absent. */
  readonly symbols?: readonly string[] | undefined;
}

/** One open tick file. */
export class TickFile {
  readonly kind: TickKind;
  /** The symbols a row's index points into: those asked for, else in the order they come. */
  readonly symbols: string[];
  private readonly lines: CsvLines;
  private readonly problems: CsvProblems;
  private readonly anySymbol: boolean;
  private readonly batch = newBatch();
  private readonly columns: readonly string[];
  private readonly commas: Int32Array;
  private readonly symbolIndex: Map<string, number>;
  private readonly times = new TimeParser();
  private lastTime = 0;

  constructor(kind: TickKind, lines: CsvLines, options: TickFileOptions) {
    this.kind = kind;
    this.lines = lines;
    this.problems = options.problems;
    this.anySymbol = options.symbols === undefined;
    this.symbols = [...(options.symbols ?? [])];
    this.symbolIndex = new Map(this.symbols.map((symbol, index) => [symbol, index]));
    this.columns = TICK_HEADERS[kind].split(',');
    this.commas = new Int32Array(this.columns.length + 1);
  }

  /** Name of the file in messages. */
  get name(): string {
    return this.lines.name;
  }

  /** The next rows, at least one; `undefined` at the end of the file. */
  async nextBatch(): Promise<TickBatch | undefined> {
    const batch = this.batch;
    batch.rows = 0;
    while (batch.rows < BATCH_ROWS) {
      if (!this.lines.next() && !(await this.lines.more())) break;
      this.takeLine(this.lines.bytes, this.lines.start, this.lines.end);
    }
    return batch.rows === 0 ? undefined : batch;
  }

  /** Stops reading before the end. */
  async close(): Promise<void> {
    await this.lines.close();
  }

  private takeLine(bytes: Buffer, start: number, end: number): void {
    const count = this.splitFields(bytes, start, end);
    if (count !== this.columns.length) {
      const line = bytes.toString('utf8', start, end);
      this.refuse(-1, explainFieldCount(line, this.columns.length));
      return;
    }
    const row = this.batch.rows;
    const symbol = this.symbolAt(bytes);
    const time = this.times.parse(bytes, this.from(1), this.to(1));
    if (symbol < 0) return;
    if (time < 0) return this.refuse(1, explainTime(this.text(bytes, 1)));
    if (time < this.lastTime) {
      return this.refuse(1, `${quoted(this.text(bytes, 1))} is before the row above: sort by time`);
    }
    const good = this.kind === 'trades' ? this.takeTrade(bytes, row) : this.takeQuote(bytes, row);
    if (!good) return;
    this.lastTime = time;
    this.batch.time[row] = time;
    this.batch.symbol[row] = symbol;
    this.batch.rows = row + 1;
  }

  private takeTrade(bytes: Buffer, row: number): boolean {
    const { price, size, venue } = this.batch;
    return this.takeSide(bytes, 2, row, { price, size, venue }) && this.takeFlags(bytes, row, 5);
  }

  private takeQuote(bytes: Buffer, row: number): boolean {
    const { price, size, venue, askPrice, askSize, askVenue } = this.batch;
    const bid = !this.isEmptySide(2);
    const ask = !this.isEmptySide(5);
    if (!bid && !ask) {
      this.refuse(2, 'neither bid nor ask: a quote has at least one side');
      return false;
    }
    if (!bid) price[row] = size[row] = venue[row] = 0;
    else if (!this.takeSide(bytes, 2, row, { price, size, venue })) return false;
    if (!ask) askPrice[row] = askSize[row] = askVenue[row] = 0;
    else if (!this.takeSide(bytes, 5, row, { price: askPrice, size: askSize, venue: askVenue })) {
      return false;
    }
    return this.takeFlags(bytes, row, 8);
  }

  /** Price, size and venue in three neighboring columns. */
  private takeSide(
    bytes: Buffer,
    column: number,
    row: number,
    into: { price: Int32Array; size: Int32Array; venue: Uint8Array },
  ): boolean {
    const price = parsePriceUnits(bytes, this.from(column), this.to(column));
    if (price <= 0) return this.refuseField(bytes, column, explainPrice);
    const size = parseInteger(bytes, this.from(column + 1), this.to(column + 1), SIZE_MAX);
    if (size <= 0) return this.refuseField(bytes, column + 1, explainSize);
    const venue = parseVenue(bytes, this.from(column + 2), this.to(column + 2));
    if (venue < 0) return this.refuseField(bytes, column + 2, explainVenue);
    into.price[row] = price;
    into.size[row] = size;
    into.venue[row] = venue;
    return true;
  }

  private takeFlags(bytes: Buffer, row: number, column: number): boolean {
    const condition = parseHex(bytes, this.from(column), this.to(column));
    if (condition < 0) return this.refuseField(bytes, column, explainCondition);
    const suspicious = parseInteger(bytes, this.from(column + 1), this.to(column + 1), 1);
    if (suspicious < 0) return this.refuseField(bytes, column + 1, explainFlag);
    this.batch.condition[row] = condition;
    this.batch.suspicious[row] = suspicious;
    return true;
  }

  private symbolAt(bytes: Buffer): number {
    const text = bytes.toString('latin1', this.from(0), this.to(0));
    const known = this.symbolIndex.get(text);
    if (known !== undefined) return known;
    const wellFormed = SYMBOL_PATTERN.test(text);
    if (!wellFormed || !this.anySymbol) {
      this.refuse(0, explainSymbol(this.text(bytes, 0), wellFormed));
      return -1;
    }
    this.symbolIndex.set(text, this.symbols.length);
    this.symbols.push(text);
    return this.symbols.length - 1;
  }

  private isEmptySide(column: number): boolean {
    return this.to(column + 2) - this.from(column) === 2;
  }

  /** Notes where fields begin; the number of fields, at most one more than there are columns. */
  private splitFields(bytes: Buffer, start: number, end: number): number {
    const { commas } = this;
    let fields = 0;
    commas[0] = start - 1;
    for (let i = start; i < end; i++) {
      if (bytes[i] !== COMMA) continue;
      fields += 1;
      if (fields === commas.length) return fields;
      commas[fields] = i;
    }
    fields += 1;
    if (fields < commas.length) commas[fields] = end;
    return fields;
  }

  private from(column: number): number {
    return (this.commas[column] as number) + 1;
  }

  private to(column: number): number {
    return this.commas[column + 1] as number;
  }

  private text(bytes: Buffer, column: number): string {
    return bytes.toString('utf8', this.from(column), this.to(column));
  }

  private refuseField(bytes: Buffer, column: number, explain: (text: string) => string): false {
    this.refuse(column, explain(this.text(bytes, column)));
    return false;
  }

  private refuse(column: number, reason: string): void {
    this.problems.add({
      file: this.name,
      line: this.lines.line,
      column: this.columns[column] ?? '',
      reason,
    });
  }
}

/**
 * Opens a tick file; which of the two formats it is stands in its header.
 * `undefined` when it cannot be read or has another header: the problem is noted.
 */
export async function openTickFile(options: TickFileOptions): Promise<TickFile | undefined> {
  const { path, name, problems } = options;
  const lines = new CsvLines(path, name, problems);
  if (!(await lines.more())) {
    if (!lines.failed) problems.add({ file: name, line: 0, column: '', reason: 'is empty' });
    return undefined;
  }
  const header = lines.bytes.toString('utf8', lines.start, lines.end);
  for (const kind of ['trades', 'quotes'] as const) {
    if (header === TICK_HEADERS[kind]) return new TickFile(kind, lines, options);
  }
  const reason = explainHeader(header, Object.values(TICK_HEADERS));
  problems.add({ file: name, line: 1, column: '', reason });
  await lines.close();
  return undefined;
}

function newBatch(): TickBatch {
  return {
    rows: 0,
    time: new Float64Array(BATCH_ROWS),
    symbol: new Int32Array(BATCH_ROWS),
    price: new Int32Array(BATCH_ROWS),
    size: new Int32Array(BATCH_ROWS),
    venue: new Uint8Array(BATCH_ROWS),
    askPrice: new Int32Array(BATCH_ROWS),
    askSize: new Int32Array(BATCH_ROWS),
    askVenue: new Uint8Array(BATCH_ROWS),
    condition: new Uint32Array(BATCH_ROWS),
    suspicious: new Uint8Array(BATCH_ROWS),
  };
}
