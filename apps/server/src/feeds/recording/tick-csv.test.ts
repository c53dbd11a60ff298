import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CsvProblems, formatProblem } from './csv-problems.ts';
import { openTickFile, TICK_HEADERS } from './tick-csv.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rialto-ticks-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true });
});

const TRADE = 'BAC,2013-10-07T08:00:00.614Z,13.94,500,P,20002020,0';
const QUOTE = 'IBM,2013-10-07T08:00:00.241Z,180.01,300,P,181.80,3000,Q,1,0';

/** Reads a file and gives its rows as text and its problems as the user sees them. */
async function read(content: string | Buffer): Promise<{ rows: string[]; problems: string[] }> {
  const path = join(dir, 'ticks.csv');
  await writeFile(path, content);
  const problems = new CsvProblems();
  const file = await openTickFile({ path, name: 'ticks.csv', problems });
  const rows: string[] = [];
  for (let batch = await file?.nextBatch(); batch !== undefined; batch = await file?.nextBatch()) {
    for (let i = 0; i < batch.rows; i++) {
      const bid = `${batch.price[i]}x${batch.size[i]}@${batch.venue[i]}`;
      const ask = `${batch.askPrice[i]}x${batch.askSize[i]}@${batch.askVenue[i]}`;
      const side = file?.kind === 'trades' ? bid : `${bid} ${ask}`;
      const flags = `${batch.condition[i]?.toString(16)} ${batch.suspicious[i]}`;
      rows.push(`${file?.symbols[batch.symbol[i] ?? -1]} ${batch.time[i]} ${side} ${flags}`);
    }
  }
  return { rows, problems: problems.first.map(formatProblem) };
}

const trades = (...lines: string[]) => read([TICK_HEADERS.trades, ...lines, ''].join('\n'));
const quotes = (...lines: string[]) => read([TICK_HEADERS.quotes, ...lines, ''].join('\n'));

describe('a good tick file', () => {
  const trade = 'BAC 1381132800614000 139400x500@80 20002020 0';

  it('gives a trade as exact numbers', async () => {
    expect(await trades(TRADE)).toEqual({ rows: [trade], problems: [] });
  });

  it('gives a quote with both sides, or with one of them', async () => {
    const { rows, problems } = await quotes(
      QUOTE,
      'IBM,2013-10-07T08:00:00.3Z,,,,181.8,3000,Q,1,0',
      'IBM,2013-10-07T08:00:00.300001Z,180.0100,300,P,,,,80000800,1',
    );
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      'IBM 1381132800241000 1800100x300@80 1818000x3000@81 1 0',
      'IBM 1381132800300000 0x0@0 1818000x3000@81 1 0',
      'IBM 1381132800300001 1800100x300@80 0x0@0 80000800 1',
    ]);
  });

  it.each([
    ['gzip', gzipSync(`${TICK_HEADERS.trades}\n${TRADE}\n`)],
    ['CR LF line ends', `${TICK_HEADERS.trades}\r\n${TRADE}\r\n`],
    ['no line end at the end', `${TICK_HEADERS.trades}\n${TRADE}`],
    ['a UTF-8 byte order mark', `\ufeff${TICK_HEADERS.trades}\n${TRADE}\n`],
  ])('may have %s', async (_what, content) => {
    expect(await read(content)).toEqual({ rows: [trade], problems: [] });
  });

  it('is read across chunk and batch borders without losing or doubling a row', async () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => {
      const time = new Date(Date.UTC(2013, 9, 7, 13, 30) + i).toISOString();
      return `BAC,${time},13.94,${i + 1},P,1,0`;
    });
    const { rows, problems } = await trades(...lines);
    expect(problems).toEqual([]);
    expect(rows).toEqual(
      lines.map((_, i) => `BAC ${1381152600000000 + i * 1000} 139400x${i + 1}@80 1 0`),
    );
  });
});

