import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../database.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { DatabaseNewerError, migrate } from './migrate.ts';

let database: Database;

beforeEach(async () => {
  database = await openTestDatabase();
});

afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

describe('migrations', () => {
  test('an empty database gets every table, a second run does nothing', async () => {
    const first = await migrate(database.sql);
    expect(first.at(0)).toBe('0001-log');
    expect(first.toSorted()).toEqual(first);
    expect(await migrate(database.sql)).toEqual([]);
  });

  test('processes that start at once run each migration once', async () => {
    const pools = [
      database.connect({ name: 'a', max: 2 }),
      database.connect({ name: 'b', max: 2 }),
    ];
    const ran = await Promise.all(pools.map((sql) => migrate(sql)));
    const names = ran.flat();
    expect(new Set(names).size).toBe(names.length);
    const stored = await database.sql<{ name: string }[]>`select name from migration order by name`;
    expect(stored.map((row) => row.name)).toEqual(names);
  });

  test('a database of a newer version is refused by name and left as it is', async () => {
    await migrate(database.sql);
    await database.sql`insert into migration values ('9999-future', '2030-01-01')`;
    await expect(migrate(database.sql)).rejects.toThrow(DatabaseNewerError);
    await expect(migrate(database.sql)).rejects.toThrow('9999-future');
    const stored = await database.sql`select from migration where name = '9999-future'`;
    expect(stored.length).toBe(1);
  });

  test('every table says what it holds', async () => {
    await migrate(database.sql);
    const undescribed = await database.sql<{ table: string }[]>`
      select c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
        and obj_description(c.oid) is null and c.relname not like 'migration%'`;
    expect(undescribed.map((row) => row.table)).toEqual([]);
  });
});
