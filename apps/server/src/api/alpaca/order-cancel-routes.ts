/** Canceling orders: DELETE under /v2/orders. */
import { type CanceledOrder, canceledOrderSchema } from '@rialto/contracts/alpaca/order-entry';
import { orderUuid } from '@rialto/engine/orders/order-id';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import { type Caller, withCaller } from '../http/caller.ts';
import type { AlpacaApiDeps } from './alpaca-deps.ts';
import type { OrderLookups } from './order-lookup.ts';
import { orderIdParam } from './order-param.ts';
import { refusalError } from './refusal-mapping.ts';
import { emptyResponses, multiStatusResponses, pathOf } from './route-schemas.ts';

const tags = ['trading'];

/** Adds the routes that cancel one order and all orders. */
export function addOrderCancelRoutes(
  app: FastifyInstance,
  deps: AlpacaApiDeps,
  lookups: OrderLookups,
): void {
  app.delete(
    '/v2/orders',
    {
      schema: {
        tags,
        summary: 'Cancel all open orders',
        response: multiStatusResponses(canceledOrderSchema),
      },
    },
    withCaller(deps, 'trade', async (caller, _request, reply) => {
      reply.status(207);
      return cancelAllOrders(caller);
    }),
  );
  app.delete(
    '/v2/orders/:order_id',
    {
      schema: {
        tags,
        summary: 'Cancel an order',
        params: pathOf('order_id', 'Id that POST answered'),
        response: emptyResponses(),
      },
    },
    withCaller(deps, 'trade', async ({ principal, replica }, request, reply) => {
      const { venue } = replica;
      const { account } = principal;
      const { ref, text } = orderIdParam(request, venue);
      const lookup = lookups.of(replica);
      const at = venue.clock().time;
      const outcome = await replica.submit({ type: 'cancel_order', at, account, order: ref });
      if (!outcome.ok) {
        const { code } = outcome.refusal;
        if (code !== 'order_unknown' && code !== 'order_not_open') {
          throw refusalError(outcome.refusal, { venue, account, symbol: '' });
        }
        const order = await lookup.find(account, ref);
        if (order === undefined) throw new ApiError('order_not_found', { id: text });
        // A second cancel finds what it wants: DELETE may be repeated.
        if (order.status !== 'canceled') {
          throw new ApiError('order_ended', { status: order.status });
        }
      }
      return reply.status(204).send();
    }),
  );
}

/** Cancels all open orders of the caller; one part per order that was canceled. */
export async function cancelAllOrders({
  principal,
  replica,
}: Caller): Promise<readonly CanceledOrder[]> {
  const { account } = principal;
  const { venue } = replica;
  const at = venue.clock().time;
  const outcome = await replica.submit({ type: 'cancel_all_orders', at, account });
  if (!outcome.ok) throw refusalError(outcome.refusal, { venue, account, symbol: '' });
  const canceled = outcome.canceled ?? [];
  return canceled.map((ref) => ({ id: orderUuid(venue.seed, ref), status: 200 }));
}
