/**
 * What a fill and an end do to an order, its hold, the ledger and the position. Each call keeps
 * the ledger balanced and writes the one event that tells of it.
 */
import * as layout from '../events/event-layout.ts';
import type { EventType } from '../events/event-layout.ts';
import { addUnit, holdFor, notional, paysUp, surplusAfter } from '../ledger/notional.ts';
import * as notionals from '../ledger/notional.ts';
import { addPair } from '../ledger/pairs.ts';
import * as orderFlags from '../orders/order-flags.ts';
import * as orderPool from '../orders/order-pool.ts';
import { releaseHold } from '../risk/holds.ts';
import * as quantity from '../values/quantity.ts';
import { writeFillEvent, writeOrderEvent } from './order-events.ts';
import type { TradingState } from './trading-state.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { FILL_ROUNDED_UP } = layout;
const { DOLLARS, NANOS } = notionals;
const { BELOW_SURPLUS, SELLS, STATE_FILLED, STATE_MASK, SURPLUS_SHIFT } = orderFlags;
const { ORDER_WORDS, Word } = orderPool;
const { NANOS_PER_UNIT } = quantity;

/**
 * Fills a part of an open order at a price. `detail`: FillReason, with FILL_MAKER when it rested.
 * When nothing is left the order is closed; the caller must have taken it out of its queue.
 */
export function fillOrder(
  state: TradingState,
  slot: number,
  price: number,
  whole: number,
  nanos: number,
  detail: number,
  cause: number,
): void {
  const { words, doubles, filled } = state.pool;
  const record = slot * ORDER_WORDS;
  const sells = ((words[record + Word.flags] as number) & SELLS) !== 0;
  const { amount } = state;
  notional(price, whole, nanos, amount);
  const roundedUp = sells
    ? settleSale(state, record, whole, nanos)
    : settlePurchase(state, record, price, whole, nanos);
  const leavesNanos = (words[record + Word.leavesNanos] as number) - nanos;
  const borrow = leavesNanos < 0 ? 1 : 0;
  const leavesWhole = (words[record + Word.leavesWhole] as number) - whole - borrow;
  words[record + Word.leavesWhole] = leavesWhole;
  words[record + Word.leavesNanos] = leavesNanos + borrow * NANOS_PER_UNIT;
  doubles[(record + Word.updatedAt) >> 1] = state.time;
  addPair(filled, 2 * slot, amount[DOLLARS] as number, amount[NANOS] as number);
  writeFillEvent(state, slot, price, whole, nanos, detail | roundedUp, cause);
  if (leavesWhole === 0 && words[record + Word.leavesNanos] === 0) {
    closeOrder(state, slot, STATE_FILLED);
  }
}

/** Ends an open order that has left its queue: gives its hold free, writes the event, closes it. */
export function endOrder(
  state: TradingState,
  slot: number,
  type: EventType,
  endState: number,
  reason: number,
): void {
  releaseHold(state, slot);
  state.pool.doubles[(slot * ORDER_WORDS + Word.updatedAt) >> 1] = state.time;
  writeOrderEvent(state, type, slot, reason);
  closeOrder(state, slot, endState);
}

/** The seller's side of a fill whose notional stands in `state.amount`. Never rounded up. */
function settleSale(state: TradingState, record: number, whole: number, nanos: number): 0 {
  const { amount } = state;
  const { words } = state.pool;
  state.ledger.receiveForShares(
    words[record + Word.account] as number,
    words[record + Word.instrument] as number,
    amount[DOLLARS] as number,
    amount[NANOS] as number,
    whole,
    nanos,
  );
  state.positions.sell(words[record + Word.position] as number, whole, nanos);
  return 0;
}

/** The buyer's side; returns FILL_ROUNDED_UP or 0, and leaves in `state.amount` what was paid. */
function settlePurchase(
  state: TradingState,
  record: number,
  price: number,
  whole: number,
  nanos: number,
): number {
  const { amount, holdAmount, ledger } = state;
  const { words } = state.pool;
  const account = words[record + Word.account] as number;
  const flags = words[record + Word.flags] as number;
  const limit = words[record + Word.price] as number;
  const leavesWhole = words[record + Word.leavesWhole] as number;
  const leavesNanos = words[record + Word.leavesNanos] as number;
  const surplus = flags >>> SURPLUS_SHIFT;
  const roundedUp = paysUp(amount, surplus);
  if ((nanos | leavesNanos | surplus) === 0) {
    // Whole shares: the hold shrinks by exactly what this part held.
    if (price !== limit) notional(limit, whole, 0, holdAmount);
    const held = price === limit ? amount : holdAmount;
    ledger.release(account, held[DOLLARS] as number, held[NANOS] as number);
  } else {
    holdFor(limit, leavesWhole, leavesNanos, surplus, holdAmount);
    ledger.release(account, holdAmount[DOLLARS] as number, holdAmount[NANOS] as number);
    const newSurplus = surplusAfter(amount, surplus);
    const restNanos = leavesNanos - nanos;
    const borrow = restNanos < 0 ? 1 : 0;
    const restWhole = leavesWhole - whole - borrow;
    holdFor(limit, restWhole, restNanos + borrow * NANOS_PER_UNIT, newSurplus, holdAmount);
    ledger.hold(account, holdAmount[DOLLARS] as number, holdAmount[NANOS] as number);
    words[record + Word.flags] = (flags & BELOW_SURPLUS) | (newSurplus << SURPLUS_SHIFT);
  }
  ledger.payForShares(
    account,
    words[record + Word.instrument] as number,
    amount[DOLLARS] as number,
    amount[NANOS] as number,
    roundedUp,
    whole,
    nanos,
  );
  if (roundedUp) addUnit(amount);
  const position = words[record + Word.position] as number;
  state.positions.buy(position, whole, nanos, amount[DOLLARS] as number, amount[NANOS] as number);
  return roundedUp ? FILL_ROUNDED_UP : 0;
}

function closeOrder(state: TradingState, slot: number, endState: number): void {
  const { words } = state.pool;
  const record = slot * ORDER_WORDS;
  words[record + Word.flags] = ((words[record + Word.flags] as number) & ~STATE_MASK) | endState;
  state.accountOrders.remove(words[record + Word.account] as number, slot);
  state.pool.release(slot);
}
