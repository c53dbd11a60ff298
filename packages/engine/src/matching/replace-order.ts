/** Replaces limit and quantity of an open limit order. */
import * as layout from '../events/event-layout.ts';
import { holdFor } from '../ledger/notional.ts';
import * as notionals from '../ledger/notional.ts';
import * as orderFlags from '../orders/order-flags.ts';
import * as orderPool from '../orders/order-pool.ts';
import { holdCost } from '../risk/buying-power.ts';
import { releaseHold, takeHold } from '../risk/holds.ts';
import * as quantity from '../values/quantity.ts';
import { isLimitValid, refuseQuantity } from './enter-order.ts';
import { writeOrderEvent } from './order-events.ts';
import { leaveQueue, setState, takeAndRest } from './order-life.ts';
import * as refusals from './refusals.ts';
import type { TradingState } from './trading-state.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { EventType } = layout;
const { DOLLARS, NANOS } = notionals;
const { LIMIT, SELLS, STATE_ACCEPTED, STATE_MASK, SURPLUS_SHIFT } = orderFlags;
const { ORDER_WORDS, Word } = orderPool;
const { NANOS_PER_UNIT } = quantity;
const { Refused } = refusals;

/**
 * Gives an open order a new limit and a new quantity (in all, more than is filled). It keeps its
 * place in the queue when only the quantity falls. Returns a refusal, which changes nothing, or 0.
 */
export function replaceOrder(
  state: TradingState,
  slot: number,
  price: number,
  whole: number,
  nanos: number,
): number {
  const { words, doubles } = state.pool;
  const record = slot * ORDER_WORDS;
  const flags = words[record + Word.flags] as number;
  if ((flags & LIMIT) === 0 || !isLimitValid(price)) return Refused.priceInvalid;
  const instrumentFlags = state.instrumentFlags[
    words[record + Word.instrument] as number
  ] as number;
  const refusal = refuseQuantity(instrumentFlags, flags, whole, nanos);
  if (refusal !== 0) return refusal;

  const qtyWhole = words[record + Word.qtyWhole] as number;
  const qtyNanos = words[record + Word.qtyNanos] as number;
  const addedWhole = whole - qtyWhole;
  const addedNanos = nanos - qtyNanos;
  const growth = addedWhole * NANOS_PER_UNIT + addedNanos;
  let leavesWhole = (words[record + Word.leavesWhole] as number) + addedWhole;
  let leavesNanos = (words[record + Word.leavesNanos] as number) + addedNanos;
  const carry = Math.floor(leavesNanos / NANOS_PER_UNIT);
  leavesWhole += carry;
  leavesNanos -= carry * NANOS_PER_UNIT;
  if (leavesWhole < 0 || (leavesWhole | leavesNanos) === 0) return Refused.qtyInvalid;

  releaseHold(state, slot);
  const shortage = refuseHold(state, record, price, leavesWhole, leavesNanos);
  if (shortage !== 0) {
    takeHold(state, slot);
    return shortage;
  }
  const keepsPlace = price === words[record + Word.price] && growth <= 0;
  if (!keepsPlace) leaveQueue(state, slot);
  words[record + Word.price] = price;
  words[record + Word.qtyWhole] = whole;
  words[record + Word.qtyNanos] = nanos;
  words[record + Word.leavesWhole] = leavesWhole;
  words[record + Word.leavesNanos] = leavesNanos;
  doubles[(record + Word.updatedAt) >> 1] = state.time;
  // `refuseHold` has just computed what a buy reserves.
  if ((flags & SELLS) === 0) holdCost(state, words[record + Word.account] as number);
  else takeHold(state, slot);
  writeOrderEvent(state, EventType.orderReplaced, slot, 0);
  if (!keepsPlace) enterAgain(state, slot, flags);
  return 0;
}

/** An order that lost its place is matched again, or waits for the open. */
function enterAgain(state: TradingState, slot: number, flags: number): void {
  if (state.isOpen && (flags & STATE_MASK) !== STATE_ACCEPTED) {
    takeAndRest(state, slot);
  } else {
    setState(state, slot, STATE_ACCEPTED);
    state.waiting.append(slot);
  }
}

function refuseHold(
  state: TradingState,
  record: number,
  price: number,
  whole: number,
  nanos: number,
): number {
  const { words } = state.pool;
  const flags = words[record + Word.flags] as number;
  if ((flags & SELLS) !== 0) {
    const position = words[record + Word.position] as number;
    return state.positions.hasFree(position, whole, nanos) ? 0 : Refused.insufficientQty;
  }
  const hold = state.holdAmount;
  holdFor(price, whole, nanos, flags >>> SURPLUS_SHIFT, hold);
  const account = words[record + Word.account] as number;
  const isCovered = state.ledger.canHold(account, hold[DOLLARS] as number, hold[NANOS] as number);
  return isCovered ? 0 : Refused.insufficientBuyingPower;
}
