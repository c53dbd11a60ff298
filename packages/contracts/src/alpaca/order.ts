/**
 * The order object of the trading API. Every key is always present; absent values are null.
 *
 * Keys of order types that the venue does not take yet are null or their constant, because
 * official clients refuse an order object without them.
 */
import { Type } from 'typebox';
import type { TUnsafe } from 'typebox';
import { nullable, objectSchema, oneOf } from '../object-schema.ts';
import { decimalText, timestamp, uuid } from './scalars.ts';

/** An order as REST and `/stream` send it. */
export interface AlpacaOrder {
  readonly id: string;
  readonly client_order_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly submitted_at: string;
  readonly filled_at: string | null;
  readonly expired_at: string | null;
  readonly expires_at: string | null;
  readonly canceled_at: string | null;
  readonly failed_at: string | null;
  readonly replaced_at: string | null;
  readonly replaced_by: string | null;
  readonly replaces: string | null;
  readonly asset_id: string;
  readonly symbol: string;
  readonly asset_class: 'us_equity';
  readonly notional: string | null;
  readonly qty: string;
  readonly filled_qty: string;
  readonly filled_avg_price: string | null;
  /** Empty for a simple order. */
  readonly order_class: '';
  readonly order_type: 'market' | 'limit';
  /** The same as `order_type`. */
  readonly type: 'market' | 'limit';
  readonly side: 'buy' | 'sell';
  readonly position_intent: string | null;
  readonly time_in_force: 'day' | 'gtc' | 'ioc' | 'fok';
  readonly limit_price: string | null;
  readonly stop_price: string | null;
  readonly trail_price: string | null;
  readonly trail_percent: string | null;
  readonly hwm: string | null;
  readonly status: 'accepted' | 'new' | 'partially_filled' | 'filled' | 'canceled' | 'expired';
  readonly extended_hours: boolean;
  readonly legs: null;
  readonly ratio_qty: string | null;
  readonly source: string | null;
  readonly subtag: string | null;
}

const absent = Type.Null();

export const alpacaOrderSchema: TUnsafe<AlpacaOrder> = objectSchema<AlpacaOrder>(
  'Order',
  'An order as it stands.',
  {
    id: uuid,
    client_order_id: Type.String({ maxLength: 128 }),
    created_at: timestamp,
    updated_at: timestamp,
    submitted_at: timestamp,
    filled_at: nullable(timestamp),
    expired_at: nullable(timestamp),
    expires_at: nullable(timestamp),
    canceled_at: nullable(timestamp),
    failed_at: nullable(timestamp),
    replaced_at: nullable(timestamp),
    replaced_by: nullable(uuid),
    replaces: nullable(uuid),
    asset_id: uuid,
    symbol: Type.String(),
    asset_class: Type.Literal('us_equity'),
    notional: nullable(decimalText),
    qty: decimalText,
    filled_qty: decimalText,
    filled_avg_price: nullable(decimalText),
    order_class: Type.Literal(''),
    order_type: oneOf(['market', 'limit']),
    type: oneOf(['market', 'limit']),
    side: oneOf(['buy', 'sell']),
    position_intent: nullable(Type.String()),
    time_in_force: oneOf(['day', 'gtc', 'ioc', 'fok']),
    limit_price: nullable(decimalText),
    stop_price: nullable(decimalText),
    trail_price: nullable(decimalText),
    trail_percent: nullable(decimalText),
    hwm: nullable(decimalText),
    status: oneOf(['accepted', 'new', 'partially_filled', 'filled', 'canceled', 'expired']),
    extended_hours: Type.Boolean(),
    legs: absent,
    ratio_qty: nullable(decimalText),
    source: nullable(Type.String()),
    subtag: nullable(Type.String()),
  },
);
