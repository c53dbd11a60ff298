/** Entering and reading orders: POST and GET under /v2/orders. */
import { alpacaOrderSchema } from '@rialto/contracts/alpaca/order';
import { orderEntrySchema } from '@rialto/contracts/alpaca/order-entry';
import type { Outcome } from '@rialto/engine/venue/views';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { ApiError } from '../http/api-error.ts';
import { type Caller, withCaller } from '../http/caller.ts';
import type { AlpacaApiDeps } from './alpaca-deps.ts';
import { listedInstrument, quoted } from './instrument-param.ts';
import { orderJson } from './order-json.ts';
import { orderListParameters, parseOrderList } from './order-list-query.ts';
import type { OrderLookup, OrderLookups } from './order-lookup.ts';
import { orderIdParam } from './order-param.ts';
import { checkClientOrderId, parseOrderRequest } from './order-request.ts';
import { QueryFields } from './query-fields.ts';
import { refusalError } from './refusal-mapping.ts';
import { pathOf, queryOf, tradingResponses } from './route-schemas.ts';
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';

const tags = ['trading'];

/** Adds the routes that enter and read orders. */
export function addOrderRoutes(
  app: FastifyInstance,
  deps: AlpacaApiDeps,
  lookups: OrderLookups,
): void {
  addEntry(app, deps, lookups);
  addReads(app, deps, lookups);
}

function addEntry(app: FastifyInstance, deps: AlpacaApiDeps, lookups: OrderLookups): void {
  app.post(
    '/v2/orders',
    {
      schema: {
        tags,
        summary: 'Enter an order',
        body: orderEntrySchema,
        response: tradingResponses(alpacaOrderSchema),
      },
    },
    withCaller(deps, 'trade', async (caller, request) => {
      const { principal, replica } = caller;
      const { symbol, clientOrderId, ...terms } = parseOrderRequest(request.body);
      const { venue } = replica;
      const instrument = venue.instrumentIndex(symbol);
      if (instrument === undefined) {
        throw new ApiError('order_asset_not_found', { symbol: quoted(symbol) });
      }
      const lookup = lookups.of(replica);
      const outcome = await replica.submit({
        type: 'submit_order',
        at: venue.clock().time,
        account: principal.account,
        instrument,
        ...terms,
        clientOrderId: clientOrderId ?? deps.random.uuid(),
      });
      return enteredOrder(outcome, caller, lookup, symbol);
    }),
  );
}

/** The order that a command entered, as it stands now; throws the refusal's error. */
export async function enteredOrder(
  outcome: Outcome,
  caller: Caller,
  lookup: OrderLookup,
  symbol: string,
): Promise<AlpacaOrder> {
  const { account } = caller.principal;
  const { venue } = caller.replica;
  if (!outcome.ok) throw refusalError(outcome.refusal, { venue, account, symbol });
  const order = outcome.order === undefined ? undefined : await lookup.find(account, outcome.order);
  if (order === undefined) throw new Error('an order that was entered is not to be found');
  return orderJson(order, venue.seed, listedInstrument(venue, order.instrument));
}

function addReads(app: FastifyInstance, deps: AlpacaApiDeps, lookups: OrderLookups): void {
  app.get(
    '/v2/orders',
    {
      schema: {
        tags,
        summary: 'List orders, newest first',
        querystring: queryOf(orderListParameters),
        response: tradingResponses(Type.Array(alpacaOrderSchema)),
      },
    },
    withCaller(deps, 'read', async ({ principal, replica }, request) => {
      const { venue } = replica;
      const query = parseOrderList(request.query, venue);
      const found = await lookups.of(replica).list(principal.account, query);
      return found.map((order) =>
        orderJson(order, venue.seed, listedInstrument(venue, order.instrument)),
      );
    }),
  );
  app.get(
    '/v2/orders/:order_id',
    {
      schema: {
        tags,
        summary: 'One order',
        params: pathOf('order_id', 'Id that POST answered'),
        response: tradingResponses(alpacaOrderSchema),
      },
    },
    withCaller(deps, 'read', async ({ principal, replica }, request) => {
      const { venue } = replica;
      const { ref, text } = orderIdParam(request, venue);
      const order = await lookups.of(replica).find(principal.account, ref);
      if (order === undefined) throw new ApiError('order_not_found', { id: text });
      return orderJson(order, venue.seed, listedInstrument(venue, order.instrument));
    }),
  );
  app.get(
    '/v2/orders::by_client_order_id',
    {
      schema: {
        tags,
        summary: 'One order by the id its sender gave it',
        querystring: queryOf({ client_order_id: 'At most 128 characters' }),
        response: tradingResponses(alpacaOrderSchema),
      },
    },
    withCaller(deps, 'read', async ({ principal, replica }, request) => {
      const { venue } = replica;
      const id = new QueryFields(request.query, 'parameter_invalid').text('client_order_id');
      if (id === undefined) throw new ApiError('client_order_id_missing');
      const ref = venue.orderRefByClientId(principal.account, checkClientOrderId(id));
      const order =
        ref === undefined ? undefined : await lookups.of(replica).find(principal.account, ref);
      if (order === undefined) throw new ApiError('order_not_found', { id: quoted(id) });
      return orderJson(order, venue.seed, listedInstrument(venue, order.instrument));
    }),
  );
}
