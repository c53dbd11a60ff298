/**
 * Event records as plain objects: for consumers that copy what they need right after `apply`.
 *
 * Each function reads record `k` of the buffer and trusts that its type is the one it is for
 * (`eventType` tells). Layout: events/event-layout.ts.
 */
import type { EventBuffer } from '../events/event-buffer.ts';
import { EVENT_WORDS } from '../events/event-buffer.ts';
import {
  ACCOUNT,
  BAR,
  CLOCK,
  FILL_MAKER,
  HEAD,
  ORDER,
  ORDER_LIMIT,
  ORDER_SELLS,
  ORDER_TIF_SHIFT,
  QUOTE,
  SESSION,
  TRADE,
} from '../events/event-layout.ts';
import type { EventType } from '../events/event-layout.ts';
import { venueLetter } from '../market/market-state.ts';
import type { OrderRef, OrderType, Side, TimeInForce } from '../orders/order-terms.ts';
import type { Money } from '../values/money.ts';
import type { Price } from '../values/price.ts';
import { joinNanos } from '../values/quantity.ts';
import type { Quantity } from '../values/quantity.ts';
import type { Micros } from '../values/time.ts';
import type { BarView, QuoteView, SessionKind, TradeView } from './views.ts';

/** What every event has. */
export interface EventHead {
  readonly type: EventType;
  readonly seq: number;
  readonly time: Micros;
  /** Index of the instrument, -1: none. */
  readonly instrument: number;
}

/** accountOpened, cashMoved. */
export interface AccountEvent extends EventHead {
  readonly account: number;
  readonly code: number;
  /** Signed for cashMoved. */
  readonly amount: Money;
}

/** orderAccepted … orderReplaced. */
export interface OrderEvent extends EventHead {
  readonly account: number;
  readonly ref: OrderRef;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  /** The limit (0: market); of a fill its price. */
  readonly price: Price;
  /** The order's quantity; of a fill the filled quantity. */
  readonly qty: Quantity;
  /** Still open after the event. */
  readonly leaves: Quantity;
  /** FillReason of a fill, EndReason of an end, else 0. */
  readonly reason: number;
  /** Of a fill: this side was resting. */
  readonly maker: boolean;
  /** Of a fill: tape position of the quote or trade, or the other order's number. */
  readonly cause: number;
}

/** trade. */
export interface TradeEvent extends EventHead {
  readonly trade: TradeView;
  /** TradeEffect bits and TRADE_SUSPICIOUS. */
  readonly flags: number;
}

/** quote. */
export interface QuoteEvent extends EventHead {
  readonly quote: QuoteView;
}

/** barClosed, dayBarClosed. */
export interface BarEvent extends EventHead {
  readonly bar: BarView;
  /** Rows of the tape that were played when the bar closed. */
  readonly position: number;
}

/** sessionChanged. */
export interface SessionEvent extends EventHead {
  readonly session: SessionKind;
  /** New York date, yyyymmdd. */
  readonly date: number;
}

/** clockSet. */
export interface ClockEvent extends EventHead {
  readonly speed: number;
  readonly paused: boolean;
}

/** The place in the list is the number in `SESSION.kind`. */
export const SESSION_KINDS: readonly SessionKind[] = ['closed', 'pre', 'regular', 'post'];

const TIMES_IN_FORCE: readonly TimeInForce[] = ['day', 'gtc', 'ioc', 'fok'];

/** Type of record `k`. */
export function eventType(events: EventBuffer, k: number): EventType {
  return word(events, k, HEAD.type) as EventType;
}

/** Type, sequence number, time and instrument of record `k`, of any type. */
export function readHead(events: EventBuffer, k: number): EventHead {
  return {
    type: eventType(events, k),
    seq: events.firstSeq + k,
    time: double(events, k, HEAD.time) as Micros,
    instrument: word(events, k, HEAD.instrument),
  };
}

/** An accountOpened or cashMoved record. */
export function readAccountEvent(events: EventBuffer, k: number): AccountEvent {
  const nanos = word(events, k, ACCOUNT.nanos);
  return {
    ...readHead(events, k),
    account: word(events, k, ACCOUNT.account),
    code: word(events, k, ACCOUNT.code),
    amount: joinNanos(double(events, k, ACCOUNT.dollars), nanos) as Money,
  };
}

