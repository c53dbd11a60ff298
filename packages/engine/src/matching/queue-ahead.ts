/**
 * How many outside shares stand in the queue before each resting order (`Word.ahead`).
 *
 * 0: none, the order is next. -1: not known, because the order joined behind the outside best
 * price of its side; it becomes known when that price comes to the order. Within a level `ahead`
 * never falls from one order to the next (an unknown one counts as the most): orders of accounts
 * keep their own order, and every update below is a monotone map.
 */
import { isLevelPrice } from '../book/price-level.ts';
import * as orderFlags from '../orders/order-flags.ts';
import * as orderPool from '../orders/order-pool.ts';
import type { TradingState } from './trading-state.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { SELLS } = orderFlags;
const { LINK_WORDS, Link, ORDER_WORDS, Word } = orderPool;

export const AHEAD_UNKNOWN = -1;

/** `ahead` of an order that is about to rest at its limit. */
export function aheadOnJoining(state: TradingState, slot: number): number {
  const { words } = state.pool;
  const record = slot * ORDER_WORDS;
  const side = (words[record + Word.flags] as number) & SELLS;
  const price = words[record + Word.price] as number;
  const instrument = words[record + Word.instrument] as number;
  const { outside } = state;
  const best = outside.price(instrument, side);
  if (best === 0 || isBetter(side, price, best)) return 0;
  if (price !== best) return AHEAD_UNKNOWN;
  const fraction = outside.leftNanos(instrument, side) === 0 ? 0 : 1;
  const left = outside.leftWhole(instrument, side) + fraction;
  const last = state.book.lastAt(instrument, price);
  return last === 0 ? left : Math.max(left, words[last * ORDER_WORDS + Word.ahead] as number);
}

/** After a new quote: orders it left behind are next, orders at its price have at most its size. */
export function followQuote(
  state: TradingState,
  instrument: number,
  side: number,
  oldPrice: number,
  oldDisplayed: number,
): void {
  const { links, words } = state.pool;
  const price = state.outside.price(instrument, side);
  const displayed = state.outside.displayed(instrument, side);
  let slot = 0;
  if (oldPrice !== 0 && (price === 0 || isBetter(side, oldPrice, price))) {
    slot = state.book.bestOrder(instrument, side);
    while (slot !== 0) {
      const record = slot * ORDER_WORDS;
      if (price !== 0 && !isBetter(side, words[record + Word.price] as number, price)) break;
      words[record + Word.ahead] = 0;
      slot = state.book.orderBehind(slot);
    }
  }
  if (price === 0 || (price === oldPrice && displayed >= oldDisplayed)) return;
  slot = firstAt(state, instrument, side, price);
  while (slot !== 0) {
    const record = slot * ORDER_WORDS;
    const ahead = words[record + Word.ahead] as number;
    if (ahead > displayed || ahead === AHEAD_UNKNOWN) words[record + Word.ahead] = displayed;
    slot = links[slot * LINK_WORDS + Link.next] as number;
  }
}

/** Outside shares at the front of the queue at a price are gone. */
export function shortenQueue(
  state: TradingState,
  instrument: number,
  side: number,
  price: number,
  whole: number,
): void {
  if (whole === 0) return;
  const { links, words } = state.pool;
  let slot = firstAt(state, instrument, side, price);
  while (slot !== 0) {
    const record = slot * ORDER_WORDS;
    const ahead = words[record + Word.ahead] as number;
    if (ahead > 0) words[record + Word.ahead] = Math.max(0, ahead - whole);
    slot = links[slot * LINK_WORDS + Link.next] as number;
  }
}

/** Whether a price is better than another for the resting orders of a side (0: buy, 1: sell). */
export function isBetter(side: number, price: number, other: number): boolean {
  return side === SELLS ? price < other : price > other;
}

/** First order of a side that rests exactly at a price; 0: none. */
export function firstAt(
  state: TradingState,
  instrument: number,
  side: number,
  price: number,
): number {
  if (!isLevelPrice(price)) return 0;
  const slot = state.book.firstAt(instrument, price);
  if (slot === 0) return 0;
  const flags = state.pool.words[slot * ORDER_WORDS + Word.flags] as number;
  return (flags & SELLS) === side ? slot : 0;
}
