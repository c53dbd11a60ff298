/** Orders and fills of an account, read from the tables (store/readers.ts says for whom). */
import type { OrderStatus, OrderType, Side, TimeInForce } from '@rialto/engine/orders/order-terms';
import type { Money } from '@rialto/engine/values/money';
import type { Price } from '@rialto/engine/values/price';
import type { Quantity } from '@rialto/engine/values/quantity';
import type { Micros } from '@rialto/engine/values/time';
import type { PendingQuery, Row } from 'postgres';
import type { Sql } from '../database.ts';
import type { OrderQuery, OrdersReader, StoredFill, StoredOrder } from '../readers.ts';
import { fillReasonOf } from './fill-reasons.ts';
import { nanosOfText, priceOfText } from './numerics.ts';
import { timestampText } from './timestamps.ts';

type Fragment = PendingQuery<Row[]>;

interface OrderRow {
  readonly number: number;
  readonly slot: number;
  readonly account: number;
  readonly instrument: number;
  readonly side: Side;
  readonly order_type: OrderType;
  readonly time_in_force: TimeInForce;
  readonly qty: string;
  readonly limit_price: string | null;
  readonly client_order_id: string;
  readonly status: OrderStatus;
  readonly filled_qty: string;
  readonly filled_cost: string;
  readonly submitted_us: number;
  readonly updated_us: number;
}

interface FillRow {
  readonly seq: number;
  readonly venue_id: string;
  readonly account: number;
  readonly order_number: number;
  readonly order_slot: number;
  readonly instrument: number;
  readonly side: Side;
  readonly price: string;
  readonly qty: string;
  readonly leaves_qty: string;
  readonly is_maker: boolean;
  readonly reason: string;
  readonly cause: number;
  readonly us: number;
}

/** Reads orders and fills over `sql`. */
export function createOrdersReader(sql: Sql): OrdersReader {
  const columns = sql`
    number, slot, account, instrument, side, order_type, time_in_force, qty, limit_price,
    client_order_id, status, filled_qty, filled_cost,
    unix_micros(submitted_at) as submitted_us, unix_micros(updated_at) as updated_us`;
  return {
    async byNumber(venueId, number) {
      const [row] = await sql<OrderRow[]>`
        select ${columns} from customer_order
        where venue_id = ${venueId} and number = ${number}`;
      return row && orderOf(row);
    },
    async byClientId(venueId, account, clientOrderId) {
      const [row] = await sql<OrderRow[]>`
        select ${columns} from customer_order
        where venue_id = ${venueId} and account = ${account}
          and client_order_id = ${clientOrderId}`;
      return row && orderOf(row);
    },
    async list(query) {
      const rows = await sql<OrderRow[]>`
        select ${columns} from customer_order
        where venue_id = ${query.venueId} and account = ${query.account} ${filters(sql, query)}
        order by number ${query.direction === 'asc' ? sql`asc` : sql`desc`}
        limit ${query.limit}`;
      return rows.map(orderOf);
    },
    async fills({ venueId, account, limit, beforeSeq }) {
      const rows = await sql<FillRow[]>`
        select seq, venue_id, account, order_number, order_slot, instrument, side, price, qty,
          leaves_qty, is_maker, reason, cause, unix_micros(ts) as us
        from fill
        where venue_id = ${venueId} and account = ${account}
          ${beforeSeq === undefined ? sql`` : sql`and seq < ${beforeSeq}`}
        order by seq desc
        limit ${limit}`;
      return rows.map(fillOf);
    },
  };
}

/** Orders are numbered as they are submitted, so order by number is order by time. */
function filters(sql: Sql, query: OrderQuery): Fragment[] {
  // An empty list would be sent as a parameter, so there is always one part.
  const parts: Fragment[] = [sql``];
  if (query.status === 'open') {
    parts.push(sql`and status in ('accepted', 'new', 'partially_filled')`);
  } else if (query.status === 'closed') {
    parts.push(sql`and status in ('filled', 'canceled', 'expired')`);
  }
  if (query.after !== undefined) {
    parts.push(sql`and submitted_at > ${timestampText(query.after)}::text::timestamptz`);
  }
  if (query.until !== undefined) {
    parts.push(sql`and submitted_at < ${timestampText(query.until)}::text::timestamptz`);
  }
  if (query.beforeNumber !== undefined) parts.push(sql`and number < ${query.beforeNumber}`);
  if (query.afterNumber !== undefined) parts.push(sql`and number > ${query.afterNumber}`);
  if (query.instruments !== undefined) {
    parts.push(sql`and instrument = any(${[...query.instruments]}::integer[])`);
  }
  if (query.side !== undefined) parts.push(sql`and side = ${query.side}`);
  return parts;
}

function orderOf(row: OrderRow): StoredOrder {
  const updatedAt = row.updated_us as Micros;
  const endedAs = (status: OrderStatus): Micros | undefined =>
    row.status === status ? updatedAt : undefined;
  return {
    ref: { number: row.number, slot: row.slot },
    account: row.account,
    instrument: row.instrument,
    side: row.side,
    orderType: row.order_type,
    timeInForce: row.time_in_force,
    qty: nanosOfText(row.qty) as Quantity,
    limitPrice: row.limit_price === null ? (0 as Price) : priceOfText(row.limit_price),
    clientOrderId: row.client_order_id,
    status: row.status,
    filledQty: nanosOfText(row.filled_qty) as Quantity,
    filledCost: nanosOfText(row.filled_cost) as Money,
    submittedAt: row.submitted_us as Micros,
    updatedAt,
    filledAt: endedAs('filled'),
    canceledAt: endedAs('canceled'),
    expiredAt: endedAs('expired'),
  };
}

function fillOf(row: FillRow): StoredFill {
  return {
    seq: row.seq,
    venueId: row.venue_id,
    account: row.account,
    orderNumber: row.order_number,
    orderSlot: row.order_slot,
    instrument: row.instrument,
    side: row.side,
    price: priceOfText(row.price),
    qty: nanosOfText(row.qty),
    leavesQty: nanosOfText(row.leaves_qty),
    maker: row.is_maker,
    reason: fillReasonOf(row.reason),
    cause: row.cause,
    time: row.us,
  };
}
