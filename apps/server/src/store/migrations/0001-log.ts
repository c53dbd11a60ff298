/** The log: partitions with their fencing epoch, and batch frames (docs/adr/0001-log.md). */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { describeTable } from './describe-table.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table log_partition (
      id        integer generated always as identity primary key,
      name      text not null unique,
      epoch     bigint not null default 0,
      first_seq bigint not null default 1
    );
    -- No foreign key and no checks: Postgres would prepare them anew for every append, which
    -- costs as much as the insert; the append reads the partition's row and knows its numbers.
    create table log_frame (
      partition integer not null,
      first_seq bigint not null,
      count     integer not null,
      epoch     bigint not null,
      writer    bigint not null,
      payload   bytea not null,
      primary key (partition, first_seq)
    ) with (toast_tuple_target = 8160);
    -- Frames carry their own checksums and are read whole: compressing them costs more than a sync.
    alter table log_frame alter column payload set storage external;
  `.execute(db);
  await describeTable(db, 'log_partition', 'One totally ordered log per venue.', {
    id: 'Short name used by log_frame.',
    name: 'Partition name: the venue id.',
    epoch: 'Newest epoch taken by a leader; appends that carry a lower one are refused.',
    first_seq: 'Oldest record kept; an append below it is refused.',
  });
  await describeTable(db, 'log_frame', 'Records that were committed together, as one row.', {
    partition: 'log_partition.id.',
    first_seq: 'Sequence number of the first record; the next frame starts at first_seq + count.',
    count: 'Records in the frame.',
    epoch: 'Epoch the writer held; 0 when it held none.',
    writer: 'Random number of the append: its writer finds it again after a cut connection.',
    payload: 'Records, each as length, CRC-32 and bytes (apps/server/src/log/frame.ts).',
  });
}
