/**
 * The store role's work for one venue: events → tables, each exactly once.
 *
 *   replica ──onEvents──► open batch ──swap──► batch being written ──commit──► storedSeq
 *
 * Two batches take turns: while one is written, the other fills, so a slow database makes
 * larger transactions and not more of them. `ready` holds the replica back when the open batch
 * is full; nothing is ever dropped. A batch that fails is written again, with growing delays,
 * until it succeeds or the projector is disposed; meanwhile `failure` says what is wrong. After
 * a restart the replica delivers again from its snapshot; events up to the checkpoint are
 * skipped.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { Logger } from 'pino';
import type { DurableListener } from '../../venues/venue-host.ts';
import type { Sql } from '../database.ts';
import { createCheckpointReader } from '../tables/checkpoint-reader.ts';
import { EventBatch } from './event-batch.ts';
import { BatchWriter } from './write-batch.ts';

/** Events in the open batch from which on the replica has to wait (about 3 MB of ticks). */
const BATCH_EVENTS = 32_768;

const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 5_000;

/** The tables lack events that the replica can no longer deliver: it starts behind them. */
export class StoreBehindError extends Error {
  readonly code = 'store_behind';
  override readonly name = 'StoreBehindError';
}

/** A durable listener that fills the tables. Disposing writes what is queued, if it can. */
export interface Projector extends DurableListener {
  /** Events copied but not stored yet. */
  readonly queuedEvents: number;
  /** Why the last attempt to write failed; undefined while all is well. */
  readonly failure: Error | undefined;
}

export interface ProjectorOptions {
  readonly sql: Sql;
  readonly venueId: string;
  /** The state before the events that will be delivered. */
  readonly venue: VenueApi;
  readonly logger: Logger;
  /** Told when it was disposed. */
  readonly onClose?: () => void;
}

/** Starts to store a venue. Rejects with StoreBehindError. */
export async function createProjector(options: ProjectorOptions): Promise<Projector> {
  const { sql, venueId, venue, logger, onClose = () => undefined } = options;
  const storedSeq = await createCheckpointReader(sql).current(venueId);
  if (venue.seq > storedSeq) {
    throw new StoreBehindError(
      `the tables hold events of venue ${venueId} up to ${storedSeq}, ` +
        `but its snapshot begins behind ${venue.seq}`,
    );
  }
  const writer = new BatchWriter(sql, venueId, venue);
  return new VenueProjector(writer, { deliveredSeq: venue.seq, storedSeq, logger, onClose });
}

class VenueProjector implements Projector {
  private readonly writer: BatchWriter;
  private readonly logger: Logger;
  private readonly onClose: () => void;
  private readonly closing = new AbortController();
  private readonly running: Promise<void>;
  private open = new EventBatch();
  private spare = new EventBatch();
  private writing: EventBatch | undefined;
  private stored: number;
  /** The last event that was delivered, stored before or not. */
  private delivered: number;
  private lastFailure: Error | undefined;
  /** Wakes the writer when the open batch is no longer empty. */
  private wake: (() => void) | undefined;
  /** Replicas that wait for room. */
  private waiting: (() => void)[] = [];

  constructor(
    writer: BatchWriter,
    start: {
      readonly deliveredSeq: number;
      readonly storedSeq: number;
      readonly logger: Logger;
      readonly onClose: () => void;
    },
  ) {
    this.writer = writer;
    this.logger = start.logger;
    this.onClose = start.onClose;
    this.delivered = start.deliveredSeq;
    this.stored = start.storedSeq;
    this.running = this.run();
  }

  get storedSeq(): number {
    return this.stored;
  }

  get queuedEvents(): number {
    return this.open.count + (this.writing?.count ?? 0);
  }

  get failure(): Error | undefined {
    return this.lastFailure;
  }

  onEvents(venue: VenueApi): void {
    const { firstSeq, count } = venue.events;
    if (firstSeq !== this.delivered + 1) {
      throw new Error(`event ${firstSeq} was delivered after ${this.delivered}`);
    }
    this.delivered = firstSeq + count - 1;
    if (this.delivered <= this.stored) return;
    this.open.add(venue);
    this.wake?.();
  }

  ready(): Promise<void> {
    if (this.open.count < BATCH_EVENTS || this.closing.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort();
    this.wake?.();
    this.release();
    await this.running;
    this.onClose();
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    for (;;) {
      if (this.open.count === 0) {
        if (signal.aborted) return;
        await new Promise<void>((resolve) => (this.wake = resolve));
        this.wake = undefined;
        continue;
      }
      const batch = this.open;
      this.writing = batch;
      this.open = this.spare;
      this.release();
      if (!(await this.store(batch))) return;
      this.stored = batch.lastSeq;
      this.writing = undefined;
      batch.clear();
      this.spare = batch;
    }
  }

  /** Writes a batch, however often it takes; false when disposed before it succeeded. */
  private async store(batch: EventBatch): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.writer.write(batch);
        if (this.lastFailure !== undefined) this.logger.info({ attempt }, 'store recovered');
        this.lastFailure = undefined;
        return true;
      } catch (error) {
        this.lastFailure = error instanceof Error ? error : new Error(String(error));
        this.logger.error({ err: error, attempt, seq: batch.lastSeq }, 'store failed');
      }
      if (this.closing.signal.aborted) return false;
      await this.pause(attempt);
    }
  }

  private async pause(attempt: number): Promise<void> {
    const most = Math.min(RETRY_FIRST_MS * 2 ** Math.min(attempt, 20), RETRY_MAX_MS);
    const { signal } = this.closing;
    // Rejects only when disposed: then the batch is tried once more and given up.
    await delay(most * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }

  private release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
