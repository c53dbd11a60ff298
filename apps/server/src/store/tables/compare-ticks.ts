/**
 * Compares the stored ticks with the tape they came from, row by row: `rialto verify` and the
 * proofs use it.
 */
import { venueLetter } from '@rialto/engine/market/market-state';
import type { RecordedTape } from '@rialto/engine/market/recorded-tape';
import type { QuoteView, TradeView } from '@rialto/engine/venue/views';
import type { Sql } from '../database.ts';
import { readQuotes, readTrades } from './tick-reader.ts';

/** From 1900 to 2200: all there can be. */
const ALL_TIME = { start: -2_208_988_800_000_000, end: 7_258_118_400_000_000 } as const;

/** What a comparison found. */
export interface TickComparison {
  /** Stored rows, all compared. */
  readonly trades: number;
  readonly quotes: number;
  /** The first difference of each instrument and table, in words. */
  readonly faults: readonly string[];
}

/**
 * Compares all stored ticks of a tape with its rows. An instrument must hold its rows up to its
 * stored position, each once, and none behind it; of the first `played` rows of the tape none
 * may be missing.
 */
export async function compareTicks(
  sql: Sql,
  tapeId: string,
  { tape, played }: { readonly tape: RecordedTape; readonly played: number },
): Promise<TickComparison> {
  const stored = await sql<{ id: number; symbol: string; position: number }[]>`
    select id, symbol, position from tape_instrument where tape_id = ${tapeId} order by symbol`;
  const faults: string[] = [];
  let [trades, quotes] = [0, 0];
  for (const { id, symbol, position } of stored) {
    const query = { instrumentId: id, ...ALL_TIME, sort: 'asc' } as const;
    const instrument = tape.symbols.indexOf(symbol);
    const ofTrades = new RowCursor(tape, instrument, false);
    await readTrades(sql, query, (trade) => {
      ofTrades.meet(trade, () => isTradeAt(tape, trade));
    });
    const ofQuotes = new RowCursor(tape, instrument, true);
    await readQuotes(sql, query, (quote) => {
      ofQuotes.meet(quote, () => isQuoteAt(tape, quote));
    });
    trades += ofTrades.met;
    quotes += ofQuotes.met;
    faults.push(
      ...ofTrades.finish(position, played).map((fault) => `${symbol} trades: ${fault}`),
      ...ofQuotes.finish(position, played).map((fault) => `${symbol} quotes: ${fault}`),
    );
  }
  return { trades, quotes, faults };
}

/** Walks the tape's rows of one kind and instrument beside the stored ones. */
class RowCursor {
  met = 0;
  private readonly tape: RecordedTape;
  private readonly instrument: number;
  private readonly ofQuotes: boolean;
  /** Place on the tape of the row that must come next. */
  private next = -1;
  private last = -1;
  private fault: string | undefined;

  constructor(tape: RecordedTape, instrument: number, ofQuotes: boolean) {
    this.tape = tape;
    this.instrument = instrument;
    this.ofQuotes = ofQuotes;
    this.advance();
  }

  /** Takes the next stored row; `isSame` says whether it is the tape's row at its position. */
  meet({ position }: { readonly position: number }, isSame: () => boolean): void {
    this.met++;
    this.last = position;
    if (this.fault !== undefined) return;
    if (position !== this.next) this.fault = `stored ${position} where ${this.next} comes next`;
    else if (!isSame()) this.fault = `row ${position} is not the row of the tape`;
    else this.advance();
  }

  /** The first fault, if any, once all stored rows were met. */
  finish(position: number, played: number): readonly string[] {
    if (this.fault === undefined && this.last > position) {
      this.fault = `row ${this.last} stands behind the stored position ${position}`;
    }
    if (this.fault === undefined && this.next <= Math.max(position, played - 1)) {
      this.fault = `row ${this.next} is missing`;
    }
    return this.fault === undefined ? [] : [this.fault];
  }

  private advance(): void {
    const { tape, instrument, ofQuotes } = this;
    do this.next++;
    while (
      this.next < tape.length &&
      (tape.instrument(this.next) !== instrument || tape.isQuote(this.next) !== ofQuotes)
    );
    // Behind the last row nothing can be missing.
    if (this.next >= tape.length) this.next = Number.POSITIVE_INFINITY;
  }
}

function isTradeAt(tape: RecordedTape, trade: TradeView): boolean {
  const { position } = trade;
  return (
    trade.time === tape.time(position) &&
    trade.price === tape.price(position) &&
    trade.size === tape.size(position) &&
    trade.venue === venueLetter(tape.venue(position)) &&
    trade.conditions === tape.conditions(position)
  );
}

function isQuoteAt(tape: RecordedTape, quote: QuoteView): boolean {
  const { position } = quote;
  return (
    quote.time === tape.time(position) &&
    quote.bidPrice === tape.price(position) &&
    quote.bidSize === tape.size(position) &&
    quote.bidVenue === venueLetter(tape.venue(position)) &&
    quote.askPrice === tape.askPrice(position) &&
    quote.askSize === tape.askSize(position) &&
    quote.askVenue === venueLetter(tape.askVenue(position)) &&
    quote.conditions === tape.conditions(position)
  );
}