describe('a bad row is refused with line, column and reason', () => {
  it.each([
    ['bac,2013-10-07T08:00:00Z,1,1,P,1,0', 'symbol: "bac" is no symbol like BAC or BRK.B'],
    ['=A1,2013-10-07T08:00:00Z,1,1,P,1,0', 'symbol: "=A1" is no symbol like BAC or BRK.B'],
    [',2013-10-07T08:00:00Z,1,1,P,1,0', 'symbol: "" is no symbol like BAC or BRK.B'],
    ['BÄC,2013-10-07T08:00:00Z,1,1,P,1,0', 'symbol: "BÄC" is no symbol like BAC or BRK.B'],
    ['BAC,,1,1,P,1,0', 'ts: is empty'],
    [
      'BAC,2013-10-07T08:00:00,1,1,P,1,0',
      'ts: "2013-10-07T08:00:00" has no time zone: write UTC with a Z at the end',
    ],
    [
      'BAC,2013-10-07T08:00:00-04:00,1,1,P,1,0',
      'ts: "2013-10-07T08:00:00-04:00" is not in UTC: write it with a Z',
    ],
    [
      'BAC,2013-10-07T08:00:00.0000001Z,1,1,P,1,0',
      'ts: "2013-10-07T08:00:00.0000001Z" is finer than a microsecond',
    ],
    ...['07/10/2013 08:00:00Z', '2013-02-30T08:00:00Z', '2013-10-07T24:00:00Z', '1381132800'].map(
      (time) => [
        `BAC,${time},1,1,P,1,0`,
        `ts: ${JSON.stringify(time)} is no time like 2013-10-07T13:30:00.054Z`,
      ],
    ),
    ['BAC,2013-10-07T08:00:00Z,,1,P,1,0', 'price: is empty'],
    [
      'BAC,2013-10-07T08:00:00Z,0.00,1,P,1,0',
      'price: a price of zero: leave the field empty when there is none',
    ],
    ...['-1', '+1', '1e3', '0x10', 'NaN', ' 1', '1.', '.5', '1.2.3'].map((price) => [
      `BAC,2013-10-07T08:00:00Z,${price},1,P,1,0`,
      `price: ${JSON.stringify(price)} is no plain decimal like 13.91`,
    ]),
    ['BAC,2013-10-07T08:00:00Z,1.00001,1,P,1,0', 'price: "1.00001" is finer than $0.0001'],
    [
      'BAC,2013-10-07T08:00:00Z,214748.3648,1,P,1,0',
      'price: "214748.3648" is above the highest price, 214748.3647',
    ],
    ['BAC,2013-10-07T08:00:00Z,1,,P,1,0', 'size: is empty'],
    ['BAC,2013-10-07T08:00:00Z,1,1.5,P,1,0', 'size: "1.5" is no whole number of shares'],
    ['BAC,2013-10-07T08:00:00Z,1,-5,P,1,0', 'size: "-5" is no whole number of shares'],
    ['BAC,2013-10-07T08:00:00Z,1,0,P,1,0', 'size: "0" is not between 1 and 2147483647 shares'],
    [
      'BAC,2013-10-07T08:00:00Z,1,2147483648,P,1,0',
      'size: "2147483648" is not between 1 and 2147483647 shares',
    ],
    [
      'BAC,2013-10-07T08:00:00Z,1,1,PP,1,0',
      'exchange: "PP" is no venue code of one capital letter',
    ],
    ['BAC,2013-10-07T08:00:00Z,1,1,,1,0', 'exchange: is empty'],
    [
      'BAC,2013-10-07T08:00:00Z,1,1,P,0x1,0',
      'condition: "0x1" is no set of condition bits in 1 to 8 hexadecimal digits',
    ],
    ['BAC,2013-10-07T08:00:00Z,1,1,P,1,2', 'suspicious: "2" is neither 0 nor 1'],
    ['BAC,2013-10-07T08:00:00Z,1,1,P,1,', 'suspicious: is empty'],
  ])('%s', async (line, problem) => {
    const { rows, problems } = await trades(TRADE, line.replace('T08:00:00', 'T09:00:00'));
    expect(rows).toHaveLength(1);
    expect(problems).toEqual([`ticks.csv:3: column ${problem.replace('T08:00:00', 'T09:00:00')}`]);
  });

  it.each([
    ['BAC,2013-10-07T09:00:00Z,1,1,P,1', 'has 6 fields instead of 7'],
    ['BAC,2013-10-07T09:00:00Z,1,234.5,1,P,1,0', 'has 8 fields instead of 7'],
    ['BAC;2013-10-07T09:00:00Z;1;1;P;1;0', 'has no comma: fields are separated by commas'],
    ['"BAC,2013-10-07T09:00:00Z,1,1,P,1', 'has a quoted field: this format needs none'],
    ['', 'is empty'],
    [`${TRADE}\r`, 'ends with CR LF, the header with LF: use one kind of line end'],
    ['B'.repeat(1_025), 'is longer than 1024 bytes'],
  ])('line %j', async (line, reason) => {
    const { rows, problems } = await trades(TRADE, line, TRADE);
    expect(rows).toHaveLength(2);
    expect(problems).toEqual([`ticks.csv:3: ${reason}`]);
  });

  it('a row before the one above it', async () => {
    const { rows, problems } = await trades(TRADE, TRADE.replace('08:00:00', '07:59:59'), TRADE);
    expect(rows).toHaveLength(2);
    expect(problems).toEqual([
      'ticks.csv:3: column ts: "2013-10-07T07:59:59.614Z" is before the row above: sort by time',
    ]);
  });

  it('a quote with a half side, and one without any', async () => {
    const { rows, problems } = await quotes(
      'IBM,2013-10-07T09:00:00Z,180.01,,P,181.80,3000,Q,1,0',
      'IBM,2013-10-07T09:00:00Z,,300,,181.80,3000,Q,1,0',
      'IBM,2013-10-07T09:00:00Z,180.01,300,P,181.80,3000,,1,0',
      'IBM,2013-10-07T09:00:00Z,,,,,,,1,0',
    );
    expect(rows).toEqual([]);
    expect(problems).toEqual([
      'ticks.csv:2: column bid_size: is empty',
      'ticks.csv:3: column bid: is empty',
      'ticks.csv:4: column ask_exchange: is empty',
      'ticks.csv:5: column bid: neither bid nor ask: a quote has at least one side',
    ]);
  });

  it('a line of many megabytes, without holding it', async () => {
    const { rows, problems } = await trades(TRADE, 'x'.repeat(20_000_000), TRADE);
    expect(rows).toHaveLength(2);
    expect(problems).toEqual(['ticks.csv:3: is longer than 1024 bytes']);
  });

  it('the first hundred problems are kept, all are counted', async () => {
    const path = join(dir, 'many.csv');
    await writeFile(path, [TICK_HEADERS.trades, ...Array(250).fill('?')].join('\n'));
    const problems = new CsvProblems();
    const file = await openTickFile({ path, name: 'many.csv', problems });
    expect(await file?.nextBatch()).toBeUndefined();
    expect([problems.count, problems.first.length]).toEqual([250, 100]);
  });
});

