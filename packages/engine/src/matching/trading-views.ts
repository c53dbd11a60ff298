/** Makes the plain values that readers get from the state (venue/views.ts). */
import { pairValue } from '../ledger/pairs.ts';
import { LIMIT, orderTypeOf, sideOf, statusOf, timeInForceOf } from '../orders/order-flags.ts';
import { ORDER_WORDS, Word } from '../orders/order-pool.ts';
import type { Money } from '../values/money.ts';
import type { Price } from '../values/price.ts';
import { joinNanos } from '../values/quantity.ts';
import type { Quantity } from '../values/quantity.ts';
import type { Micros } from '../values/time.ts';
import type { OrderView, PositionView } from '../venue/views.ts';
import type { TradingState } from './trading-state.ts';

/** The order in a slot, open or closed. */
export function orderView(state: TradingState, slot: number): OrderView {
  const { pool } = state;
  const word = (field: number): number => pool.words[slot * ORDER_WORDS + field] as number;
  const flags = word(Word.flags);
  const qty = joinNanos(word(Word.qtyWhole), word(Word.qtyNanos));
  const filled = qty - joinNanos(word(Word.leavesWhole), word(Word.leavesNanos));
  const time = (field: number): Micros =>
    pool.doubles[(slot * ORDER_WORDS + field) >> 1] as number as Micros;
  return {
    ref: { number: pool.numberAt(slot), slot },
    account: word(Word.account),
    instrument: word(Word.instrument),
    side: sideOf(flags),
    orderType: orderTypeOf(flags),
    timeInForce: timeInForceOf(flags),
    qty: qty as Quantity,
    limitPrice: ((flags & LIMIT) === 0 ? 0 : word(Word.price)) as Price,
    clientOrderId: pool.clientOrderIds[slot] ?? '',
    status: statusOf(flags, filled !== 0n),
    filledQty: filled as Quantity,
    filledCost: pairValue(pool.filled, 2 * slot) as Money,
    submittedAt: time(Word.submittedAt),
    updatedAt: time(Word.updatedAt),
  };
}

export function positionView(state: TradingState, record: number): PositionView {
  const { positions } = state;
  return {
    account: positions.accountOf(record),
    instrument: positions.instrumentOf(record),
    qty: positions.qty(record) as Quantity,
    held: positions.held(record) as Quantity,
    cost: positions.cost(record) as Money,
  };
}
