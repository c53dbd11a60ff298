/**
 * A venue whose events a test writes: state and records without an engine behind them.
 *
 * `script(write)` is one command: what `write` adds becomes its events, the state changes with
 * them, and the listeners see both, as a replica would show them.
 */
import { EventBuffer } from '@rialto/engine/events/event-buffer';
import {
  BAR,
  EventType,
  ORDER,
  ORDER_SELLS,
  QUOTE,
  TRADE,
} from '@rialto/engine/events/event-layout';
import type { Instrument } from '@rialto/engine/instruments/instrument';
import type { OrderRef } from '@rialto/engine/orders/order-terms';
import type { Price } from '@rialto/engine/values/price';
import { nanosOf, type Quantity, wholeOf } from '@rialto/engine/values/quantity';
import type { Micros } from '@rialto/engine/values/time';
import type { ClockView, VenueApi } from '@rialto/engine/venue/venue-api';
import type {
  BarView,
  MarketView,
  OrderView,
  PositionView,
  QuoteView,
  TradeView,
} from '@rialto/engine/venue/views';
import type { Replica, VenueHost, VenueListener } from '../../../venues/venue-host.ts';
import { VenueUnknownError } from '../../../venues/venue-host.ts';

/** 2013-10-07T13:30:00.123456Z, the start of the scripted session. */
export const START = 1_381_152_600_123_456 as Micros;

type OrderEventType =
  | typeof EventType.orderAccepted
  | typeof EventType.orderWorking
  | typeof EventType.orderFilled
  | typeof EventType.orderCanceled
  | typeof EventType.orderExpired;

/** A venue of the given symbols, listed on NYSE. */
export class ScriptedVenue implements VenueApi, Replica {
  readonly venueId: string;
  readonly seed = 7;
  readonly commandSeq = 0;
  readonly tape = { kind: 'recording', dataset: 'scripted', hash: '0'.repeat(64) } as const;
  readonly instruments: readonly Instrument[];
  readonly events = new EventBuffer(64);
  readonly orders = new Map<number, OrderView>();
  readonly listeners = new Set<VenueListener>();
  seq = 0;
  view: ClockView = {
    time: START,
    speed: 1,
    paused: false,
    session: 'regular',
    tapePosition: 25,
    tapeLength: 100,
    tapeEnded: false,
    ended: false,
  };
  private readonly markets: MarketView[];
  private readonly held = new Map<string, bigint>();

  constructor(venueId: string, symbols: readonly string[]) {
    this.venueId = venueId;
    this.instruments = symbols.map((symbol, index) => ({
      symbol,
      name: symbol,
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      exchange: 'NYSE',
      fractionable: true,
      tradable: true,
    }));
    this.markets = symbols.map((_, instrument) => ({
      instrument,
      lastTrade: undefined,
      lastQuote: undefined,
      minuteBar: undefined,
      lastMinuteBar: undefined,
      dayBar: undefined,
      previousDayBar: undefined,
    }));
  }

  get venue(): VenueApi {
    return this;
  }

  /** One command: its events are what `write` adds. */
  script(write: () => void): void {
    this.events.reset(this.seq + 1);
    write();
    this.seq += this.events.count;
    for (const listener of this.listeners) listener.onEvents(this);
  }

  trade(instrument: number, trade: Partial<TradeView> = {}): void {
    const { time, price, size, venue, conditions, position }: TradeView = {
      time: START,
      price: 139_000 as Price,
      size: 100,
      venue: 'N',
      conditions: 1,
      position: 42,
      ...trade,
    };
    const word = this.events.add(EventType.trade, instrument, time);
    const { i32, f64 } = this.events;
    i32[word + TRADE.price] = price;
    i32[word + TRADE.size] = size;
    i32[word + TRADE.venue] = venue.charCodeAt(0);
    i32[word + TRADE.conditions] = conditions;
    f64[(word + TRADE.position) >> 1] = position;
    this.market(instrument, {
      lastTrade: { time, price, size, venue, conditions, position },
    });
  }

  quote(instrument: number, quote: Partial<QuoteView> = {}): void {
    const full: QuoteView = {
      time: START,
      bidPrice: 139_000 as Price,
      bidSize: 1_200,
      bidVenue: 'N',
      askPrice: 139_100 as Price,
      askSize: 800,
      askVenue: 'P',
      conditions: 1,
      position: 43,
      ...quote,
    };
    const word = this.events.add(EventType.quote, instrument, full.time);
    const { i32, f64 } = this.events;
    i32[word + QUOTE.bidPrice] = full.bidPrice;
    i32[word + QUOTE.bidSize] = full.bidSize;
    i32[word + QUOTE.askPrice] = full.askPrice;
    i32[word + QUOTE.askSize] = full.askSize;
    i32[word + QUOTE.venues] = full.bidVenue.charCodeAt(0) | (full.askVenue.charCodeAt(0) << 8);
    i32[word + QUOTE.conditions] = full.conditions;
    f64[(word + QUOTE.position) >> 1] = full.position;
    this.market(instrument, { lastQuote: full });
  }

