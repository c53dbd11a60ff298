/**
 * Moves venue time forward: plays tape rows and what the clock brings, in time order.
 *
 * At one instant: the bars of the minute that ended close first, then the session changes, then
 * the rows of the tape happen in their order. Nothing is allocated per row. Invariant: whatever
 * happens up to `engine.time` has happened.
 */
import { yyyymmddOf } from '../calendar/civil-date.ts';
import { nextTransition, sessionAt } from '../calendar/exchange-calendar.ts';
import { newYorkDay, newYorkMidnight } from '../calendar/new-york.ts';
import type { EventBuffer } from '../events/event-buffer.ts';
import { EventType, QUOTE, SESSION, TRADE } from '../events/event-layout.ts';
import type { MarketState } from '../market/market-state.ts';
import { isFirmQuote } from '../market/quote-conditions.ts';
import type { RecordedTape } from '../market/recorded-tape.ts';
import { TRADE_SUSPICIOUS, TradeEffect, tradeEffects } from '../market/trade-conditions.ts';
import type { MatchingEngine } from '../matching/matching-engine.ts';
import type { Micros } from '../values/time.ts';
import { SESSION_KINDS } from './events-reader.ts';
import type { SessionKind } from './views.ts';

/** What a print may change while no session is on: there is no day that it belongs to. */
const MINUTE_EFFECTS: number =
  TradeEffect.minuteHighLow | TradeEffect.minuteLast | TradeEffect.minuteVolume;
const ALL_EFFECTS = -1;

/** The parts of a venue that the tape moves. */
export interface PlayedParts {
  readonly tape: RecordedTape;
  readonly engine: MatchingEngine;
  readonly market: MarketState;
  readonly events: EventBuffer;
  /** Venue index of each instrument of the tape; -1: the venue does not list it. */
  readonly instrumentOf: Int32Array;
}

export class TapePlayer {
  /** Rows of the tape that have been played. */
  position: number;
  session: SessionKind;
  private readonly parts: PlayedParts;
  /** When the session changes next. */
  private transition: Micros;

  /** Takes up playing at `engine.time`, after `position` rows. */
  constructor(parts: PlayedParts, position: number) {
    this.parts = parts;
    this.position = position;
    this.session = sessionAt(parts.engine.time as Micros);
    this.transition = nextTransition(parts.engine.time as Micros);
  }

  /** Begins the life of the venue in the session of its first instant. */
  begin(): void {
    this.parts.market.beginDay(newYorkMidnight(newYorkDay(this.parts.engine.time as Micros)));
    this.changeSession(this.session);
  }

  /** How many rows stand between here and `to`, inclusive. */
  rowsUntil(to: Micros): number {
    return this.parts.tape.rowsUntil(to) - this.position;
  }

  /** Plays everything up to and including `to`, which is not before the time of the venue. */
  advance(to: Micros): void {
    const { tape, engine, events } = this.parts;
    const last = tape.rowsUntil(to);
    const ends = last === tape.length && this.position < last;
    let due = this.nextInstant();
    while (this.position < last) {
      const time = tape.time(this.position);
      if (time >= due) due = this.passInstants(time);
      engine.time = time;
      if (tape.isQuote(this.position)) this.playQuote(this.position);
      else this.playTrade(this.position);
      this.position++;
      // A print may have begun a minute, which has to end.
      due = this.nextInstant();
    }
    if (ends) events.add(EventType.tapeEnded, -1, engine.time);
    this.passInstants(to);
    engine.time = to;
  }

  /**
   * The time of a command that carries `at`: venue time moves there, but never past anything
   * that has not happened yet (the next row, session or end of a minute).
   */
  timeOf(at: Micros): Micros {
    const { tape, engine } = this.parts;
    const row = this.position < tape.length ? tape.time(this.position) : at;
    const limit = Math.min(at, row, this.nextInstant() - 1);
    return Math.max(engine.time, limit) as Micros;
  }

