/**
 * The life of one order after it is accepted: it starts working, rests, is replaced or ends.
 *
 *   accepted ──open──► working ──► filled | canceled | expired
 *
 * A market order never rests; an immediate order never waits for the open.
 */
import * as layout from '../events/event-layout.ts';
import * as orderFlags from '../orders/order-flags.ts';
import * as orderPool from '../orders/order-pool.ts';
import { writeOrderEvent } from './order-events.ts';
import { aheadOnJoining } from './queue-ahead.ts';
import { endOrder } from './settle.ts';
import { isFillableWhole, takeLiquidity } from './take-liquidity.ts';
import type { TradingState } from './trading-state.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { EndReason, EventType } = layout;
const {
  LIMIT,
  STATE_ACCEPTED,
  STATE_CANCELED,
  STATE_MASK,
  STATE_WORKING,
  TIF_FOK,
  TIF_IOC,
  TIF_MASK,
} = orderFlags;
const { ORDER_WORDS, Word } = orderPool;

/** A new order while the session is closed: it waits, or ends at once when it is immediate. */
export function acceptOrder(state: TradingState, slot: number): void {
  setState(state, slot, STATE_ACCEPTED);
  writeOrderEvent(state, EventType.orderAccepted, slot, 0);
  const timeInForce = flagsOf(state, slot) & TIF_MASK;
  if (timeInForce === TIF_IOC) cancelWith(state, slot, EndReason.immediateRemainder);
  else if (timeInForce === TIF_FOK) cancelWith(state, slot, EndReason.notFillableWhole);
  else state.waiting.append(slot);
}

/** An order enters the open market. */
export function startWorking(state: TradingState, slot: number): void {
  setState(state, slot, STATE_WORKING);
  writeOrderEvent(state, EventType.orderWorking, slot, 0);
  const timeInForce = flagsOf(state, slot) & TIF_MASK;
  if (timeInForce === TIF_FOK && !isFillableWhole(state, slot)) {
    cancelWith(state, slot, EndReason.notFillableWhole);
    return;
  }
  takeAndRest(state, slot);
}

/** Takes what it can; the remainder rests or is canceled. */
export function takeAndRest(state: TradingState, slot: number): void {
  takeLiquidity(state, slot);
  const flags = flagsOf(state, slot);
  if ((flags & STATE_MASK) !== STATE_WORKING) return;
  if ((flags & LIMIT) === 0) {
    cancelWith(state, slot, EndReason.noLiquidity);
  } else if ((flags & TIF_MASK) === TIF_IOC) {
    cancelWith(state, slot, EndReason.immediateRemainder);
  } else {
    state.pool.words[slot * ORDER_WORDS + Word.ahead] = aheadOnJoining(state, slot);
    state.book.append(slot);
  }
}

/** Takes an open order out of the queue it stands in: of its price, or of waiting orders. */
export function leaveQueue(state: TradingState, slot: number): void {
  if ((flagsOf(state, slot) & STATE_MASK) === STATE_ACCEPTED) state.waiting.remove(slot);
  else state.book.remove(slot);
}

/** Cancels an order that stands in no queue. */
export function cancelWith(state: TradingState, slot: number, reason: number): void {
  endOrder(state, slot, EventType.orderCanceled, STATE_CANCELED, reason);
}

export function setState(state: TradingState, slot: number, orderState: number): void {
  const { words } = state.pool;
  const at = slot * ORDER_WORDS + Word.flags;
  words[at] = ((words[at] as number) & ~STATE_MASK) | orderState;
}

function flagsOf(state: TradingState, slot: number): number {
  return state.pool.words[slot * ORDER_WORDS + Word.flags] as number;
}
