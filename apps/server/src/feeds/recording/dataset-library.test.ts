import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedTape } from '@rialto/engine/market/recorded-tape';
import { CsvProblems, formatProblem } from './csv-problems.ts';
import { DataSetLibrary, type ImportResult } from './dataset-library.ts';
import { requestDirectory, requestFiles } from './import-request.ts';
import { TICK_HEADERS } from './tick-csv.ts';

const SHIPPED = fileURLToPath(new URL('../../../../../datasets', import.meta.url));
const DAY = 'us-equities-2013-10-07';

const TRADES = [
  TICK_HEADERS.trades,
  'BAC,2013-10-07T13:30:00Z,13.9,100,P,1,0',
  'AIG,2013-10-07T13:30:00Z,49.1,200,N,20000020,1',
  'BAC,2013-10-07T13:30:00.000002Z,13.91,300,Q,1,0',
];
const QUOTES = [
  TICK_HEADERS.quotes,
  'BAC,2013-10-07T13:29:59Z,,,,13.92,400,Q,1,0',
  'BAC,2013-10-07T13:30:00Z,13.89,100,P,13.92,400,Q,1,0',
  'AIG,2013-10-07T13:30:00.000001Z,49.1,100,P,49.11,500,Z,80000800,0',
];

let root = '';
let library: DataSetLibrary;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rialto-library-'));
  await mkdir(join(root, 'csv'));
  await write('trades.csv', TRADES);
  await write('quotes.csv', QUOTES);
  library = open();
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const at = (file: string) => join(root, 'csv', file);
const write = (file: string, lines: readonly string[]) =>
  writeFile(at(file), `${lines.join('\n')}\n`);
const open = () => new DataSetLibrary({ directory: join(root, 'datasets'), shipped: SHIPPED });
const importFiles = (files: readonly string[], name = 'two-stocks') =>
  library.import(requestFiles(name, files.map(at)));

const leftovers = (datasets: string): readonly string[] =>
  existsSync(datasets) ? readdirSync(datasets) : [];

const importListed = async (lines: readonly string[]) => {
  await write('instruments.csv', lines);
  return library.import(requestFiles('listed', [at('trades.csv')], at('instruments.csv')));
};

function problemsOf(result: ImportResult): readonly string[] {
  if (result.status !== 'refused') throw new Error(`the import was ${result.status}`);
  return result.problems.map((problem) => formatProblem(problem).replace(join(root, 'csv/'), ''));
}

function rowsOf(tape: RecordedTape): readonly string[] {
  return Array.from({ length: tape.length }, (_, i) => {
    const symbol = tape.symbols[tape.instrument(i)];
    const bid = `${tape.price(i)}x${tape.size(i)}`;
    const row = tape.isQuote(i) ? `${bid} ${tape.askPrice(i)}x${tape.askSize(i)}` : bid;
    const flags = `${tape.conditions(i).toString(16)}${tape.isSuspicious(i) ? '!' : ''}`;
    return `${tape.time(i) - 1_381_152_600_000_000} ${symbol} ${row} ${flags}`;
  });
}

