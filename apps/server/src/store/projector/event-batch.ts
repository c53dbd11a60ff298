/**
 * What the events of many commands leave behind, collected until one transaction writes it.
 *
 * The event buffer and the state are only valid until the next command, so everything is copied
 * here at once: ticks as finished COPY rows, fills and bars as they happened, orders and
 * positions as they stood after their last event. An order touched a thousand times is one row.
 */
import { EVENT_WORDS } from '@rialto/engine/events/event-buffer';
import type { EventBuffer } from '@rialto/engine/events/event-buffer';
import { EventType, HEAD } from '@rialto/engine/events/event-layout';
import { transfersOf } from '@rialto/engine/ledger/transfers';
import type { Transfer } from '@rialto/engine/ledger/transfers';
import type { OrderRef } from '@rialto/engine/orders/order-terms';
import { readBarEvent, readHead, readOrderEvent } from '@rialto/engine/venue/events-reader';
import type { BarEvent, OrderEvent } from '@rialto/engine/venue/events-reader';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { OrderView, PositionView } from '@rialto/engine/venue/views';
import { QUOTE_TABLE, TRADE_TABLE, TickRows } from '../tables/tick-rows.ts';
import { utcDayOf } from '../tables/timestamps.ts';

/** An order or position after event `seq`. */
export interface AtEvent<T> {
  readonly seq: number;
  readonly view: T;
}

/** Part `part` of the transfers of event `seq`. */
export interface Posting {
  readonly seq: number;
  readonly part: number;
  readonly time: number;
  readonly transfer: Transfer;
}

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
  readonly fills: OrderEvent[] = [];
  readonly postings: Posting[] = [];
  /** By account and instrument. */
  readonly positions = new Map<string, AtEvent<PositionView>>();
  readonly minuteBars: BarEvent[] = [];
  readonly dayBars: BarEvent[] = [];
  private lastDay = -1;
  /** Orders with events in the command at hand, by number, with their last event. */
  private readonly touched = new Map<number, { ref: OrderRef; seq: number }>();

  clear(): void {
    this.count = 0;
    this.trades.clear();
    this.quotes.clear();
    this.tickDays.clear();
    this.orders.clear();
    this.fills.length = 0;
    this.postings.length = 0;
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
        this.addOther(venue, record, type);
      }
    }
    for (const { ref, seq } of this.touched.values()) {
      const view = venue.order(ref);
      if (view === undefined) throw new Error(`order ${ref.number} has an event but no state`);
      this.orders.set(ref.number, { seq, view });
    }
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

  private addOther(venue: VenueApi, record: number, type: number): void {
    const { events } = venue;
    switch (type) {
      case EventType.orderFilled:
        this.addFill(venue, readOrderEvent(events, record));
        this.addPostings(events, record);
        break;
      case EventType.accountOpened:
      case EventType.cashMoved:
        this.addPostings(events, record);
        break;
      case EventType.orderAccepted:
      case EventType.orderWorking:
      case EventType.orderCanceled:
      case EventType.orderExpired:
      case EventType.orderReplaced: {
        const { ref, seq } = readOrderEvent(events, record);
        this.touched.set(ref.number, { ref, seq });
        break;
      }
      case EventType.barClosed:
        this.minuteBars.push(readBarEvent(events, record));
        break;
      case EventType.dayBarClosed:
        this.dayBars.push(readBarEvent(events, record));
        break;
      default:
        // Sessions and the clock leave no row.
        break;
    }
  }

  private addPostings(events: EventBuffer, record: number): void {
    const { seq, time } = readHead(events, record);
    transfersOf(events, record * EVENT_WORDS).forEach((transfer, part) => {
      this.postings.push({ seq, part, time, transfer });
    });
  }

  private addFill(venue: VenueApi, fill: OrderEvent): void {
    const { account, instrument, seq, ref } = fill;
    this.fills.push(fill);
    this.touched.set(ref.number, { ref, seq });
    const view = venue.position(account, instrument) ?? noPosition(account, instrument);
    this.positions.set(`${account}/${instrument}`, { seq, view });
  }
}

/** A position that was sold out. */
function noPosition(account: number, instrument: number): PositionView {
  const zero = 0n as PositionView['qty'];
  return { account, instrument, qty: zero, held: zero, cost: 0n as PositionView['cost'] };
}
