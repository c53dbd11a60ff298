/** Holds: what the open part of an order reserves, cash of a buyer or shares of a seller (L4). */
import { holdFor } from '../ledger/notional.ts';
import * as notionals from '../ledger/notional.ts';
import type { TradingState } from '../matching/trading-state.ts';
import * as orderFlags from '../orders/order-flags.ts';
import * as orderPool from '../orders/order-pool.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { DOLLARS, NANOS } = notionals;
const { SELLS, SURPLUS_SHIFT } = orderFlags;
const { ORDER_WORDS, Word } = orderPool;

/** Reserves what the open part of an order may cost: cash of a buyer, shares of a seller. */
export function takeHold(state: TradingState, slot: number): void {
  const { words } = state.pool;
  const record = slot * ORDER_WORDS;
  const flags = words[record + Word.flags] as number;
  const whole = words[record + Word.leavesWhole] as number;
  const nanos = words[record + Word.leavesNanos] as number;
  if ((flags & SELLS) !== 0) {
    state.positions.hold(words[record + Word.position] as number, whole, nanos);
    return;
  }
  const hold = state.holdAmount;
  holdFor(words[record + Word.price] as number, whole, nanos, flags >>> SURPLUS_SHIFT, hold);
  state.ledger.hold(
    words[record + Word.account] as number,
    hold[DOLLARS] as number,
    hold[NANOS] as number,
  );
}

/** Gives free what is reserved for the open part of an order. */
export function releaseHold(state: TradingState, slot: number): void {
  const { words } = state.pool;
  const record = slot * ORDER_WORDS;
  const flags = words[record + Word.flags] as number;
  const whole = words[record + Word.leavesWhole] as number;
  const nanos = words[record + Word.leavesNanos] as number;
  if ((flags & SELLS) !== 0) {
    state.positions.release(words[record + Word.position] as number, whole, nanos);
    return;
  }
  const hold = state.holdAmount;
  holdFor(words[record + Word.price] as number, whole, nanos, flags >>> SURPLUS_SHIFT, hold);
  state.ledger.release(
    words[record + Word.account] as number,
    hold[DOLLARS] as number,
    hold[NANOS] as number,
  );
}
