import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnv } from '../config/read-env.ts';
import { SHIPPED_DATASETS } from '../feeds/recording/shipped-datasets.ts';
import type { VerifiedCheck } from '../roles/verify-venues.ts';
import { addImportCommand } from './import-command.ts';
import { runCli } from './run-cli.ts';
import { addUpCommand } from './up.ts';
import { verifyCommand } from './verify-command.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rialto-cli-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  args: readonly string[],
  options: { env?: Record<string, string>; checks?: readonly VerifiedCheck[]; fails?: Error } = {},
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const env = { RIALTO_DATA_DIR: join(dir, 'data'), ...options.env };
  async function* verify() {
    if (options.fails !== undefined) throw options.fails;
    yield* options.checks ?? [];
  }
  const code = await runCli(args, {
    version: '9.8.7',
    commands: [addUpCommand, addImportCommand, verifyCommand(verify)],
    terminal: {
      print: (line) => out.push(line),
      tell: (line) => err.push(line.replaceAll(`${dir}/`, '')),
      settings: () => readEnv(env),
    },
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const TRADES =
  'symbol,ts,price,size,exchange,condition,suspicious\nBAC,2013-10-07T13:30:00Z,13.9,100,P,1,0\n';

async function tradesFile(content = TRADES): Promise<string> {
  const path = join(dir, 'trades.csv');
  await writeFile(path, content);
  return path;
}

describe('rialto', () => {
  it('shows its commands and its version', async () => {
    const help = await run(['--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(/Usage: rialto .*import .*verify /s);
    expect(await run(['--version'])).toEqual({ code: 0, out: '9.8.7', err: '' });
    expect((await run(['import', '--help'])).out).toContain('bid,bid_size,bid_exchange');
  });

  it.each([
    [['frobnicate'], "error: unknown command 'frobnicate'"],
    [['--frobnicate'], "error: unknown option '--frobnicate'"],
    [['import'], 'error: name the files, or a directory with --dir'],
    [['import', 'a.csv'], 'error: give the data set a name with --name'],
    [['import', 'a.csv', '--dir', 'b'], 'error: give either files or --dir'],
    [['import', '--dir', 'b', '--instruments', 'c'], 'error: --dir brings its own instruments.csv'],
    [['import', 'a.csv', '--name'], "error: option '--name <name>' argument missing"],
    [['verify', 'all'], "error: too many arguments for 'verify'. Expected 0 arguments but got 1."],
  ])('called as %j ends with 64 and one line', async (args, line) => {
    expect(await run(args)).toEqual({ code: 64, out: '', err: line });
  });

  it('with a wrong setting ends with 78 and a line per problem', async () => {
    const env = { RIALTO_PORT: 'x', RIALTO_PROT: '1' };
    const ran = await run(['import', await tradesFile(), '--name', 'day'], { env });
    expect(ran).toMatchObject({ code: 78, out: '' });
    expect(ran.err.split('\n')).toEqual([
      expect.stringMatching(/^rialto: RIALTO_PROT is no setting: did you mean RIALTO_PORT\?/),
      'rialto: RIALTO_PORT="x" is no good: give a port number from 0 to 65535',
    ]);
  });
});

describe('rialto import', () => {
  it('imports files, and says so when they are there already', async () => {
    const files = ['import', await tradesFile(), '--name', 'day'];
    const facts =
      'day: 1 trades and 0 quotes of BAC, 2013-10-07T13:30:00.000Z to 2013-10-07T13:30:00.000Z';
    expect(await run(files)).toEqual({ code: 0, out: `imported ${facts}`, err: '' });
    expect(await run(files)).toEqual({
      code: 0,
      out: `unchanged, it is there already: ${facts}`,
      err: '',
    });
    expect(await readdir(join(dir, 'data/datasets'))).toEqual(['day']);
  });

  it('imports a directory in the layout of the shipped ones, under another name too', async () => {
    const shipped = join(SHIPPED_DATASETS, 'us-equities-2013-10-07');
    const ran = await run(['import', '--dir', shipped, '--name', 'copy']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toBe(
      'imported copy: 137,816 trades and 832,930 quotes of AIG, BAC, IBM, ' +
        '2013-10-07T08:00:00.054Z to 2013-10-08T00:00:00.601Z',
    );
  });

  it('names every bad row and imports nothing', async () => {
    const path = await tradesFile(`${TRADES}BAC,2013-10-07T13:30:01Z,x,1,P,1,0\n?\n`);
    expect(await run(['import', path, '--name', 'day'])).toEqual({
      code: 65,
      out: '',
      err: [
        'trades.csv:3: column price: "x" is no plain decimal like 13.91',
        'trades.csv:4: has 1 fields instead of 7',
        'nothing was imported: 2 problems',
      ].join('\n'),
    });
    expect(await readdir(dir)).toEqual(['trades.csv']);
  });

  it('names the first hundred of many bad rows and counts the rest', async () => {
    const path = await tradesFile(TRADES + '?\n'.repeat(1_500));
    const lines = (await run(['import', path, '--name', 'day'])).err.split('\n');
    expect(lines).toHaveLength(102);
    expect(lines.slice(-2)).toEqual(['… and 1,400 more', 'nothing was imported: 1,500 problems']);
  });

  it('says what is wrong with a directory or a file that is not there', async () => {
    expect(await run(['import', '--dir', join(dir, 'none')])).toMatchObject({
      code: 65,
      err: 'none: is no readable directory\nnothing was imported: 1 problem',
    });
    expect(await run(['import', join(dir, 'none.csv'), '--name', 'day'])).toMatchObject({
      code: 65,
      err: 'none.csv: does not exist\nnothing was imported: 1 problem',
    });
  });
});

describe('rialto verify', () => {
  it('ends with 0 when everything holds', async () => {
    const checks = [{ what: 'ledger of venue a', problems: [] }];
    expect(await run(['verify'], { checks })).toEqual({
      code: 0,
      out: 'ok     ledger of venue a\neverything holds',
      err: '',
    });
  });

  it('ends with 1 and says what does not hold', async () => {
    const checks = [
      { what: 'ledger of venue a', problems: ['cash differs by 0.01'] },
      { what: 'replay of venue a', problems: [] },
    ];
    expect(await run(['verify'], { checks })).toMatchObject({
      code: 1,
      out: 'FAILED ledger of venue a\n       cash differs by 0.01\nok     replay of venue a\n1 checks failed',
    });
  });

  it('tells an expected failure in one line and lets a bug through', async () => {
    const busy = Object.assign(new Error('the data directory is in use'), {
      code: 'data_dir_in_use',
    });
    expect(await run(['verify'], { fails: busy })).toEqual({
      code: 1,
      out: '',
      err: 'rialto: the data directory is in use',
    });
    await expect(run(['verify'], { fails: new TypeError('x') })).rejects.toThrow(TypeError);
  });
});
