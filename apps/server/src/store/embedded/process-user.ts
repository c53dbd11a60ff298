/**
 * Who runs Postgres. It refuses to run as root, so a root process starts it as an unprivileged
 * user: the owner of an existing database, else `nobody`.
 */
import { chmod, chown, lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError, systemErrorCode } from './embedded-postgres-error.ts';
import type { ProcessUser } from './run-program.ts';

/** The id of `nobody` where /etc/passwd does not say. */
const NOBODY_ID = 65_534;

/** True when this process may and must give Postgres another user. */
export function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/** `nobody` as /etc/passwd knows it (macOS calls it -2). */
async function nobody(): Promise<ProcessUser> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const fields = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(passwd);
  if (fields === null) return { uid: NOBODY_ID, gid: NOBODY_ID };
  return { uid: Number(fields[1]) >>> 0, gid: Number(fields[2]) >>> 0 };
}

/**
 * The user for the database in `clusterDir` (which may not exist yet); undefined when this
 * process is an ordinary user and Postgres simply runs as the same.
 */
export async function postgresUser(clusterDir: string): Promise<ProcessUser | undefined> {
  if (!runsAsRoot()) return undefined;
  try {
    const owner = await lstat(clusterDir);
    if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
  return nobody();
}

/**
 * Makes `dir` private to `user`, whole: a database copied by root (a restored backup) belongs
 * to root file by file.
 */
export async function giveTo(dir: string, user: ProcessUser | undefined): Promise<void> {
  await chmod(dir, 0o700);
  if (user === undefined) return;
  const { uid } = await lstat(dir);
  if (uid === user.uid) return;
  try {
    await chownTree(dir, user);
  } catch (error) {
    throw new EmbeddedPostgresError(
      'postgres_user_unavailable',
      `cannot give ${dir} to uid ${user.uid} (${systemErrorCode(error) ?? String(error)}); start as an ordinary user`,
      error,
    );
  }
}

async function chownTree(dir: string, user: ProcessUser): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await chownTree(path, user);
    else if (!entry.isSymbolicLink()) await chown(path, user.uid, user.gid);
  }
  // The directory itself comes last: as long as it is root's, an interrupted walk starts again.
  await chown(dir, user.uid, user.gid);
}
