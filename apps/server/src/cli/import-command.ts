/** `rialto import`: brings recorded ticks into the data directory (feeds/recording). */
import { join } from 'node:path';
import type { Command } from 'commander';
import { type CsvProblem, CsvProblems, formatProblem } from '../feeds/recording/csv-problems.ts';
import type { DataSetFacts } from '../feeds/recording/dataset-facts.ts';
import { DataSetLibrary } from '../feeds/recording/dataset-library.ts';
import {
  type ImportRequest,
  requestDirectory,
  requestFiles,
} from '../feeds/recording/import-request.ts';
import { SHIPPED_DATASETS } from '../feeds/recording/shipped-datasets.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

interface ImportOptions {
  readonly name?: string;
  readonly dir?: string;
  readonly instruments?: string;
}

const ROWS_PER_LINE = 1_000_000;

const HELP = `
Files are CSV, plain or gzip, with one of these headers:
  symbol,ts,price,size,exchange,condition,suspicious
  symbol,ts,bid,bid_size,bid_exchange,ask,ask_size,ask_exchange,condition,suspicious
Any bad row means that nothing is imported. The same content again changes nothing.

Examples:
  rialto import trades.csv.gz quotes.csv.gz --name my-day --instruments instruments.csv
  rialto import --dir my-day`;

/** Adds the command. */
export function addImportCommand(
  program: Command,
  terminal: Terminal,
  finish: (exitCode: ExitCode) => void,
): void {
  program
    .command('import')
    .summary('import recorded trades and quotes')
    .description('Imports recorded trades and quotes as a data set that venues can play.')
    .argument('[files...]', 'trades and quotes files')
    .option('--name <name>', 'name of the data set (1 to 63 of a-z, 0-9 and -)')
    .option('--dir <directory>', 'import trades*.csv, quotes*.csv … of a directory')
    .option('--instruments <file>', 'names and listing exchanges: symbol,name,exchange')
    .addHelpText('after', HELP)
    .action(async (files: readonly string[], options: ImportOptions, command: Command) => {
      const misuse = misuseOf(files, options);
      if (misuse !== undefined) command.error(`error: ${misuse}`);
      finish(await importDataSet(files, options, terminal));
    });
}

function misuseOf(files: readonly string[], options: ImportOptions): string | undefined {
  const { dir, instruments, name } = options;
  if (dir === undefined && files.length === 0) return 'name the files, or a directory with --dir';
  if (dir !== undefined && files.length > 0) return 'give either files or --dir';
  if (dir !== undefined && instruments !== undefined) return '--dir brings its own instruments.csv';
  if (dir === undefined && name === undefined) return 'give the data set a name with --name';
  return undefined;
}

async function importDataSet(
  files: readonly string[],
  options: ImportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const problems = new CsvProblems();
  const request = await requestOf(files, options, problems);
  if (request === undefined) return refuse(problems.first, problems.count, terminal);
  let told = 0;
  const library = new DataSetLibrary({
    directory: join(terminal.settings().dataDir, 'datasets'),
    shipped: SHIPPED_DATASETS,
    onProgress: (_name, rows) => {
      if (rows - told < ROWS_PER_LINE) return;
      told = rows;
      terminal.tell(`${count(rows)} rows …`);
    },
  });
  const result = await library.import(request);
  if (result.status === 'refused') return refuse(result.problems, result.problemCount, terminal);
  const what = result.status === 'imported' ? 'imported' : 'unchanged, it is there already:';
  terminal.print(`${what} ${describe(result.facts)}`);
  return EXIT.ok;
}

async function requestOf(
  files: readonly string[],
  { dir, instruments, name }: ImportOptions,
  problems: CsvProblems,
): Promise<ImportRequest | undefined> {
  if (dir !== undefined) return requestDirectory(dir, problems, name);
  return requestFiles(name ?? '', files, instruments);
}

function refuse(problems: readonly CsvProblem[], total: number, terminal: Terminal): ExitCode {
  for (const problem of problems) terminal.tell(formatProblem(problem));
  if (total > problems.length) terminal.tell(`… and ${count(total - problems.length)} more`);
  terminal.tell(`nothing was imported: ${count(total)} problem${total === 1 ? '' : 's'}`);
  return EXIT.data;
}

function describe(facts: DataSetFacts): string {
  const symbols = facts.instruments.map(({ symbol }) => symbol);
  const shown = symbols.length > 5 ? `${symbols.length} instruments` : symbols.join(', ');
  const [trades, quotes] = [facts.trades, facts.quotes].map((rows) =>
    count(Object.values(rows).reduce((sum, n) => sum + n, 0)),
  );
  return `${facts.name}: ${trades} trades and ${quotes} quotes of ${shown}, ${facts.from} to ${facts.to}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
