/**
 * What to import: named files, or a directory in the layout of datasets/us-equities-2013-10-07.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CsvProblems } from './csv-problems.ts';
import { type DataSetManifest, parseManifest } from './dataset-facts.ts';
import type { TickSource } from './pack-dataset.ts';

/** One data set to import. */
export interface ImportRequest {
  readonly name: string;
  /** Shown to people; the name when absent. */
  readonly title?: string | undefined;
  /** Trades and quotes files; which is which stands in their headers. */
  readonly ticks: readonly TickSource[];
  /** instruments.csv; without it every symbol of the files is an instrument without a name. */
  readonly instruments?: TickSource | undefined;
  /** What the files must hold, when they came with a dataset.json. */
  readonly manifest?: DataSetManifest | undefined;
}

const MANIFEST = 'dataset.json';
const INSTRUMENTS = 'instruments.csv';
const TICKS_PATTERN = /^(trades|quotes).*\.csv(\.gz)?$/;

/** A request for the files named; messages call them as they were named. */
export function requestFiles(
  name: string,
  files: readonly string[],
  instruments?: string,
): ImportRequest {
  return {
    name,
    ticks: files.map(sourceNamed),
    instruments: instruments === undefined ? undefined : sourceNamed(instruments),
  };
}

/**
 * A request for a directory: `trades*.csv[.gz]`, `quotes*.csv[.gz]`, and if they are there
 * `instruments.csv` and `dataset.json`, whose checksums are checked here. `undefined` when
 * anything is wrong: then `problems` says what.
 */
export async function requestDirectory(
  directory: string,
  problems: CsvProblems,
  name?: string,
): Promise<ImportRequest | undefined> {
  const refuse = (file: string, reason: string): undefined => {
    problems.add({ file, line: 0, column: '', reason });
  };
  const names = await fileNames(directory);
  if (names === undefined) return refuse(directory, 'is no readable directory');
  const ticks = names.filter((file) => TICKS_PATTERN.test(file)).toSorted();
  if (ticks.length === 0) return refuse(directory, 'has no trades*.csv or quotes*.csv');
  const source = (file: string): TickSource => ({ path: join(directory, file), name: file });
  const files = {
    ticks: ticks.map(source),
    instruments: names.includes(INSTRUMENTS) ? source(INSTRUMENTS) : undefined,
  };
  if (!names.includes(MANIFEST)) return { name: name ?? basename(directory), ...files };
  const manifest = parseManifest(await readFile(join(directory, MANIFEST), 'utf8'));
  if (manifest === undefined) return refuse(MANIFEST, 'does not describe a data set');
  for (const [file, hash] of Object.entries(manifest.files)) {
    if (!names.includes(file)) return refuse(file, 'is missing');
    if ((await sha256File(join(directory, file))) !== hash) {
      return refuse(file, `differs from its SHA-256 in ${MANIFEST}`);
    }
  }
  return { name: name ?? manifest.name, title: manifest.title, manifest, ...files };
}

function sourceNamed(path: string): TickSource {
  return { path, name: path };
}

async function fileNames(directory: string): Promise<readonly string[] | undefined> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