  closeMinute(instrument: number, bar: BarView): void {
    const word = this.events.add(EventType.barClosed, instrument, bar.start + 60_000_000);
    const { i32, f64 } = this.events;
    f64[(word + BAR.start) >> 1] = bar.start;
    i32[word + BAR.open] = bar.open;
    i32[word + BAR.high] = bar.high;
    i32[word + BAR.low] = bar.low;
    i32[word + BAR.close] = bar.close;
    f64[(word + BAR.volume) >> 1] = bar.volume;
    f64[(word + BAR.notional) >> 1] = bar.notional;
    i32[word + BAR.tradeCount] = bar.tradeCount;
    this.market(instrument, { lastMinuteBar: bar, dayBar: bar });
  }

  /** An order event; `order` is what the state shows after the command. */
  orderEvent(
    type: OrderEventType,
    order: OrderView,
    facts: { readonly leaves: Quantity; readonly qty?: Quantity; readonly price?: Price },
  ): void {
    this.orders.set(order.ref.number, order);
    const word = this.events.add(type, order.instrument, START);
    const { i32, f64 } = this.events;
    const qty = facts.qty ?? order.qty;
    i32[word + ORDER.account] = order.account;
    i32[word + ORDER.slot] = order.ref.slot;
    f64[(word + ORDER.number) >> 1] = order.ref.number;
    i32[word + ORDER.price] = facts.price ?? order.limitPrice;
    i32[word + ORDER.qtyWhole] = wholeOf(qty);
    i32[word + ORDER.qtyNanos] = nanosOf(qty);
    i32[word + ORDER.leavesWhole] = wholeOf(facts.leaves);
    i32[word + ORDER.leavesNanos] = nanosOf(facts.leaves);
    i32[word + ORDER.detail] = order.side === 'sell' ? ORDER_SELLS : 0;
    if (type === EventType.orderFilled) {
      const key = `${order.account}/${order.instrument}`;
      const signed = order.side === 'buy' ? qty : -qty;
      this.held.set(key, (this.held.get(key) ?? 0n) + signed);
    }
  }

  /** An event that carries nothing: clockSet, sessionChanged, tapeEnded. */
  bare(type: EventType): void {
    this.events.add(type, -1, START);
  }

  clock(): ClockView {
    return this.view;
  }

  instrumentIndex(symbol: string): number | undefined {
    const index = this.instruments.findIndex((instrument) => instrument.symbol === symbol);
    return index < 0 ? undefined : index;
  }

  market(instrument: number, change: Partial<MarketView> = {}): MarketView {
    const before = this.markets[instrument];
    if (before === undefined) throw new Error(`no instrument ${instrument}`);
    const after = { ...before, ...change };
    this.markets[instrument] = after;
    return after;
  }

  order({ number }: OrderRef): OrderView | undefined {
    return this.orders.get(number);
  }

  position(account: number, instrument: number): PositionView | undefined {
    const qty = this.held.get(`${account}/${instrument}`);
    if (qty === undefined) return undefined;
    return { account, instrument, qty: qty as Quantity, held: 0n as Quantity, cost: 0n as never };
  }

  subscribe(listener: VenueListener): Disposable {
    this.listeners.add(listener);
    return {
      [Symbol.dispose]: (): void => {
        this.listeners.delete(listener);
      },
    };
  }

  readonly lagEvents = 0;
  apply = unscripted;
  submit = unscripted;
  account = unscripted;
  accountCount = unscripted;
  orderRefByClientId = unscripted;
  openOrders = unscripted;
  positions = unscripted;
  snapshot = unscripted;
  stateHash = unscripted;
  verify = unscripted;
}

/** The streams only read; a test that gets here asks for more than they may use. */
function unscripted(): never {
  throw new Error('the streams must not call this');
}

/** A host of scripted venues. */
export class ScriptedHost implements Pick<VenueHost, 'replica'> {
  private readonly venues: ReadonlyMap<string, ScriptedVenue>;

  constructor(venues: readonly ScriptedVenue[]) {
    this.venues = new Map(venues.map((venue) => [venue.venueId, venue]));
  }

  async replica(venueId: string): Promise<Replica> {
    const venue = this.venues.get(venueId);
    if (venue === undefined) throw new VenueUnknownError(venueId);
    return venue;
  }
}
