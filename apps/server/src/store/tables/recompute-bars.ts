/**
 * Bars made again from the stored trades, to be compared with the stored bars.
 *
 * The rules are the engine's own (market/trade-conditions.ts, bars/bar-table.ts), applied to
 * rows in tape order; the bars in the tables came another way, through events.
 */
import { BarTable } from '@rialto/engine/bars/bar-table';
import { sessionAt } from '@rialto/engine/calendar/exchange-calendar';
import { newYorkDay, newYorkMidnight } from '@rialto/engine/calendar/new-york';
import {
  DAY_EFFECT_SHIFT,
  TRADE_SUSPICIOUS,
  tradeEffects,
} from '@rialto/engine/market/trade-conditions';
import { MICROS_PER_MINUTE } from '@rialto/engine/values/time';
import type { BarView, TradeView } from '@rialto/engine/venue/views';
import type { Sql } from '../database.ts';
import { createMarketDataReader } from './market-data-reader.ts';
import { readTapeInstruments } from './tape-instruments.ts';
import { readTrades } from './tick-reader.ts';

/** The three effects on one bar. */
const BAR_EFFECTS = 7;

/** From 1900 to 2200: all there can be. */
const ALL_TIME = { start: -2_208_988_800_000_000, end: 7_258_118_400_000_000 } as const;

/** Bars of one instrument, in time order, the last ones perhaps still in progress. */
export interface RecomputedBars {
  readonly minutes: readonly BarView[];
  readonly days: readonly BarView[];
}

/** Makes the bars of an instrument (tape_instrument.id) from its stored trades. */
export async function recomputeBars(sql: Sql, instrumentId: number): Promise<RecomputedBars> {
  const minutes = new BarSeries();
  const days = new BarSeries();
  const query = { instrumentId, ...ALL_TIME, sort: 'asc' } as const;
  await readTrades(sql, query, (trade, flags) => {
    const effects = tradeEffects(trade.conditions, (flags & TRADE_SUSPICIOUS) !== 0);
    minutes.add(trade, trade.time - (trade.time % MICROS_PER_MINUTE), effects & BAR_EFFECTS);
    // While no session is on there is no day that a print belongs to.
    if (sessionAt(trade.time) === 'closed') return;
    const day = newYorkMidnight(newYorkDay(trade.time));
    days.add(trade, day, (effects >> DAY_EFFECT_SHIFT) & BAR_EFFECTS);
  });
  return { minutes: minutes.finish(), days: days.finish() };
}

/**
 * Compares all stored bars of a tape with recomputed ones; one line per difference, empty when
 * they agree. The newest bar of an instrument may be missing: it may still be in progress.
 */
export async function findBarFaults(sql: Sql, tapeId: string): Promise<readonly string[]> {
  const reader = createMarketDataReader(sql);
  const faults: string[] = [];
  for (const [symbol, instrumentId] of await readTapeInstruments(sql, tapeId)) {
    const made = await recomputeBars(sql, instrumentId);
    const query = { tapeId, symbol, ...ALL_TIME };
    faults.push(
      ...differences(`${symbol} minute`, await reader.minuteBars(query), made.minutes),
      ...differences(`${symbol} day`, await reader.dayBars(query), made.days),
    );
  }
  return faults;
}

function differences(
  what: string,
  stored: readonly BarView[],
  made: readonly BarView[],
): readonly string[] {
  const faults: string[] = [];
  const left = new Map<number, BarView>(stored.map((bar) => [bar.start, bar]));
  const newest = made.at(-1)?.start;
  for (const bar of made) {
    const other = left.get(bar.start);
    left.delete(bar.start);
    if (other === undefined && bar.start === newest) continue;
    if (other !== undefined && sameBar(bar, other)) continue;
    faults.push(`${what}: stored ${JSON.stringify(other)}, recomputed ${JSON.stringify(bar)}`);
  }
  for (const bar of left.values()) faults.push(`${what}: stored without trades ${bar.start}`);
  return faults;
}

function sameBar(a: BarView, b: BarView): boolean {
  return (
    a.start === b.start &&
    a.open === b.open &&
    a.high === b.high &&
    a.low === b.low &&
    a.close === b.close &&
    a.volume === b.volume &&
    a.notional === b.notional &&
    a.tradeCount === b.tradeCount
  );
}

/** The bars of one instrument and length, one after the other. */
class BarSeries {
  private readonly table = new BarTable(1);
  private readonly bars: BarView[] = [];
  private start = Number.NaN;

  add(trade: TradeView, start: number, changes: number): void {
    if (changes === 0) return;
    if (start !== this.start) this.close();
    this.start = start;
    this.table.add(0, start, trade.price, trade.size, changes);
  }

  finish(): readonly BarView[] {
    this.close();
    return this.bars;
  }

  private close(): void {
    const bar = this.table.view(0);
    if (bar !== undefined) this.bars.push(bar);
    this.table.clear(0);
  }
}
