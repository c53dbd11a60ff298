/**
 * The log: one totally ordered, durable sequence of records per venue (a partition).
 *
 * Everything that happens to a venue is a record here before it is applied. Adapters: memory/,
 * postgres/; every adapter passes log.contract.ts. Invariants (docs/reference/invariants.md):
 * D1 resolved append = durable; D2 dense, each record under a CRC; D5 a stale epoch is refused.
 */

/** A record as it stands in the log. `seq` starts at 1 and has no holes. */
export interface LogRecord {
  readonly seq: number;
  readonly payload: Uint8Array;
}

/** Where an append landed. */
export interface Appended {
  readonly firstSeq: number;
  readonly count: number;
}

/** One partition, opened for reading and appending. */
export interface LogPartition extends AsyncDisposable {
  /** Sequence number of the newest durable record; 0 when empty. */
  readonly headSeq: number;
  /** Sequence number of the oldest record kept. */
  readonly firstSeq: number;

  /**
   * Appends records as one unit and resolves when they are durable. Calls made while a commit
   * is in flight share the next one (group commit). With `epoch`, refused with
   * `LogFencedError` once a higher epoch was taken.
   */
  append(payloads: readonly Uint8Array[], options?: { readonly epoch?: number }): Promise<Appended>;

  /** Records from `fromSeq` on, in batches, up to the head at the time of the call. */
  read(fromSeq: number): AsyncIterable<readonly LogRecord[]>;

  /**
   * Calls `onRecords` with every durable record from `fromSeq` on, in order, each once, in
   * batches of at most 1,024, for ever; the next batch only after the returned promise settles.
   */
  follow(
    fromSeq: number,
    onRecords: (records: readonly LogRecord[]) => void | Promise<void>,
    onError: (error: Error) => void,
  ): Disposable;

  /** Takes the next epoch: appends that carry a lower one are refused from now on. */
  takeEpoch(): Promise<number>;

  /** Forgets whole frames of records below `seq`. */
  truncate(belowSeq: number): Promise<void>;
}

/** A log of many partitions. */
export interface Log extends AsyncDisposable {
  /** Opens a partition (one per venue id), creating it when it is new. */
  open(partition: string): Promise<LogPartition>;
}

/** A record whose CRC, length or sequence is wrong: the log must not be used. */
export class LogCorruptError extends Error {
  readonly code = 'log_corrupt';
  override readonly name = 'LogCorruptError';
  /** The first record that cannot be trusted. */
  readonly seq: number;

  constructor(seq: number, reason: string) {
    super(`log record ${seq} is corrupt: ${reason}`);
    this.seq = seq;
  }
}

/** An append with an epoch lower than the newest one taken. */
export class LogFencedError extends Error {
  readonly code = 'log_fenced';
  override readonly name = 'LogFencedError';
}

/** A read from below the oldest record kept. */
export class LogTruncatedError extends Error {
  readonly code = 'log_truncated';
  override readonly name = 'LogTruncatedError';
}

/** More appends are waiting than the queue may hold: try again later, nothing was appended. */
export class LogOverloadedError extends Error {
  readonly code = 'log_overloaded';
  override readonly name = 'LogOverloadedError';
}

/** The storage refused the records (such as a full disk): nothing was appended. */
export class LogStorageError extends Error {
  readonly code: 'log_storage_failed' | 'log_storage_full' | 'log_unavailable';
  override readonly name = 'LogStorageError';

  constructor(code: LogStorageError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
