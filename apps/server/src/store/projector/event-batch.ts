/**
 * What the events of many commands leave behind, collected until one transaction writes it.
 *
 * The event buffer and the state are only valid until the next command, so everything is copied
 * here at once: ticks as finished COPY rows, fills and bars as they happened, orders and
 * positions as they stood after their last event. An order touched a thousand times is one row.
 */
import { EVENT_WORDS } from '@rialto/engine/events/event-buffer';
import {
  BAR,
  EventType,
  FILL_MAKER,
  HEAD,
  ORDER,
  ORDER_SELLS,
} from '@rialto/engine/events/event-layout';
import type { EventBuffer } from '@rialto/engine/events/event-buffer';
import type { OrderRef, Side } from '@rialto/engine/orders/order-terms';
import type { Price } from '@rialto/engine/values/price';
import { joinNanos } from '@rialto/engine/values/quantity';
import type { Micros } from '@rialto/engine/values/time';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { BarView, OrderView, PositionView } from '@rialto/engine/venue/views';
import { QUOTE_TABLE, TRADE_TABLE, TickRows } from '../tables/tick-rows.ts';
import { utcDayOf } from '../tables/timestamps.ts';

/** An order or position after event `seq`. */
export interface AtEvent<T> {
  readonly seq: number;
  readonly view: T;
}

/** One side of an execution. */
export interface Fill {
  readonly seq: number;
  readonly account: number;
  readonly orderNumber: number;
  readonly orderSlot: number;
  readonly instrument: number;
  readonly side: Side;
  readonly price: Price;
  readonly qty: bigint;
  readonly leavesQty: bigint;
  readonly isMaker: boolean;
  /** FillReason. */
  readonly reason: number;
  readonly cause: number;
  readonly time: number;
}

export interface ClosedBar {
  readonly instrument: number;
  readonly bar: BarView;
}

/** Bits of ORDER.detail that hold the reason. */
const REASON_BITS = 0xff;

export class EventBatch {
  /** Events in the batch. */
  count = 0;
  /** The last event, and the command that made it. */
  lastSeq = 0;
  commandSeq = 0;
  readonly trades = new TickRows(TRADE_TABLE);
  readonly quotes = new TickRows(QUOTE_TABLE);
  /** UTC days of the ticks. */
  readonly tickDays = new Set<number>();
  /** By order number. */
  readonly orders = new Map<number, AtEvent<OrderView>>();
  readonly fills: Fill[] = [];
  /** By account and instrument. */
  readonly positions = new Map<string, AtEvent<PositionView>>();
  readonly minuteBars: ClosedBar[] = [];
  readonly dayBars: ClosedBar[] = [];
  private lastDay = -1;
  /** Orders with events in the command at hand: number → slot and last event. */
  private readonly touched = new Map<number, { slot: number; seq: number }>();

  clear(): void {
    this.count = 0;
    this.trades.clear();
    this.quotes.clear();
    this.tickDays.clear();
    this.orders.clear();
    this.fills.length = 0;
    this.positions.clear();
    this.minuteBars.length = 0;
    this.dayBars.length = 0;
    this.lastDay = -1;
  }

  /** Copies the events of the command just applied. Throws when state and events disagree. */
  add(venue: VenueApi): void {
    const { events } = venue;
    const { i32, f64, count } = events;
    for (let record = 0; record < count; record++) {
      const word = record * EVENT_WORDS;
      const type = i32[word + HEAD.type] as number;
      const instrument = i32[word + HEAD.instrument] as number;
      const time = f64[(word + HEAD.time) >> 1] as number;
      if (type === EventType.quote) {
        this.quotes.addQuote(events, word, instrument, time);
        this.noteDay(time);
      } else if (type === EventType.trade) {
        this.trades.addTrade(events, word, instrument, time);
        this.noteDay(time);
      } else {
        this.addOther(venue, word, type);
      }
    }
    for (const [number, { slot, seq }] of this.touched)
      this.readOrder(venue, { number, slot }, seq);
    this.touched.clear();
    this.count += count;
    this.lastSeq = events.firstSeq + count - 1;
    this.commandSeq = venue.commandSeq;
  }

