/**
 * The newest of everything, from the replica's memory: latest bars, trades, quotes; snapshots.
 *
 * Symbols of which nothing is known yet are left out of answers about many symbols; an answer
 * about one is 404.
 */
import {
  alpacaBarSchema,
  alpacaQuoteSchema,
  type AlpacaSnapshot,
  alpacaSnapshotSchema,
  alpacaTradeSchema,
} from '@rialto/contracts/alpaca/market-data';
import type { Instrument } from '@rialto/engine/instruments/instrument';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { MarketView } from '@rialto/engine/venue/views';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { ApiError } from '../http/api-error.ts';
import { type CallerDeps, withCaller } from '../http/caller.ts';
import { barJson } from './bar-json.ts';
import { consolidatedTape } from './consolidated-tape.ts';
import { checkFeed, checkSymbol, symbolsField } from './history-query.ts';
import { quoteJson } from './quote-json.ts';
import { dataResponses, pathOf, queryOf } from './route-schemas.ts';
import { tradeJson } from './trade-json.ts';

/** Writes one kind of newest record; undefined when there is none yet. */
type WriteLatest = (market: MarketView, instrument: Instrument) => object | undefined;

interface LatestKind {
  readonly one: 'bar' | 'trade' | 'quote';
  readonly schema: TSchema;
  readonly write: WriteLatest;
}

const tags = ['market data'];
const parameters = { feed: 'taken; all feeds are the same recording', currency: 'USD' };
const params = pathOf('symbol', 'Symbol');

const KINDS: readonly LatestKind[] = [
  {
    one: 'bar',
    schema: alpacaBarSchema,
    write: ({ lastMinuteBar }) =>
      lastMinuteBar === undefined ? undefined : barJson(lastMinuteBar),
  },
  {
    one: 'trade',
    schema: alpacaTradeSchema,
    write: ({ lastTrade }, { exchange }) =>
      lastTrade === undefined ? undefined : tradeJson(lastTrade, consolidatedTape(exchange)),
  },
  {
    one: 'quote',
    schema: alpacaQuoteSchema,
    write: ({ lastQuote }, { exchange }) =>
      lastQuote === undefined ? undefined : quoteJson(lastQuote, consolidatedTape(exchange)),
  },
];

/** Adds the routes for the newest records. */
export function addLatestRoutes(app: FastifyInstance, deps: CallerDeps): void {
  for (const kind of KINDS) addLatest(app, kind, deps);
  addSnapshots(app, deps);
}

function addLatest(
  app: FastifyInstance,
  { one, schema, write }: LatestKind,
  deps: CallerDeps,
): void {
  const many = `${one}s`;
  app.get(
    `/v2/stocks/${many}/latest`,
    {
      schema: {
        tags,
        summary: `Newest ${many}`,
        querystring: queryOf({ symbols: 'comma-separated', ...parameters }),
        response: dataResponses(Type.Object({ [many]: Type.Record(Type.String(), schema) })),
      },
    },
    withCaller(deps, 'read', ({ replica }, request) => ({
      [many]: latestOfMany(request, replica.venue, write),
    })),
  );
  app.get(
    `/v2/stocks/:symbol/${many}/latest`,
    {
      schema: {
        tags,
        summary: `Newest ${one} of a symbol`,
        params,
        querystring: queryOf(parameters),
        response: dataResponses(Type.Object({ symbol: Type.String(), [one]: schema })),
      },
    },
    withCaller(deps, 'read', ({ replica }, request) => {
      const symbol = symbolParam(request);
      return { symbol, [one]: latestOfOne(symbol, replica.venue, write, one) };
    }),
  );
}

function addSnapshots(app: FastifyInstance, deps: CallerDeps): void {
  // The second path is what the official TypeScript client calls.
  for (const url of ['/v2/stocks/snapshots', '/v1beta1/stocks/snapshots']) {
    app.get(
      url,
      {
        schema: {
          tags,
          summary: 'Snapshots of many symbols',
          querystring: queryOf({ symbols: 'comma-separated', ...parameters }),
          response: dataResponses(Type.Record(Type.String(), alpacaSnapshotSchema)),
        },
      },
      withCaller(deps, 'read', ({ replica }, request) =>
        latestOfMany(request, replica.venue, snapshotJson),
      ),
    );
  }
  app.get(
    '/v2/stocks/:symbol/snapshot',
    {
      schema: {
        tags,
        summary: 'Snapshot of a symbol',
        params,
        querystring: queryOf(parameters),
        response: dataResponses(
          Type.Intersect([Type.Object({ symbol: Type.String() }), alpacaSnapshotSchema]),
        ),
      },
    },
    withCaller(deps, 'read', ({ replica }, request) => {
      const symbol = symbolParam(request);
      return { symbol, ...latestOfOne(symbol, replica.venue, snapshotJson, 'snapshot') };
    }),
  );
}

function symbolParam(request: FastifyRequest): string {
  checkFeed(request.query);
  const { symbol = '' } = request.params as { symbol?: string };
  return checkSymbol(symbol);
}

function latestOfMany(
  request: FastifyRequest,
  venue: VenueApi,
  write: WriteLatest,
): Readonly<Record<string, object>> {
  checkFeed(request.query);
  const found: Record<string, object> = {};
  for (const symbol of symbolsField(request.query)) {
    const latest = latestOf(symbol, venue, write);
    if (latest !== undefined) found[symbol] = latest;
  }
  return found;
}

function latestOfOne(symbol: string, venue: VenueApi, write: WriteLatest, what: string): object {
  const latest = latestOf(symbol, venue, write);
  if (latest === undefined) throw new ApiError('no_data_found', { what, symbol });
  return latest;
}

function latestOf(symbol: string, venue: VenueApi, write: WriteLatest): object | undefined {
  const index = venue.instrumentIndex(symbol);
  const instrument = index === undefined ? undefined : venue.instruments[index];
  if (index === undefined || instrument === undefined) return undefined;
  return write(venue.market(index), instrument);
}

function snapshotJson(market: MarketView, instrument: Instrument): AlpacaSnapshot | undefined {
  const { lastTrade, lastQuote, minuteBar, lastMinuteBar, dayBar, previousDayBar } = market;
  if (lastTrade === undefined && lastQuote === undefined) return undefined;
  const tape = consolidatedTape(instrument.exchange);
  const minute = lastMinuteBar ?? minuteBar;
  return {
    latestTrade: lastTrade === undefined ? null : tradeJson(lastTrade, tape),
    latestQuote: lastQuote === undefined ? null : quoteJson(lastQuote, tape),
    minuteBar: minute === undefined ? null : barJson(minute),
    dailyBar: dayBar === undefined ? null : barJson(dayBar),
    prevDailyBar: previousDayBar === undefined ? null : barJson(previousDayBar),
  };
}
