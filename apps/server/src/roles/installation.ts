/**
 * What all roles of a process share: the data directory, the database, the log, the data sets,
 * the venues. Opened in this order, closed in the reverse one.
 */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Settings } from '../config/settings.ts';
import { DataSetLibrary } from '../feeds/recording/dataset-library.ts';
import { SHIPPED_DATASETS } from '../feeds/recording/shipped-datasets.ts';
import type { Log } from '../log/log.ts';
import { createPostgresLog } from '../log/postgres/postgres-log.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandom } from '../runtime/random.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { migrate } from '../store/migrations/migrate.ts';
import { createCheckpointReader } from '../store/tables/checkpoint-reader.ts';
import { createSnapshotStore } from '../store/tables/snapshots.ts';
import { LogVenueHost } from '../venues/log-venue-host.ts';
import { VenueLifecycle } from '../venues/venue-lifecycle.ts';
import { createVenueRegistry } from '../venues/venue-registry.ts';
import type { RoleDeps } from './role-deps.ts';

export interface InstallationOptions {
  readonly settings: Settings;
  readonly logger: Logger;
  /** Hears what takes long, one line each, for the terminal. */
  readonly onProgress: (line: string) => void;
  readonly onFailure: (error: Error) => void;
}

/** The shared parts, and how to close them. */
export interface Installation extends AsyncDisposable {
  readonly deps: RoleDeps;
  readonly database: Database;
}

/**
 * Opens the data directory. Rejects with `EmbeddedPostgresError`, `DatabaseError` or
 * `DatabaseNewerError`, whose messages are one line for the terminal; nothing stays open then.
 */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const opened: AsyncDisposable[] = [];
  try {
    return await openParts(options, opened);
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

async function openParts(
  { settings, logger, onProgress, onFailure }: InstallationOptions,
  opened: AsyncDisposable[],
): Promise<Installation> {
  const database = await openDatabase({
    databaseUrl: settings.databaseUrl,
    dataDir: settings.dataDir,
    logger,
    onProgress,
  });
  opened.push(database);
  const { sql } = database;
  await migrate(sql);
  const log: Log = createPostgresLog({ database, logger });
  opened.push(log);
  const tapes = new DataSetLibrary({
    directory: join(settings.dataDir, 'datasets'),
    shipped: SHIPPED_DATASETS,
    onProgress: packingProgress(onProgress),
  });
  const registry = createVenueRegistry(sql);
  const snapshots = createSnapshotStore(sql);
  const clock = systemClock;
  const random = systemRandom;
  const host = new LogVenueHost({ log, registry, tapes, snapshots, clock, logger, onFailure });
  opened.push(host);
  const tables = createCheckpointReader(sql);
  const lifecycle = new VenueLifecycle({ log, registry, tapes, host, tables, random });
  const deps = { settings, logger, clock, random, sql, log, tapes, registry };
  return {
    deps: { ...deps, snapshots, host, lifecycle, onFailure },
    database,
    [Symbol.asyncDispose]: () => closeAll(opened),
  };
}

/** A line for every tenth of the rows, or for every million when their number is not known. */
function packingProgress(
  onProgress: (line: string) => void,
): (name: string, rows: number, expectedRows: number | undefined) => void {
  let said = -1;
  return (name, rows, expectedRows) => {
    const step = Math.floor(rows / ((expectedRows ?? 10_000_000) / 10));
    if (step === said) return;
    said = step;
    onProgress(`packing ${name}: ${rows} rows`);
  };
}

async function closeAll(opened: AsyncDisposable[]): Promise<void> {
  for (const part of opened.splice(0).toReversed()) await part[Symbol.asyncDispose]();
}
