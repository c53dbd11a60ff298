/**
 * The connection to Postgres: the embedded server, or an outside one by `DATABASE_URL`.
 *
 * An acknowledged command must survive a power cut, so a server that would lose it (fsync,
 * synchronous_commit or full_page_writes off) is refused here, at start, with one clear line.
 */
import postgres from 'postgres';
import type { Logger } from 'pino';
import { type ConnectionTarget, startEmbeddedPostgres } from './embedded/embedded-postgres.ts';

/** A client whose bigint columns arrive as numbers. */
export type Sql = postgres.Sql<{ int8: number }>;

export interface DatabaseOptions {
  /** An outside Postgres; without it the embedded one runs in `dataDir`. */
  readonly databaseUrl?: string | undefined;
  /** Rialto's data directory, for the embedded server. */
  readonly dataDir: string;
  readonly logger: Logger;
  /** Hears what takes long, for the terminal. */
  readonly onProgress?: (message: string) => void;
}

export interface ConnectOptions {
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** Connections at most. */
  readonly max: number;
  /** A statement that runs longer is canceled; 0 means never. */
  readonly statementTimeoutMs?: number;
}

/** Where a database is, for drivers that are not `postgres`. */
export type DatabaseTarget =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'embedded'; readonly target: ConnectionTarget };

/** An open database. Disposing closes every client and stops the embedded server. */
export interface Database extends AsyncDisposable {
  /** The common pool, for short statements. */
  readonly sql: Sql;
  readonly target: DatabaseTarget;
  /** Major version of the server, 14 or newer. */
  readonly serverVersion: number;
  /** Process id of the embedded server; undefined for an outside one. */
  readonly embeddedPid: number | undefined;
  /** A pool of its own, for work that must not wait behind others; closed with the database. */
  connect(options: ConnectOptions): Sql;
}

/** The server cannot be used; `message` is one line for the terminal. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly code: 'database_unreachable' | 'database_too_old' | 'database_not_durable';

  constructor(code: DatabaseError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const POOL_SIZE = 10;
const STATEMENT_TIMEOUT_MS = 30_000;
const OLDEST_VERSION = 14;
const CLOSE_TIMEOUT_S = 5;
const DURABILITY_SETTINGS = ['fsync', 'synchronous_commit', 'full_page_writes'] as const;

/**
 * Opens the database, starting the embedded server when no URL is given.
 * Throws `DatabaseError` or `EmbeddedPostgresError`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl } = options;
  if (databaseUrl !== undefined && databaseUrl !== '') {
    return connectDatabase({ kind: 'url', url: databaseUrl }, options.logger);
  }
  const embedded = await startEmbeddedPostgres(options);
  try {
    const database = await connectDatabase(
      { kind: 'embedded', target: embedded.target },
      options.logger,
    );
    return {
      ...database,
      get embeddedPid() {
        return embedded.pid;
      },
      async [Symbol.asyncDispose]() {
        await database[Symbol.asyncDispose]();
        await embedded[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await embedded[Symbol.asyncDispose]();
    throw error;
  }
}

/** Connects to a running server and checks that it can be trusted with the log. */
export async function connectDatabase(target: DatabaseTarget, logger: Logger): Promise<Database> {
  const clients: Sql[] = [];
  const connect = (connectOptions: ConnectOptions): Sql => {
    const client = createClient(target, logger, connectOptions);
    clients.push(client);
    return client;
  };
  const close = async (): Promise<void> => {
    await Promise.all(clients.map((client) => client.end({ timeout: CLOSE_TIMEOUT_S })));
  };
  const sql = connect({ name: 'rialto', max: POOL_SIZE });
  try {
    const serverVersion = await checkServer(sql);
    return {
      sql,
      target,
      serverVersion,
      embeddedPid: undefined,
      connect,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function createClient(target: DatabaseTarget, logger: Logger, options: ConnectOptions): Sql {
  const settings = {
    max: options.max,
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: (notice: postgres.Notice) => logger.debug({ notice }, 'postgres notice'),
    connection: {
      application_name: options.name,
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 60_000,
      synchronous_commit: 'on',
    },
    types: { int8: INT8 },
  };
  return target.kind === 'url'
    ? postgres(target.url, settings)
    : postgres({ ...settings, ...target.target });
}

/**
 * bigint columns hold sequence numbers, counts and microseconds, all below 2^53, and arrive as
 * numbers; a larger value is an error, never a rounded one. Money is `numeric` and arrives as
 * text.
 */
const INT8 = {
  to: 20,
  from: [20],
  serialize: (value: number) => String(value),
  parse: (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond 2^53`);
    return value;
  },
};

/** The major version, when everything holds that Rialto relies on. */
async function checkServer(sql: Sql): Promise<number> {
  const settings = await readSettings(sql);
  const version = Math.trunc(Number(settings.get('server_version_num')) / 10_000);
  if (!(version >= OLDEST_VERSION)) {
    throw new DatabaseError(
      'database_too_old',
      `Postgres ${version} is too old: Rialto needs ${OLDEST_VERSION} or newer`,
    );
  }
  for (const name of DURABILITY_SETTINGS) {
    const value = settings.get(name);
    if (value === 'off' || value === undefined) {
      throw new DatabaseError(
        'database_not_durable',
        `Postgres runs with ${name}=${value ?? 'unknown'} and may lose acknowledged orders: set ${name}=on`,
      );
    }
  }
  return version;
}

async function readSettings(sql: Sql): Promise<ReadonlyMap<string, string>> {
  const names = ['server_version_num', ...DURABILITY_SETTINGS];
  try {
    const rows = await sql<{ name: string; setting: string }[]>`
      select name, setting from pg_settings where name in ${sql(names)}`;
    return new Map(rows.map((row) => [row.name, row.setting]));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseError('database_unreachable', `Postgres cannot be used: ${reason}`, error);
  }
}
