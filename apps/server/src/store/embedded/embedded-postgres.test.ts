import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectDatabase, type Database, openDatabase } from '../database.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { isAlive } from '../process-identity.ts';
import { stopLeftoverPostmaster } from './leftover-postmaster.ts';
import { installedPostgres, runnableBinaries } from './postgres-binaries.ts';
import { postgresUser, runsAsRoot } from './process-user.ts';
import { startPostmaster } from './postmaster.ts';

const logger = pino({ level: 'silent' });
let dir: string;

beforeEach(async () => {
  // Of mode 0700 and, under root, root's: what Postgres runs as cannot walk through it.
  dir = await mkdtemp(join(tmpdir(), 'rialto-embedded-'));
});

afterEach(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));

async function kept(database: Database): Promise<unknown> {
  return (await database.sql`select n from kept`)[0]?.['n'];
}

async function until(
  condition: () => Promise<boolean> | boolean,
  patienceMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('the condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('the first start creates the database, the second finds it as it was', async () => {
  const progress: string[] = [];
  const onProgress = (message: string): unknown => progress.push(message);
  const first = await openDatabase({ dataDir: dir, logger, onProgress });
  await first.sql`create table kept (n int)`;
  await first.sql`insert into kept values (7)`;
  const pid = first.embeddedPid ?? 0;
  await first[Symbol.asyncDispose]();
  expect(isAlive(pid)).toBe(false);
  expect(await readdir(dir)).toEqual(['postgres']);
  await using second = await openDatabase({ dataDir: dir, logger, onProgress });
  expect(await kept(second)).toBe(7);
  // Below a directory that others can't enter, the binaries are copied first.
  const created = progress.filter((message) => message.startsWith('creating'));
  expect(created).toEqual(['creating the database (first start)']);
});

