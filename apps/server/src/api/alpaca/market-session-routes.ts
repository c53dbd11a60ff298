/**
 * Clock and calendar of the newer kind: /v3/clock and /v3/calendar/{market}, by market.
 *
 * The markets are those whose stocks a venue trades; all keep the hours of US equities. A market
 * is named by acronym or identifier code; `us_equity` is what the JavaScript client's guide
 * writes.
 */
import {
  type AlpacaMarket,
  type AlpacaMarketClock,
  alpacaMarketCalendarSchema,
  alpacaMarketClocksSchema,
  type AlpacaMarketDay,
  type AlpacaMarketPhase,
} from '@rialto/contracts/alpaca/market-hours';
import { type Day, formatDay } from '@rialto/engine/calendar/civil-date';
import {
  isTradingDay,
  nextClose,
  nextOpen,
  nextTransition,
  sessionAt,
  tradingHours,
} from '@rialto/engine/calendar/exchange-calendar';
import { formatNewYork, newYorkDay } from '@rialto/engine/calendar/new-york';
import type { Micros } from '@rialto/engine/values/time';
import type { SessionKind } from '@rialto/engine/venue/views';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import { type CallerDeps, withCaller } from '../http/caller.ts';
import { dateField, FIRST_DAY, LAST_DAY, settlementDay } from './market-hours-routes.ts';
import { QueryFields } from './query-fields.ts';
import { formatTime } from './rfc3339.ts';
import { pathOf, queryOf, tradingResponses } from './route-schemas.ts';

const timezone = 'America/New_York';
const NYSE: AlpacaMarket = {
  mic: 'XNYS',
  acronym: 'NYSE',
  name: 'New York Stock Exchange',
  timezone,
};
const NASDAQ: AlpacaMarket = { mic: 'XNAS', acronym: 'NASDAQ', name: 'Nasdaq', timezone };

const MARKETS: ReadonlyMap<string, AlpacaMarket> = new Map([
  ['NYSE', NYSE],
  ['XNYS', NYSE],
  ['us_equity', NYSE],
  ['NASDAQ', NASDAQ],
  ['XNAS', NASDAQ],
]);

const PHASES: Readonly<Record<SessionKind, AlpacaMarketPhase>> = {
  closed: 'closed',
  pre: 'pre',
  regular: 'core',
  post: 'post',
};

/** Days a calendar shows after `start` when the request names no `end`. */
const CALENDAR_DAYS = 7;

const tags = ['trading'];

/** Adds clock and calendar by market. */
export function addMarketSessionRoutes(app: FastifyInstance, deps: CallerDeps): void {
  app.get(
    '/v3/clock',
    {
      schema: {
        tags,
        summary: 'Venue time and the session of markets',
        querystring: queryOf({
          markets: 'comma-separated (default NYSE and NASDAQ)',
          time: 'another instant (default venue time)',
        }),
        response: tradingResponses(alpacaMarketClocksSchema),
      },
    },
    withCaller(deps, 'read', ({ replica }, request) => {
      const fields = new QueryFields(request.query, 'parameter_invalid');
      const time = fields.time('time') ?? replica.venue.clock().time;
      const day = newYorkDay(time);
      if (day < FIRST_DAY || day > LAST_DAY) throw fields.refuse('time');
      return { clocks: marketsField(fields).map((market) => clockJson(market, time)) };
    }),
  );
  app.get(
    '/v3/calendar/:market',
    {
      schema: {
        tags,
        summary: 'The sessions of the trading days of a market, 1998 to 2028',
        params: pathOf('market', 'Acronym or identifier code'),
        querystring: queryOf({
          start: 'first date, inclusive (default the venue day)',
          end: 'last date, inclusive (default a week after start)',
          timezone: 'UTC (default New York)',
        }),
        response: tradingResponses(alpacaMarketCalendarSchema),
      },
    },
    withCaller(deps, 'read', ({ replica }, request) => {
      const fields = new QueryFields(request.query, 'parameter_invalid');
      const write = fields.text('timezone') === undefined ? formatNewYork : formatTime;
      fields.word('timezone', ['UTC'], 'UTC');
      const first = dateField(fields, 'start') ?? newYorkDay(replica.venue.clock().time);
      const last = dateField(fields, 'end') ?? first + CALENDAR_DAYS;
      const calendar: AlpacaMarketDay[] = [];
      for (let day = Math.max(first, FIRST_DAY); day <= Math.min(last, LAST_DAY); day++) {
        if (isTradingDay(day as Day)) calendar.push(dayJson(day as Day, write));
      }
      return { market: marketParam(request), calendar };
    }),
  );
}

function marketsField(fields: QueryFields): readonly AlpacaMarket[] {
  const names = fields.list('markets', MARKETS.size) ?? [NYSE.acronym, NASDAQ.acronym];
  return names.map((name) => {
    const market = MARKETS.get(name);
    if (market === undefined) throw fields.refuse('markets');
    return market;
  });
}

function marketParam(request: FastifyRequest): AlpacaMarket {
  const { market: name } = request.params as { readonly market: string };
  const market = MARKETS.get(name);
  if (market !== undefined) return market;
  throw new ApiError('parameter_invalid', { name: 'market', value: name.slice(0, 40) });
}

function clockJson(market: AlpacaMarket, time: Micros): AlpacaMarketClock {
  return {
    market,
    timestamp: formatNewYork(time),
    is_market_day: isTradingDay(newYorkDay(time)),
    phase: PHASES[sessionAt(time)],
    phase_until: formatNewYork(nextTransition(time)),
    next_market_open: formatNewYork(nextOpen(time)),
    next_market_close: formatNewYork(nextClose(time)),
  };
}

function dayJson(day: Day, write: (time: Micros) => string): AlpacaMarketDay {
  const { pre, open, close, end } = tradingHours(day);
  return {
    date: formatDay(day),
    pre_start: write(pre),
    pre_end: write(open),
    core_start: write(open),
    core_end: write(close),
    post_start: write(close),
    post_end: write(end),
    settlement_date: formatDay(settlementDay(day)),
  };
}
