/**
 * Writes orders, fills, transfers and positions of a batch, each in one statement.
 *
 * Every row carries the event that wrote it, so a batch that comes again, whole or in part,
 * changes nothing.
 */
import type { Instrument } from '@rialto/engine/instruments/instrument';
import type { AnySql } from '../tables/any-sql.ts';
import { fillReasonWord } from '../tables/fill-reasons.ts';
import { nanosText, priceText } from '../tables/numerics.ts';
import { timestampText } from '../tables/timestamps.ts';
import type { EventBatch } from './event-batch.ts';

/** Type of a boolean: the driver would take an array of them for one. */
const BOOL = 16;

/** The venue whose rows are written. */
export interface BrokerageTarget {
  readonly venueId: string;
  readonly instruments: readonly Instrument[];
}

/** Writes what the batch changed in the brokerage. */
export async function writeBrokerage(
  tx: AnySql,
  target: BrokerageTarget,
  batch: EventBatch,
): Promise<void> {
  if (batch.orders.size > 0) await upsertOrders(tx, target, batch);
  if (batch.fills.length > 0) await insertFills(tx, target, batch);
  if (batch.postings.length > 0) await insertTransfers(tx, target, batch);
  if (batch.positions.size > 0) await upsertPositions(tx, target, batch);
}

async function upsertOrders(tx: AnySql, target: BrokerageTarget, batch: EventBatch): Promise<void> {
  const rows = [...batch.orders.values()];
  const views = rows.map((row) => row.view);
  await tx`
    insert into customer_order (
      venue_id, number, slot, account, instrument, symbol, side, order_type, time_in_force, qty,
      limit_price, client_order_id, status, filled_qty, filled_cost, submitted_at, updated_at, seq)
    select ${target.venueId}::uuid, * from unnest(
      ${views.map((order) => order.ref.number)}::bigint[],
      ${views.map((order) => order.ref.slot)}::integer[],
      ${views.map((order) => order.account)}::integer[],
      ${views.map((order) => order.instrument)}::integer[],
      ${views.map((order) => symbolOf(target, order.instrument))}::text[],
      ${views.map((order) => order.side)}::text[],
      ${views.map((order) => order.orderType)}::text[],
      ${views.map((order) => order.timeInForce)}::text[],
      ${views.map((order) => nanosText(order.qty))}::numeric[],
      ${views.map((order) => (order.orderType === 'market' ? null : priceText(order.limitPrice)))}::numeric[],
      ${views.map((order) => order.clientOrderId)}::text[],
      ${views.map((order) => order.status)}::text[],
      ${views.map((order) => nanosText(order.filledQty))}::numeric[],
      ${views.map((order) => nanosText(order.filledCost))}::numeric[],
      ${views.map((order) => timestampText(order.submittedAt))}::text[]::timestamptz[],
      ${views.map((order) => timestampText(order.updatedAt))}::text[]::timestamptz[],
      ${rows.map((row) => row.seq)}::bigint[])
    on conflict (venue_id, number) do update set
      slot = excluded.slot, qty = excluded.qty, limit_price = excluded.limit_price,
      time_in_force = excluded.time_in_force, client_order_id = excluded.client_order_id,
      status = excluded.status, filled_qty = excluded.filled_qty,
      filled_cost = excluded.filled_cost, updated_at = excluded.updated_at, seq = excluded.seq
    where customer_order.seq < excluded.seq`;
}

async function insertFills(tx: AnySql, target: BrokerageTarget, batch: EventBatch): Promise<void> {
  const { fills } = batch;
  await tx`
    insert into fill (
      venue_id, seq, account, order_number, order_slot, instrument, symbol, side, price, qty,
      leaves_qty, is_maker, reason, cause, ts)
    select ${target.venueId}::uuid, * from unnest(
      ${fills.map((fill) => fill.seq)}::bigint[],
      ${fills.map((fill) => fill.account)}::integer[],
      ${fills.map((fill) => fill.ref.number)}::bigint[],
      ${fills.map((fill) => fill.ref.slot)}::integer[],
      ${fills.map((fill) => fill.instrument)}::integer[],
      ${fills.map((fill) => symbolOf(target, fill.instrument))}::text[],
      ${fills.map((fill) => fill.side)}::text[],
      ${fills.map((fill) => priceText(fill.price))}::numeric[],
      ${fills.map((fill) => nanosText(fill.qty))}::numeric[],
      ${fills.map((fill) => nanosText(fill.leaves))}::numeric[],
      ${tx.array(
        fills.map((fill) => fill.maker),
        BOOL,
      )}::boolean[],
      ${fills.map((fill) => fillReasonWord(fill.reason))}::text[],
      ${fills.map((fill) => fill.cause)}::bigint[],
      ${fills.map((fill) => timestampText(fill.time))}::text[]::timestamptz[])
    on conflict (venue_id, seq) do nothing`;
}

async function insertTransfers(
  tx: AnySql,
  target: BrokerageTarget,
  batch: EventBatch,
): Promise<void> {
  const { postings } = batch;
  const transfers = postings.map((posting) => posting.transfer);
  await tx`
    insert into transfer (venue_id, seq, part, asset, from_account, to_account, amount, ts)
    select ${target.venueId}::uuid, * from unnest(
      ${postings.map((posting) => posting.seq)}::bigint[],
      ${postings.map((posting) => posting.part)}::integer[],
      ${transfers.map(({ asset }) => (asset === 'cash' ? asset : symbolOf(target, asset)))}::text[],
      ${transfers.map((transfer) => String(transfer.from))}::text[],
      ${transfers.map((transfer) => String(transfer.to))}::text[],
      ${transfers.map((transfer) => nanosText(transfer.amount))}::numeric[],
      ${postings.map((posting) => timestampText(posting.time))}::text[]::timestamptz[])
    on conflict (venue_id, seq, part) do nothing`;
}

async function upsertPositions(
  tx: AnySql,
  target: BrokerageTarget,
  batch: EventBatch,
): Promise<void> {
  const rows = [...batch.positions.values()];
  const views = rows.map((row) => row.view);
  await tx`
    insert into position (venue_id, account, instrument, symbol, qty, cost, seq)
    select ${target.venueId}::uuid, * from unnest(
      ${views.map((position) => position.account)}::integer[],
      ${views.map((position) => position.instrument)}::integer[],
      ${views.map((position) => symbolOf(target, position.instrument))}::text[],
      ${views.map((position) => nanosText(position.qty))}::numeric[],
      ${views.map((position) => nanosText(position.cost))}::numeric[],
      ${rows.map((row) => row.seq)}::bigint[])
    on conflict (venue_id, account, instrument) do update set
      qty = excluded.qty, cost = excluded.cost, seq = excluded.seq
    where position.seq < excluded.seq`;
}

function symbolOf(target: BrokerageTarget, instrument: number): string {
  const symbol = target.instruments[instrument]?.symbol;
  if (symbol === undefined) throw new Error(`the venue has no instrument ${instrument}`);
  return symbol;
}
