/**
 * The recorded data sets of an installation: `<data dir>/datasets/<name>/{tape.bin,dataset.json}`.
 *
 * An import works in a directory of its own and renames it at the end, after everything is on
 * disk: a data set is there whole or not at all, whenever the process is killed. A name never
 * changes its content, because venues in the log play it by hash. Data sets that ship with the
 * project are imported the same way when they are first asked for.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RecordedTape } from '@rialto/engine/market/recorded-tape';
import { TapeError } from '@rialto/engine/market/tape-layout';
import type { LoadedTape, TapeLibrary } from '../../venues/tape-library.ts';
import { type CsvProblem, CsvProblems, formatProblem } from './csv-problems.ts';
import { DATASET_NAME_PATTERN, type DataSetFacts, parseFacts } from './dataset-facts.ts';
import { exists, isAlive, renameIfFree, syncDirectory, writeDurably } from './durable-files.ts';
import { type ImportRequest, requestDirectory } from './import-request.ts';
import { type ListedInstrument, readInstrumentList, toInstrument } from './instrument-list.ts';
import { type PackedTicks, packTicks, scanSymbols } from './pack-dataset.ts';

/** What became of an import. `unchanged`: the same content stood there under this name. */
export type ImportResult =
  | { readonly status: 'imported' | 'unchanged'; readonly facts: DataSetFacts }
  | {
      readonly status: 'refused';
      /** The first problems, at most 100, of `problemCount`. */
      readonly problems: readonly CsvProblem[];
      readonly problemCount: number;
    };

/** No data set of this name, imported or shipped. */
export class DataSetUnknownError extends Error {
  readonly code = 'dataset_unknown';
  override readonly name = 'DataSetUnknownError';
}

/** The files of a data set are damaged; nothing may be played from them. */
export class DataSetCorruptError extends Error {
  readonly code = 'dataset_corrupt';
  override readonly name = 'DataSetCorruptError';
}

export interface DataSetLibraryOptions {
  /** `<data dir>/datasets`; made when it is missing. */
  readonly directory: string;
  /** Directory of the data sets that ship with the project. */
  readonly shipped: string;
  /** Called now and then while a data set is packed. */
  readonly onProgress?:
    ((name: string, rows: number, expectedRows: number | undefined) => void) | undefined;
}

const TAPE = 'tape.bin';
const FACTS = 'dataset.json';
const WORK_PREFIX = '.importing-';

/** Imports data sets and loads their tapes. */
export class DataSetLibrary implements TapeLibrary {
  private readonly options: DataSetLibraryOptions;
  private readonly loaded = new Map<string, Promise<LoadedTape>>();

  constructor(options: DataSetLibraryOptions) {
    this.options = options;
  }

  /** The imported data sets, by name. */
  async list(): Promise<readonly DataSetFacts[]> {
    const names = await this.entries();
    const found: DataSetFacts[] = [];
    for (const name of names.filter((entry) => DATASET_NAME_PATTERN.test(entry)).toSorted()) {
      const facts = await this.facts(name);
      if (facts !== undefined) found.push(facts);
    }
    return found;
  }

  /**
   * Loads the tape of a data set, importing a shipped one on first use.
   * @throws {DataSetUnknownError} @throws {DataSetCorruptError}
   */
  load(name: string): Promise<LoadedTape> {
    const known = this.loaded.get(name);
    if (known !== undefined) return known;
    const loading = this.loadNow(name);
    this.loaded.set(name, loading);
    // A failed load is not remembered: the cause may be repaired while the process runs.
    loading.catch(() => this.loaded.delete(name));
    return loading;
  }

  /** Imports a data set; what is wrong with its files is in the result. */
  async import(request: ImportRequest): Promise<ImportResult> {
    const problems = new CsvProblems();
    const { name } = request;
    if (!DATASET_NAME_PATTERN.test(name)) {
      const reason =
        'a data set is named with 1 to 63 of a-z, 0-9 and -, like us-equities-2013-10-07';
      problems.add({ file: name, line: 0, column: '', reason });
      return refused(problems);
    }
    const instruments = await this.instruments(request, problems);
    const packed =
      problems.count === 0 ? await this.pack(request, instruments, problems) : undefined;
    if (packed === undefined) return refused(problems);
    const facts = describe(request, instruments, packed);
    checkManifest(request, facts, problems);
    if (problems.count > 0) return refused(problems);
    if (await this.publish(facts, packed.bytes)) return { status: 'imported', facts };
    const standing = await this.facts(name);
    if (standing?.tape_sha256 === facts.tape_sha256)
      return { status: 'unchanged', facts: standing };
    const reason = 'this name holds other data already: import under another name';
    problems.add({ file: name, line: 0, column: '', reason });
    return refused(problems);
  }

  private async loadNow(name: string): Promise<LoadedTape> {
    if (!DATASET_NAME_PATTERN.test(name)) throw new DataSetUnknownError(`no data set ${name}`);
    const facts = (await this.facts(name)) ?? (await this.importShipped(name));
    const bytes = await readFile(join(this.options.directory, name, TAPE));
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (hash !== facts.tape_sha256) {
      throw new DataSetCorruptError(
        `${join(this.options.directory, name, TAPE)} is damaged: remove the directory and import again`,
      );
    }
    return { name, hash, tape: openTape(bytes), instruments: facts.instruments.map(toInstrument) };
  }

