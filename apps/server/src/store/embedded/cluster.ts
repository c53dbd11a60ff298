/**
 * The database files: `<data dir>/postgres`, made once by initdb.
 *
 * initdb writes into a directory of another name that is renamed when it is whole, so a start
 * that was killed half-way leaves nothing that looks like a database.
 */
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { dataDirError, EmbeddedPostgresError, systemErrorCode } from './embedded-postgres-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { giveTo, postgresUser, runsAsRoot } from './process-user.ts';
import { lastLine, type ProcessUser, runProgram } from './run-program.ts';

/** The superuser of the embedded server, and the database it always has. */
export const SUPERUSER = 'rialto';
export const DATABASE = 'postgres';

const CLUSTER_NAME = 'postgres';
const PARTIAL_PREFIX = 'postgres-partial-';
const PASSWORD_FILE = 'postgres-password';

/**
 * How a program that was started in the data directory should call it. Under root on Linux,
 * Postgres runs as somebody who may not be able to walk down to the directory (a checkout in
 * /root), but its working directory was entered before the change of user and stays open.
 */
export function clusterPathForPrograms(clusterDir: string): string {
  return runsAsRoot() && process.platform === 'linux' ? '/proc/self/cwd' : clusterDir;
}

/** Creates the data directory and returns the real path of the cluster inside it. */
export async function prepareDataDir(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return join(await realpath(dataDir), CLUSTER_NAME);
  } catch (error) {
    throw dataDirError(dataDir, error);
  }
}

/** True when initdb has run to its end here. */
export async function clusterExists(clusterDir: string): Promise<boolean> {
  return (await lstat(clusterDir).catch(() => undefined)) !== undefined;
}

/** What initdb needs to know. */
export interface ClusterOptions {
  readonly binaries: PostgresBinaries;
  readonly dataDir: string;
  readonly clusterDir: string;
  /** TCP clients give a password; on a private socket nobody else can knock. */
  readonly password: string | undefined;
}

/** Makes the database files. */
export async function createCluster(options: ClusterOptions): Promise<void> {
  const user = await postgresUser(options.clusterDir);
  try {
    await removePartialClusters(options.dataDir);
    const partial = await mkdtemp(join(options.dataDir, PARTIAL_PREFIX));
    await giveTo(partial, user);
    await initdb(partial, user, options);
    await rename(partial, options.clusterDir);
  } catch (error) {
    await removePartialClusters(options.dataDir).catch(() => undefined);
    if (error instanceof EmbeddedPostgresError) throw error;
    throw dataDirError(options.dataDir, error);
  }
}

async function initdb(
  dir: string,
  user: ProcessUser | undefined,
  { binaries, dataDir, password }: ClusterOptions,
): Promise<void> {
  // In a place the Postgres user may reach, which the data directory need not be.
  const passwordDir = await mkdtemp(join(tmpdir(), 'rialto-'));
  try {
    const passwordFile = join(passwordDir, 'password');
    await writeFile(passwordFile, password ?? '', { mode: 0o600 });
    await giveTo(passwordDir, user);
    const args = [
      `--pgdata=${clusterPathForPrograms(dir)}`,
      `--username=${SUPERUSER}`,
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
      '--no-sync',
      '--no-instructions',
      ...(password === undefined
        ? ['-A', 'trust']
        : ['-A', 'scram-sha-256', `--pwfile=${passwordFile}`]),
    ];
    const run = { args, cwd: dir, user, timeoutMs: 120_000 };
    const { code, output } = await runProgram(binaries.initdb, run);
    if (code !== 0) throw initdbError(dataDir, output);
  } finally {
    await rm(passwordDir, { recursive: true, force: true });
  }
}

function initdbError(dataDir: string, output: string): EmbeddedPostgresError {
  if (/no space left on device/i.test(output)) {
    return new EmbeddedPostgresError('disk_full', `no space left for ${dataDir}`);
  }
  return new EmbeddedPostgresError('postgres_init_failed', `initdb failed: ${firstError(output)}`);
}

/** initdb ends with advice; what went wrong stands in the line marked as an error. */
function firstError(output: string): string {
  const line = output.split('\n').find((text) => /error|fatal/i.test(text));
  return line?.trim() ?? lastLine(output);
}

async function removePartialClusters(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(PARTIAL_PREFIX)) continue;
    await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

/** Checks an existing cluster and makes it ready for its user, whom it returns. */
export async function openCluster(
  clusterDir: string,
  binaries: PostgresBinaries,
): Promise<ProcessUser | undefined> {
  try {
    const user = await postgresUser(clusterDir);
    const { uid } = await lstat(clusterDir);
    if (user === undefined && process.getuid !== undefined && uid !== process.getuid()) {
      throw new EmbeddedPostgresError(
        'data_dir_unwritable',
        `${clusterDir} belongs to uid ${uid}: start as that user or as root`,
      );
    }
    await giveTo(clusterDir, user);
    const version = (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).trim();
    if (version === String(binaries.majorVersion)) return user;
    throw new EmbeddedPostgresError(
      'data_dir_version',
      `${clusterDir} was written by Postgres ${version}, these binaries are ${binaries.majorVersion}`,
    );
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw dataDirError(clusterDir, error);
  }
}

/** The password of the TCP form, made at the first start and kept beside the cluster. */
export async function clusterPassword(dataDir: string): Promise<string> {
  const path = join(dataDir, PASSWORD_FILE);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw dataDirError(path, error);
  }
  const password = randomBytes(24).toString('base64url');
  await writeFile(path, `${password}\n`, { mode: 0o600 }).catch((error: unknown) => {
    throw dataDirError(path, error);
  });
  return password;
}
