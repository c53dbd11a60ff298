/**
 * An incoming order takes what stands against it: resting orders of accounts and the outside
 * quote, best price first. At one price a resting order that has no outside size before it comes
 * first, otherwise the outside size that is before it. Every fill is at the resting price.
 */
import * as layout from '../events/event-layout.ts';
import * as orderFlags from '../orders/order-flags.ts';
import * as orderPool from '../orders/order-pool.ts';
import * as quantity from '../values/quantity.ts';
import { shortenQueue } from './queue-ahead.ts';
import { fillOrder } from './settle.ts';
import type { TradingState } from './trading-state.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { FILL_MAKER, FillReason } = layout;
const { SELLS } = orderFlags;
const { ORDER_WORDS, Word } = orderPool;
const { NANOS_PER_UNIT } = quantity;

/** More than any quantity: no bound. */
const ALL = 0x7fffffff;

/** Fills the order as far as its limit allows. It is not in the book; it may end up filled. */
export function takeLiquidity(state: TradingState, slot: number): void {
  const { book, outside, pool } = state;
  const record = slot * ORDER_WORDS;
  const side = (pool.words[record + Word.flags] as number) & SELLS;
  const limit = pool.words[record + Word.price] as number;
  const instrument = pool.words[record + Word.instrument] as number;
  const far = side ^ SELLS;
  // Most orders meet nothing. The best price tells so without a look at the ladder and the record
  // of the order that stands there, two reads that are often not in the cache.
  const best = book.bestPrice(instrument, far);
  const isMet = best !== 0 && isWithin(side, best, limit);
  if (!isMet && outside.takeablePrice(instrument, far) === 0) return;
  for (;;) {
    const { words } = pool;
    if (
      ((words[record + Word.leavesWhole] as number) |
        (words[record + Word.leavesNanos] as number)) ===
      0
    ) {
      return;
    }
    const maker = book.bestOrder(instrument, far);
    const quote = outside.takeablePrice(instrument, far);
    const quoteFits = quote !== 0 && isWithin(side, quote, limit);
    if (maker !== 0) {
      const price = words[maker * ORDER_WORDS + Word.price] as number;
      const ahead = words[maker * ORDER_WORDS + Word.ahead] as number;
      if (isWithin(side, price, limit) && (!quoteFits || isFirst(far, price, ahead, quote))) {
        tradeWithOrder(state, slot, maker, price);
        continue;
      }
      if (!quoteFits) return;
      takeQuote(state, slot, far, quote, price === quote ? ahead : ALL);
      continue;
    }
    if (!quoteFits) return;
    takeQuote(state, slot, far, quote, ALL);
  }
}

/** Whether the order could be filled whole at once within its limit. */
export function isFillableWhole(state: TradingState, slot: number): boolean {
  const { book, outside, pool } = state;
  const { words } = pool;
  const record = slot * ORDER_WORDS;
  const side = (words[record + Word.flags] as number) & SELLS;
  const limit = words[record + Word.price] as number;
  const instrument = words[record + Word.instrument] as number;
  const far = side ^ SELLS;
  let whole = words[record + Word.leavesWhole] as number;
  let nanos = words[record + Word.leavesNanos] as number;
  const quote = outside.takeablePrice(instrument, far);
  if (quote !== 0 && isWithin(side, quote, limit)) {
    whole -= outside.leftWhole(instrument, far);
    nanos -= outside.leftNanos(instrument, far);
  }
  let maker = book.bestOrder(instrument, far);
  while (maker !== 0 && whole * NANOS_PER_UNIT + nanos > 0) {
    const other = maker * ORDER_WORDS;
    if (!isWithin(side, words[other + Word.price] as number, limit)) return false;
    whole -= words[other + Word.leavesWhole] as number;
    nanos -= words[other + Word.leavesNanos] as number;
    const carry = Math.floor(nanos / NANOS_PER_UNIT);
    whole += carry;
    nanos -= carry * NANOS_PER_UNIT;
    maker = book.orderBehind(maker);
  }
  return whole < 0 || whole * NANOS_PER_UNIT + nanos <= 0;
}

/** Whether a resting price is acceptable to a taker of `side` with this limit. */
function isWithin(side: number, price: number, limit: number): boolean {
  return side === SELLS ? price >= limit : price <= limit;
}

/** Whether a resting order comes before the outside size at `quote`. */
function isFirst(far: number, price: number, ahead: number, quote: number): boolean {
  if (price === quote) return ahead === 0;
  return far === SELLS ? price < quote : price > quote;
}

function tradeWithOrder(state: TradingState, taker: number, maker: number, price: number): void {
  const { pool } = state;
  const { words } = pool;
  const a = taker * ORDER_WORDS;
  const b = maker * ORDER_WORDS;
  const wholeA = words[a + Word.leavesWhole] as number;
  const nanosA = words[a + Word.leavesNanos] as number;
  const wholeB = words[b + Word.leavesWhole] as number;
  const nanosB = words[b + Word.leavesNanos] as number;
  const takerIsSmaller = wholeA < wholeB || (wholeA === wholeB && nanosA < nanosB);
  const whole = takerIsSmaller ? wholeA : wholeB;
  const nanos = takerIsSmaller ? nanosA : nanosB;
  if (!takerIsSmaller) state.book.remove(maker);
  const takerNumber = pool.numberAt(taker);
  const makerNumber = pool.numberAt(maker);
  fillOrder(state, taker, price, whole, nanos, FillReason.order, makerNumber);
  fillOrder(state, maker, price, whole, nanos, FillReason.order | FILL_MAKER, takerNumber);
}

/** Takes at most `most` whole shares, and at most what is left, from the outside quote. */
function takeQuote(
  state: TradingState,
  slot: number,
  far: number,
  price: number,
  most: number,
): void {
  const { outside, pool } = state;
  const record = slot * ORDER_WORDS;
  const instrument = pool.words[record + Word.instrument] as number;
  let whole = pool.words[record + Word.leavesWhole] as number;
  let nanos = pool.words[record + Word.leavesNanos] as number;
  const leftWhole = outside.leftWhole(instrument, far);
  const leftNanos = outside.leftNanos(instrument, far);
  if (leftWhole < whole || (leftWhole === whole && leftNanos < nanos)) {
    whole = leftWhole;
    nanos = leftNanos;
  }
  if (most <= whole) {
    whole = most;
    nanos = 0;
  }
  outside.consume(instrument, far, whole, nanos);
  shortenQueue(state, instrument, far, price, whole);
  const cause = outside.quotePosition(instrument);
  fillOrder(state, slot, price, whole, nanos, FillReason.quoteTaken, cause);
}
