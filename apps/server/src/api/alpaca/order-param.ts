/** The order that a path names. */
import { parseOrderUuid } from '@rialto/engine/orders/order-id';
import type { OrderRef } from '@rialto/engine/orders/order-terms';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import { quoted } from './instrument-param.ts';

/** Reads `:order_id`; throws `order_not_found` for what this venue never gave out. */
export function orderIdParam(
  request: FastifyRequest,
  venue: VenueApi,
): { readonly ref: OrderRef; readonly text: string } {
  const { order_id: id = '' } = request.params as { readonly order_id?: string };
  const ref = parseOrderUuid(venue.seed, id);
  const text = quoted(id);
  if (ref === undefined) throw new ApiError('order_not_found', { id: text });
  return { ref, text };
}