describe('an import', () => {
  it('merges files by time, trades before quotes, whatever the order they are named in', async () => {
    for (const files of [
      ['quotes.csv', 'trades.csv'],
      ['trades.csv', 'quotes.csv'],
    ]) {
      const result = await importFiles(files);
      expect(result).toMatchObject({
        facts: { trades: { AIG: 1, BAC: 2 }, quotes: { AIG: 1, BAC: 2 } },
      });
    }
    const { tape, instruments } = await library.load('two-stocks');
    expect(instruments.map(({ symbol, name, exchange }) => [symbol, name, exchange])).toEqual([
      ['AIG', 'AIG', ''],
      ['BAC', 'BAC', ''],
    ]);
    expect(rowsOf(tape)).toEqual([
      '-1000000 BAC 0x0 139200x400 1',
      '0 BAC 139000x100 1',
      '0 AIG 491000x200 20000020!',
      '0 BAC 138900x100 139200x400 1',
      '1 AIG 491000x100 491100x500 80000800',
      '2 BAC 139100x300 1',
    ]);
  });

  it('of the same content again changes nothing and says so', async () => {
    expect((await importFiles(['trades.csv'])).status).toBe('imported');
    const before = await readFile(join(root, 'datasets/two-stocks/dataset.json'), 'utf8');
    expect((await importFiles(['trades.csv'])).status).toBe('unchanged');
    expect(await readFile(join(root, 'datasets/two-stocks/dataset.json'), 'utf8')).toBe(before);
    expect(readdirSync(join(root, 'datasets'))).toEqual(['two-stocks']);
  });

  it('of other content under a taken name is refused, and the old content stays', async () => {
    await importFiles(['trades.csv']);
    const { hash } = await library.load('two-stocks');
    expect(problemsOf(await importFiles(['quotes.csv']))).toEqual([
      'two-stocks: this name holds other data already: import under another name',
    ]);
    expect((await open().load('two-stocks')).hash).toBe(hash);
  });

  it('of the same content at once by several callers leaves one data set', async () => {
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => importFiles(['trades.csv', 'quotes.csv'])),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual([
      'imported',
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    expect(readdirSync(join(root, 'datasets'))).toEqual(['two-stocks']);
  });

  it('with one bad row among good ones imports nothing', async () => {
    await write('quotes.csv', [...QUOTES, 'BAC,2013-10-07T13:31:00Z,1e3,1,P,14,1,P,1,0']);
    expect(problemsOf(await importFiles(['trades.csv', 'quotes.csv']))).toEqual([
      'quotes.csv:5: column bid: "1e3" is no plain decimal like 13.91',
    ]);
    expect(existsSync(join(root, 'datasets'))).toBe(false);
    expect(await library.list()).toEqual([]);
  });

  it.each(['', 'Two', '../two', 'a/b', '.two', '-two', 'x'.repeat(64), 'two\u0000'])(
    'under the name %j is refused',
    async (name) => {
      const [problem] = problemsOf(await importFiles(['trades.csv'], name));
      expect(problem).toContain('a data set is named with 1 to 63 of a-z, 0-9 and -');
    },
  );

  it('without any row is refused', async () => {
    await write('trades.csv', [TICK_HEADERS.trades]);
    expect(problemsOf(await importFiles(['trades.csv']))).toHaveLength(1);
  });

  it('of more rows at one instant than a slice may hold is refused', async () => {
    const [header = '', row = ''] = TRADES;
    await write('trades.csv', [header, ...Array<string>(4_097).fill(row)]);
    expect(problemsOf(await importFiles(['trades.csv']))).toEqual([
      'trades.csv: more than 4096 rows at one instant, 2013-10-07T13:30:00.000Z',
    ]);
    await write('trades.csv', [header, ...Array<string>(4_096).fill(row)]);
    expect((await importFiles(['trades.csv'])).status).toBe('imported');
  });
});

describe('a list of instruments', () => {
  it('gives names, exchanges and the order', async () => {
    await importListed([
      'symbol,name,exchange',
      'BAC,"Bank of America, Corp.",NYSE',
      'AIG,Müller & Söhne,NASDAQ',
      'BRK.B,Berkshire Hathaway,',
    ]);
    const { instruments } = await library.load('listed');
    expect(instruments.map(({ symbol, name, exchange }) => [symbol, name, exchange])).toEqual([
      ['BAC', 'Bank of America, Corp.', 'NYSE'],
      ['AIG', 'Müller & Söhne', 'NASDAQ'],
      ['BRK.B', 'Berkshire Hathaway', ''],
    ]);
    expect(instruments[0]?.id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(new Set(instruments.map(({ id }) => id)).size).toBe(3);
  });

  it.each<[string, readonly string[], string]>([
    ['another header', ['symbol,name', 'BAC,B'], ':1: the header must be "symbol,name,exchange"'],
    ['no row', ['symbol,name,exchange'], ': lists 0 instruments; 1 to 16384 are possible'],
    [
      'a symbol twice',
      ['symbol,name,exchange', 'BAC,B,NYSE', 'BAC,B,NYSE'],
      ':3: column symbol: "BAC" stands twice',
    ],
    [
      'a bad symbol',
      ['symbol,name,exchange', 'b c,B,NYSE'],
      ':2: column symbol: "b c" is no symbol like BAC or BRK.B',
    ],
    ['no name', ['symbol,name,exchange', 'BAC,,NYSE'], ':2: column name: "" is no name'],
    [
      'an unknown exchange',
      ['symbol,name,exchange', 'BAC,B,LSE'],
      ':2: column exchange: "LSE" is none of NYSE, NASDAQ, AMEX, ARCA, BATS, and not empty',
    ],
    ['a missing field', ['symbol,name,exchange', 'BAC,B'], ':2: has 2 fields instead of 3'],
  ])('with %s is refused', async (_what, lines, problem) => {
    expect(problemsOf(await importListed(lines))).toEqual([`instruments.csv${problem}`]);
  });

  it('with an open quote is refused with its line', async () => {
    const [problem] = problemsOf(await importListed(['symbol,name,exchange', 'BAC,"Bank']));
    expect(problem).toMatch(/^instruments\.csv:\d: Quote Not Closed/);
  });

  it('that lacks a symbol of the ticks is refused', async () => {
    expect(problemsOf(await importListed(['symbol,name,exchange', 'BAC,B,NYSE']))).toEqual([
      'trades.csv:3: column symbol: "AIG" is not in the list of instruments',
    ]);
  });
});

describe('an import that is killed', () => {
  it('while it writes leaves nothing behind that counts, and the next one cleans up', async () => {
    const script = fileURLToPath(new URL('testing/import-once.ts', import.meta.url));
    const node = ['--conditions=rialto-source', '--import', 'tsx', script];
    const datasets = join(root, 'datasets');
    // The import may be quicker than the kill: then it is tried again.
    for (let attempt = 0; attempt < 10 && leftovers(datasets).length === 0; attempt++) {
      await rm(datasets, { recursive: true, force: true });
      const child = spawn(process.execPath, [...node, datasets, join(SHIPPED, DAY)]);
      while (child.exitCode === null && leftovers(datasets).length === 0) await setImmediate();
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    expect(readdirSync(datasets)).toEqual([expect.stringMatching(/^\.importing-/)]);
    expect(await library.list()).toEqual([]);
    expect((await importFiles(['trades.csv'])).status).toBe('imported');
    expect(readdirSync(datasets)).toEqual(['two-stocks']);
  });
});

describe('the shipped day', () => {
  it('is packed on first use with exactly the rows it says, and found packed after that', async () => {
    const seen: number[] = [];
    const options = { directory: join(root, 'datasets'), shipped: SHIPPED };
    const first = await new DataSetLibrary({
      ...options,
      onProgress: (_name, rows, expected) => {
        expect(expected).toBe(970_746);
        seen.push(rows);
      },
    }).load(DAY);
    expect(seen.at(-1)).toBe(970_746);
    const { tape } = first;
    const counts: Record<string, number> = {};
    for (let i = 0; i < tape.length; i++) {
      const key = `${tape.symbols[tape.instrument(i)]} ${tape.isQuote(i) ? 'quotes' : 'trades'}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    expect(counts).toEqual({
      'AIG trades': 25_351,
      'BAC trades': 88_172,
      'IBM trades': 24_293,
      'AIG quotes': 539_968,
      'BAC quotes': 238_428,
      'IBM quotes': 54_534,
    });
    const again = await new DataSetLibrary({
      ...options,
      onProgress: () => expect.unreachable('packed twice'),
    }).load(DAY);
    expect(again.hash).toBe(first.hash);
    expect(again.instruments).toEqual(first.instruments);
  });

  it('is in memory once', async () => {
    expect(await library.load(DAY)).toBe(await library.load(DAY));
  });

  it('is refused when a file of it was changed', async () => {
    await cp(join(SHIPPED, DAY), join(root, 'shipped', DAY), { recursive: true });
    await writeFile(
      join(root, 'shipped', DAY, 'instruments.csv'),
      'symbol,name,exchange\nBAC,B,NYSE\n',
    );
    const changed = new DataSetLibrary({
      directory: join(root, 'datasets'),
      shipped: join(root, 'shipped'),
    });
    await expect(changed.load(DAY)).rejects.toMatchObject({
      code: 'dataset_corrupt',
      message: expect.stringContaining('instruments.csv: differs from its SHA-256'),
    });
  });
});

describe('a directory with a dataset.json', () => {
  it('that counts other rows than the files hold is refused', async () => {
    const sha = createHash('sha256')
      .update(await readFile(at('trades.csv')))
      .digest('hex');
    await rm(at('quotes.csv'));
    await write('dataset.json', [
      JSON.stringify({
        format: 1,
        name: 'counted',
        title: 'Counted',
        from: '2013-10-07T13:30:00.000Z',
        to: '2013-10-07T13:30:00.000002Z',
        trades: { AIG: 1, BAC: 3 },
        quotes: { AIG: 0, BAC: 0 },
        files: { 'trades.csv': sha },
      }),
    ]);
    const request = await requestDirectory(join(root, 'csv'), new CsvProblems());
    if (request === undefined) throw new Error('the directory was refused');
    expect(problemsOf(await library.import(request))).toEqual([
      'dataset.json: column trades: says {"AIG":1,"BAC":3}, the files hold {"AIG":1,"BAC":2}',
    ]);
  });
});

describe('a tape on disk', () => {
  it('with a flipped bit is refused', async () => {
    await importFiles(['trades.csv']);
    const path = join(root, 'datasets/two-stocks/tape.bin');
    const bytes = await readFile(path);
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    await writeFile(path, bytes);
    await expect(open().load('two-stocks')).rejects.toMatchObject({ code: 'dataset_corrupt' });
  });

  it('of an unknown name does not exist', async () => {
    for (const name of ['nothing', '../csv', '']) {
      await expect(library.load(name)).rejects.toMatchObject({ code: 'dataset_unknown' });
    }
  });
});
