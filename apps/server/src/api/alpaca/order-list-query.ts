/** The query of GET /v2/orders. */
import { parseOrderUuid } from '@rialto/engine/orders/order-id';
import type { Side } from '@rialto/engine/orders/order-terms';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { OrderListQuery } from './order-lookup.ts';
import { QueryFields } from './query-fields.ts';

const LIMIT = 50;
const LIMIT_MAX = 500;
const SYMBOLS_MAX = 500;

/** What each parameter means, for the API reference. */
export const orderListParameters: Readonly<Record<string, string>> = {
  status: 'open (default), closed or all',
  limit: 'at most 500; default 50',
  after: 'submitted after this instant (exclusive)',
  until: 'submitted before this instant (exclusive)',
  direction: 'desc (default) or asc',
  symbols: 'comma-separated',
  side: 'buy or sell',
  before_order_id: 'orders entered before this one',
  after_order_id: 'orders entered after this one',
  nested: 'taken and without effect',
  asset_class: 'us_equity',
};

/** Reads the query; throws `parameter_invalid`. Symbols that the venue does not list match none. */
export function parseOrderList(query: unknown, venue: VenueApi): OrderListQuery {
  const fields = new QueryFields(query, 'parameter_invalid');
  fields.flag('nested');
  fields.word('asset_class', ['us_equity'], 'us_equity');
  const after = fields.time('after');
  const until = fields.time('until');
  const beforeNumber = orderNumber(fields, 'before_order_id', venue);
  const afterNumber = orderNumber(fields, 'after_order_id', venue);
  const side = fields.word<Side | ''>('side', ['buy', 'sell'], '');
  const symbols = fields.list('symbols', SYMBOLS_MAX);
  return {
    status: fields.word('status', ['open', 'closed', 'all'], 'open'),
    limit: fields.count('limit', LIMIT_MAX, LIMIT),
    direction: fields.word('direction', ['asc', 'desc'], 'desc'),
    ...(after === undefined ? {} : { after }),
    ...(until === undefined ? {} : { until }),
    ...(beforeNumber === undefined ? {} : { beforeNumber }),
    ...(afterNumber === undefined ? {} : { afterNumber }),
    ...(side === '' ? {} : { side }),
    ...(symbols === undefined ? {} : { instruments: instrumentIndexes(symbols, venue) }),
  };
}

function orderNumber(fields: QueryFields, name: string, venue: VenueApi): number | undefined {
  const id = fields.text(name);
  if (id === undefined) return undefined;
  const ref = parseOrderUuid(venue.seed, id);
  if (ref === undefined) throw fields.refuse(name);
  return ref.number;
}

function instrumentIndexes(symbols: readonly string[], venue: VenueApi): readonly number[] {
  return symbols.flatMap((symbol) => venue.instrumentIndex(symbol) ?? []);
}
