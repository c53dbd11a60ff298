/**
 * Orders, fills, the ledger's transfers and positions: what the events of a venue leave behind.
 *
 * Every row carries the event that wrote it last, so that writing an event twice changes
 * nothing. Amounts are numeric(38,9): exact and readable.
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { describeTable } from './describe-table.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await createOrders(db);
  await createLedger(db);
  await describeOrders(db);
  await describeFills(db);
  await describeTransfers(db);
}

async function createOrders(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function unix_micros(at timestamptz) returns bigint
      language sql immutable strict parallel safe
      return (extract(epoch from at) * 1000000)::bigint;
    create table customer_order (
      venue_id        uuid not null,
      number          bigint not null,
      slot            integer not null,
      account         integer not null,
      instrument      integer not null,
      symbol          text not null,
      side            text not null,
      order_type      text not null,
      time_in_force   text not null,
      qty             numeric(38,9) not null,
      limit_price     numeric(38,9),
      client_order_id text not null,
      status          text not null,
      filled_qty      numeric(38,9) not null,
      filled_cost     numeric(38,9) not null,
      submitted_at    timestamptz not null,
      updated_at      timestamptz not null,
      seq             bigint not null,
      primary key (venue_id, number)
    );
    create index customer_order_account on customer_order (venue_id, account, number);
    create index customer_order_client_id
      on customer_order (venue_id, account, client_order_id);
    create table fill (
      venue_id     uuid not null,
      seq          bigint not null,
      account      integer not null,
      order_number bigint not null,
      order_slot   integer not null,
      instrument   integer not null,
      symbol       text not null,
      side         text not null,
      price        numeric(38,9) not null,
      qty          numeric(38,9) not null,
      leaves_qty   numeric(38,9) not null,
      is_maker     boolean not null,
      reason       text not null,
      cause        bigint not null,
      ts           timestamptz not null,
      primary key (venue_id, seq)
    );
    create index fill_account on fill (venue_id, account, seq);
    create index fill_order on fill (venue_id, order_number);
  `.execute(db);
}

async function createLedger(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table transfer (
      venue_id     uuid not null,
      seq          bigint not null,
      part         integer not null,
      asset        text not null,
      from_account text not null,
      to_account   text not null,
      amount       numeric(38,9) not null check (amount > 0),
      ts           timestamptz not null,
      primary key (venue_id, seq, part)
    );
    create table position (
      venue_id   uuid not null,
      account    integer not null,
      instrument integer not null,
      symbol     text not null,
      qty        numeric(38,9) not null,
      cost       numeric(38,9) not null,
      seq        bigint not null,
      primary key (venue_id, account, instrument)
    );
  `.execute(db);
}

async function describeOrders(db: Kysely<unknown>): Promise<void> {
  await describeTable(db, 'customer_order', 'Orders in their last known state.', {
    number: '1, 2, 3 … in the venue, in order of submission.',
    slot: 'Place in the order pool; number, slot and the venue seed make the public id.',
    account: 'account.account_index.',
    instrument: 'Place in the list of instruments of the venue.',
    limit_price: 'Dollars; null for market orders.',
    filled_cost: 'Dollars: sum of price × quantity over the fills.',
    submitted_at: 'Venue time.',
    updated_at: 'Venue time; of a closed order: when it was filled, canceled or expired.',
    seq: 'The event that changed it last.',
  });
  await describeTable(db, 'position', 'Shares of an account; zero rows are kept.', {
    cost: 'Dollars: what the shares now held have cost (average cost).',
    seq: 'The event that changed it last.',
  });
}

async function describeTransfers(db: Kysely<unknown>): Promise<void> {
  await describeTable(db, 'transfer', 'The ledger: what moved from which account to which.', {
    seq: 'The event.',
    part: 'Transfers of one event are numbered from 0.',
    asset: '"cash" (US dollars), or the symbol whose shares move.',
    from_account: 'account.account_index, or a house account: market, funding, rounding.',
    to_account: 'As from_account.',
    amount: 'Dollars or shares.',
    ts: 'Venue time.',
  });
}

async function describeFills(db: Kysely<unknown>): Promise<void> {
  await describeTable(db, 'fill', 'Executions: one row for each side that is an account.', {
    seq: 'The event.',
    price: 'Dollars a share.',
    leaves_qty: 'Still open of the order after this fill.',
    is_maker: 'True when this side was resting.',
    reason: 'Why it happened: order, quote_taken, quote_crossed, traded_through, queue_reached.',
    cause: 'Tape position of the quote or trade; for reason order the number of the other order.',
    ts: 'Venue time.',
  });
}
