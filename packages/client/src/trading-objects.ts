/**
 * The trading API's objects, as far as this client reads them.
 *
 * Amounts are decimal texts, exactly as on the wire; the server sends more fields than these.
 */

/** GET /v2/account. */
export interface TradingAccount {
  readonly id: string;
  readonly account_number: string;
  readonly status: string;
  readonly currency: string;
  readonly cash: string;
  readonly equity: string;
  readonly buying_power: string;
}

/** An order; absent values are `null`. */
export interface TradingOrder {
  readonly id: string;
  readonly client_order_id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: string;
  readonly time_in_force: string;
  readonly qty: string | null;
  readonly filled_qty: string;
  readonly filled_avg_price: string | null;
  readonly limit_price: string | null;
  readonly status: string;
  readonly submitted_at: string;
  readonly updated_at: string;
}

/** GET /v2/positions: one position; ratios are fractions (0.01 is 1 %). */
export interface TradingPosition {
  readonly symbol: string;
  readonly side: string;
  readonly qty: string;
  readonly qty_available: string;
  readonly avg_entry_price: string;
  readonly cost_basis: string;
  readonly market_value: string;
  readonly current_price: string;
  readonly unrealized_pl: string;
  readonly unrealized_plpc: string;
}

/** POST /v2/orders. `client_order_id` makes the request safe to repeat. */
export interface OrderRequest {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'market' | 'limit';
  readonly time_in_force: 'day' | 'gtc' | 'ioc' | 'fok';
  readonly qty: string;
  readonly limit_price?: string;
  readonly client_order_id: string;
}

/** DELETE /v2/orders: what became of each order; status 200 means canceled. */
export interface CancelAnswer {
  readonly id: string;
  readonly status: number;
}

/** GET /v2/assets: one instrument. */
export interface TradingAsset {
  readonly id: string;
  readonly symbol: string;
  readonly name: string;
  readonly exchange: string;
  readonly fractionable: boolean;
}

/** GET /v2/calendar: one trading day, New York dates and times ("2013-10-07", "09:30"). */
export interface CalendarDay {
  readonly date: string;
  readonly open: string;
  readonly close: string;
}
