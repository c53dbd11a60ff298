/** An order update as `/stream` sends it: the `data` of a `trade_updates` message. */
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';
import { formatPrice } from '@rialto/engine/values/price';
import { formatQuantity } from '@rialto/engine/values/quantity';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import { orderJson } from '../alpaca/order-json.ts';
import { formatTime } from '../alpaca/rfc3339.ts';
import { eventUlid, executionUuid } from './event-ids.ts';
import type { OrderUpdate } from './order-updates.ts';

/** What a fill adds; decimal text. */
export interface ExecutionJson {
  readonly price: string;
  readonly qty: string;
  readonly position_qty: string;
}

/** The `data` of a `trade_updates` message. */
export interface TradeUpdate extends Partial<ExecutionJson> {
  readonly event: string;
  /** ULID; sorts in the order of events. */
  readonly event_id: string;
  readonly execution_id?: string;
  /** When it happened and when it was sent: one instant here, venue time. */
  readonly at: string;
  readonly timestamp: string;
  readonly order: AlpacaOrder;
}

/** The order of an update as REST shows it. */
export function updatedOrderJson(venue: VenueApi, { order }: OrderUpdate): AlpacaOrder {
  const instrument = venue.instruments[order.instrument];
  if (instrument === undefined) throw new Error(`order of unknown instrument ${order.instrument}`);
  return orderJson(order, venue.seed, instrument);
}

/** Price, quantity and position of a fill; nothing for other updates. */
export function executionJson({ execution }: OrderUpdate): ExecutionJson | undefined {
  if (execution === undefined) return undefined;
  return {
    price: formatPrice(execution.price),
    qty: formatQuantity(execution.qty),
    position_qty: formatQuantity(execution.positionQty),
  };
}

/** Writes an update. */
export function tradeUpdateJson(venue: VenueApi, update: OrderUpdate): TradeUpdate {
  const at = formatTime(update.time);
  const execution = executionJson(update);
  return {
    event: update.event,
    event_id: eventUlid(venue.seed, update.seq, update.time),
    ...(execution && { execution_id: executionUuid(venue.seed, update.seq) }),
    at,
    timestamp: at,
    ...execution,
    order: updatedOrderJson(venue, update),
  };
}
