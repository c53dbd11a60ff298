/**
 * What the tape does to resting orders: quotes that cross them, trades that reach or pass them.
 */
import * as layout from '../events/event-layout.ts';
import * as orderFlags from '../orders/order-flags.ts';
import * as orderPool from '../orders/order-pool.ts';
import * as quantity from '../values/quantity.ts';
import { firstAt, followQuote, isBetter, shortenQueue } from './queue-ahead.ts';
import * as queueAhead from './queue-ahead.ts';
import { fillOrder } from './settle.ts';
import type { TradingState } from './trading-state.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { FILL_MAKER, FillReason } = layout;
const { SELLS } = orderFlags;
const { LINK_WORDS, Link, ORDER_WORDS, Word } = orderPool;
const { NANOS_PER_UNIT } = quantity;
const { AHEAD_UNKNOWN } = queueAhead;

/** One new quote of the tape. Sizes in whole shares. */
export function applyQuote(
  state: TradingState,
  instrument: number,
  bidPrice: number,
  bidSize: number,
  askPrice: number,
  askSize: number,
  position: number,
): void {
  const { outside } = state;
  const oldBid = outside.price(instrument, 0);
  const oldBidSize = outside.displayed(instrument, 0);
  const oldAsk = outside.price(instrument, SELLS);
  const oldAskSize = outside.displayed(instrument, SELLS);
  outside.setQuotePosition(instrument, position);
  outside.setSide(instrument, 0, bidPrice, bidSize);
  outside.setSide(instrument, SELLS, askPrice, askSize);
  followQuote(state, instrument, 0, oldBid, oldBidSize);
  followQuote(state, instrument, SELLS, oldAsk, oldAskSize);
  if (state.isOpen) fillCrossed(state, instrument, FillReason.quoteCrossed | FILL_MAKER);
}

/**
 * Fills resting orders that the outside quote has come to, best price first, for what is left of
 * it. They are makers and get their limit; at the open they take the quote, at its price.
 */
export function fillCrossed(state: TradingState, instrument: number, detail: number): void {
  fillCrossedSide(state, instrument, 0, detail);
  fillCrossedSide(state, instrument, SELLS, detail);
}

function fillCrossedSide(
  state: TradingState,
  instrument: number,
  side: number,
  detail: number,
): void {
  const { book, outside, pool } = state;
  const far = side ^ SELLS;
  const quote = outside.takeablePrice(instrument, far);
  if (quote === 0) return;
  const cause = outside.quotePosition(instrument);
  for (;;) {
    const slot = book.bestOrder(instrument, side);
    if (slot === 0) return;
    const limit = pool.words[slot * ORDER_WORDS + Word.price] as number;
    if (isBetter(side, quote, limit)) return;
    const whole = outside.leftWhole(instrument, far);
    const nanos = outside.leftNanos(instrument, far);
    if ((whole | nanos) === 0) return;
    const price = (detail & FILL_MAKER) === 0 ? quote : limit;
    fillResting(state, slot, price, whole, nanos, detail, cause);
    outside.consume(instrument, far, filled.whole, filled.nanos);
  }
}

/** One trade of the tape that updates the last price. Size in whole shares. */
export function applyTrade(
  state: TradingState,
  instrument: number,
  price: number,
  size: number,
  position: number,
): void {
  if (!state.isOpen || size <= 0) return;
  tradeAgainst(state, instrument, 0, price, size, position);
  tradeAgainst(state, instrument, SELLS, price, size, position);
}

function tradeAgainst(
  state: TradingState,
  instrument: number,
  side: number,
  price: number,
  size: number,
  position: number,
): void {
  const { book, pool } = state;
  let whole = size;
  let nanos = 0;
  for (;;) {
    const slot = book.bestOrder(instrument, side);
    if (slot === 0) return;
    const limit = pool.words[slot * ORDER_WORDS + Word.price] as number;
    if (!isBetter(side, limit, price)) break;
    if ((whole | nanos) === 0) return;
    const detail = FillReason.tradedThrough | FILL_MAKER;
    fillResting(state, slot, limit, whole, nanos, detail, position);
    whole -= filled.whole;
    nanos -= filled.nanos;
    if (nanos < 0) {
      nanos += NANOS_PER_UNIT;
      whole--;
    }
  }
  tradeAtPrice(state, instrument, side, price, whole, nanos, position);
}

/** The rest of a trade meets the queue at its price: outside shares ahead first, then orders. */
function tradeAtPrice(
  state: TradingState,
  instrument: number,
  side: number,
  price: number,
  size: number,
  sizeNanos: number,
  position: number,
): void {
  const { links, words } = state.pool;
  let whole = size;
  let nanos = sizeNanos;
  let passed = 0;
  let slot = firstAt(state, instrument, side, price);
  while (slot !== 0 && (whole | nanos) !== 0) {
    const record = slot * ORDER_WORDS;
    const next = links[slot * LINK_WORDS + Link.next] as number;
    const ahead = words[record + Word.ahead] as number;
    if (ahead === AHEAD_UNKNOWN) break;
    const queued = Math.max(0, ahead - passed);
    if (queued > whole) {
      passed += whole;
      break;
    }
    passed += queued;
    whole -= queued;
    if ((whole | nanos) === 0) break;
    const detail = FillReason.queueReached | FILL_MAKER;
    fillResting(state, slot, price, whole, nanos, detail, position);
    whole -= filled.whole;
    nanos -= filled.nanos;
    if (nanos < 0) {
      nanos += NANOS_PER_UNIT;
      whole--;
    }
    slot = next;
  }
  shortenQueue(state, instrument, side, price, passed);
}

/** What `fillResting` last filled; read at once. */
const filled = { whole: 0, nanos: 0 };

/** Fills a resting order with at most `whole + nanos`; it leaves the book when nothing is left. */
function fillResting(
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
  const leavesWhole = words[record + Word.leavesWhole] as number;
  const leavesNanos = words[record + Word.leavesNanos] as number;
  const isWhole = leavesWhole < whole || (leavesWhole === whole && leavesNanos <= nanos);
  filled.whole = isWhole ? leavesWhole : whole;
  filled.nanos = isWhole ? leavesNanos : nanos;
  if (isWhole) state.book.remove(slot);
  fillOrder(state, slot, price, filled.whole, filled.nanos, detail, cause);
}
