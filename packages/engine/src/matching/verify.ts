/**
 * Recomputes the invariants of the trading core from its records (docs/reference/invariants.md).
 * Slow and allocating: for tests, `rialto verify` and checks after a restore.
 */
import { holdFor, newAmount } from '../ledger/notional.ts';
import { pairValue } from '../ledger/pairs.ts';
import { SELLS, STATE_MASK, STATE_WORKING, SURPLUS_SHIFT } from '../orders/order-flags.ts';
import { LINK_WORDS, Link, ORDER_WORDS, Word } from '../orders/order-pool.ts';
import { joinNanos } from '../values/quantity.ts';
import type { TradingState } from './trading-state.ts';

/** The list of broken invariants; empty when all hold. */
export function verifyTrading(state: TradingState): string[] {
  const broken: string[] = [];
  checkLedger(state, broken);
  checkOrders(state, broken);
  checkBooks(state, broken);
  return broken;
}

/** L1 debits = credits per asset, L3 openings, L5 nothing below zero, L7 shares are conserved. */
function checkLedger(state: TradingState, broken: string[]): void {
  const { ledger, positions } = state;
  const house = ledger.houseCash();
  let cash = 0n;
  let openings = 0n;
  for (let account = 0; account < ledger.accountCount; account++) {
    cash += ledger.cash(account);
    openings += ledger.openingCash(account);
    if (ledger.held(account) < 0n || ledger.cash(account) < ledger.held(account)) {
      broken.push(`L5 account ${account}: cash ${ledger.cash(account)} < held`);
    }
  }
  if (cash + house.market + house.funding + house.rounding !== 0n) {
    broken.push('L1 cash does not sum to zero');
  }
  if (openings !== -house.funding) broken.push('L3 openings differ from what funding paid');
  if (house.rounding < 0n) broken.push('L6 rounding account below zero');
  const shares = state.instrumentFlags.map((_, instrument) => ledger.sharesOfMarket(instrument));
  for (let record = 1; record < positions.count; record++) {
    const instrument = positions.instrumentOf(record);
    shares[instrument] = (shares[instrument] ?? 0n) + positions.qty(record);
    const held = positions.held(record);
    if (held < 0n || positions.qty(record) < held || positions.cost(record) < 0n) {
      broken.push(`L5 position ${record}: qty, held or cost out of range`);
    }
    if (positions.qty(record) === 0n && positions.cost(record) !== 0n) {
      broken.push(`L7 position ${record}: cost without shares`);
    }
  }
  shares.forEach((sum, instrument) => {
    if (sum !== 0n) broken.push(`L7 instrument ${instrument}: shares do not sum to zero`);
  });
}

/** L4 holds = open orders, E3 states, E4 quantities; the lists of accounts are complete. */
function checkOrders(state: TradingState, broken: string[]): void {
  const { pool, positions } = state;
  const heldCash = new Map<number, bigint>();
  const heldShares = new Map<number, bigint>();
  const amount = newAmount();
  let open = 0;
  for (let slot = 1; slot < pool.end; slot++) {
    if (!pool.isOpenAt(slot)) continue;
    open++;
    const word = (field: number): number => pool.words[slot * ORDER_WORDS + field] as number;
    const leaves = joinNanos(word(Word.leavesWhole), word(Word.leavesNanos));
    const qty = joinNanos(word(Word.qtyWhole), word(Word.qtyNanos));
    if (leaves <= 0n || leaves > qty) broken.push(`E4 slot ${slot}: leaves ${leaves} of ${qty}`);
    if ((word(Word.flags) & SELLS) !== 0) {
      add(heldShares, word(Word.position), leaves);
    } else {
      const surplus = word(Word.flags) >>> SURPLUS_SHIFT;
      holdFor(word(Word.price), word(Word.leavesWhole), word(Word.leavesNanos), surplus, amount);
      add(heldCash, word(Word.account), pairValue(amount, 0));
    }
  }
  if (open !== pool.count) broken.push(`E3 ${open} open records, ${pool.count} counted`);
  if (checkLists(state, broken, heldCash) !== open) {
    broken.push(`E3 the accounts' lists do not hold the ${open} open orders`);
  }
  for (let record = 1; record < positions.count; record++) {
    if (positions.held(record) !== (heldShares.get(record) ?? 0n)) {
      broken.push(`L4 position ${record}: held ${positions.held(record)}`);
    }
  }
}

/** Walks the lists of open orders; returns how many they hold. */
function checkLists(state: TradingState, broken: string[], heldCash: Map<number, bigint>): number {
  const { accountOrders, ledger, pool } = state;
  let listed = 0;
  for (let account = 0; account < ledger.accountCount; account++) {
    let last = 0;
    let slot = accountOrders.oldest(account);
    for (; slot !== 0; slot = accountOrders.newer(slot)) {
      listed++;
      if (!pool.isOpenAt(slot)) broken.push(`E3 slot ${slot} is listed but not open`);
      if (pool.numberAt(slot) <= last) broken.push(`E3 account ${account}: list out of order`);
      last = pool.numberAt(slot);
    }
    if (ledger.held(account) !== (heldCash.get(account) ?? 0n)) {
      broken.push(`L4 account ${account}: held ${ledger.held(account)}`);
    }
  }
  return listed;
}

/** E1 not crossed, E2 queues in order of price; each working order stands in its queue once. */
function checkBooks(state: TradingState, broken: string[]): void {
  const { book, pool } = state;
  let queued = 0;
  for (let instrument = 0; instrument < state.instrumentFlags.length; instrument++) {
    const bid = book.bestPrice(instrument, 0);
    const ask = book.bestPrice(instrument, SELLS);
    if (bid !== 0 && ask !== 0 && bid >= ask) broken.push(`E1 instrument ${instrument} crossed`);
    for (const side of [0, SELLS]) {
      let price = side === SELLS ? ask : bid;
      let slot = book.bestOrder(instrument, side);
      for (; slot !== 0; slot = book.orderBehind(slot)) {
        queued++;
        const word = (field: number): number => pool.words[slot * ORDER_WORDS + field] as number;
        const isWorking = (word(Word.flags) & STATE_MASK) === STATE_WORKING;
        const isSide = (word(Word.flags) & SELLS) === side;
        const isWorse = side === SELLS ? word(Word.price) >= price : word(Word.price) <= price;
        if (!isWorking || !isSide || !isWorse) broken.push(`E2 slot ${slot} is out of place`);
        price = word(Word.price);
      }
    }
  }
  let waiting = 0;
  for (let slot = state.waiting.first; slot !== 0;) {
    waiting++;
    slot = pool.links[slot * LINK_WORDS + Link.next] as number;
  }
  if (queued + waiting !== pool.count) {
    broken.push(`E3 ${queued} queued and ${waiting} waiting orders, ${pool.count} open`);
  }
}

function add(sums: Map<number, bigint>, key: number, value: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + value);
}
