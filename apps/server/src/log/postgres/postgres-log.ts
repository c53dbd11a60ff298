/**
 * The log in Postgres: two tables (store/migrations/0001-log.ts), one row per batch frame.
 *
 * Reading order: frame-writer.ts (the append), frame-table.ts (everything else in SQL),
 * postgres-partition.ts (the contract). When other processes may append to the same tables,
 * appends are announced by NOTIFY, and a slow poll finds what an announcement did not tell.
 */
import type { Logger } from 'pino';
import type { Database, Sql } from '../../store/database.ts';
import type { Log, LogPartition } from '../log.ts';
import { FrameTable } from './frame-table.ts';
import { APPEND_CHANNEL, FrameWriter } from './frame-writer.ts';
import { PostgresPartition } from './postgres-partition.ts';

export interface PostgresLogOptions {
  /** A migrated database. */
  readonly database: Database;
  readonly logger: Logger;
  /**
   * Whether other processes use the same log. By default only with an outside database: the
   * embedded one belongs to the one process that holds its data directory.
   */
  readonly shared?: boolean;
}

const POLL_MS = 1_000;
const POOL_SIZE = 4;

/** Opens the log of a database. Dispose it before the database. */
export function createPostgresLog(options: PostgresLogOptions): Log {
  return new PostgresLog(options);
}

class PostgresLog implements Log {
  private readonly logger: Logger;
  private readonly shared: boolean;
  private readonly sql: Sql;
  private readonly table: FrameTable;
  private readonly writer: FrameWriter;
  private readonly partitions = new Set<PostgresPartition>();
  private listening: Promise<unknown> | undefined;
  private poll: NodeJS.Timeout | undefined;

  constructor({ database, logger, shared = database.target.kind === 'url' }: PostgresLogOptions) {
    this.logger = logger;
    this.shared = shared;
    this.sql = database.connect({ name: 'rialto-log', max: POOL_SIZE });
    this.table = new FrameTable(this.sql);
    this.writer = new FrameWriter(this.sql, shared);
  }

  async open(name: string): Promise<LogPartition> {
    if (this.shared) await this.listen();
    const id = await this.table.open(name);
    const partition = new PostgresPartition({
      id,
      table: this.table,
      writer: this.writer,
      state: await this.table.state(id),
      onClose: (closed) => this.partitions.delete(closed),
    });
    this.partitions.add(partition);
    return partition;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.poll);
    await Promise.all([...this.partitions].map((partition) => partition[Symbol.asyncDispose]()));
    this.writer.close();
    await this.sql.end({ timeout: 5 });
  }

  /** Hears of other processes' appends; after a lost connection everything is asked for. */
  private listen(): Promise<unknown> {
    this.poll ??= setInterval(() => void this.catchUp(), POLL_MS).unref();
    this.listening ??= this.sql.listen(
      APPEND_CHANNEL,
      (announcement) => this.heard(announcement),
      () => void this.catchUp(),
    );
    return this.listening;
  }

  private heard(announcement: string): void {
    const [id, headSeq, session = ''] = announcement.split(':');
    if (session.startsWith(this.writer.sessionPrefix)) return;
    for (const partition of this.partitions) {
      if (String(partition.id) === id) partition.moveHead(Number(headSeq));
    }
  }

  private async catchUp(): Promise<void> {
    try {
      for (const partition of this.partitions) {
        partition.moveHead((await this.table.state(partition.id)).headSeq);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'log heads could not be read');
    }
  }
}
