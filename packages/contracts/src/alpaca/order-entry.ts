/**
 * The body of an order, and the answers to requests about several orders.
 *
 * Documentation of what is accepted: numbers as text or as JSON numbers; empty text and null
 * mean absent; unknown fields are ignored.
 */
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { oneOf } from '../object-schema.ts';
import { decimalInput, uuid } from './scalars.ts';

export const orderEntrySchema: TSchema = Type.Object(
  {
    symbol: Type.String(),
    qty: decimalInput,
    side: oneOf(['buy', 'sell']),
    type: oneOf(['market', 'limit']),
    time_in_force: oneOf(['day', 'gtc', 'ioc', 'fok']),
    limit_price: Type.Optional(decimalInput),
    client_order_id: Type.Optional(
      Type.String({
        maxLength: 128,
        description: 'Idempotency key: the same id with the same terms gives the same order.',
      }),
    ),
  },
  { title: 'OrderRequest', additionalProperties: true },
);

/** One part of the answer to DELETE /v2/orders. */
export interface CanceledOrder {
  readonly id: string;
  readonly status: number;
}

export const canceledOrderSchema: TSchema = Type.Object(
  { id: uuid, status: Type.Integer() },
  { title: 'CanceledOrder' },
);

/** One part of the answer to DELETE /v2/positions: an order or an error as `body`. */
export interface ClosedPosition {
  readonly symbol: string;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export const closedPositionSchema: TSchema = Type.Object(
  { symbol: Type.String(), status: Type.Integer(), body: Type.Object({}) },
  { title: 'ClosedPosition' },
);
