/** History of tapes: ticks from `trade` and `quote`, bars from `bar_day` and `day_bar`. */
import { decodeBarDay } from '@rialto/engine/bars/day-codec';
import type { Price } from '@rialto/engine/values/price';
import type { Micros } from '@rialto/engine/values/time';
import type { BarView, QuoteView, TradeView } from '@rialto/engine/venue/views';
import type { Sql } from '../database.ts';
import type { HistoryQuery, MarketDataReader } from '../readers.ts';
import { readTapeInstruments } from './tape-instruments.ts';
import { readQuotes, readTrades } from './tick-reader.ts';
import { dateText, timestampText, utcDayOf } from './timestamps.ts';

interface DayBarRow {
  readonly start_us: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly notional: number;
  readonly trade_count: number;
}

/** Reads market data over `sql`. */
export function createMarketDataReader(sql: Sql): MarketDataReader {
  /** Keys never change, so those found are kept: tape id → symbol → key. */
  const known = new Map<string, ReadonlyMap<string, number>>();

  const keyOf = async (tapeId: string, symbol: string): Promise<number | undefined> => {
    const key = known.get(tapeId)?.get(symbol);
    if (key !== undefined) return key;
    const keys = await readTapeInstruments(sql, tapeId);
    if (keys.size > 0) known.set(tapeId, keys);
    return keys.get(symbol);
  };

  /** Reads ticks with `read` when the instrument is known and the range is not empty. */
  const ticks = async <T>(
    query: HistoryQuery,
    read: (
      sql: Sql,
      query: HistoryQuery & { instrumentId: number },
      add: (row: T) => void,
    ) => Promise<void>,
  ): Promise<readonly T[]> => {
    const instrumentId = await keyOf(query.tapeId, query.symbol);
    if (instrumentId === undefined || query.start > query.end) return [];
    const rows: T[] = [];
    await read(sql, { ...query, instrumentId }, (row) => rows.push(row));
    return rows;
  };

  return {
    trades: (query) => ticks<TradeView>(query, readTrades),
    quotes: (query) => ticks<QuoteView>(query, readQuotes),
    async minuteBars({ tapeId, symbol, start, end }) {
      const key = await keyOf(tapeId, symbol);
      if (key === undefined || start > end) return [];
      const days = await sql<{ bars: Uint8Array }[]>`
        select bars from bar_day
        where instrument_id = ${key} and timeframe = '1Min'
          and date between ${dateText(utcDayOf(start))}::text::date
            and ${dateText(utcDayOf(end))}::text::date
        order by date`;
      return days.flatMap((day) =>
        decodeBarDay(day.bars).filter((bar) => bar.start >= start && bar.start <= end),
      );
    },
    async dayBars({ tapeId, symbol, start, end }) {
      const key = await keyOf(tapeId, symbol);
      if (key === undefined) return [];
      const rows = await sql<DayBarRow[]>`
        select unix_micros(start) as start_us, open, high, low, close, volume, notional,
          trade_count
        from day_bar
        where instrument_id = ${key}
          and start between ${timestampText(start)}::text::timestamptz
            and ${timestampText(end)}::text::timestamptz
        order by start`;
      return rows.map(dayBarOf);
    },
  };
}

function dayBarOf(row: DayBarRow): BarView {
  return {
    start: row.start_us as Micros,
    open: row.open as Price,
    high: row.high as Price,
    low: row.low as Price,
    close: row.close as Price,
    volume: row.volume,
    notional: row.notional,
    tradeCount: row.trade_count,
  };
}
