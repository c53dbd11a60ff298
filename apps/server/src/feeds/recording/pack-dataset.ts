/**
 * Merges tick files into one packed recording (packages/engine/src/market/tape-layout.ts).
 *
 * Order: by time; at one instant trades before quotes, then by the order the files are given
 * in, then by line. So the bytes, and with them the hash that names a replay, follow from the
 * files alone.
 */
import { TAPE_ROWS_PER_INSTANT_MAX } from '@rialto/engine/market/tape-layout';
import { TapeWriter } from '@rialto/engine/market/tape-writer';
import { MICROS_PER_MS } from '@rialto/engine/values/time';
import type { CsvProblems } from './csv-problems.ts';
import { openTickFile, type TickBatch, type TickFile, type TickKind } from './tick-csv.ts';

/** Most rows of one data set; each takes 32 bytes of memory while its venue runs. */
export const ROWS_MAX = 16_000_000;

/** A tick file and what messages call it. */
export interface TickSource {
  readonly path: string;
  readonly name: string;
}

export interface PackRequest {
  readonly sources: readonly TickSource[];
  /** The instruments of the recording, in the order of their index. */
  readonly symbols: readonly string[];
  readonly problems: CsvProblems;
  /** Hint for memory. */
  readonly expectedRows?: number | undefined;
  /** Called now and then with the number of rows packed so far. */
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/** What came out of the files. */
export interface PackedTicks {
  /** The packed recording. */
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** Times of the first and the last row, microseconds. */
  readonly from: number;
  readonly to: number;
  /** Rows per symbol; every instrument is named. */
  readonly trades: Readonly<Record<string, number>>;
  readonly quotes: Readonly<Record<string, number>>;
}

/** Packs the files. `undefined` when anything is wrong: then `problems` says what. */
export async function packTicks(request: PackRequest): Promise<PackedTicks | undefined> {
  const { problems, symbols } = request;
  const cursors: Cursor[] = [];
  try {
    for (const { path, name } of request.sources) {
      const file = await openTickFile({ path, name, problems, symbols });
      if (file !== undefined) cursors.push(new Cursor(file));
    }
    // Trades first: of several cursors at one time the merge takes the first.
    cursors.sort((a, b) => Number(a.file.kind === 'quotes') - Number(b.file.kind === 'quotes'));
    const packer = new Packer(request);
    for (const cursor of cursors) await cursor.load();
    for (let next = earliest(cursors); next !== undefined; next = earliest(cursors)) {
      packer.takeRun(next, earliest(cursors, next)?.time ?? Infinity);
      if (!next.isSpent) continue;
      await next.load();
      request.onProgress?.(packer.rows);
    }
    return packer.finish();
  } finally {
    for (const cursor of cursors) await cursor.file.close();
  }
}

/** All symbols of the files, sorted: the instruments of a data set that has no list of them. */
export async function scanSymbols(
  sources: readonly TickSource[],
  problems: CsvProblems,
): Promise<readonly string[]> {
  const symbols = new Set<string>();
  for (const { path, name } of sources) {
    const file = await openTickFile({ path, name, problems });
    while ((await file?.nextBatch()) !== undefined);
    for (const symbol of file?.symbols ?? []) symbols.add(symbol);
  }
  return [...symbols].toSorted();
}

/** The next unpacked row of one file. */
class Cursor {
  readonly file: TickFile;
  batch: TickBatch | undefined;
  row = 0;
  /** Time of the row; +∞ at the end of the file. */
  time = Infinity;

  constructor(file: TickFile) {
    this.file = file;
  }

  /** Reads the next rows of the file. */
  async load(): Promise<void> {
    this.batch = await this.file.nextBatch();
    this.row = -1;
    this.step();
  }

  /** Whether the rows in memory are used up, at the end of the file too. */
  get isSpent(): boolean {
    return this.row === (this.batch?.rows ?? 0);
  }

