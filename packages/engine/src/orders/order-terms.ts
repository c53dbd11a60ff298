/** The words of an order: sides, types, times in force, statuses, and why one is refused. */
import type { Money } from '../values/money.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';

export type Side = 'buy' | 'sell';
export type OrderType = 'market' | 'limit';
export type TimeInForce = 'day' | 'gtc' | 'ioc' | 'fok';

/**
 * accepted: received while the session is closed, waits for the open. new: working in the book.
 * The last three are terminal.
 */
export type OrderStatus =
  'accepted' | 'new' | 'partially_filled' | 'filled' | 'canceled' | 'expired';

/**
 * Which order: its number (1, 2, 3 … in the venue's life) and its slot in the order pool while
 * it is open. Both stand in the public UUID, so no table of ids is needed (orders/order-id.ts).
 */
export interface OrderRef {
  readonly number: number;
  readonly slot: number;
}

/** Why a command was refused. A refused command changes no state and makes no event. */
export type Refusal =
  | { readonly code: 'account_unknown' }
  | { readonly code: 'account_exists' }
  /** An opening balance below zero. */
  | { readonly code: 'cash_invalid' }
  | { readonly code: 'instrument_unknown' }
  | { readonly code: 'instrument_not_tradable'; readonly symbol: string }
  | { readonly code: 'instrument_not_fractionable'; readonly symbol: string }
  | { readonly code: 'order_unknown' }
  | { readonly code: 'order_not_open' }
  | { readonly code: 'position_unknown' }
  | { readonly code: 'client_order_id_reused'; readonly existing: OrderRef }
  | {
      readonly code: 'insufficient_buying_power';
      readonly buyingPower: Money;
      readonly costBasis: Money;
    }
  | {
      readonly code: 'insufficient_qty';
      readonly symbol: string;
      readonly requested: Quantity;
      readonly available: Quantity;
      readonly existing: Quantity;
      readonly held: Quantity;
    }
  | { readonly code: 'qty_invalid' }
  | { readonly code: 'price_invalid'; readonly price: Price }
  | { readonly code: 'fractional_not_day' }
  | { readonly code: 'no_price'; readonly symbol: string }
  /** The venue's log does not begin with open_venue. */
  | { readonly code: 'venue_not_open' }
  /** open_venue came a second time. */
  | { readonly code: 'venue_exists' }
  | { readonly code: 'venue_ended' }
  | { readonly code: 'stale_epoch' }
  | { readonly code: 'time_backwards' }
  | { readonly code: 'tape_slice_too_long'; readonly rows: number }
  | { readonly code: 'limit_exceeded'; readonly what: 'open_orders' | 'accounts' | 'instruments' };

export type RefusalCode = Refusal['code'];
