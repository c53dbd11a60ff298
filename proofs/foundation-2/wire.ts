/** The records as they are on the wire, for SDKs that hand them on as they come. */
import type { Bar, Order, Quote, Snapshot, Trade } from './bot.ts';
import { utc } from './bot.ts';

export interface WireOrder {
  readonly id: string;
  readonly client_order_id: string;
  readonly status: string;
  readonly filled_qty: string;
  readonly filled_avg_price: string | null;
}

export interface WirePosition {
  readonly symbol: string;
  readonly qty: string;
  readonly avg_entry_price: string;
}

export interface WireDay {
  readonly date: string;
  readonly open: string;
  readonly close: string;
}

export interface WireTrade {
  readonly t: string | Date;
  readonly p: number;
  readonly s: number;
  readonly x: string;
}

export interface WireQuote {
  readonly t: string | Date;
  readonly bp: number;
  readonly bs: number;
  readonly bx: string;
  readonly ap: number;
  readonly as: number;
  readonly ax: string;
}

export interface WireBar {
  readonly t: string | Date;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
}

export interface WireSnapshot {
  readonly latestTrade: WireTrade;
  readonly latestQuote: WireQuote;
  readonly minuteBar: WireBar;
  readonly dailyBar: WireBar;
}

export function orderOf(wire: WireOrder): Order {
  return {
    id: wire.id,
    clientOrderId: wire.client_order_id,
    status: wire.status,
    filledQty: wire.filled_qty,
    filledAvgPrice: wire.filled_avg_price ?? '',
  };
}

export function positionOf({ symbol, qty, avg_entry_price }: WirePosition): string {
  return `${symbol} ${qty} @ ${avg_entry_price}`;
}

export function dayOf({ date, open, close }: WireDay): string {
  return `${date} ${open}-${close}`;
}

export function tradeOf({ t, p, s, x }: WireTrade): Trade {
  return { time: utc(t), price: p, size: s, exchange: x };
}

export function quoteOf(wire: WireQuote): Quote {
  return {
    time: utc(wire.t),
    bid: wire.bp,
    bidSize: wire.bs,
    bidExchange: wire.bx,
    ask: wire.ap,
    askSize: wire.as,
    askExchange: wire.ax,
  };
}

export function barOf({ t, o, h, l, c, v }: WireBar): Bar {
  return { time: utc(t), open: o, high: h, low: l, close: c, volume: v };
}

export function snapshotOf(wire: WireSnapshot): Snapshot {
  return {
    latestTrade: tradeOf(wire.latestTrade),
    latestQuote: quoteOf(wire.latestQuote),
    minuteBar: barOf(wire.minuteBar),
    dailyBar: barOf(wire.dailyBar),
  };
}
