/** An order for tests: a working market order for 100 BAC, entered at the open. */
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';

const OPEN = '2013-10-07T13:30:00Z';

/** The sample with some fields changed. */
export function sampleOrder(change: Partial<AlpacaOrder> = {}): AlpacaOrder {
  return {
    id: 'o1',
    client_order_id: 'c1',
    created_at: OPEN,
    updated_at: OPEN,
    submitted_at: OPEN,
    filled_at: null,
    expired_at: null,
    expires_at: null,
    canceled_at: null,
    failed_at: null,
    replaced_at: null,
    replaced_by: null,
    replaces: null,
    asset_id: 'a1',
    symbol: 'BAC',
    asset_class: 'us_equity',
    notional: null,
    qty: '100',
    filled_qty: '0',
    filled_avg_price: null,
    order_class: '',
    order_type: 'market',
    type: 'market',
    side: 'buy',
    position_intent: null,
    time_in_force: 'day',
    limit_price: null,
    stop_price: null,
    trail_price: null,
    trail_percent: null,
    hwm: null,
    status: 'new',
    extended_hours: false,
    legs: null,
    ratio_qty: null,
    source: null,
    subtag: null,
    ...change,
  };
}
