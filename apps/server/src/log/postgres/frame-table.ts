/**
 * The tables log_partition and log_frame, by SQL: everything but the append itself, which has a
 * connection of its own (frame-writer.ts).
 */
import type { Sql } from '../../store/database.ts';
import { decodeFrame } from '../frame.ts';
import { LogCorruptError, type LogRecord, LogTruncatedError } from '../log.ts';

/** Where a partition begins and ends, in one snapshot. */
export interface PartitionState {
  readonly epoch: number;
  readonly headSeq: number;
  readonly firstSeq: number;
  /** First sequence number of the frame with the asked-for writer number, if it is there. */
  readonly writtenAt: number | undefined;
}

/** Frames read at once, at most; a page also ends after the frame that passes PAGE_BYTES. */
const PAGE_FRAMES = 512;
const PAGE_BYTES = 2_097_152;

interface FrameRow {
  readonly first_seq: number;
  readonly count: number;
  readonly epoch: number;
  readonly payload: Buffer;
}

/** Reads and administers the frames of all partitions. */
export class FrameTable {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** The id of a partition, which is made when it is new. */
  async open(name: string): Promise<number> {
    const { sql } = this;
    await sql`insert into log_partition (name) values (${name}) on conflict (name) do nothing`;
    const rows = await sql<{ id: number }[]>`select id from log_partition where name = ${name}`;
    const id = rows[0]?.id;
    if (id === undefined) throw new Error(`log partition ${name} disappeared`);
    return id;
  }

  /** The state of a partition, and where the append `writer` landed, if at or after `fromSeq`. */
  async state(
    partition: number,
    writer = 0n,
    fromSeq = Number.MAX_SAFE_INTEGER,
  ): Promise<PartitionState> {
    const rows = await this.sql<
      { epoch: number; head: number; first_seq: number; written_at: number | null }[]
    >`
      select epoch, first_seq,
        coalesce((select first_seq + count - 1 from log_frame where partition = ${partition}
          order by first_seq desc limit 1), 0) as head,
        (select first_seq from log_frame where partition = ${partition}
          and first_seq >= ${fromSeq} and writer = ${String(writer)}) as written_at
      from log_partition where id = ${partition}`;
    const row = rows[0];
    if (row === undefined) throw new Error(`log partition ${partition} disappeared`);
    return {
      epoch: row.epoch,
      headSeq: row.head,
      firstSeq: row.first_seq,
      writtenAt: row.written_at ?? undefined,
    };
  }

  /**
   * Records from `fromSeq` on, the rest of its frame and what fits a page, up to `headSeq`.
   * Throws `LogTruncatedError` and `LogCorruptError`.
   */
  async page(partition: number, fromSeq: number, headSeq: number): Promise<readonly LogRecord[]> {
    const rows = await this.sql<FrameRow[]>`
      select first_seq, count, epoch, payload from (
        select first_seq, count, epoch, payload,
          sum(octet_length(payload)) over (order by first_seq) as bytes
        from log_frame
        where partition = ${partition} and first_seq <= ${headSeq}
          and first_seq >= (select max(first_seq) from log_frame
            where partition = ${partition} and first_seq <= ${fromSeq})
        order by first_seq limit ${PAGE_FRAMES}
      ) page
      where bytes - octet_length(payload) < ${PAGE_BYTES} order by first_seq`;
    if (rows.length === 0) {
      const { firstSeq } = await this.state(partition);
      if (fromSeq >= firstSeq) throw new LogCorruptError(fromSeq, 'the record is missing');
      throw new LogTruncatedError(`records below ${firstSeq} are gone, ${fromSeq} was asked for`);
    }
    return recordsOf(rows, fromSeq);
  }

  /**
   * Takes the next epoch. The lock waits for appends under way and holds back new ones until
   * the epoch stands: an append takes its locks before its snapshot, so none that starts later
   * can still see the old epoch (docs/adr/0001-log.md).
   */
  takeEpoch(partition: number): Promise<number> {
    return this.sql.begin<number>(async (sql) => {
      await sql`lock table log_partition in access exclusive mode`;
      const rows = await sql<{ epoch: number }[]>`
        update log_partition set epoch = epoch + 1 where id = ${partition} returning epoch`;
      const epoch = rows[0]?.epoch;
      if (epoch === undefined) throw new Error(`log partition ${partition} disappeared`);
      return epoch;
    });
  }

  /**
   * Forgets whole frames below `belowSeq`; the newest frame always stays and keeps the head.
   * The bound is moved first, under the lock of `takeEpoch`: a writer that has not heard of the
   * frames cannot put others in their place once they are deleted.
   */
  async truncate(partition: number, belowSeq: number): Promise<void> {
    await this.sql.begin(async (sql) => {
      await sql`lock table log_partition in access exclusive mode`;
      await sql`
        update log_partition set first_seq = greatest(first_seq, coalesce((
          select min(first_seq) from log_frame
          where partition = ${partition} and (first_seq + count > ${belowSeq} or first_seq =
            (select max(first_seq) from log_frame where partition = ${partition}))), 1))
        where id = ${partition}`;
    });
    await this.sql`
      delete from log_frame where partition = ${partition}
        and first_seq < (select first_seq from log_partition where id = ${partition})`;
  }

  /**
   * Makes sure that a cut session can do nothing any more: whatever it was about to commit is
   * committed or lost when this resolves.
   */
  async endSession(applicationName: string): Promise<void> {
    for (;;) {
      const rows = await this.sql`
        select pg_terminate_backend(pid, 1000) from pg_stat_activity
        where application_name = ${applicationName}`;
      if (rows.length === 0) return;
    }
  }
}

function recordsOf(rows: readonly FrameRow[], fromSeq: number): readonly LogRecord[] {
  const records: LogRecord[] = [];
  let expected = rows[0]?.first_seq ?? fromSeq;
  for (const row of rows) {
    if (row.first_seq !== expected) throw new LogCorruptError(expected, 'the frame is missing');
    const place = { firstSeq: row.first_seq, count: row.count, epoch: row.epoch };
    for (const record of decodeFrame(row.payload, place)) {
      if (record.seq >= fromSeq) records.push(record);
    }
    expected += row.count;
  }
  // The only frame at or before `fromSeq` ends before it: what follows is missing.
  if (records[0]?.seq !== fromSeq) throw new LogCorruptError(fromSeq, 'the record is missing');
  return records;
}