test('commits are durable, checksums are on, and nobody can connect by TCP', async () => {
  await using database = await openDatabase({ dataDir: dir, logger });
  const names = [
    'fsync',
    'synchronous_commit',
    'full_page_writes',
    'data_checksums',
    'listen_addresses',
  ];
  const rows = await database.sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings where name in ${database.sql(names)} order by name`;
  expect(rows.map(({ name, setting }) => `${name}=${setting}`)).toEqual([
    'data_checksums=on',
    'fsync=on',
    'full_page_writes=on',
    'listen_addresses=',
    'synchronous_commit=on',
  ]);
  expect((await lstat(join(dir, 'postgres'))).mode & 0o777).toBe(0o700);
});

test('a data directory whose socket path is too long works all the same', async () => {
  const deep = join(dir, 'a'.repeat(60), 'b'.repeat(60));
  const database = await openDatabase({ dataDir: deep, logger });
  expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }]);
  const { options } = database.sql;
  await database[Symbol.asyncDispose]();
  expect(options.path).not.toContain('aaaa');
});

test('a second instance on the data directory is refused and harms nothing', async () => {
  await using database = await openDatabase({ dataDir: dir, logger });
  await expect(openDatabase({ dataDir: dir, logger })).rejects.toMatchObject({
    code: 'data_dir_in_use',
  });
  expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }]);
});

test('by TCP a password is asked for', async () => {
  await using embedded = await startEmbeddedPostgres({ dataDir: dir, logger, transport: 'tcp' });
  const { target } = embedded;
  expect(target.host).toBe('127.0.0.1');
  const database = await connectDatabase({ kind: 'embedded', target }, logger);
  await database[Symbol.asyncDispose]();
  const wrong = { ...target, password: 'wrong' };
  await expect(connectDatabase({ kind: 'embedded', target: wrong }, logger)).rejects.toThrow(
    /password authentication failed/,
  );
  expect((await lstat(join(dir, 'postgres-password'))).mode & 0o777).toBe(0o600);
});

test('a server that is killed is started again and answers', async () => {
  await using database = await openDatabase({ dataDir: dir, logger });
  await database.sql`create table kept (n int)`;
  await database.sql`insert into kept values (9)`;
  const pid = database.embeddedPid ?? 0;
  process.kill(pid, 'SIGKILL');
  await until(() => database.embeddedPid !== pid);
  await until(() =>
    kept(database).then(
      (n) => n === 9,
      () => false,
    ),
  );
});

test('when Rialto is killed its server goes too, and the next start has everything', async () => {
  const script = fileURLToPath(new URL('../testing/hold-database.ts', import.meta.url));
  const holder = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=rialto-source', script, dir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const postmaster = Number((await once(holder.stdout, 'data'))[0]);
  expect(isAlive(postmaster)).toBe(true);
  holder.kill('SIGKILL');
  await until(() => !isAlive(postmaster));
  await using database = await openDatabase({ dataDir: dir, logger });
  expect(await kept(database)).toBe(42);
});

test('a postmaster left behind is stopped and waited for', async () => {
  const clusterDir = join(dir, 'postgres');
  await (await openDatabase({ dataDir: dir, logger }))[Symbol.asyncDispose]();
  const user = await postgresUser(clusterDir);
  const binaries = await runnableBinaries(installedPostgres(), user, () => undefined);
  const leftover = await startPostmaster({
    postgres: binaries.postgres,
    clusterDir,
    user,
    transport: { kind: 'unix' },
    onLogLine: () => undefined,
  });
  const start = performance.now();
  await stopLeftoverPostmaster(clusterDir);
  expect(performance.now() - start).toBeLessThan(2_000);
  await leftover.exited;
  expect(isAlive(leftover.pid)).toBe(false);
});

test('a pid file that names another program does not get that program killed', async () => {
  await (await openDatabase({ dataDir: dir, logger }))[Symbol.asyncDispose]();
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  try {
    const pidFile = join(dir, 'postgres', 'postmaster.pid');
    await writeFile(pidFile, `${bystander.pid}\n${join(dir, 'postgres')}\n1\n5432\n.\n\n\nready\n`);
    await using database = await openDatabase({ dataDir: dir, logger });
    expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }]);
    expect(isAlive(bystander.pid ?? 0)).toBe(true);
  } finally {
    bystander.kill();
  }
});

test('what cannot work is one clear line with a code', async () => {
  await (await openDatabase({ dataDir: dir, logger }))[Symbol.asyncDispose]();
  await writeFile(join(dir, 'postgres', 'PG_VERSION'), '12\n');
  await expect(openDatabase({ dataDir: dir, logger })).rejects.toMatchObject({
    code: 'data_dir_version',
    message: `${join(dir, 'postgres')} was written by Postgres 12, these binaries are 18`,
  });
  const blocked = join(dir, 'postgres', 'PG_VERSION', 'below');
  await expect(openDatabase({ dataDir: blocked, logger })).rejects.toMatchObject({
    code: 'data_dir_unwritable',
  });
});

test('a first start that was interrupted begins anew', async () => {
  await mkdir(join(dir, 'postgres-partial-abc123', 'base'), { recursive: true });
  await using database = await openDatabase({ dataDir: dir, logger });
  expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }]);
  expect((await readdir(dir)).filter((name) => name.includes('partial'))).toEqual([]);
});

test('binaries without library links, below a closed directory, run from a copy', async () => {
  const installed = installedPostgres();
  const closed = join(dir, 'closed');
  const nativeDir = join(closed, 'native');
  await mkdir(closed, { mode: 0o700 });
  await cp(installed.nativeDir, nativeDir, { recursive: true, verbatimSymlinks: true });
  for (const name of await readdir(join(nativeDir, 'lib'))) {
    const path = join(nativeDir, 'lib', name);
    if ((await lstat(path)).isSymbolicLink()) await rm(path);
  }
  if (!runsAsRoot()) await chmod(join(nativeDir, 'lib'), 0o500);
  const user = await postgresUser(join(dir, 'postgres'));
  const progress: string[] = [];
  const version = `test-${process.pid}`;
  const binaries = await runnableBinaries({ nativeDir, version }, user, (text) =>
    progress.push(text),
  );
  try {
    expect(binaries.majorVersion).toBe(18);
    expect(binaries.postgres).not.toContain(dir);
    expect(progress).toEqual(['copying the Postgres binaries to where they may run']);
  } finally {
    await rm(join(binaries.postgres, '..', '..', '..'), { recursive: true });
  }
});

test('a database that root copied file by file starts again', async ({ skip }) => {
  skip(!runsAsRoot(), 'only root can copy and then start as somebody else');
  const original = join(dir, 'original');
  const first = await openDatabase({ dataDir: original, logger });
  await first.sql`create table kept (n int)`;
  await first.sql`insert into kept values (5)`;
  await first[Symbol.asyncDispose]();
  const copy = join(dir, 'copy');
  await cp(original, copy, { recursive: true });
  expect((await lstat(join(copy, 'postgres'))).uid).toBe(0);
  await using database = await openDatabase({ dataDir: copy, logger });
  expect(await kept(database)).toBe(5);
  expect(await readFile(join(copy, 'postgres', 'PG_VERSION'), 'utf8')).toBe('18\n');
});
