/**
 * Writes frames: one INSERT each, in one round trip, on a connection of its own.
 *
 * The primary key and the statement itself see to it that the frame has its place for itself,
 * that its epoch is not fenced and its place not truncated, so several processes may append to
 * one partition. What it answers is never a guess: stored, refused (nothing changed), or cut
 * (the connection ended, ask the table).
 */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from '../../store/database.ts';
import { LogStorageError } from '../log.ts';
import {
  AppendConnection,
  AppendCutError,
  AppendRefusedError,
  type AppendTarget,
  unixSocketAddress,
} from './append-connection.ts';

/** The channel on which appends are announced as `partition:headSeq:session`. */
export const APPEND_CHANNEL = 'rialto_log';

/** A frame about to be written. */
export interface NewFrame {
  readonly partition: number;
  readonly firstSeq: number;
  readonly count: number;
  readonly epoch: number;
  readonly writer: bigint;
  readonly payload: Buffer;
}

export type WriteOutcome =
  | { readonly kind: 'stored' }
  /** Another frame stands there, or the epoch is fenced. */
  | { readonly kind: 'refused' }
  /** Unknown; the session may still be at it. */
  | { readonly kind: 'cut' };

/** A logged-in connection, named in pg_stat_activity. */
export interface WriterSession {
  readonly name: string;
  readonly connection: AppendConnection;
}

const RECONNECT_DELAY_MAX_MS = 500;
/** Without a connection for so long, an append is given up: it was never sent. */
const OUTAGE_LIMIT_MS = 5_000;
const UNIQUE_VIOLATION = '23505';
const DISK_FULL = '53100';

const APPEND = `
  insert into log_frame (partition, first_seq, count, epoch, writer, payload)
  select $1::integer, $2::bigint, $3::integer, $4::bigint, $5::bigint, $6::bytea
  from log_partition
  where id = $1 and ($4 = 0 or epoch <= $4) and first_seq <= $2`;
const ANNOUNCE = `
  returning pg_notify('${APPEND_CHANNEL}', $1::text || ':' || ($2 + $3 - 1)::text || ':' ||
    current_setting('application_name'))`;

/** The connection for appends of one log; it is opened at the first append. */
export class FrameWriter {
  /** What the names of this writer's sessions begin with. */
  readonly sessionPrefix = `rialto-log-${randomBytes(6).toString('hex')}-`;
  private sessions = 0;
  private readonly target: (session: string) => AppendTarget;
  private readonly statement: string;
  private current: WriterSession | undefined;
  private opening: Promise<WriterSession> | undefined;
  private closed = false;

  /** `announce`: other processes follow this log and want to be woken. */
  constructor(sql: Sql, announce: boolean) {
    this.target = (session) => appendTarget(sql, session);
    this.statement = announce ? `${APPEND} ${ANNOUNCE}` : APPEND;
  }

  /** Writes one frame. Throws `LogStorageError` when it certainly was not written. */
  async write({ connection }: WriterSession, frame: NewFrame): Promise<WriteOutcome> {
    try {
      const stored = await connection.execute([
        frame.partition,
        frame.firstSeq,
        frame.count,
        frame.epoch,
        frame.writer,
        frame.payload,
      ]);
      return { kind: stored === 1 ? 'stored' : 'refused' };
    } catch (error) {
      if (error instanceof AppendCutError) return { kind: 'cut' };
      if (!(error instanceof AppendRefusedError)) throw error;
      if (error.sqlState === UNIQUE_VIOLATION) return { kind: 'refused' };
      const code = error.sqlState === DISK_FULL ? 'log_storage_full' : 'log_storage_failed';
      throw new LogStorageError(code, `Postgres refused an append: ${error.message}`, error);
    }
  }

  /** The open session, or a new one. Throws `LogStorageError` when none can be had. */
  async session(): Promise<WriterSession> {
    if (this.current?.connection.isOpen === true) return this.current;
    this.opening ??= this.open().finally(() => {
      this.opening = undefined;
    });
    this.current = await this.opening;
    return this.current;
  }

  close(): void {
    this.closed = true;
    this.current?.connection.close();
  }

  private async open(): Promise<WriterSession> {
    const giveUpAt = performance.now() + OUTAGE_LIMIT_MS;
    let delayMs = 20;
    for (;;) {
      this.sessions += 1;
      const name = `${this.sessionPrefix}${this.sessions}`;
      try {
        return { name, connection: await AppendConnection.open(this.target(name), this.statement) };
      } catch (error) {
        if (this.closed || performance.now() + delayMs > giveUpAt) {
          const reason = error instanceof Error ? error.message : String(error);
          throw new LogStorageError(
            'log_unavailable',
            `no connection to Postgres: ${reason}`,
            error,
          );
        }
      }
      await delay(delayMs);
      delayMs = Math.min(delayMs * 2, RECONNECT_DELAY_MAX_MS);
    }
  }
}

/** Where the common client connects to, in the words of the append's own client. */
function appendTarget(sql: Sql, session: string): AppendTarget {
  const { host, port, path, user, pass, database, ssl } = sql.options;
  const firstHost = host[0] ?? 'localhost';
  const address = path ? unixSocketAddress(path) : { host: firstHost, port: port[0] ?? 5432 };
  return {
    ...address,
    user,
    password: pass ?? '',
    database,
    ssl: tlsOf(ssl, firstHost),
    application_name: session,
  };
}

/** The common client's TLS setting as Node's: only `verify-full` and own options check names. */
function tlsOf(ssl: Sql['options']['ssl'], host: string): NonNullable<AppendTarget['ssl']> {
  if (!ssl) return false;
  // A server name must be a name: TLS has none for a bare address.
  const name = isIP(host) === 0 ? { servername: host } : {};
  if (typeof ssl === 'object') return { ...name, ...ssl };
  const rejectUnauthorized = ssl !== 'require' && ssl !== 'allow' && ssl !== 'prefer';
  return { ...name, rejectUnauthorized };
}