  private noteDay(time: number): void {
    const day = utcDayOf(time);
    if (day === this.lastDay) return;
    this.lastDay = day;
    this.tickDays.add(day);
  }

  private addOther(venue: VenueApi, word: number, type: number): void {
    const { events } = venue;
    const { i32, f64 } = events;
    switch (type) {
      case EventType.orderFilled:
        this.addFill(venue, word);
        this.touch(events, word);
        break;
      case EventType.orderAccepted:
      case EventType.orderWorking:
      case EventType.orderCanceled:
      case EventType.orderExpired:
      case EventType.orderReplaced:
        this.touch(events, word);
        break;
      case EventType.barClosed:
      case EventType.dayBarClosed: {
        const bars = type === EventType.barClosed ? this.minuteBars : this.dayBars;
        bars.push({
          instrument: i32[word + HEAD.instrument] as number,
          bar: barAt(i32, f64, word),
        });
        break;
      }
      default:
        // Accounts are rows of their owner; cash moves are transfers; the clock leaves no row.
        break;
    }
  }

  private touch(events: EventBuffer, word: number): void {
    const number = events.f64[(word + ORDER.number) >> 1] as number;
    const slot = events.i32[word + ORDER.slot] as number;
    this.touched.set(number, { slot, seq: events.firstSeq + word / EVENT_WORDS });
  }

  private readOrder(venue: VenueApi, ref: OrderRef, seq: number): void {
    const view = venue.order(ref);
    if (view === undefined) throw new Error(`order ${ref.number} has an event but no state`);
    this.orders.set(ref.number, { seq, view });
  }

  private addFill(venue: VenueApi, word: number): void {
    const { i32, f64, firstSeq } = venue.events;
    const seq = firstSeq + word / EVENT_WORDS;
    const account = i32[word + ORDER.account] as number;
    const instrument = i32[word + HEAD.instrument] as number;
    const detail = i32[word + ORDER.detail] as number;
    this.fills.push({
      seq,
      account,
      orderNumber: f64[(word + ORDER.number) >> 1] as number,
      orderSlot: i32[word + ORDER.slot] as number,
      instrument,
      side: (detail & ORDER_SELLS) === 0 ? 'buy' : 'sell',
      price: i32[word + ORDER.price] as Price,
      qty: joinNanos(i32[word + ORDER.qtyWhole] as number, i32[word + ORDER.qtyNanos] as number),
      leavesQty: joinNanos(
        i32[word + ORDER.leavesWhole] as number,
        i32[word + ORDER.leavesNanos] as number,
      ),
      isMaker: (detail & FILL_MAKER) !== 0,
      reason: detail & REASON_BITS,
      cause: f64[(word + ORDER.cause) >> 1] as number,
      time: f64[(word + HEAD.time) >> 1] as number,
    });
    const view = venue.position(account, instrument) ?? noPosition(account, instrument);
    this.positions.set(`${account}/${instrument}`, { seq, view });
  }
}

function barAt(i32: Int32Array, f64: Float64Array, word: number): BarView {
  return {
    start: f64[(word + BAR.start) >> 1] as Micros,
    open: i32[word + BAR.open] as Price,
    high: i32[word + BAR.high] as Price,
    low: i32[word + BAR.low] as Price,
    close: i32[word + BAR.close] as Price,
    volume: f64[(word + BAR.volume) >> 1] as number,
    notional: f64[(word + BAR.notional) >> 1] as number,
    tradeCount: i32[word + BAR.tradeCount] as number,
  };
}

/** A position that was sold out. */
function noPosition(account: number, instrument: number): PositionView {
  const zero = 0n as PositionView['qty'];
  return { account, instrument, qty: zero, held: zero, cost: 0n as PositionView['cost'] };
}
