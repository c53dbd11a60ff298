/**
 * One partition of the log in Postgres.
 *
 * An append becomes part of one frame, one row, one commit (group-commit.ts). Followers at the
 * head get what this process commits from memory; what other processes append is read from the
 * table once its announcement arrives. Records before the head are never read again.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { batches, Follower, type OnRecords } from '../follower.ts';
import { encodeFrame } from '../frame.ts';
import { GroupCommit } from '../group-commit.ts';
import {
  type Appended,
  LogCorruptError,
  LogFencedError,
  type LogPartition,
  type LogRecord,
  LogStorageError,
  LogTruncatedError,
} from '../log.ts';
import { RecentRecords } from '../recent-records.ts';
import type { FrameTable, PartitionState } from './frame-table.ts';
import type { FrameWriter, WriterSession } from './frame-writer.ts';

const RETRY_DELAY_MAX_MS = 1_000;
/** How long closing waits to learn the outcome of a cut append. */
const CLOSE_PATIENCE_MS = 5_000;

export interface PostgresPartitionOptions {
  readonly id: number;
  readonly table: FrameTable;
  readonly writer: FrameWriter;
  readonly state: PartitionState;
  readonly onClose: (partition: PostgresPartition) => void;
}

/** Opened by postgres-log.ts. */
export class PostgresPartition implements LogPartition {
  readonly id: number;
  private readonly table: FrameTable;
  private readonly writer: FrameWriter;
  private readonly onClose: (partition: PostgresPartition) => void;
  private readonly groupCommit: GroupCommit;
  private readonly recent = new RecentRecords();
  private readonly followers = new Set<Follower>();
  private head: number;
  private first: number;
  private closedAt = Infinity;
  /** The session in which the head was last compared with the table. */
  private session: WriterSession | undefined;
  /** Names each append for `commit`: counted from a random place, so no two processes meet. */
  private writerNumber = randomBytes(8).readBigInt64LE();

  constructor(options: PostgresPartitionOptions) {
    this.id = options.id;
    this.table = options.table;
    this.writer = options.writer;
    this.onClose = options.onClose;
    this.head = options.state.headSeq;
    this.first = options.state.firstSeq;
    this.groupCommit = new GroupCommit((payloads, epoch) => this.commit(payloads, epoch));
  }

  get headSeq(): number {
    return this.head;
  }

  get firstSeq(): number {
    return this.first;
  }

  append(
    payloads: readonly Uint8Array[],
    options: { readonly epoch?: number } = {},
  ): Promise<Appended> {
    return this.groupCommit.append(payloads, options.epoch ?? 0);
  }

  async *read(fromSeq: number): AsyncIterable<readonly LogRecord[]> {
    this.moveHead((await this.table.state(this.id)).headSeq);
    const { head } = this;
    let seq = fromSeq;
    while (seq <= head) {
      const records = await this.table.page(this.id, seq, head);
      yield* batches(records);
      seq += records.length;
    }
  }

  follow(fromSeq: number, onRecords: OnRecords, onError: (error: Error) => void): Disposable {
    const follower = new Follower({
      fromSeq,
      next: (seq) => (seq > this.head ? [] : (this.recent.from(seq) ?? this.readPage(seq))),
      onRecords,
      onError,
    });
    this.followers.add(follower);
    follower.wake();
    return {
      [Symbol.dispose]: () => {
        follower[Symbol.dispose]();
        this.followers.delete(follower);
        if (this.followers.size === 0) this.recent.clear();
      },
    };
  }

  takeEpoch(): Promise<number> {
    return this.table.takeEpoch(this.id);
  }

  async truncate(belowSeq: number): Promise<void> {
    await this.table.truncate(this.id, belowSeq);
    this.first = (await this.table.state(this.id)).firstSeq;
  }

  /** Learns that another process has appended up to `headSeq`. */
  moveHead(headSeq: number): void {
    if (headSeq <= this.head) return;
    this.head = headSeq;
    this.recent.clear();
    this.wakeFollowers();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closedAt = Math.min(this.closedAt, performance.now());
    await this.groupCommit.close();
    for (const follower of this.followers) follower[Symbol.dispose]();
    this.followers.clear();
    this.onClose(this);
  }

  /** One frame, written exactly once or not at all; returns its first sequence number. */
  private async commit(payloads: readonly Uint8Array[], epoch: number): Promise<number> {
    this.writerNumber = BigInt.asIntN(64, this.writerNumber + 1n);
    const writer = this.writerNumber;
    for (;;) {
      const session = await this.writer.session();
      if (session !== this.session) await this.enter(session);
      const place = { firstSeq: this.head + 1, count: payloads.length, epoch };
      const payload = encodeFrame(payloads, place);
      const frame = { ...place, partition: this.id, writer, payload };
      const { kind } = await this.writer.write(session, frame);
      if (kind === 'stored') return this.committed(place.firstSeq, payloads);

      const state = await this.untilAnswered(async () => {
        if (kind === 'cut') await this.table.endSession(session.name);
        return this.table.state(this.id, writer, place.firstSeq);
      });
      if (state.writtenAt !== undefined) return this.committed(state.writtenAt, payloads);
      if (epoch !== 0 && epoch < state.epoch) {
        throw new LogFencedError(`epoch ${epoch} is fenced by ${state.epoch}`);
      }
      this.moveHead(state.headSeq);
    }
  }

  /**
   * Before the first append of a new session: a server that restarted from older files must not
   * get frames beyond a hole.
   */
  private async enter(session: WriterSession): Promise<void> {
    const headBefore = this.head;
    const { headSeq } = await this.untilAnswered(() => this.table.state(this.id));
    if (headSeq < headBefore) throw new LogCorruptError(headSeq + 1, 'it was durable and is gone');
    this.moveHead(headSeq);
    this.session = session;
  }

  private committed(firstSeq: number, payloads: readonly Uint8Array[]): number {
    const contiguous = firstSeq === this.head + 1;
    if (contiguous && this.followers.size > 0) this.recent.push(firstSeq, payloads);
    else this.recent.clear();
    this.head = Math.max(this.head, firstSeq + payloads.length - 1);
    this.wakeFollowers();
    return firstSeq;
  }

  private wakeFollowers(): void {
    for (const follower of this.followers) follower.wake();
  }

  private readPage(seq: number): Promise<readonly LogRecord[]> {
    return this.untilAnswered(() => this.table.page(this.id, seq, this.head));
  }

  /** Asks until Postgres answers: a database that restarts must not end a follower. */
  private async untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
    let delayMs = 20;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (error instanceof LogCorruptError || error instanceof LogTruncatedError) throw error;
        if (performance.now() > this.closedAt + CLOSE_PATIENCE_MS) {
          throw new LogStorageError(
            'log_unavailable',
            'the log was closed without an answer',
            error,
          );
        }
      }
      await delay(delayMs);
      delayMs = Math.min(delayMs * 2, RETRY_DELAY_MAX_MS);
    }
  }
}
