/**
 * One `follow()`: walks a partition from a sequence number on, for ever.
 *
 * States: idle (at the head, waiting to be woken), walking (a batch is with the consumer or
 * being read), ended (disposed, or stopped by an error that `onError` was told).
 */
import type { LogRecord } from './log.ts';

/** Some records from `seq` on: at once from memory, later from storage, none at the head. */
export type NextRecords = (seq: number) => readonly LogRecord[] | Promise<readonly LogRecord[]>;

export type OnRecords = (records: readonly LogRecord[]) => void | Promise<void>;

/** Records at most in one call of a consumer. */
const BATCH_RECORDS_MAX = 1_024;
/** How long batches are handed over back to back before other work gets its turn. */
const SLICE_MS = 10;

export interface FollowerOptions {
  readonly fromSeq: number;
  readonly next: NextRecords;
  readonly onRecords: OnRecords;
  readonly onError: (error: Error) => void;
}

/** A consumer and how far it has come. */
export class Follower implements Disposable {
  private readonly options: FollowerOptions;
  private seq: number;
  private walking = false;
  private ended = false;
  /** Set when there is more while a walk is under way. */
  private woken = false;

  constructor(options: FollowerOptions) {
    this.options = options;
    this.seq = options.fromSeq;
  }

  /** Tells that there may be records beyond what was delivered. */
  wake(): void {
    this.woken = true;
    if (this.walking || this.ended) return;
    this.walking = true;
    this.walk().catch((cause: unknown) => {
      if (this.ended) return;
      this.ended = true;
      this.options.onError(cause instanceof Error ? cause : new Error(String(cause)));
    });
  }

  [Symbol.dispose](): void {
    this.ended = true;
  }

  private async walk(): Promise<void> {
    try {
      while (this.woken && !this.ended) {
        this.woken = false;
        await this.deliverToHead();
      }
    } finally {
      // In the same turn as the check of `woken`: a wake is never lost between the two.
      this.walking = false;
    }
  }

  private async deliverToHead(): Promise<void> {
    let sliceEnd = performance.now() + SLICE_MS;
    while (!this.ended) {
      const next = this.options.next(this.seq);
      const records = next instanceof Promise ? await next : next;
      if (records.length === 0) return;
      for (const batch of batches(records)) {
        if (this.ended) return;
        // No await for a synchronous consumer: what is in memory is delivered in this very turn.
        const done = this.options.onRecords(batch);
        if (done instanceof Promise) await done;
        this.seq += batch.length;
        if (performance.now() < sliceEnd) continue;
        await new Promise((resolve) => setImmediate(resolve));
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
  }
}

/** Cuts a run of records into batches of at most `BATCH_RECORDS_MAX`. */
export function* batches(records: readonly LogRecord[]): Iterable<readonly LogRecord[]> {
  if (records.length <= BATCH_RECORDS_MAX) {
    yield records;
    return;
  }
  for (let at = 0; at < records.length; at += BATCH_RECORDS_MAX) {
    yield records.slice(at, at + BATCH_RECORDS_MAX);
  }
}