  private async importShipped(name: string): Promise<DataSetFacts> {
    const directory = join(this.options.shipped, name);
    if (!(await exists(directory))) {
      throw new DataSetUnknownError(`no data set ${name}: see \`rialto import --help\``);
    }
    const problems = new CsvProblems();
    const request = await requestDirectory(directory, problems);
    const result = request === undefined ? refused(problems) : await this.import(request);
    if (result.status !== 'refused') return result.facts;
    const reasons = result.problems.map(formatProblem).join('; ');
    throw new DataSetCorruptError(`the data set in ${directory} is damaged: ${reasons}`);
  }

  private async instruments(
    request: ImportRequest,
    problems: CsvProblems,
  ): Promise<readonly ListedInstrument[]> {
    const { instruments, ticks } = request;
    if (instruments !== undefined) {
      return readInstrumentList(instruments.path, instruments.name, problems);
    }
    const symbols = await scanSymbols(ticks, problems);
    return symbols.map((symbol) => ({ symbol, name: symbol, exchange: '' }));
  }

  private pack(
    request: ImportRequest,
    instruments: readonly ListedInstrument[],
    problems: CsvProblems,
  ): Promise<PackedTicks | undefined> {
    const { manifest, name, ticks } = request;
    const expectedRows =
      manifest === undefined ? undefined : sum(manifest.trades) + sum(manifest.quotes);
    return packTicks({
      sources: ticks,
      symbols: instruments.map(({ symbol }) => symbol),
      problems,
      expectedRows,
      onProgress: (rows) => this.options.onProgress?.(name, rows, expectedRows),
    });
  }

  /** Puts the data set in its place; false when the name is taken. */
  private async publish(facts: DataSetFacts, tape: Uint8Array): Promise<boolean> {
    const { directory } = this.options;
    await mkdir(directory, { recursive: true });
    await this.sweepAbandoned();
    const work = await mkdtemp(join(directory, `${WORK_PREFIX}${process.pid}-`));
    try {
      await writeDurably(join(work, TAPE), tape);
      await writeDurably(join(work, FACTS), `${JSON.stringify(facts, undefined, 2)}\n`);
      await syncDirectory(work);
      if (!(await renameIfFree(work, join(directory, facts.name)))) return false;
      await syncDirectory(directory);
      return true;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  /** Removes what imports left behind whose process was killed. */
  private async sweepAbandoned(): Promise<void> {
    for (const entry of await this.entries()) {
      const pid = Number(/^\.importing-(\d+)-/.exec(entry)?.[1] ?? 0);
      if (pid > 0 && !isAlive(pid)) {
        await rm(join(this.options.directory, entry), { recursive: true, force: true });
      }
    }
  }

  private async facts(name: string): Promise<DataSetFacts | undefined> {
    const path = join(this.options.directory, name, FACTS);
    if (!(await exists(path))) return undefined;
    const facts = parseFacts(await readFile(path, 'utf8'));
    if (facts?.name === name) return facts;
    throw new DataSetCorruptError(`${path} is damaged: remove the directory and import again`);
  }

  private async entries(): Promise<readonly string[]> {
    return (await exists(this.options.directory)) ? readdir(this.options.directory) : [];
  }
}

function refused(problems: CsvProblems): ImportResult {
  return { status: 'refused', problems: problems.first, problemCount: problems.count };
}

function describe(
  request: ImportRequest,
  instruments: readonly ListedInstrument[],
  packed: PackedTicks,
): DataSetFacts {
  const { manifest, name, title } = request;
  return {
    format: 1,
    name,
    title: title ?? name,
    from: rfc3339(packed.from),
    to: rfc3339(packed.to),
    trades: packed.trades,
    quotes: packed.quotes,
    ...(manifest?.source === undefined ? {} : { source: manifest.source }),
    ...(manifest?.license === undefined ? {} : { license: manifest.license }),
    instruments: [...instruments],
    tape_sha256: createHash('sha256').update(packed.bytes).digest('hex'),
  };
}

/** A manifest that counts other rows than the files hold is as wrong as a bad row. */
function checkManifest(request: ImportRequest, facts: DataSetFacts, problems: CsvProblems): void {
  const { manifest } = request;
  if (manifest === undefined) return;
  for (const key of ['from', 'to', 'trades', 'quotes'] as const) {
    const [told, found] = [canonical(manifest[key]), canonical(facts[key])];
    if (told === found) continue;
    const reason = `says ${told}, the files hold ${found}`;
    problems.add({ file: FACTS, line: 0, column: key, reason });
  }
}

/** The same text for the same counts, in whatever order they are written. */
function canonical(value: string | Readonly<Record<string, number>>): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(
    Object.fromEntries(
      Object.keys(value)
        .toSorted()
        .map((key) => [key, value[key]]),
    ),
  );
}

function openTape(bytes: Uint8Array): RecordedTape {
  try {
    return new RecordedTape(bytes);
  } catch (error) {
    if (!(error instanceof TapeError)) throw error;
    throw new DataSetCorruptError(`${error.message}: remove the data set and import again`);
  }
}

function rfc3339(micros: number): string {
  const date = new Date(Math.floor(micros / 1_000)).toISOString();
  const rest = micros % 1_000;
  return rest === 0 ? date : `${date.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
