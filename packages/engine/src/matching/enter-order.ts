/** Checks a new order and puts it into the pool with its hold. */
import { isLevelPrice } from '../book/price-level.ts';
import * as orderFlags from '../orders/order-flags.ts';
import * as orderPool from '../orders/order-pool.ts';
import { canBuy, holdCost, marketBuyLimit } from '../risk/buying-power.ts';
import * as quantity from '../values/quantity.ts';
import * as limits from './limits.ts';
import * as refusals from './refusals.ts';
import * as tradingState from './trading-state.ts';
import type { TradingState } from './trading-state.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { LIMIT, SELLS, TERMS_MASK, TIF_DAY, TIF_MASK } = orderFlags;
const { ORDER_WORDS, Word } = orderPool;
const { NANOS_PER_UNIT } = quantity;
const { OPEN_ORDERS_PER_ACCOUNT_MAX, ORDER_WHOLE_MAX } = limits;
const { Refused } = refusals;
const { FRACTIONABLE, TRADABLE } = tradingState;

/** Why an order's terms are refused, or 0. What the account can afford is not looked at. */
export function refuseTerms(
  state: TradingState,
  account: number,
  instrument: number,
  terms: number,
  price: number,
  whole: number,
  nanos: number,
): number {
  if (state.hasEnded) return Refused.venueEnded;
  const instrumentFlags = state.instrumentFlags[instrument] as number;
  if ((instrumentFlags & TRADABLE) === 0) return Refused.instrumentNotTradable;
  const refusal = refuseQuantity(instrumentFlags, terms, whole, nanos);
  if (refusal !== 0) return refusal;
  const isPriceValid = (terms & LIMIT) === 0 ? price === 0 : isLimitValid(price);
  if (!isPriceValid) return Refused.priceInvalid;
  if (state.accountOrders.count(account) >= OPEN_ORDERS_PER_ACCOUNT_MAX) {
    return Refused.openOrdersLimit;
  }
  return 0;
}

/** Why a quantity is refused, or 0. */
export function refuseQuantity(
  instrumentFlags: number,
  terms: number,
  whole: number,
  nanos: number,
): number {
  if (!isCount(whole, ORDER_WHOLE_MAX) || !isCount(nanos, NANOS_PER_UNIT - 1)) {
    return Refused.qtyInvalid;
  }
  if ((whole | nanos) === 0 || (whole === ORDER_WHOLE_MAX && nanos !== 0)) {
    return Refused.qtyInvalid;
  }
  if (nanos !== 0) {
    if ((instrumentFlags & FRACTIONABLE) === 0) return Refused.instrumentNotFractionable;
    if ((terms & TIF_MASK) !== TIF_DAY) return Refused.fractionalNotDay;
  }
  return 0;
}

/** Whether a limit is a price at which orders may rest. */
export function isLimitValid(price: number): boolean {
  return (price | 0) === price && isLevelPrice(price);
}

/**
 * Enters an order whose terms are good, with its hold; returns its slot. Its client order id was
 * looked up just before. Returns a refusal when the account cannot afford it; then nothing
 * has changed.
 */
export function enterOrder(
  state: TradingState,
  account: number,
  instrument: number,
  terms: number,
  price: number,
  whole: number,
  nanos: number,
  clientOrderId: string,
): number {
  const { positions, pool } = state;
  let position: number;
  let limit = price;
  if ((terms & SELLS) !== 0) {
    position = positions.find(account, instrument);
    if (!positions.hasFree(position, whole, nanos)) return Refused.insufficientQty;
  } else {
    if ((terms & LIMIT) === 0) limit = marketBuyLimit(state, instrument);
    if (limit === 0) return Refused.noPrice;
    if (!canBuy(state, account, limit, whole, nanos)) return Refused.insufficientBuyingPower;
    position = positions.open(account, instrument);
  }
  const slot = pool.take();
  const number = state.directory.add(account, slot);
  if (clientOrderId !== '') state.clientOrderIds.add(number);
  const { words, doubles, filled } = pool;
  const record = slot * ORDER_WORDS;
  words[record + Word.price] = limit;
  words[record + Word.flags] = terms & TERMS_MASK;
  words[record + Word.leavesWhole] = whole;
  words[record + Word.leavesNanos] = nanos;
  words[record + Word.qtyWhole] = whole;
  words[record + Word.qtyNanos] = nanos;
  words[record + Word.account] = account;
  words[record + Word.instrument] = instrument;
  words[record + Word.ahead] = 0;
  words[record + Word.position] = position;
  doubles[(record + Word.number) >> 1] = number;
  doubles[(record + Word.submittedAt) >> 1] = state.time;
  doubles[(record + Word.updatedAt) >> 1] = state.time;
  filled[2 * slot] = 0;
  filled[2 * slot + 1] = 0;
  pool.clientOrderIds[slot] = clientOrderId;
  state.accountOrders.append(account, slot);
  if ((terms & SELLS) !== 0) positions.hold(position, whole, nanos);
  else holdCost(state, account);
  return slot;
}

function isCount(value: number, most: number): boolean {
  return (value | 0) === value && value >= 0 && value <= most;
}
