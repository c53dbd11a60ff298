/**
 * Finds the Postgres binaries that npm installed and makes them runnable.
 *
 * Three things may be in the way, none of which may fail a first start: the package's install
 * script did not run (the library symlinks are missing), the install is read-only, or it stands
 * below a directory the Postgres user may not enter (a checkout in /root). In the last two cases
 * `native/` (60 MB) is copied once to a cache directory that everybody may read.
 */
import { chmod, cp, lstat, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError, systemErrorCode } from './embedded-postgres-error.ts';
import { runsAsRoot } from './process-user.ts';
import { lastLine, type ProcessUser, runProgram } from './run-program.ts';

/** Absolute paths of the programs, usable by the Postgres user. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Major version, such as 18; a data directory of another one is refused. */
  readonly majorVersion: number;
}

const EXECUTABLE_SUFFIX = process.platform === 'win32' ? '.exe' : '';

/**
 * Programs of `installed` that `user` can run; `onProgress` hears about the copy, which takes
 * seconds. Throws `EmbeddedPostgresError`.
 */
export async function runnableBinaries(
  installed: InstalledBinaries,
  user: ProcessUser | undefined,
  onProgress: (message: string) => void,
): Promise<PostgresBinaries> {
  const linked = await createLibraryLinks(installed.nativeDir);
  const probed = await probe(installed.nativeDir, user);
  if (probed.binaries !== undefined) return probed.binaries;
  if (linked && probed.started) {
    throw new EmbeddedPostgresError(
      'postgres_binaries_unusable',
      `the Postgres binaries do not run here: ${lastLine(probed.output)} (set DATABASE_URL to use your own Postgres)`,
    );
  }
  const copied = await cachedCopy(installed, onProgress);
  const second = await probe(copied, user);
  if (second.binaries !== undefined) return second.binaries;
  throw new EmbeddedPostgresError(
    'postgres_binaries_unusable',
    `the Postgres binaries do not run from ${copied}: ${lastLine(second.output)}`,
  );
}

export interface InstalledBinaries {
  readonly nativeDir: string;
  /** Package version, part of the cache directory's name. */
  readonly version: string;
}

/** Where npm put the binaries of this platform, and the version of their package. */
export function installedPostgres(): InstalledBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const packageDir = dirname(dirname(require.resolve(name)));
    const manifest: unknown = require(join(packageDir, 'package.json'));
    const version =
      typeof manifest === 'object' && manifest !== null && 'version' in manifest
        ? String(manifest.version)
        : 'unknown';
    return { nativeDir: join(packageDir, 'native'), version };
  } catch (error) {
    throw new EmbeddedPostgresError(
      'postgres_binaries_missing',
      `no embedded Postgres for this platform (${name} is not installed): run npm install, or set DATABASE_URL`,
      error,
    );
  }
}

/** Creates the links of pg-symlinks.json that are missing; false when the place is read-only. */
async function createLibraryLinks(nativeDir: string): Promise<boolean> {
  const packageDir = dirname(nativeDir);
  const text = await readFile(join(nativeDir, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    // Paths in the list are relative to the package; a cached copy keeps the name `native`.
    const path = join(packageDir, target);
    try {
      await symlink(relative(dirname(target), source), path);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === 'EEXIST') continue;
      // A read-only directory answers EROFS or EACCES even where the link already stands.
      const stands = await lstat(path).catch(() => undefined);
      if (stands === undefined) return false;
    }
  }
  return true;
}

interface Probe {
  readonly binaries?: PostgresBinaries;
  /** False when the program could not even be executed (no permission on the way to it). */
  readonly started: boolean;
  readonly output: string;
}

async function probe(nativeDir: string, user: ProcessUser | undefined): Promise<Probe> {
  const program = (name: string): string => join(nativeDir, 'bin', name + EXECUTABLE_SUFFIX);
  const postgres = program('postgres');
  const { code, output } = await runProgram(postgres, {
    args: ['--version'],
    cwd: '/',
    user,
    timeoutMs: 20_000,
  });
  const version = /PostgreSQL\) (\d+)/.exec(output);
  if (code !== 0 || version === null) return { started: code !== undefined, output };
  const majorVersion = Number(version[1]);
  return { started: true, output, binaries: { postgres, initdb: program('initdb'), majorVersion } };
}

async function cachedCopy(
  installed: InstalledBinaries,
  onProgress: (message: string) => void,
): Promise<string> {
  let refusal: unknown;
  for (const root of cacheRoots()) {
    const home = join(root, `postgres-${installed.version}`);
    try {
      await mkdir(root, { recursive: true, mode: 0o755 });
      if (!(await isOurs(root))) continue;
      if (!(await exists(home))) {
        onProgress('copying the Postgres binaries to where they may run');
        await copyInto(root, home, installed.nativeDir);
      }
      const nativeDir = join(home, basename(installed.nativeDir));
      await createLibraryLinks(nativeDir);
      return nativeDir;
    } catch (error) {
      refusal = error;
    }
  }
  throw new EmbeddedPostgresError(
    'postgres_binaries_unusable',
    `no directory to copy the Postgres binaries to (tried ${cacheRoots().join(', ')})`,
    refusal,
  );
}

/** Copies beside the goal and renames: a second starter sees all of it or nothing. */
async function copyInto(root: string, home: string, nativeDir: string): Promise<void> {
  const partial = await mkdtemp(join(root, 'partial-'));
  try {
    await cp(nativeDir, join(partial, basename(nativeDir)), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await chmod(partial, 0o755);
    await rename(partial, home);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(home))) throw error;
  }
}

function cacheRoots(): readonly string[] {
  if (runsAsRoot()) return ['/var/cache/rialto', join(tmpdir(), 'rialto-cache-0')];
  const uid = process.getuid?.() ?? 'user';
  return [join(homedir(), '.cache', 'rialto'), join(tmpdir(), `rialto-cache-${uid}`)];
}

/** Guards against running a program somebody else put under a predictable name in /tmp. */
async function isOurs(dir: string): Promise<boolean> {
  if (process.getuid === undefined) return true;
  const { uid, mode } = await lstat(dir);
  return uid === process.getuid() && (mode & 0o022) === 0;
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
