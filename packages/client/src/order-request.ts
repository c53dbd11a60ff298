/** What is sent to enter an order. */
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';

/** Body of POST /v2/orders, amounts as decimal text. `limit_price` for limit orders only. */
export interface OrderRequest {
  readonly symbol: string;
  readonly side: AlpacaOrder['side'];
  readonly type: AlpacaOrder['type'];
  readonly time_in_force: AlpacaOrder['time_in_force'];
  readonly qty: string;
  readonly limit_price?: string;
  /** Chosen by the sender; makes the request safe to repeat. */
  readonly client_order_id: string;
}
