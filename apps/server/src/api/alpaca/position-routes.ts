/** Reading and closing positions: /v2/positions. */
import { alpacaOrderSchema } from '@rialto/contracts/alpaca/order';
import { type ClosedPosition, closedPositionSchema } from '@rialto/contracts/alpaca/order-entry';
import { type AlpacaPosition, alpacaPositionSchema } from '@rialto/contracts/alpaca/position';
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';
import type { Quantity } from '@rialto/engine/values/quantity';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { PositionView } from '@rialto/engine/venue/views';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ApiError } from '../http/api-error.ts';
import { type Caller, withCaller } from '../http/caller.ts';
import { tradingErrorBody } from '../http/error-response.ts';
import type { AlpacaApiDeps } from './alpaca-deps.ts';
import { decimalInput } from './decimal-input.ts';
import { findInstrument, listedInstrument, type ListedInstrument } from './instrument-param.ts';
import { cancelAllOrders } from './order-cancel-routes.ts';
import type { OrderLookups } from './order-lookup.ts';
import { parseQty } from './order-request.ts';
import { enteredOrder } from './order-routes.ts';
import { positionJson } from './position-json.ts';
import { QueryFields } from './query-fields.ts';
import { multiStatusResponses, pathOf, queryOf, tradingResponses } from './route-schemas.ts';
import { parseScaled } from '@rialto/engine/values/decimal';

const tags = ['trading'];
const params = pathOf('symbol_or_asset_id', 'Symbol or asset id');

/** How much of a position is closed: a quantity, billionths of it, or neither: all of it. */
interface ClosingPart {
  readonly qty: Quantity | undefined;
  readonly fractionNanos: number | undefined;
}

const WHOLE: ClosingPart = { qty: undefined, fractionNanos: undefined };

/** Adds the position routes. */
export function addPositionRoutes(
  app: FastifyInstance,
  deps: AlpacaApiDeps,
  lookups: OrderLookups,
): void {
  addReads(app, deps);
  addClosing(app, deps, lookups);
}

function addReads(app: FastifyInstance, deps: AlpacaApiDeps): void {
  app.get(
    '/v2/positions',
    {
      schema: {
        tags,
        summary: 'All positions',
        response: tradingResponses(Type.Array(alpacaPositionSchema)),
      },
    },
    withCaller(deps, 'read', ({ principal, replica }) =>
      replica.venue
        .positions(principal.account)
        .filter((position) => position.qty !== 0n)
        .map((position) => writePosition(position, replica.venue)),
    ),
  );
  app.get(
    '/v2/positions/:symbol_or_asset_id',
    {
      schema: {
        tags,
        summary: 'One position',
        params,
        response: tradingResponses(alpacaPositionSchema),
      },
    },
    withCaller(deps, 'read', ({ principal, replica }, request) => {
      const { index } = instrumentParam(request, replica.venue);
      const position = replica.venue.position(principal.account, index);
      if (position === undefined || position.qty === 0n) throw new ApiError('position_not_found');
      return writePosition(position, replica.venue);
    }),
  );
}

function writePosition(position: PositionView, venue: VenueApi): AlpacaPosition {
  const instrument = listedInstrument(venue, position.instrument);
  return positionJson(position, instrument, venue.market(position.instrument));
}

function instrumentParam(request: FastifyRequest, venue: VenueApi): ListedInstrument {
  const { symbol_or_asset_id: text = '' } = request.params as { symbol_or_asset_id?: string };
  const found = findInstrument(venue, text);
  if (found === undefined) throw new ApiError('position_not_found');
  return found;
}

function addClosing(app: FastifyInstance, deps: AlpacaApiDeps, lookups: OrderLookups): void {
  app.delete(
    '/v2/positions',
    {
      schema: {
        tags,
        summary: 'Close all positions at the market',
        querystring: queryOf({ cancel_orders: 'true: cancel all open orders first' }),
        response: multiStatusResponses(closedPositionSchema),
      },
    },
    withCaller(deps, 'trade', async (caller, request, reply) => {
      const cancelOrders = new QueryFields(request.query, 'parameter_invalid').flag(
        'cancel_orders',
      );
      if (cancelOrders) await cancelAllOrders(caller);
      const { principal, replica } = caller;
      const held = replica.venue.positions(principal.account).filter(({ qty }) => qty !== 0n);
      reply.status(207);
      return Promise.all(
        held.map((position) => closeOne(caller, position.instrument, deps, lookups)),
      );
    }),
  );
  app.delete(
    '/v2/positions/:symbol_or_asset_id',
    {
      schema: {
        tags,
        summary: 'Close a position, or a part of it, at the market',
        params,
        querystring: queryOf({
          qty: 'shares to sell, up to 9 decimals',
          percentage: 'above 0 up to 100, up to 7 decimals',
        }),
        response: tradingResponses(alpacaOrderSchema),
      },
    },
    withCaller(deps, 'trade', (caller, request) => {
      const { index } = instrumentParam(request, caller.replica.venue);
      return closePosition(caller, index, closingPart(request.query), { deps, lookups });
    }),
  );
}

async function closeOne(
  caller: Caller,
  instrument: number,
  deps: AlpacaApiDeps,
  lookups: OrderLookups,
): Promise<ClosedPosition> {
  const { symbol } = listedInstrument(caller.replica.venue, instrument);
  try {
    const order = await closePosition(caller, instrument, WHOLE, { deps, lookups });
    return { symbol, status: 200, body: { ...order } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { symbol, ...tradingErrorBody(error) };
  }
}

async function closePosition(
  caller: Caller,
  instrument: number,
  part: ClosingPart,
  { deps, lookups }: { readonly deps: AlpacaApiDeps; readonly lookups: OrderLookups },
): Promise<AlpacaOrder> {
  const { principal, replica } = caller;
  const lookup = lookups.of(replica);
  const outcome = await replica.submit({
    type: 'close_position',
    at: replica.venue.clock().time,
    account: principal.account,
    instrument,
    ...part,
    clientOrderId: deps.random.uuid(),
  });
  const { symbol } = listedInstrument(replica.venue, instrument);
  return enteredOrder(outcome, caller, lookup, symbol);
}

/** Percent to billionths: seven decimals of a percent are nine of a fraction. */
const PERCENT_DECIMALS = 7;
const ALL_NANOS = 1_000_000_000n;

function closingPart(query: unknown): ClosingPart {
  const fields = new QueryFields(query, 'parameter_invalid');
  const qty = decimalInput(fields.text('qty'));
  const percentage = decimalInput(fields.text('percentage'));
  if (qty === null) throw fields.refuse('qty');
  if (percentage === null) throw fields.refuse('percentage');
  if (qty !== undefined && percentage !== undefined) throw new ApiError('qty_and_percentage');
  if (qty !== undefined) return { qty: parseQty(qty), fractionNanos: undefined };
  if (percentage === undefined) return WHOLE;
  const nanos = parseScaled(percentage, PERCENT_DECIMALS);
  if (nanos === undefined || nanos <= 0n || nanos > ALL_NANOS) {
    throw new ApiError('percentage_invalid');
  }
  return { qty: undefined, fractionNanos: Number(nanos) };
}