  /** Moves to the next row in memory. */
  step(): void {
    this.row += 1;
    this.time = this.isSpent ? Infinity : (this.batch?.time[this.row] ?? Infinity);
  }
}

/** The cursor with the earliest row, of those at one time the first; `except` does not count. */
function earliest(cursors: readonly Cursor[], except?: Cursor): Cursor | undefined {
  let found: Cursor | undefined;
  for (const cursor of cursors) {
    if (cursor !== except && cursor.time < (found?.time ?? Infinity)) found = cursor;
  }
  return found;
}

/** Writes rows to the tape until the first problem; after it, rows are only looked at. */
class Packer {
  private readonly request: PackRequest;
  private readonly writer: TapeWriter;
  private readonly counts: Readonly<Record<TickKind, number[]>>;
  private from = 0;
  private to = 0;
  private atInstant = 0;

  constructor(request: PackRequest) {
    const { symbols } = request;
    this.request = request;
    this.writer = new TapeWriter(symbols, request.expectedRows);
    this.counts = { trades: symbols.map(() => 0), quotes: symbols.map(() => 0) };
  }

  /** Takes rows of `cursor`, which is the earliest, until another one is as early. */
  takeRun(cursor: Cursor, otherTime: number): void {
    const { batch, file } = cursor;
    do {
      if (batch !== undefined && this.hasRoom(file, cursor.time)) {
        this.takeRow(file.kind, batch, cursor.row);
      }
      cursor.step();
    } while (cursor.time < otherTime);
  }

  /** Rows packed so far. */
  get rows(): number {
    return this.writer.length;
  }

  finish(): PackedTicks | undefined {
    const { problems, sources, symbols } = this.request;
    if (problems.count === 0 && this.writer.length === 0) {
      const file = sources.map(({ name }) => name).join(', ');
      problems.add({ file, line: 0, column: '', reason: 'has no rows' });
    }
    if (problems.count > 0) return undefined;
    const perSymbol = (kind: TickKind) =>
      Object.fromEntries(symbols.map((symbol, i) => [symbol, this.counts[kind][i] ?? 0]));
    return {
      bytes: this.writer.finish(),
      rows: this.writer.length,
      from: this.from,
      to: this.to,
      trades: perSymbol('trades'),
      quotes: perSymbol('quotes'),
    };
  }

  private hasRoom(file: TickFile, time: number): boolean {
    if (this.request.problems.count > 0) return false;
    this.atInstant = time === this.to ? this.atInstant + 1 : 1;
    if (this.atInstant > TAPE_ROWS_PER_INSTANT_MAX) {
      const instant = new Date(time / MICROS_PER_MS).toISOString();
      this.refuse(file, `more than ${TAPE_ROWS_PER_INSTANT_MAX} rows at one instant, ${instant}`);
      return false;
    }
    if (this.writer.length === ROWS_MAX) {
      this.refuse(file, `more than ${ROWS_MAX} rows in all`);
      return false;
    }
    return true;
  }

  private refuse(file: TickFile, reason: string): void {
    this.request.problems.add({ file: file.name, line: 0, column: '', reason });
  }

  private takeRow(kind: TickKind, batch: TickBatch, row: number): void {
    const instrument = batch.symbol[row] ?? 0;
    const time = batch.time[row] ?? 0;
    const conditions = batch.condition[row] ?? 0;
    const suspicious = batch.suspicious[row] === 1;
    const price = batch.price[row] ?? 0;
    const size = batch.size[row] ?? 0;
    const venue = letterOf(batch.venue[row]);
    if (kind === 'trades') {
      this.writer.trade({ time, instrument, conditions, suspicious, price, size, venue });
    } else {
      this.writer.quote({
        time,
        instrument,
        conditions,
        suspicious,
        bidPrice: price,
        bidSize: size,
        bidVenue: venue,
        askPrice: batch.askPrice[row] ?? 0,
        askSize: batch.askSize[row] ?? 0,
        askVenue: letterOf(batch.askVenue[row]),
      });
    }
    if (this.writer.length === 1) this.from = time;
    this.to = time;
    this.counts[kind][instrument] = (this.counts[kind][instrument] ?? 0) + 1;
  }
}

const LETTERS = Array.from({ length: 26 }, (_, i) => String.fromCharCode(0x41 + i));

/** The letter of a venue code; empty for 0, a side that is absent. */
function letterOf(code: number | undefined): string {
  return LETTERS[(code ?? 0) - 0x41] ?? '';
}
