/**
 * Quantities of shares: multiples of 1e-9 share.
 *
 * At the edges (API, ledger, reports) a quantity is a bigint. In the book and the balances it
 * is a pair of numbers, whole shares and billionths, so that nothing is allocated on the hot
 * path; `wholeOf`, `nanosOf` and `joinNanos` go between the two.
 */
import type { Brand } from './brand.ts';
import { formatScaled, parseScaled } from './decimal.ts';

/** A quantity in units of 1e-9 share. Signed in positions, positive in orders and fills. */
export type Quantity = Brand<bigint, 'Quantity'>;

/** Digits after the decimal point of quantities and of money. */
export const NANO_DECIMALS = 9;

/** Billionths in one whole: 1e9. */
export const NANOS_PER_UNIT = 1_000_000_000;

const NANOS = BigInt(NANOS_PER_UNIT);

/** The most shares an order may ask for: whole shares fit a signed 32-bit integer. */
export const ORDER_QUANTITY_MAX: Quantity = (2_000_000_000n * NANOS) as Quantity;

/** Whole part of a non-negative pair value held as bigint. */
export function wholeOf(value: bigint): number {
  return Number(value / NANOS);
}

/** Billionths of a non-negative pair value held as bigint: 0 … 999,999,999. */
export function nanosOf(value: bigint): number {
  return Number(value % NANOS);
}

/** Joins whole units and billionths to a bigint of billionths. */
export function joinNanos(whole: number, nanos: number): bigint {
  return BigInt(whole) * NANOS + BigInt(nanos);
}

/** A quantity of whole shares. */
export function shares(count: number): Quantity {
  return (BigInt(count) * NANOS) as Quantity;
}

/** Reads decimal text as a quantity; `undefined` when it is no decimal of at most nine digits. */
export function parseQuantity(text: string): Quantity | undefined {
  return parseScaled(text, NANO_DECIMALS) as Quantity | undefined;
}

/** Writes a quantity as decimal text without trailing zeros. */
export function formatQuantity(quantity: Quantity): string {
  return formatScaled(quantity, NANO_DECIMALS);
}
