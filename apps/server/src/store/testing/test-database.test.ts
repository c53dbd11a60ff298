import { expect, test } from 'vitest';
import { openTestDatabase } from './test-database.ts';

test('each test database is empty and apart from the others', async () => {
  await using first = await openTestDatabase();
  await using second = await openTestDatabase();
  await first.sql`create table only_here (id bigint)`;
  await first.sql`insert into only_here values (${9_007_199_254_740_991})`;
  expect(await first.sql`select id from only_here`).toEqual([{ id: 9_007_199_254_740_991 }]);
  const tables = await second.sql`select to_regclass('only_here') as found`;
  expect(tables).toEqual([{ found: null }]);
});

test('a bigint beyond 2^53 is an error, and numeric keeps every digit', async () => {
  await using database = await openTestDatabase();
  await expect(database.sql`select 9007199254740993::bigint as n`).rejects.toThrow(/beyond 2\^53/);
  expect(await database.sql`select 12345678901234567890.123456789::numeric as n`).toEqual([
    { n: '12345678901234567890.123456789' },
  ]);
});