describe('a file that is no tick file is refused', () => {
  const known = Object.values(TICK_HEADERS).map((header) => JSON.stringify(header));
  const unknown = (header: string) =>
    `ticks.csv:1: unknown header ${JSON.stringify(header)}: it must be ${known.join(' or ')}`;
  const gzip = gzipSync(`${TICK_HEADERS.trades}\n${`${TRADE}\n`.repeat(1_000)}`);

  it.each([
    ['empty', '', 'ticks.csv: is empty'],
    ['another header', 'a,b\n1,2\n', unknown('a,b')],
    [
      'columns in another order',
      'ts,symbol,price,size,exchange,condition,suspicious\n',
      unknown('ts,symbol,price,size,exchange,condition,suspicious'),
    ],
    [
      'semicolons',
      TICK_HEADERS.trades.replaceAll(',', ';'),
      'ticks.csv:1: fields are separated by ";": use commas',
    ],
    [
      'UTF-16',
      Buffer.from(`\ufeff${TICK_HEADERS.trades}\n${TRADE}\n`, 'utf16le'),
      'ticks.csv: is UTF-16 or binary: save it as UTF-8',
    ],
    [
      'zip',
      Buffer.from('PK\u0003\u0004aaaaaaaa'),
      'ticks.csv: is a zip archive: unpack it, or compress the CSV with gzip',
    ],
    [
      'a gzip bomb',
      gzipSync(
        Buffer.concat([Buffer.from(`${TICK_HEADERS.trades}\n`), Buffer.alloc(64 * 2 ** 20)]),
      ),
      'ticks.csv: unpacks to more than 100 times its size: this is no recording',
    ],
    [
      'a cut gzip file',
      gzip.subarray(0, gzip.length - 20),
      'ticks.csv: is a damaged or cut gzip file (unexpected end of file)',
    ],
  ])('%s', async (_what, content, problem) => {
    const { problems } = await read(content);
    expect(problems.filter((text) => !text.includes('longer than'))).toEqual([problem]);
  });

  it('a missing file and a directory', async () => {
    const problems = new CsvProblems();
    expect(
      await openTickFile({ path: join(dir, 'none.csv'), name: 'none.csv', problems }),
    ).toBeUndefined();
    expect(await openTickFile({ path: dir, name: 'dir', problems })).toBeUndefined();
    expect(problems.first.map(formatProblem)).toEqual([
      'none.csv: does not exist',
      'dir: is a directory',
    ]);
  });
});
