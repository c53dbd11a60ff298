/**
 * Group commit: appends that arrive while a commit is in flight share the next one.
 *
 * One commit at a time, so the order of the log is the order of the calls. Everything is
 * bounded: a frame by records and bytes (one append is never split), the queue by both too;
 * beyond that appends are refused, which is the back-pressure of whoever sends them.
 */
import { type Appended, LogOverloadedError } from './log.ts';

/** Makes records durable as one frame and returns the sequence number of the first. */
export type CommitFrame = (payloads: readonly Uint8Array[], epoch: number) => Promise<number>;

/** A frame stops growing at either of these. */
export const FRAME_RECORDS_MAX = 4_096;
export const FRAME_BYTES_MAX = 1_048_576;
/** One append may be larger than a frame would grow, up to this. */
export const APPEND_BYTES_MAX = 33_554_432;
export const QUEUE_RECORDS_MAX = 262_144;
export const QUEUE_BYTES_MAX = 67_108_864;

interface PendingAppend {
  readonly payloads: readonly Uint8Array[];
  readonly bytes: number;
  readonly epoch: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/** The queue of one partition. */
export class GroupCommit {
  private readonly commit: CommitFrame;
  private queue: PendingAppend[] = [];
  private queuedRecords = 0;
  private queuedBytes = 0;
  private flushing: Promise<void> | undefined;
  private closed = false;

  constructor(commit: CommitFrame) {
    this.commit = commit;
  }

  /** Queues an append; resolves when its records are durable. `epoch` 0 means none. */
  append(payloads: readonly Uint8Array[], epoch: number): Promise<Appended> {
    const bytes = payloads.reduce((sum, payload) => sum + payload.length, 0);
    const refusal = this.refusal(payloads.length, bytes);
    if (refusal !== undefined) return Promise.reject(refusal);
    this.queuedRecords += payloads.length;
    this.queuedBytes += bytes;
    return new Promise<Appended>((resolve, reject) => {
      this.queue.push({ payloads, bytes, epoch, resolve, reject });
      // Not at once: callers woken by the last commit append again in this same turn.
      this.flushing ??= Promise.resolve().then(() => this.flush());
    });
  }

  /** Refuses new appends and waits for those accepted. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flushing;
  }

  private refusal(records: number, bytes: number): Error | undefined {
    if (this.closed) return new Error('the log partition is closed');
    if (records === 0) return new RangeError('an append needs at least one record');
    if (bytes > APPEND_BYTES_MAX) {
      return new RangeError(`an append holds at most ${APPEND_BYTES_MAX} bytes, not ${bytes}`);
    }
    const full =
      this.queuedRecords + records > QUEUE_RECORDS_MAX ||
      this.queuedBytes + bytes > QUEUE_BYTES_MAX;
    if (full && this.queue.length > 0) {
      return new LogOverloadedError(`${this.queuedRecords} records wait to be written`);
    }
    return undefined;
  }

  private async flush(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.takeBatch();
      const payloads =
        batch.length === 1
          ? (batch[0]?.payloads ?? [])
          : batch.flatMap((append) => append.payloads);
      try {
        let firstSeq = await this.commit(payloads, batch[0]?.epoch ?? 0);
        for (const append of batch) {
          append.resolve({ firstSeq, count: append.payloads.length });
          firstSeq += append.payloads.length;
        }
      } catch (error) {
        for (const append of batch) append.reject(error);
      }
      // Lets the callers just answered append again before the next frame is cut.
      await Promise.resolve();
    }
    this.flushing = undefined;
  }

  /** The next appends that fit one frame: same epoch, bounded, at least one. */
  private takeBatch(): PendingAppend[] {
    let records = 0;
    let bytes = 0;
    let count = 0;
    const epoch = this.queue[0]?.epoch;
    for (const append of this.queue) {
      const fits =
        records + append.payloads.length <= FRAME_RECORDS_MAX &&
        bytes + append.bytes <= FRAME_BYTES_MAX;
      if (append.epoch !== epoch || (count > 0 && !fits)) break;
      records += append.payloads.length;
      bytes += append.bytes;
      count += 1;
    }
    this.queuedRecords -= records;
    this.queuedBytes -= bytes;
    return this.queue.splice(0, count);
  }
}
