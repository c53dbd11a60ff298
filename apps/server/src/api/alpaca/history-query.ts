/**
 * Queries for market-data history: symbols, range, limit, order, page.
 *
 * Nothing after the venue's time is ever asked for: the tables may know the recording's future
 * from an earlier run.
 */
import type { Timeframe } from '@rialto/engine/bars/fold';
import type { Day } from '@rialto/engine/calendar/civil-date';
import { newYorkDay, newYorkMidnight } from '@rialto/engine/calendar/new-york';
import type { Micros } from '@rialto/engine/values/time';
import { ApiError } from '../http/api-error.ts';
import { quoted } from './instrument-param.ts';
import { type PagePlace, parsePageToken } from './page-token.ts';
import { QueryFields } from './query-fields.ts';
import { parseDate } from './rfc3339.ts';
import { parseTimeframe } from './timeframe.ts';

/** Most rows of a page, counted over all symbols. */
export const PAGE_ROWS_MAX = 10_000;

const PAGE_ROWS = 1_000;

/** Most symbols of one request. */
const SYMBOLS_MAX = 500;

const SYMBOL = /^[A-Z][A-Z0-9]{0,9}(?:[./-][A-Z0-9]{1,6})?$/;

const FEEDS = ['iex', 'sip', 'otc', 'boats', 'delayed_sip', 'overnight'] as const;
const ADJUSTMENTS: ReadonlySet<string> = new Set(['raw', 'split', 'dividend', 'spin-off', 'all']);

/** A checked history request; both ends of the range are inclusive. */
export interface HistoryRequest {
  /** Sorted. */
  readonly symbols: readonly string[];
  readonly start: Micros;
  /** Not after the venue's time; before `start` when nothing can be in the range. */
  readonly end: Micros;
  readonly limit: number;
  readonly sort: 'asc' | 'desc';
  readonly after: PagePlace | undefined;
}

/** What the parameters mean, for the API reference. */
export const historyParameters: Readonly<Record<string, string>> = {
  start: 'inclusive; RFC 3339 or a date; default: start of the current day in New York',
  end: 'inclusive; RFC 3339 or a date (the whole day); default: now',
  limit: 'rows of a page over all symbols, at most 10000; default 1000',
  sort: 'asc (default) or desc',
  page_token: 'next_page_token of the page before',
  feed: 'taken; all feeds are the same recording',
  asof: 'taken; symbols never change in a recording',
  currency: 'USD',
};

/** What the parameters of bars mean beside the common ones. */
export const barParameters: Readonly<Record<string, string>> = {
  timeframe: '1–59Min, 1–23Hour, 1Day, 1Week, 1|2|3|4|6|12Month',
  adjustment: 'taken; a recording holds raw prices',
};

/** Reads the common parameters. `symbols` come from the path or the query. */
export function parseHistory(
  query: unknown,
  symbols: readonly string[],
  now: Micros,
): HistoryRequest {
  const fields = new QueryFields(query, 'data_parameter_invalid');
  checkCommon(fields);
  const start = fields.time('start') ?? newYorkMidnight(newYorkDay(now));
  const end = endOfRange(fields) ?? now;
  if (end < start && fields.text('end') !== undefined) throw new ApiError('range_invalid');
  return {
    symbols,
    start,
    end: Math.min(end, now) as Micros,
    limit: limitField(fields),
    sort: fields.word('sort', ['asc', 'desc'], 'asc'),
    after: pageField(fields, symbols),
  };
}

/** Reads the timeframe of a bars request and checks `adjustment`. */
export function parseBarTimeframe(query: unknown): Timeframe {
  const fields = new QueryFields(query, 'data_parameter_invalid');
  const adjustments = fields.list('adjustment', ADJUSTMENTS.size) ?? [];
  if (!adjustments.every((word) => ADJUSTMENTS.has(word))) throw fields.refuse('adjustment');
  const text = fields.text('timeframe') ?? '';
  const timeframe = parseTimeframe(text);
  if (timeframe === undefined) throw new ApiError('timeframe_invalid', { value: quoted(text) });
  return timeframe;
}

/** Checks `feed` and `currency`, which change nothing. */
export function checkFeed(query: unknown): void {
  const fields = new QueryFields(query, 'data_parameter_invalid');
  fields.word('feed', FEEDS, 'sip');
  fields.word('currency', ['USD'], 'USD');
}

/** The symbols of `?symbols=`, sorted, each once. */
export function symbolsField(query: unknown): readonly string[] {
  const fields = new QueryFields(query, 'data_parameter_invalid');
  const words = new Set(fields.text('symbols')?.split(',', SYMBOLS_MAX + 1) ?? []);
  words.delete('');
  if (words.size === 0) throw new ApiError('symbols_required');
  if (words.size > SYMBOLS_MAX) throw new ApiError('too_many_symbols', { limit: SYMBOLS_MAX });
  return [...words].map(checkSymbol).toSorted();
}

/** A symbol as it may look, known or not. */
export function checkSymbol(text: string): string {
  if (!SYMBOL.test(text)) throw new ApiError('symbol_invalid', { symbol: quoted(text) });
  return text;
}

function checkCommon(fields: QueryFields): void {
  fields.word('feed', FEEDS, 'sip');
  fields.word('currency', ['USD'], 'USD');
  const asof = fields.text('asof');
  if (asof !== undefined && asof !== '-' && parseDate(asof) === undefined) {
    throw fields.refuse('asof');
  }
}

/** The end of the range; a date means the last moment of that day in New York. */
function endOfRange(fields: QueryFields): Micros | undefined {
  const day = parseDate(fields.text('end') ?? '');
  if (day === undefined) return fields.time('end');
  return (newYorkMidnight((day + 1) as Day) - 1) as Micros;
}

function limitField(fields: QueryFields): number {
  const text = fields.text('limit');
  if (text === undefined) return PAGE_ROWS;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > PAGE_ROWS_MAX) {
    throw new ApiError('limit_invalid', { value: quoted(text), limit: PAGE_ROWS_MAX });
  }
  return limit;
}

function pageField(fields: QueryFields, symbols: readonly string[]): PagePlace | undefined {
  const text = fields.text('page_token');
  if (text === undefined) return undefined;
  const place = parsePageToken(text);
  if (place === undefined || !symbols.includes(place.symbol)) {
    throw new ApiError('page_token_invalid');
  }
  return place;
}
