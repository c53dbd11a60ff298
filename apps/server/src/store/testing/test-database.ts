/**
 * A real Postgres for tests: one embedded server per test process, one database per call.
 *
 * The files initdb makes are made once per version and copied afterwards (about 0.1 s). With
 * `RIALTO_TEST_DATABASE_URL` the databases are made on that server instead. Everything goes away
 * with the process, however it ends; what a killed process left is swept by the next one.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { connectDatabase, type Database, type DatabaseTarget } from '../database.ts';
import { clusterExists } from '../embedded/cluster.ts';
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts';
import { installedPostgres } from '../embedded/postgres-binaries.ts';
import { runProgram } from '../embedded/run-program.ts';
import { isAlive } from '../process-identity.ts';

const logger = pino({ level: 'silent' });
const RUN_PREFIX = 'rialto-test-';

/** Where test databases are made. */
interface TestServer {
  /** The database to connect to for `create database`. */
  readonly home: DatabaseTarget;
  readonly targetOf: (name: string) => DatabaseTarget;
}

let server: Promise<TestServer> | undefined;

/** An empty database of its own. Disposing drops it. */
export async function openTestDatabase(): Promise<Database> {
  server ??= startServer();
  const { home, targetOf } = await server;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administrate(home, `create database ${name}`);
  const database = await connectDatabase(targetOf(name), logger);
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await administrate(home, `drop database if exists ${name} with (force)`);
    },
  };
}

async function administrate(home: DatabaseTarget, statement: string): Promise<void> {
  const database = await connectDatabase(home, logger);
  try {
    await database.sql.unsafe(statement);
  } finally {
    await database[Symbol.asyncDispose]();
  }
}

async function startServer(): Promise<TestServer> {
  const url = process.env['RIALTO_TEST_DATABASE_URL'];
  if (url !== undefined && url !== '') {
    return {
      home: { kind: 'url', url },
      targetOf: (name) => {
        const own = new URL(url);
        own.pathname = `/${name}`;
        return { kind: 'url', url: own.href };
      },
    };
  }
  const embedded = await startEmbeddedPostgres({ dataDir: await freshDataDir(), logger });
  return {
    home: { kind: 'embedded', target: embedded.target },
    targetOf: (name) => ({ kind: 'embedded', target: { ...embedded.target, database: name } }),
  };
}

/** A data directory with a ready database in it, removed when this process exits. */
async function freshDataDir(): Promise<string> {
  await sweepDeadRuns();
  const dataDir = await mkdtemp(join(tmpdir(), `${RUN_PREFIX}${process.pid}-`));
  process.once('exit', () => {
    // The server sees our end by itself (postmaster.ts); its files can go from under it.
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });
  await copyTree(await templateDir(), dataDir);
  return dataDir;
}

/** `cp -a` takes a third of the time of fs.cp over these thousand files, and keeps the owner. */
async function copyTree(from: string, to: string): Promise<void> {
  const args = ['-a', `${from}/.`, to];
  const { code } = await runProgram('cp', { args, timeoutMs: 60_000 });
  if (code !== 0) await cp(from, to, { recursive: true });
}

async function sweepDeadRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^rialto-test-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A data directory made by initdb once per version and user, only ever copied. */
async function templateDir(): Promise<string> {
  const { version } = installedPostgres();
  const uid = process.getuid?.() ?? 0;
  const template = join(tmpdir(), `rialto-template-${version}-${uid}`);
  if (await clusterExists(template)) return template;
  const partial = await mkdtemp(join(tmpdir(), `${RUN_PREFIX}${process.pid}-`));
  const embedded = await startEmbeddedPostgres({ dataDir: partial, logger });
  await embedded[Symbol.asyncDispose]();
  await rename(partial, template).catch(async (error: unknown) => {
    // Another test process may have been first.
    if (!(await clusterExists(template))) throw error;
    await rm(partial, { recursive: true, force: true });
  });
  return template;
}