/** An order* record. */
export function readOrderEvent(events: EventBuffer, k: number): OrderEvent {
  const detail = word(events, k, ORDER.detail);
  return {
    ...readHead(events, k),
    account: word(events, k, ORDER.account),
    ref: { number: double(events, k, ORDER.number), slot: word(events, k, ORDER.slot) },
    side: (detail & ORDER_SELLS) === 0 ? 'buy' : 'sell',
    orderType: (detail & ORDER_LIMIT) === 0 ? 'market' : 'limit',
    timeInForce: TIMES_IN_FORCE[(detail >> ORDER_TIF_SHIFT) & 3] ?? 'day',
    price: word(events, k, ORDER.price) as Price,
    qty: quantity(events, k, ORDER.qtyWhole),
    leaves: quantity(events, k, ORDER.leavesWhole),
    reason: detail & 0xff,
    maker: (detail & FILL_MAKER) !== 0,
    cause: double(events, k, ORDER.cause),
  };
}

/** A trade record. */
export function readTradeEvent(events: EventBuffer, k: number): TradeEvent {
  const { type, seq, time, instrument } = readHead(events, k);
  return {
    type,
    seq,
    time,
    instrument,
    trade: {
      time,
      price: word(events, k, TRADE.price) as Price,
      size: word(events, k, TRADE.size),
      venue: venueLetter(word(events, k, TRADE.venue)),
      conditions: word(events, k, TRADE.conditions) >>> 0,
      position: double(events, k, TRADE.position),
    },
    flags: word(events, k, TRADE.flags),
  };
}

/** A quote record. */
export function readQuoteEvent(events: EventBuffer, k: number): QuoteEvent {
  const { type, seq, time, instrument } = readHead(events, k);
  const venues = word(events, k, QUOTE.venues);
  return {
    type,
    seq,
    time,
    instrument,
    quote: {
      time,
      bidPrice: word(events, k, QUOTE.bidPrice) as Price,
      bidSize: word(events, k, QUOTE.bidSize),
      bidVenue: venueLetter(venues & 0xff),
      askPrice: word(events, k, QUOTE.askPrice) as Price,
      askSize: word(events, k, QUOTE.askSize),
      askVenue: venueLetter((venues >> 8) & 0xff),
      conditions: word(events, k, QUOTE.conditions) >>> 0,
      position: double(events, k, QUOTE.position),
    },
  };
}

/** A barClosed or dayBarClosed record. */
export function readBarEvent(events: EventBuffer, k: number): BarEvent {
  return {
    ...readHead(events, k),
    bar: {
      start: double(events, k, BAR.start) as Micros,
      open: word(events, k, BAR.open) as Price,
      high: word(events, k, BAR.high) as Price,
      low: word(events, k, BAR.low) as Price,
      close: word(events, k, BAR.close) as Price,
      volume: double(events, k, BAR.volume),
      notional: double(events, k, BAR.notional),
      tradeCount: word(events, k, BAR.tradeCount),
    },
    position: word(events, k, BAR.position),
  };
}

/** A sessionChanged record. */
export function readSessionEvent(events: EventBuffer, k: number): SessionEvent {
  return {
    ...readHead(events, k),
    session: SESSION_KINDS[word(events, k, SESSION.kind)] ?? 'closed',
    date: word(events, k, SESSION.date),
  };
}

/** A clockSet record. */
export function readClockEvent(events: EventBuffer, k: number): ClockEvent {
  return {
    ...readHead(events, k),
    speed: double(events, k, CLOCK.speed),
    paused: word(events, k, CLOCK.paused) !== 0,
  };
}

function quantity(events: EventBuffer, k: number, at: number): Quantity {
  return joinNanos(word(events, k, at), word(events, k, at + 1)) as Quantity;
}

function word(events: EventBuffer, k: number, at: number): number {
  return events.i32[k * EVENT_WORDS + at] ?? 0;
}

function double(events: EventBuffer, k: number, at: number): number {
  return events.f64[(k * EVENT_WORDS + at) >> 1] ?? 0;
}
