/** How far consumers have come, and the snapshots a restart begins with. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { describeTable } from './describe-table.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table consumer_checkpoint (
      consumer    text not null,
      venue_id    uuid not null,
      seq         bigint not null,
      command_seq bigint not null,
      primary key (consumer, venue_id)
    );
    create table snapshot (
      venue_id    uuid not null,
      command_seq bigint not null,
      seq         bigint not null,
      hash        text not null,
      bytes       bytea not null,
      created_at  timestamptz not null default now(),
      primary key (venue_id, command_seq)
    );
    alter table snapshot alter column bytes set storage external;
  `.execute(db);
  await describeTable(
    db,
    'consumer_checkpoint',
    'Events of a venue whose effect is in the tables.',
    {
      consumer: 'Who: "store" for the tables of orders, ledger and market data.',
      seq: 'All events up to this one are stored; written in the transaction of their effect.',
      command_seq: 'The command that made that event.',
    },
  );
  await describeTable(db, 'snapshot', 'States of venues; a restart begins with the newest.', {
    command_seq: 'Commands applied to the state.',
    seq: 'Last event of the state; never above the checkpoint of the store.',
    hash: '32 hex digits over the bytes.',
  });
}
