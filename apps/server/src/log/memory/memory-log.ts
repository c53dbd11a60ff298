/**
 * The log in memory: for tests and benchmarks. Same contract, durable as long as the storage
 * object lives; records are kept as encoded frames, so corruption is found like on a disk.
 */
import { batches, Follower, type OnRecords } from '../follower.ts';
import { decodeFrame, encodeFrame, type FramePlace } from '../frame.ts';
import { GroupCommit } from '../group-commit.ts';
import {
  type Appended,
  type Log,
  LogCorruptError,
  LogFencedError,
  type LogPartition,
  type LogRecord,
  LogTruncatedError,
} from '../log.ts';

/** A frame as it is kept. */
export interface MemoryFrame extends FramePlace {
  readonly bytes: Buffer;
}

interface MemoryPartitionState {
  epoch: number;
  frames: MemoryFrame[];
  readonly followers: Set<Follower>;
}

/** What stays when a log is closed and opened again: the "disk". */
export class MemoryLogStorage {
  private readonly partitions = new Map<string, MemoryPartitionState>();

  /** The state of a partition, made when it is new. */
  partition(name: string): MemoryPartitionState {
    let state = this.partitions.get(name);
    if (state === undefined) {
      state = { epoch: 0, frames: [], followers: new Set() };
      this.partitions.set(name, state);
    }
    return state;
  }

  /** Frames kept, over all partitions. */
  get frameCount(): number {
    let count = 0;
    for (const { frames } of this.partitions.values()) count += frames.length;
    return count;
  }

  /** Changes the bytes of the frame that holds `seq`, as a bad disk would. */
  damage(name: string, seq: number, change: (bytes: Buffer) => Buffer): void {
    const state = this.partition(name);
    state.frames = state.frames.map((frame) =>
      frame.firstSeq <= seq && seq < frame.firstSeq + frame.count
        ? { ...frame, bytes: change(frame.bytes) }
        : frame,
    );
  }
}

/** Opens a log in memory; several logs on one storage see each other's records. */
export function createMemoryLog(storage: MemoryLogStorage = new MemoryLogStorage()): Log {
  const opened: MemoryPartition[] = [];
  return {
    open(name: string): Promise<LogPartition> {
      const partition = new MemoryPartition(storage.partition(name));
      opened.push(partition);
      return Promise.resolve(partition);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((partition) => partition[Symbol.asyncDispose]()));
    },
  };
}

class MemoryPartition implements LogPartition {
  private readonly state: MemoryPartitionState;
  private readonly groupCommit: GroupCommit;
  private readonly followers = new Set<Follower>();

  constructor(state: MemoryPartitionState) {
    this.state = state;
    this.groupCommit = new GroupCommit((payloads, epoch) => this.commit(payloads, epoch));
  }

  get headSeq(): number {
    const last = this.state.frames.at(-1);
    return last === undefined ? 0 : last.firstSeq + last.count - 1;
  }

  get firstSeq(): number {
    return this.state.frames[0]?.firstSeq ?? 1;
  }

  append(
    payloads: readonly Uint8Array[],
    options: { readonly epoch?: number } = {},
  ): Promise<Appended> {
    return this.groupCommit.append(payloads, options.epoch ?? 0);
  }

  async *read(fromSeq: number): AsyncIterable<readonly LogRecord[]> {
    const head = this.headSeq;
    let seq = fromSeq;
    while (seq <= head) {
      const records = this.recordsFrom(seq);
      yield* batches(records);
      seq += records.length;
    }
  }

  follow(fromSeq: number, onRecords: OnRecords, onError: (error: Error) => void): Disposable {
    const follower = new Follower({
      fromSeq,
      next: (seq) => (seq > this.headSeq ? [] : this.recordsFrom(seq)),
      onRecords,
      onError,
    });
    this.followers.add(follower);
    this.state.followers.add(follower);
    follower.wake();
    return {
      [Symbol.dispose]: () => {
        follower[Symbol.dispose]();
        this.followers.delete(follower);
        this.state.followers.delete(follower);
      },
    };
  }

  takeEpoch(): Promise<number> {
    this.state.epoch += 1;
    return Promise.resolve(this.state.epoch);
  }

  truncate(belowSeq: number): Promise<void> {
    const { frames } = this.state;
    this.state.frames = frames.filter(
      (frame, index) => index === frames.length - 1 || frame.firstSeq + frame.count > belowSeq,
    );
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.groupCommit.close();
    for (const follower of this.followers) {
      follower[Symbol.dispose]();
      this.state.followers.delete(follower);
    }
  }

  /** The rest of the frame that holds `seq`. */
  private recordsFrom(seq: number): LogRecord[] {
    if (seq < this.firstSeq) {
      throw new LogTruncatedError(`records below ${this.firstSeq} are gone, ${seq} was asked for`);
    }
    const { frames } = this.state;
    let low = 0;
    let high = frames.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((frames[middle]?.firstSeq ?? Infinity) <= seq) low = middle;
      else high = middle - 1;
    }
    const frame = frames[low];
    if (frame === undefined || seq >= frame.firstSeq + frame.count) {
      throw new LogCorruptError(seq, 'the record is missing');
    }
    return decodeFrame(frame.bytes, frame).slice(seq - frame.firstSeq);
  }

  private async commit(payloads: readonly Uint8Array[], epoch: number): Promise<number> {
    // A turn of the loop, as a disk would take one: this is what makes callers share a commit.
    await new Promise((resolve) => setImmediate(resolve));
    if (epoch !== 0 && epoch < this.state.epoch) {
      throw new LogFencedError(`epoch ${epoch} is fenced by ${this.state.epoch}`);
    }
    const place = { firstSeq: this.headSeq + 1, count: payloads.length, epoch };
    this.state.frames.push({ ...place, bytes: encodeFrame(payloads, place) });
    for (const follower of this.state.followers) follower.wake();
    return place.firstSeq;
  }
}