  private nextInstant(): number {
    const { minuteEnd } = this.parts.market;
    return minuteEnd === 0 ? this.transition : Math.min(minuteEnd, this.transition);
  }

  /** Lets every end of a minute and change of session up to `time` happen; gives the next one. */
  private passInstants(time: number): number {
    const { engine, market, events } = this.parts;
    for (;;) {
      const due = this.nextInstant();
      if (due > time) return due;
      engine.time = due;
      if (due === market.minuteEnd) market.closeMinutes(events, this.position);
      if (due === this.transition) {
        this.transition = nextTransition(this.transition);
        this.changeSession(sessionAt(due as Micros));
      }
    }
  }

  private changeSession(session: SessionKind): void {
    const { engine, market, events } = this.parts;
    const time = engine.time as Micros;
    const day = newYorkDay(time);
    if (session === 'closed') market.closeDay(events, time, this.position);
    if (session === 'pre') market.beginDay(newYorkMidnight(day));
    const word = events.add(EventType.sessionChanged, -1, time);
    events.i32[word + SESSION.kind] = SESSION_KINDS.indexOf(session);
    events.i32[word + SESSION.date] = yyyymmddOf(day);
    this.session = session;
    if (session === 'regular') engine.openSession();
    if (session === 'post') engine.closeSession();
  }

  private playTrade(position: number): void {
    const { tape, engine, market, events, instrumentOf } = this.parts;
    const instrument = instrumentOf[tape.instrument(position)] ?? -1;
    if (instrument === -1) return;
    const conditions = tape.conditions(position);
    const suspicious = tape.isSuspicious(position);
    const price = tape.price(position);
    const size = tape.size(position);
    const possible = this.session === 'closed' ? MINUTE_EFFECTS : ALL_EFFECTS;
    const effects = tradeEffects(conditions, suspicious) & possible;
    const word = events.add(EventType.trade, instrument, engine.time);
    const { i32, f64 } = events;
    i32[word + TRADE.price] = price;
    i32[word + TRADE.size] = size;
    i32[word + TRADE.venue] = tape.venue(position);
    i32[word + TRADE.conditions] = conditions;
    f64[(word + TRADE.position) >> 1] = position;
    i32[word + TRADE.flags] = effects | (suspicious ? TRADE_SUSPICIOUS : 0);
    market.onTrade(instrument, position, effects);
    if ((effects & TradeEffect.minuteLast) !== 0) engine.setLastPrice(instrument, price);
    // Orders work in the regular session, against prints that set its last price.
    if ((effects & TradeEffect.dayLast) !== 0) {
      engine.outsideTrade(instrument, price, size, position);
    }
  }

  private playQuote(position: number): void {
    const { tape, engine, market, events, instrumentOf } = this.parts;
    const instrument = instrumentOf[tape.instrument(position)] ?? -1;
    if (instrument === -1) return;
    const conditions = tape.conditions(position);
    const bidPrice = tape.price(position);
    const bidSize = tape.size(position);
    const askPrice = tape.askPrice(position);
    const askSize = tape.askSize(position);
    const word = events.add(EventType.quote, instrument, engine.time);
    const { i32, f64 } = events;
    i32[word + QUOTE.bidPrice] = bidPrice;
    i32[word + QUOTE.bidSize] = bidSize;
    i32[word + QUOTE.askPrice] = askPrice;
    i32[word + QUOTE.askSize] = askSize;
    i32[word + QUOTE.venues] = tape.venue(position) | (tape.askVenue(position) << 8);
    i32[word + QUOTE.conditions] = conditions;
    f64[(word + QUOTE.position) >> 1] = position;
    market.onQuote(instrument, position);
    if (isFirmQuote(conditions, tape.isSuspicious(position))) {
      engine.setOutsideQuote(instrument, bidPrice, bidSize, askPrice, askSize, position);
    } else {
      engine.setOutsideQuote(instrument, 0, 0, 0, 0, position);
    }
  }
}
