/**
 * A venue that says what a test tells it: events with the state they speak of, command by
 * command. It trades nothing; it lets the store be tested with events no market would make.
 */
import { EventBuffer } from '@rialto/engine/events/event-buffer';
import {
  BAR,
  EventType,
  FILL_MAKER,
  ORDER,
  ORDER_SELLS,
  QUOTE,
  TRADE,
} from '@rialto/engine/events/event-layout';
import type { Instrument } from '@rialto/engine/instruments/instrument';
import type { OrderRef } from '@rialto/engine/orders/order-terms';
import { nanosOf, wholeOf } from '@rialto/engine/values/quantity';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { BarView, OrderView, PositionView } from '@rialto/engine/venue/views';
import type { VenueListener } from '../../../venues/venue-host.ts';

/** Everything a projector reads of a venue. */
type Seen = Pick<
  VenueApi,
  'seq' | 'commandSeq' | 'tape' | 'instruments' | 'events' | 'order' | 'position'
>;

export interface ScriptedFill {
  readonly order: OrderView;
  readonly price: number;
  readonly qty: bigint;
  readonly leaves?: bigint;
  readonly maker?: boolean;
  readonly reason: number;
  readonly cause: number;
  readonly time: number;
}

export class ScriptedVenue implements Seen {
  seq = 0;
  commandSeq = 0;
  readonly events = new EventBuffer();
  readonly tape: VenueApi['tape'];
  readonly instruments: readonly Instrument[];
  readonly listeners = new Set<VenueListener>();
  private readonly orders = new Map<number, OrderView>();
  private readonly positions = new Map<string, PositionView>();

  constructor(options: {
    readonly symbols: readonly string[];
    readonly dataset?: string;
    readonly hash?: string;
  }) {
    this.instruments = options.symbols.map((symbol) => ({
      symbol,
      name: symbol,
      id: symbol,
      exchange: 'NYSE',
      fractionable: true,
      tradable: true,
    }));
    const { dataset = 'tape', hash = 'ab'.repeat(32) } = options;
    this.tape = { kind: 'recording', dataset, hash };
  }

  /** The venue as the store sees it. */
  get api(): VenueApi {
    return this as Seen as VenueApi;
  }

  /** One command: `write` adds its events, then the listeners hear of them. */
  command(write: () => void): void {
    this.events.reset(this.seq + 1);
    this.commandSeq++;
    write();
    this.seq += this.events.count;
    if (this.events.count === 0) return;
    for (const listener of this.listeners) listener.onEvents(this.api);
  }

  /** Says how an order stands from now on. */
  setOrder(order: OrderView): void {
    this.orders.set(order.ref.number, order);
  }

  setPosition(position: PositionView): void {
    this.positions.set(`${position.account}/${position.instrument}`, position);
  }

  order(ref: OrderRef): OrderView | undefined {
    const order = this.orders.get(ref.number);
    return order?.ref.slot === ref.slot ? order : undefined;
  }

  position(account: number, instrument: number): PositionView | undefined {
    return this.positions.get(`${account}/${instrument}`);
  }

  addTrade(trade: {
    readonly instrument: number;
    readonly time: number;
    readonly position: number;
    readonly price: number;
    readonly size: number;
    readonly venue?: string;
    readonly conditions?: number;
  }): void {
    const { i32, f64, word } = this.record(EventType.trade, trade.instrument, trade.time);
    i32[word + TRADE.price] = trade.price;
    i32[word + TRADE.size] = trade.size;
    i32[word + TRADE.venue] = trade.venue?.charCodeAt(0) ?? 0;
    i32[word + TRADE.conditions] = trade.conditions ?? 0;
    f64[(word + TRADE.position) >> 1] = trade.position;
  }

  addQuote(quote: {
    readonly instrument: number;
    readonly time: number;
    readonly position: number;
    readonly bid: number;
    readonly bidSize: number;
    readonly ask: number;
    readonly askSize: number;
    readonly venues?: string;
    readonly conditions?: number;
  }): void {
    const { i32, f64, word } = this.record(EventType.quote, quote.instrument, quote.time);
    i32[word + QUOTE.bidPrice] = quote.bid;
    i32[word + QUOTE.bidSize] = quote.bidSize;
    i32[word + QUOTE.askPrice] = quote.ask;
    i32[word + QUOTE.askSize] = quote.askSize;
    const { venues = '' } = quote;
    i32[word + QUOTE.venues] = (venues.charCodeAt(0) || 0) | ((venues.charCodeAt(1) || 0) << 8);
    i32[word + QUOTE.conditions] = quote.conditions ?? 0;
    f64[(word + QUOTE.position) >> 1] = quote.position;
  }

  addBar(type: 'barClosed' | 'dayBarClosed', instrument: number, bar: BarView): void {
    const { i32, f64, word } = this.record(EventType[type], instrument, bar.start);
    f64[(word + BAR.start) >> 1] = bar.start;
    i32[word + BAR.open] = bar.open;
    i32[word + BAR.high] = bar.high;
    i32[word + BAR.low] = bar.low;
    i32[word + BAR.close] = bar.close;
    f64[(word + BAR.volume) >> 1] = bar.volume;
    f64[(word + BAR.notional) >> 1] = bar.notional;
    i32[word + BAR.tradeCount] = bar.tradeCount;
  }

  /** An event that says nothing but "this order changed"; the state is set by `setOrder`. */
  addOrderEvent(type: 'orderAccepted' | 'orderWorking' | 'orderCanceled', order: OrderView): void {
    const { i32, f64, word } = this.record(EventType[type], order.instrument, order.updatedAt);
    i32[word + ORDER.account] = order.account;
    i32[word + ORDER.slot] = order.ref.slot;
    f64[(word + ORDER.number) >> 1] = order.ref.number;
  }

  addFill(fill: ScriptedFill): void {
    const { order, qty, leaves = 0n } = fill;
    const { i32, f64, word } = this.record(EventType.orderFilled, order.instrument, fill.time);
    i32[word + ORDER.account] = order.account;
    i32[word + ORDER.slot] = order.ref.slot;
    f64[(word + ORDER.number) >> 1] = order.ref.number;
    i32[word + ORDER.price] = fill.price;
    i32[word + ORDER.qtyWhole] = wholeOf(qty);
    i32[word + ORDER.qtyNanos] = nanosOf(qty);
    i32[word + ORDER.leavesWhole] = wholeOf(leaves);
    i32[word + ORDER.leavesNanos] = nanosOf(leaves);
    i32[word + ORDER.detail] =
      fill.reason |
      (fill.maker === true ? FILL_MAKER : 0) |
      (order.side === 'sell' ? ORDER_SELLS : 0);
    f64[(word + ORDER.cause) >> 1] = fill.cause;
  }

  private record(
    type: number,
    instrument: number,
    time: number,
  ): { i32: Int32Array; f64: Float64Array; word: number } {
    const word = this.events.add(type, instrument, time);
    return { i32: this.events.i32, f64: this.events.f64, word };
  }
}
