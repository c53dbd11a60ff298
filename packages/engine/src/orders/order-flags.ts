/**
 * The flags of an order, packed in one word of its record.
 *
 * Bits 0–3 are its terms (side, type, time in force): what `submit` takes. Bits 4–6 are its
 * state. Bits 16–29 hold the surplus: what a buyer has been charged above the exact sum of its
 * fills, in units of 1e-13 dollar (ledger/notional.ts); 0 unless fractions of a share traded.
 */
import type { OrderStatus, OrderType, Side, TimeInForce } from './order-terms.ts';

/** Bit 0: the order sells. */
export const SELLS = 1;
/** Bit 1: it has a limit price; without it, it is a market order. */
export const LIMIT = 2;
/** Bits 2–3: time in force. */
const TIF_SHIFT = 2;
export const TIF_MASK = 0xc;
export const TIF_DAY = 0x0;
export const TIF_GTC = 0x4;
export const TIF_IOC = 0x8;
export const TIF_FOK = 0xc;
/** Bits 0–3: all terms. */
export const TERMS_MASK = 15;

/** Bits 4–6: where the order stands. */
export const STATE_MASK = 0x70;
/** Waits for the session to open. */
export const STATE_ACCEPTED = 0x10;
/** In the book, or being matched. */
export const STATE_WORKING = 0x20;
export const STATE_FILLED = 0x30;
export const STATE_CANCELED = 0x40;
export const STATE_EXPIRED = 0x50;

/** Bits 16–29: surplus charged to the buyer, 0 … 9,999. */
export const SURPLUS_SHIFT = 16;
/** All bits below the surplus. */
export const BELOW_SURPLUS = 0xffff;

const TIMES_IN_FORCE: readonly TimeInForce[] = ['day', 'gtc', 'ioc', 'fok'];

/** The terms of an order as bits 0–3. */
export function packTerms(side: Side, orderType: OrderType, timeInForce: TimeInForce): number {
  return (
    (side === 'sell' ? SELLS : 0) |
    (orderType === 'limit' ? LIMIT : 0) |
    (TIMES_IN_FORCE.indexOf(timeInForce) << TIF_SHIFT)
  );
}

/** Whether the order is accepted or working. */
export function isOpenState(flags: number): boolean {
  const state = (flags >> 4) & 7;
  return state === 1 || state === 2;
}

export function sideOf(flags: number): Side {
  return (flags & SELLS) === 0 ? 'buy' : 'sell';
}

export function orderTypeOf(flags: number): OrderType {
  return (flags & LIMIT) === 0 ? 'market' : 'limit';
}

export function timeInForceOf(flags: number): TimeInForce {
  return TIMES_IN_FORCE[(flags & TIF_MASK) >> TIF_SHIFT] ?? 'day';
}

/** The status clients see; `hasFills` tells new from partially filled. */
export function statusOf(flags: number, hasFills: boolean): OrderStatus {
  switch (flags & STATE_MASK) {
    case STATE_ACCEPTED:
      return 'accepted';
    case STATE_FILLED:
      return 'filled';
    case STATE_CANCELED:
      return 'canceled';
    case STATE_EXPIRED:
      return 'expired';
    default:
      return hasFills ? 'partially_filled' : 'new';
  }
}
