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
  WireConnection,
  WireCutError,
  WireServerError,
  type WireTarget,
} from './wire-connection.ts';
import { int4, int8 } from './wire-messages.ts';

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
  readonly wire: WireConnection;
}

const STATEMENT = 'append';
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
  private readonly target: (session: string) => WireTarget;
  private readonly statement: string;
  private current: WriterSession | undefined;
  private opening: Promise<WriterSession> | undefined;
  private closed = false;

  /** `announce`: other processes follow this log and want to be woken. */
  constructor(sql: Sql, announce: boolean) {
    this.target = (session) => wireTarget(sql, session);
    this.statement = announce ? `${APPEND} ${ANNOUNCE}` : APPEND;
  }

  /** Writes one frame. Throws `LogStorageError` when it certainly was not written. */
  async write({ wire }: WriterSession, frame: NewFrame): Promise<WriteOutcome> {
    try {
      const stored = await wire.execute(STATEMENT, [
        int4(frame.partition),
        int8(BigInt(frame.firstSeq)),
        int4(frame.count),
        int8(BigInt(frame.epoch)),
        int8(frame.writer),
        frame.payload,
      ]);
      return { kind: stored === 1 ? 'stored' : 'refused' };
    } catch (error) {
      if (error instanceof WireCutError) return { kind: 'cut' };
      if (!(error instanceof WireServerError)) throw error;
      if (error.sqlState === UNIQUE_VIOLATION) return { kind: 'refused' };
      const code = error.sqlState === DISK_FULL ? 'log_storage_full' : 'log_storage_failed';
      throw new LogStorageError(code, `Postgres refused an append: ${error.message}`, error);
    }
  }

  /** The open session, or a new one. Throws `LogStorageError` when none can be had. */
  async session(): Promise<WriterSession> {
    if (this.current?.wire.isOpen === true) return this.current;
    this.opening ??= this.open().finally(() => {
      this.opening = undefined;
    });
    this.current = await this.opening;
    return this.current;
  }

  close(): void {
    this.closed = true;
    this.current?.wire.close();
  }

  private async open(): Promise<WriterSession> {
    const giveUpAt = performance.now() + OUTAGE_LIMIT_MS;
    let delayMs = 20;
    for (;;) {
      this.sessions += 1;
      const name = `${this.sessionPrefix}${this.sessions}`;
      try {
        const statements = { [STATEMENT]: this.statement };
        return { name, wire: await WireConnection.open(this.target(name), statements) };
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

/** Where the common client connects to, in the words of the wire. */
function wireTarget(sql: Sql, session: string): WireTarget {
  const { host, port, path, user, pass, database, ssl } = sql.options;
  const firstHost = host[0] ?? 'localhost';
  return {
    address: path ? { path } : { host: firstHost, port: port[0] ?? 5432 },
    username: user,
    password: pass ?? '',
    database,
    ...(ssl ? { tls: tlsOf(ssl, firstHost) } : {}),
    settings: {
      application_name: session,
      default_transaction_isolation: 'read committed',
      synchronous_commit: 'on',
      statement_timeout: '30000',
      // One plan for all appends; it is made while the table may be empty and must use the index.
      plan_cache_mode: 'force_generic_plan',
      enable_seqscan: 'off',
    },
  };
}

function tlsOf(ssl: Sql['options']['ssl'], host: string): NonNullable<WireTarget['tls']> {
  // A server name must be a name: TLS has none for a bare address.
  const name = isIP(host) === 0 ? { host, servername: host } : { host };
  if (typeof ssl === 'object') return { required: true, options: { ...name, ...ssl } };
  const rejectUnauthorized = ssl !== 'require' && ssl !== 'allow' && ssl !== 'prefer';
  const required = ssl !== 'prefer' && ssl !== 'allow';
  return { required, options: { ...name, rejectUnauthorized } };
}
