/** Market events of the current command as views: what feeds turn into messages. */
import { EVENT_WORDS, type EventBuffer } from '@rialto/engine/events/event-buffer';
import { BAR, HEAD, QUOTE, TRADE } from '@rialto/engine/events/event-layout';
import type { Price } from '@rialto/engine/values/price';
import type { Micros } from '@rialto/engine/values/time';
import type { BarView, QuoteView, TradeView } from '@rialto/engine/venue/views';

const LETTER_MASK = 0xff;

function int(events: EventBuffer, index: number, field: number): number {
  return events.i32[index * EVENT_WORDS + field] ?? 0;
}

function float(events: EventBuffer, index: number, field: number): number {
  return events.f64[(index * EVENT_WORDS + field) >> 1] ?? 0;
}

function letter(code: number): string {
  return code === 0 ? '' : String.fromCharCode(code);
}

/** The print in record `index`. */
export function readTrade(events: EventBuffer, index: number): TradeView {
  return {
    time: float(events, index, HEAD.time) as Micros,
    price: int(events, index, TRADE.price) as Price,
    size: int(events, index, TRADE.size),
    venue: letter(int(events, index, TRADE.venue)),
    conditions: int(events, index, TRADE.conditions),
    position: float(events, index, TRADE.position),
  };
}

/** The best bid and offer in record `index`. */
export function readQuote(events: EventBuffer, index: number): QuoteView {
  const venues = int(events, index, QUOTE.venues);
  return {
    time: float(events, index, HEAD.time) as Micros,
    bidPrice: int(events, index, QUOTE.bidPrice) as Price,
    bidSize: int(events, index, QUOTE.bidSize),
    bidVenue: letter(venues & LETTER_MASK),
    askPrice: int(events, index, QUOTE.askPrice) as Price,
    askSize: int(events, index, QUOTE.askSize),
    askVenue: letter((venues >> 8) & LETTER_MASK),
    conditions: int(events, index, QUOTE.conditions),
    position: float(events, index, QUOTE.position),
  };
}

/** The closed bar in record `index`. */
export function readBar(events: EventBuffer, index: number): BarView {
  return {
    start: float(events, index, BAR.start) as Micros,
    open: int(events, index, BAR.open) as Price,
    high: int(events, index, BAR.high) as Price,
    low: int(events, index, BAR.low) as Price,
    close: int(events, index, BAR.close) as Price,
    volume: float(events, index, BAR.volume),
    notional: float(events, index, BAR.notional),
    tradeCount: int(events, index, BAR.tradeCount),
  };
}
