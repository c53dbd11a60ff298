/** Opening, closing and ending: what happens to all orders at once. */
import { EndReason, EventType, FillReason } from '../events/event-layout.ts';
import {
  LIMIT,
  SELLS,
  STATE_EXPIRED,
  STATE_MASK,
  STATE_WORKING,
  TIF_DAY,
  TIF_MASK,
} from '../orders/order-flags.ts';
import { ORDER_WORDS, Word } from '../orders/order-pool.ts';
import { repriceMarketBuy } from '../risk/buying-power.ts';
import { cancelWith, leaveQueue, startWorking } from './order-life.ts';
import { fillCrossed } from './outside-events.ts';
import { endOrder } from './settle.ts';
import type { TradingState } from './trading-state.ts';

/**
 * The session opens: orders that rested over the night take the quotes that now cross them, then
 * the waiting orders start working, first come first.
 */
export function openSession(state: TradingState): void {
  state.isOpen = true;
  for (let instrument = 0; instrument < state.instrumentFlags.length; instrument++) {
    fillCrossed(state, instrument, FillReason.quoteTaken);
  }
  for (let slot = state.waiting.first; slot !== 0; slot = state.waiting.first) {
    state.waiting.remove(slot);
    const flags = state.pool.words[slot * ORDER_WORDS + Word.flags] as number;
    if ((flags & (LIMIT | SELLS)) === 0) repriceMarketBuy(state, slot);
    startWorking(state, slot);
  }
}

/** The session closes: day orders that were working expire, by account and then by number. */
export function closeSession(state: TradingState): void {
  state.isOpen = false;
  const { accountOrders, ledger, pool } = state;
  for (let account = 0; account < ledger.accountCount; account++) {
    let slot = accountOrders.oldest(account);
    while (slot !== 0) {
      const newer = accountOrders.newer(slot);
      const flags = pool.words[slot * ORDER_WORDS + Word.flags] as number;
      if ((flags & (TIF_MASK | STATE_MASK)) === (TIF_DAY | STATE_WORKING)) {
        leaveQueue(state, slot);
        endOrder(state, slot, EventType.orderExpired, STATE_EXPIRED, EndReason.dayEnded);
      }
      slot = newer;
    }
  }
}

/** The venue ends: every open order is canceled, by account and then by number. */
export function endAll(state: TradingState): void {
  state.isOpen = false;
  state.hasEnded = true;
  const { accountOrders, ledger } = state;
  for (let account = 0; account < ledger.accountCount; account++) {
    let slot = accountOrders.oldest(account);
    while (slot !== 0) {
      const newer = accountOrders.newer(slot);
      leaveQueue(state, slot);
      cancelWith(state, slot, EndReason.venueEnded);
      slot = newer;
    }
  }
}
