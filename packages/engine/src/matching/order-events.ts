/** Writes the event records of orders and accounts (events/event-layout.ts). */
import * as layout from '../events/event-layout.ts';
import type { EventType as EventKind } from '../events/event-layout.ts';
import * as orderFlags from '../orders/order-flags.ts';
import * as orderPool from '../orders/order-pool.ts';
import type { TradingState } from './trading-state.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { ACCOUNT, EventType, HEAD, ORDER, ORDER_TIF_SHIFT } = layout;
const { LIMIT, SELLS, TERMS_MASK } = orderFlags;
const { ORDER_WORDS, Word } = orderPool;

/** Shift that brings the terms (SELLS, LIMIT, time in force) to their bits in `ORDER.detail`. */
const SELLS_TO_DETAIL = 9;
const REST_TO_DETAIL = ORDER_TIF_SHIFT - 2;

/** A change of an order's status or terms. `leaves` are those of the record, 0 when it ended. */
export function writeOrderEvent(
  state: TradingState,
  type: EventKind,
  slot: number,
  reason: number,
): void {
  const { words } = state.pool;
  const record = slot * ORDER_WORDS;
  const flags = words[record + Word.flags] as number;
  const ended = type === EventType.orderCanceled || type === EventType.orderExpired;
  const at = begin(state, type, slot, reason | detailOfTerms(flags));
  const { i32 } = state.events;
  i32[at + ORDER.price] = (flags & LIMIT) === 0 ? 0 : (words[record + Word.price] as number);
  i32[at + ORDER.qtyWhole] = words[record + Word.qtyWhole] as number;
  i32[at + ORDER.qtyNanos] = words[record + Word.qtyNanos] as number;
  i32[at + ORDER.leavesWhole] = ended ? 0 : (words[record + Word.leavesWhole] as number);
  i32[at + ORDER.leavesNanos] = ended ? 0 : (words[record + Word.leavesNanos] as number);
  state.events.f64[(at + ORDER.cause) >> 1] = 0;
}

/** A fill of one order; its record's leaves are already reduced. */
export function writeFillEvent(
  state: TradingState,
  slot: number,
  price: number,
  whole: number,
  nanos: number,
  detail: number,
  cause: number,
): void {
  const { words } = state.pool;
  const record = slot * ORDER_WORDS;
  const flags = words[record + Word.flags] as number;
  const at = begin(state, EventType.orderFilled, slot, detail | detailOfTerms(flags));
  const { i32 } = state.events;
  i32[at + ORDER.price] = price;
  i32[at + ORDER.qtyWhole] = whole;
  i32[at + ORDER.qtyNanos] = nanos;
  i32[at + ORDER.leavesWhole] = words[record + Word.leavesWhole] as number;
  i32[at + ORDER.leavesNanos] = words[record + Word.leavesNanos] as number;
  state.events.f64[(at + ORDER.cause) >> 1] = cause;
}

export function writeAccountOpened(
  state: TradingState,
  account: number,
  dollars: number,
  nanos: number,
): void {
  const { events } = state;
  const at = events.add(EventType.accountOpened, -1, state.time);
  events.i32[at + ACCOUNT.account] = account;
  events.f64[(at + ACCOUNT.dollars) >> 1] = dollars;
  events.i32[at + ACCOUNT.nanos] = nanos;
}

/**
 * The words that all order events have. The caller writes price, quantities and cause, so that
 * each word of the record is written once and none needs to be cleared before.
 */
function begin(state: TradingState, type: EventKind, slot: number, detail: number): number {
  const { events, pool } = state;
  const { words } = pool;
  const record = slot * ORDER_WORDS;
  const at = events.next();
  const { f64, i32 } = events;
  i32[at + HEAD.type] = type;
  i32[at + HEAD.instrument] = words[record + Word.instrument] as number;
  f64[(at + HEAD.time) >> 1] = state.time;
  i32[at + ORDER.account] = words[record + Word.account] as number;
  i32[at + ORDER.slot] = slot;
  f64[(at + ORDER.number) >> 1] = pool.numberAt(slot);
  i32[at + ORDER.detail] = detail;
  return at;
}

function detailOfTerms(flags: number): number {
  return ((flags & SELLS) << SELLS_TO_DETAIL) | ((flags & TERMS_MASK & ~SELLS) << REST_TO_DETAIL);
}
