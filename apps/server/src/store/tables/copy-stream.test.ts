import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database, Sql } from '../database.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { copyIn, copyOut } from './copy-stream.ts';

let database: Database;
/** One connection: a statement that leaves it unusable makes the next one wait for ever. */
let sql: Sql;

/** A row of one integer column: count of fields, length, value. */
const ROW_BYTES = 10;
const VALUE_AT = 6;
const ALL = 'copy (select n from numbers order by n) to stdout (format binary)';

beforeAll(async () => {
  database = await openTestDatabase();
  sql = database.connect({ name: 'one', max: 1, statementTimeoutMs: 10_000 });
  await sql`create table numbers (n integer primary key)`;
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

function rowsOf(numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * ROW_BYTES));
  numbers.forEach((number, k) => {
    view.setInt16(k * ROW_BYTES, 1);
    view.setInt32(k * ROW_BYTES + 2, 4);
    view.setInt32(k * ROW_BYTES + VALUE_AT, number);
  });
  return new Uint8Array(view.buffer);
}

function fail(): void {
  throw new Error('no more');
}

function write(numbers: readonly number[]): Promise<unknown> {
  const statement = 'copy numbers from stdin (format binary)';
  return sql.begin((tx) => copyIn(tx, statement, rowsOf(numbers)));
}

async function read(): Promise<number[]> {
  const numbers: number[] = [];
  await copyOut(sql, ALL, ROW_BYTES, (view, at) => numbers.push(view.getInt32(at + VALUE_AT)));
  return numbers;
}

test('no rows, and many more than any buffer holds, come back, one statement after the other', async () => {
  await write([]);
  expect(await read()).toEqual([]);
  const numbers = Array.from({ length: 200_000 }, (_, k) => k);
  await write(numbers);
  for (let round = 0; round < 3; round++) expect(await read()).toEqual(numbers);
  expect(await sql`select count(*) from numbers`).toEqual([{ count: 200_000 }]);
});

test('rows that end before anyone has read the first leave the connection usable', async () => {
  // More than the stream's buffer (16 KB), in one piece of the socket (64 KB).
  const statement = 'copy (select n from generate_series(1, 3000) n) to stdout (format binary)';
  let count = 0;
  await copyOut(sql, statement, ROW_BYTES, () => count++);
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  expect(count).toBe(3_000);
});

test('a row that is refused fails the copy, and the connection goes on', async () => {
  await expect(write([-1, 7])).rejects.toMatchObject({ code: 'copy_refused' });
  await expect(write([-1, -1])).rejects.toMatchObject({ code: 'copy_refused' });
  expect(await sql`select from numbers where n < 0`).toHaveLength(0);
});

test('bytes that are no rows fail the copy', async () => {
  const statement = 'copy numbers from stdin (format binary)';
  const bytes = new Uint8Array(1_000_000).fill(1);
  await expect(sql.begin((tx) => copyIn(tx, statement, bytes))).rejects.toThrow(
    /refused at its end|row field count/,
  );
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
});

test('a reader that throws hands its error on, and the connection goes on', async () => {
  await expect(copyOut(sql, ALL, ROW_BYTES, fail)).rejects.toThrow('no more');
  await expect(copyOut(sql, ALL, ROW_BYTES + 1, () => undefined)).rejects.toThrow('another length');
  await expect(copyOut(sql, 'copy nothing to stdout', 1, fail)).rejects.toMatchObject({
    code: '42P01',
  });
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
});
