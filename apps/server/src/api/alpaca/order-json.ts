/**
 * An order of the engine or of the tables as the trading API writes it.
 *
 * REST and `/stream` use this one function, so they cannot disagree.
 */
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';
import type { Instrument } from '@rialto/engine/instruments/instrument';
import { orderUuid } from '@rialto/engine/orders/order-id';
import { formatPrice } from '@rialto/engine/values/price';
import { formatQuantity } from '@rialto/engine/values/quantity';
import type { OrderView } from '@rialto/engine/venue/views';
import { formatRatio } from './decimal-ratio.ts';
import { formatTime } from './rfc3339.ts';

/** Digits of an average price: below a price unit, above the rounding of fractional fills. */
const AVERAGE_PRICE_DECIMALS = 6;

/**
 * Writes an order. `seed` is the venue's, mixed into the public id. An order that has ended
 * ended at `updatedAt`: nothing happens to it afterwards.
 */
export function orderJson(order: OrderView, seed: number, instrument: Instrument): AlpacaOrder {
  const submittedAt = formatTime(order.submittedAt);
  const updatedAt =
    order.updatedAt === order.submittedAt ? submittedAt : formatTime(order.updatedAt);
  const { status } = order;
  return {
    id: orderUuid(seed, order.ref),
    client_order_id: order.clientOrderId,
    created_at: submittedAt,
    updated_at: updatedAt,
    submitted_at: submittedAt,
    filled_at: status === 'filled' ? updatedAt : null,
    expired_at: status === 'expired' ? updatedAt : null,
    expires_at: null,
    canceled_at: status === 'canceled' ? updatedAt : null,
    failed_at: null,
    replaced_at: null,
    replaced_by: null,
    replaces: null,
    asset_id: instrument.id,
    symbol: instrument.symbol,
    asset_class: 'us_equity',
    notional: null,
    qty: formatQuantity(order.qty),
    filled_qty: formatQuantity(order.filledQty),
    filled_avg_price: averagePrice(order),
    order_class: '',
    order_type: order.orderType,
    type: order.orderType,
    side: order.side,
    position_intent: order.side === 'buy' ? 'buy_to_open' : 'sell_to_close',
    time_in_force: order.timeInForce,
    limit_price: order.orderType === 'limit' ? formatPrice(order.limitPrice) : null,
    stop_price: null,
    trail_price: null,
    trail_percent: null,
    hwm: null,
    status,
    extended_hours: false,
    legs: null,
    ratio_qty: null,
    source: null,
    subtag: null,
  };
}

function averagePrice(order: OrderView): string | null {
  if (order.filledQty === 0n) return null;
  return formatRatio(order.filledCost, order.filledQty, AVERAGE_PRICE_DECIMALS);
}
