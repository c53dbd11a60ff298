/**
 * Market-data history: /v2/stocks/{bars,trades,quotes} for many symbols and
 * /v2/stocks/{symbol}/{bars,trades,quotes} for one.
 */
import {
  alpacaBarSchema,
  alpacaQuoteSchema,
  alpacaTradeSchema,
} from '@rialto/contracts/alpaca/market-data';
import type { Micros } from '@rialto/engine/values/time';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import type { HistoryQuery } from '../../store/readers.ts';
import type { Replica } from '../../venues/venue-host.ts';
import { withCaller } from '../http/caller.ts';
import type { AlpacaApiDeps } from './alpaca-deps.ts';
import { BarHistory } from './bar-history.ts';
import { barJson } from './bar-json.ts';
import { consolidatedTape } from './consolidated-tape.ts';
import { type HistoryPage, readPage } from './history-page.ts';
import {
  barParameters,
  checkSymbol,
  historyParameters,
  type HistoryRequest,
  parseBarTimeframe,
  parseHistory,
  symbolsField,
} from './history-query.ts';
import { findInstrument } from './instrument-param.ts';
import type { PagePlace } from './page-token.ts';
import { quoteJson } from './quote-json.ts';
import { dataResponses, pathOf, queryOf } from './route-schemas.ts';
import type { StoredHistory } from './stored-history.ts';
import { tradeJson } from './trade-json.ts';

type Kind = 'bars' | 'trades' | 'quotes';

/** A page with its rows written for the wire. */
type WrittenPage = HistoryPage<object>;

const tags = ['market data'];
const SCHEMAS: Readonly<Record<Kind, TSchema>> = {
  bars: alpacaBarSchema,
  trades: alpacaTradeSchema,
  quotes: alpacaQuoteSchema,
};
const nextPageToken = Type.Union([Type.String(), Type.Null()]);

/** Adds the history routes. */
export function addHistoryRoutes(
  app: FastifyInstance,
  deps: AlpacaApiDeps,
  history: StoredHistory,
): void {
  for (const kind of ['bars', 'trades', 'quotes'] as const) {
    addManySymbols(app, kind, deps, history);
    addOneSymbol(app, kind, deps, history);
  }
}

function parametersOf(kind: Kind): Readonly<Record<string, string>> {
  return kind === 'bars' ? { ...barParameters, ...historyParameters } : historyParameters;
}

function addManySymbols(
  app: FastifyInstance,
  kind: Kind,
  deps: AlpacaApiDeps,
  history: StoredHistory,
): void {
  const bySymbol = Type.Record(Type.String(), Type.Array(SCHEMAS[kind]));
  app.get(
    `/v2/stocks/${kind}`,
    {
      schema: {
        tags,
        summary: `History of ${kind}, many symbols`,
        querystring: queryOf({ symbols: 'comma-separated', ...parametersOf(kind) }),
        response: dataResponses(Type.Object({ [kind]: bySymbol, next_page_token: nextPageToken })),
      },
    },
    withCaller(deps, 'read', async ({ replica }, request) => {
      const page = await read(kind, symbolsField(request.query), request, {
        replica,
        deps,
        history,
      });
      return { [kind]: Object.fromEntries(page.rows), next_page_token: page.nextPageToken };
    }),
  );
}

function addOneSymbol(
  app: FastifyInstance,
  kind: Kind,
  deps: AlpacaApiDeps,
  history: StoredHistory,
): void {
  app.get(
    `/v2/stocks/:symbol/${kind}`,
    {
      schema: {
        tags,
        summary: `History of ${kind}, one symbol`,
        params: pathOf('symbol', 'Symbol'),
        querystring: queryOf(parametersOf(kind)),
        response: dataResponses(
          Type.Object({
            symbol: Type.String(),
            [kind]: Type.Array(SCHEMAS[kind]),
            next_page_token: nextPageToken,
          }),
        ),
      },
    },
    withCaller(deps, 'read', async ({ replica }, request) => {
      const { symbol: text = '' } = request.params as { symbol?: string };
      const symbol = checkSymbol(text);
      const page = await read(kind, [symbol], request, { replica, deps, history });
      return { symbol, [kind]: page.rows.get(symbol) ?? [], next_page_token: page.nextPageToken };
    }),
  );
}

interface ReadContext {
  readonly replica: Replica;
  readonly deps: AlpacaApiDeps;
  readonly history: StoredHistory;
}

async function read(
  kind: Kind,
  symbols: readonly string[],
  request: FastifyRequest,
  context: ReadContext,
): Promise<WrittenPage> {
  const { replica, history } = context;
  const { venue } = replica;
  const query = parseHistory(request.query, symbols, venue.clock().time);
  if (kind === 'bars') return readBars(query, request, context);
  await history.upTo(replica.venueId, replica.seq);
  return readTicks(kind, query, venue, context.deps);
}

async function readBars(
  query: HistoryRequest,
  request: FastifyRequest,
  { replica, deps, history }: ReadContext,
): Promise<WrittenPage> {
  const { venue } = replica;
  const timeframe = parseBarTimeframe(request.query);
  const { tape } = await deps.tapes.load(venue.tape.dataset);
  await history.upTo(replica.venueId, replica.seq);
  const extent = {
    from: (tape.length === 0 ? 0 : tape.time(0)) as Micros,
    to: (tape.length === 0 ? 0 : tape.time(tape.length - 1)) as Micros,
  };
  const bars = new BarHistory(deps.marketData, venue, extent);
  const page = await readPage(
    query,
    (symbol, limit, after) => bars.read({ ...query, symbol, timeframe, limit, after }),
    (bar) => ({ time: bar.start, position: 0 }),
  );
  return written(page, barJson);
}

async function readTicks(
  kind: 'trades' | 'quotes',
  query: HistoryRequest,
  venue: VenueApi,
  { marketData }: AlpacaApiDeps,
): Promise<WrittenPage> {
  const rangeOf = (symbol: string, limit: number, after: PagePlace | undefined): HistoryQuery => ({
    tapeId: venue.tape.dataset,
    symbol,
    start: query.start,
    end: query.end,
    sort: query.sort,
    limit,
    ...(after === undefined ? {} : { after }),
  });
  if (kind === 'trades') {
    const page = await readPage(query, (...args) => marketData.trades(rangeOf(...args)), placeOf);
    return written(page, (trade, symbol) => tradeJson(trade, tapeOf(venue, symbol)));
  }
  const page = await readPage(query, (...args) => marketData.quotes(rangeOf(...args)), placeOf);
  return written(page, (quote, symbol) => quoteJson(quote, tapeOf(venue, symbol)));
}

function placeOf(row: { readonly time: Micros; readonly position: number }): {
  readonly time: Micros;
  readonly position: number;
} {
  return { time: row.time, position: row.position };
}

function tapeOf(venue: VenueApi, symbol: string): string {
  return consolidatedTape(findInstrument(venue, symbol)?.instrument.exchange ?? '');
}

function written<Row>(
  { rows, nextPageToken: token }: HistoryPage<Row>,
  write: (row: Row, symbol: string) => object,
): WrittenPage {
  const result = new Map<string, readonly object[]>();
  for (const [symbol, found] of rows) {
    result.set(
      symbol,
      found.map((row) => write(row, symbol)),
    );
  }
  return { rows: result, nextPageToken: token };
}
