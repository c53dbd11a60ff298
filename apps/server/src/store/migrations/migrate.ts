/**
 * Brings a database to the schema of this version.
 *
 * Migrations only go forward and run in one transaction under an advisory lock (Kysely's
 * Migrator takes it), so that processes starting at once wait for each other. A database that
 * a newer version has migrated is refused: its tables may not mean what we think.
 */
import { Kysely, Migrator } from 'kysely';
import type { Migration } from 'kysely';
import { PostgresJSDialect } from 'kysely-postgres-js';
import type { Sql } from '../database.ts';
import * as log from './0001-log.ts';
import * as venue from './0002-venue.ts';
import * as progress from './0003-progress.ts';
import * as brokerage from './0004-brokerage.ts';
import * as marketData from './0005-market-data.ts';

/** All migrations in order. A released one never changes. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-log': log,
  '0002-venue': venue,
  '0003-progress': progress,
  '0004-brokerage': brokerage,
  '0005-market-data': marketData,
};

/** The database holds migrations that this version does not know. */
export class DatabaseNewerError extends Error {
  readonly code = 'database_newer';
  override readonly name = 'DatabaseNewerError';

  constructor(unknown: readonly string[]) {
    super(
      `the database was used by a newer version of Rialto (it has ${unknown.join(', ')}); ` +
        'start that version, or point this one at another database',
    );
  }
}

/**
 * Runs the migrations that are missing; resolves with their names.
 * Rejects with DatabaseNewerError, or with the error of the migration that failed.
 */
export async function migrate(sql: Sql): Promise<readonly string[]> {
  // Destroying this Kysely would end the connection pool, which belongs to the caller.
  const db = new Kysely<unknown>({ dialect: new PostgresJSDialect({ postgres: sql }) });
  await refuseNewer(sql);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
    migrationTableName: 'migration',
    migrationLockTableName: 'migration_lock',
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await refuseNewer(sql);
    throw error;
  }
  return results.map((result) => result.migrationName);
}

async function refuseNewer(sql: Sql): Promise<void> {
  const [found] = await sql<{ exists: boolean }[]>`
    select to_regclass('migration') is not null as exists`;
  if (found?.exists !== true) return;
  const done = await sql<{ name: string }[]>`select name from migration order by name`;
  const unknown = done.map((row) => row.name).filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (unknown.length > 0) throw new DatabaseNewerError(unknown);
}
