/**
 * Stored ticks of one instrument, read with COPY BINARY: about a microsecond a row, against
 * ten for rows of text.
 */
import { venueLetter } from '@rialto/engine/market/market-state';
import type { Micros } from '@rialto/engine/values/time';
import type { Price } from '@rialto/engine/values/price';
import type { QuoteView, TradeView } from '@rialto/engine/venue/views';
import type { AnySql } from './any-sql.ts';
import { copyOut } from './copy-stream.ts';
import {
  QUOTE_TABLE,
  TRADE_TABLE,
  rowInteger,
  rowLetter,
  rowPosition,
  rowTime,
  tickColumns,
  tickRowBytes,
} from './tick-rows.ts';
import type { TickTable } from './tick-rows.ts';
import { timestampText } from './timestamps.ts';

/** Which ticks: both ends inclusive, microseconds; `after` continues behind a row. */
export interface TickQuery {
  /** tape_instrument.id. */
  readonly instrumentId: number;
  readonly start: number;
  readonly end: number;
  readonly sort: 'asc' | 'desc';
  /** Most rows; absent: all. */
  readonly limit?: number;
  readonly after?: { readonly time: number; readonly position: number };
}

/** Calls `onTrade` with each trade of the query, in order, and its flags (`TRADE.flags`). */
export function readTrades(
  sql: AnySql,
  query: TickQuery,
  onTrade: (trade: TradeView, flags: number) => void,
): Promise<void> {
  const statement = selectTicks(TRADE_TABLE, query);
  return copyOut(sql, statement, tickRowBytes(TRADE_TABLE), (view, at) => {
    const trade: TradeView = {
      time: rowTime(view, at) as Micros,
      price: rowInteger(view, at, 0) as Price,
      size: rowInteger(view, at, 1),
      venue: venueLetter(rowLetter(view, at, TRADE_TABLE, 0)),
      conditions: rowInteger(view, at, 2) >>> 0,
      position: rowPosition(view, at),
    };
    onTrade(trade, rowInteger(view, at, 3));
  });
}

/** Calls `onQuote` with each quote of the query, in order. */
export function readQuotes(
  sql: AnySql,
  query: TickQuery,
  onQuote: (quote: QuoteView) => void,
): Promise<void> {
  const statement = selectTicks(QUOTE_TABLE, query);
  return copyOut(sql, statement, tickRowBytes(QUOTE_TABLE), (view, at) => {
    onQuote({
      time: rowTime(view, at) as Micros,
      bidPrice: rowInteger(view, at, 0) as Price,
      bidSize: rowInteger(view, at, 1),
      bidVenue: venueLetter(rowLetter(view, at, QUOTE_TABLE, 0)),
      askPrice: rowInteger(view, at, 2) as Price,
      askSize: rowInteger(view, at, 3),
      askVenue: venueLetter(rowLetter(view, at, QUOTE_TABLE, 1)),
      conditions: rowInteger(view, at, 4) >>> 0,
      position: rowPosition(view, at),
    });
  });
}

/** COPY takes no parameters, so the values stand in the text: numbers, checked to be integers. */
function selectTicks(table: TickTable, query: TickQuery): string {
  const { start, end, sort, limit, after } = query;
  const beyond = sort === 'asc' ? '>' : '<';
  const where = [
    `instrument_id = ${integer(query.instrumentId)}`,
    `ts >= '${timestampText(integer(start))}'`,
    `ts <= '${timestampText(integer(end))}'`,
  ];
  if (after !== undefined) {
    const row = `('${timestampText(integer(after.time))}'::timestamptz, ${integer(after.position)})`;
    where.push(`(ts, position) ${beyond} ${row}`);
  }
  const count = limit === undefined ? '' : ` limit ${integer(limit)}`;
  return (
    `copy (select ${tickColumns(table)} from ${table.name} where ${where.join(' and ')} ` +
    `order by ts ${sort}, position ${sort}${count}) to stdout (format binary)`
  );
}

function integer(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no integer`);
  return value;
}
