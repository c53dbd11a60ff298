/**
 * Pre-trade risk of cash accounts: a buy must be paid from cash that no other order reserves, a
 * sell from shares that no other order reserves (no shorts, no position through zero).
 *
 * A limit buy holds limit × quantity. A market buy may pay at most a collar above the far side of
 * the outside quote (or, without one, above the last trade) and holds that: 4 % below $50, 2.5 %
 * from $50 on, rounded up to a price unit.
 */
import { holdFor } from '../ledger/notional.ts';
import * as notionals from '../ledger/notional.ts';
import * as orderFlags from '../orders/order-flags.ts';
import * as orderPool from '../orders/order-pool.ts';
import type { TradingState } from '../matching/trading-state.ts';
import * as prices from '../values/price.ts';
import { releaseHold, takeHold } from './holds.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { DOLLARS, NANOS } = notionals;
const { SELLS } = orderFlags;
const { ORDER_WORDS, Word } = orderPool;
const { PRICE_MAX } = prices;

/** Reference prices from here on get the narrow collar: $50. */
const NARROW_FROM = 500_000;

/** The highest price a market buy may pay now; 0 when there is neither quote nor trade. */
export function marketBuyLimit(state: TradingState, instrument: number): number {
  const ask = state.outside.price(instrument, SELLS);
  const reference = ask === 0 ? state.outside.lastPrice(instrument) : ask;
  if (reference === 0) return 0;
  const collared =
    reference < NARROW_FROM
      ? Math.ceil((reference * 104) / 100)
      : Math.ceil((reference * 1025) / 1000);
  return Math.min(collared, PRICE_MAX);
}

/** Whether the account can pay `price` for a quantity; the cost stands in `state.holdAmount`. */
export function canBuy(
  state: TradingState,
  account: number,
  price: number,
  whole: number,
  nanos: number,
): boolean {
  const cost = state.holdAmount;
  holdFor(price, whole, nanos, 0, cost);
  return state.ledger.canHold(account, cost[DOLLARS] as number, cost[NANOS] as number);
}

/** Reserves the cost that `canBuy` has just found affordable. */
export function holdCost(state: TradingState, account: number): void {
  const cost = state.holdAmount;
  state.ledger.hold(account, cost[DOLLARS] as number, cost[NANOS] as number);
}

/** Prices a waiting market buy anew at the open; it keeps its old limit if it cannot pay the new. */
export function repriceMarketBuy(state: TradingState, slot: number): void {
  const { words } = state.pool;
  const record = slot * ORDER_WORDS;
  const limit = marketBuyLimit(state, words[record + Word.instrument] as number);
  if (limit === 0) return;
  releaseHold(state, slot);
  const whole = words[record + Word.leavesWhole] as number;
  const nanos = words[record + Word.leavesNanos] as number;
  if (canBuy(state, words[record + Word.account] as number, limit, whole, nanos)) {
    words[record + Word.price] = limit;
  }
  takeHold(state, slot);
}
