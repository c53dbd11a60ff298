/**
 * Price × quantity, exactly, without bigint: the one place where money is rounded.
 *
 * A price is units of $0.0001, a quantity whole shares and billionths of a share, so a product
 * has steps of 1e-13 dollar. Money has steps of 1e-9 dollar. `notional` gives the amount rounded
 * down and, in REST, what was cut off. A seller gets that. A buyer pays it rounded up, but once
 * per order, not once per fill: what he was charged too much before (`surplus`) counts against
 * the next fill. So the fills of an order never cost more than the hold taken for it, to the
 * last unit, and the difference between buyer and seller (0 or 1 unit a fill) is booked to the
 * venue's `rounding` account. Whole shares are never rounded.
 */
import * as quantity from '../values/quantity.ts';

/** Places of an amount: whole dollars, billionths of a dollar, 1e-13 dollars (0 … 9,999). */
export const DOLLARS = 0;
export const NANOS = 1;
export const REST = 2;

/** A reusable place for a result: allocated once, overwritten by each calculation. */
export type Amount = Float64Array;

// V8 folds constants that the module keeps to itself (docs/adr/0002-numbers.md).
const { NANOS_PER_UNIT } = quantity;
const WHOLE = DOLLARS;
const BILLIONTHS = NANOS;
const CUT = REST;

/** Units of 1e-13 dollar in one billionth of a dollar. */
const REST_UNITS = 10_000;
const PRICE_UNITS = 10_000;
const NANOS_PER_PRICE_UNIT = 100_000;

/** Below this a quotient by 10,000 never rounds up to the next integer in a float64. */
const EXACT_UNITS = 2 ** 52;

export function newAmount(): Amount {
  return new Float64Array(3);
}

/** Sets `into` to price × (whole + nanos) rounded down, and REST to what was cut off. */
export function notional(price: number, whole: number, nanos: number, into: Amount): void {
  const units = price * whole;
  let dollars: number;
  let billionths: number;
  if (units < EXACT_UNITS) {
    dollars = Math.floor(units / PRICE_UNITS);
    billionths = (units - dollars * PRICE_UNITS) * NANOS_PER_PRICE_UNIT;
  } else {
    const priceDollars = Math.floor(price / PRICE_UNITS);
    const low = (price - priceDollars * PRICE_UNITS) * whole;
    const lowDollars = Math.floor(low / PRICE_UNITS);
    dollars = priceDollars * whole + lowDollars;
    billionths = (low - lowDollars * PRICE_UNITS) * NANOS_PER_PRICE_UNIT;
  }
  let rest = 0;
  if (nanos !== 0) {
    const priceDollars = Math.floor(price / PRICE_UNITS);
    const low = (price - priceDollars * PRICE_UNITS) * nanos;
    const lowNanos = Math.floor(low / REST_UNITS);
    rest = low - lowNanos * REST_UNITS;
    billionths += priceDollars * nanos + lowNanos;
    const carry = Math.floor(billionths / NANOS_PER_UNIT);
    dollars += carry;
    billionths -= carry * NANOS_PER_UNIT;
  }
  into[WHOLE] = dollars;
  into[BILLIONTHS] = billionths;
  into[CUT] = rest;
}

/** Whether a buyer with this surplus pays one unit more than the amount rounded down. */
export function paysUp(amount: Amount, surplus: number): boolean {
  return (amount[CUT] as number) > surplus;
}

/** The buyer's surplus after paying the amount. */
export function surplusAfter(amount: Amount, surplus: number): number {
  const owed = (amount[CUT] as number) - surplus;
  return owed > 0 ? REST_UNITS - owed : -owed;
}

/** Adds one unit (1e-9 dollar) to an amount. */
export function addUnit(amount: Amount): void {
  const nanos = (amount[BILLIONTHS] as number) + 1;
  if (nanos === NANOS_PER_UNIT) {
    amount[WHOLE] = (amount[WHOLE] as number) + 1;
    amount[BILLIONTHS] = 0;
  } else {
    amount[BILLIONTHS] = nanos;
  }
}

/** Sets `into` to what a buyer may still have to pay for a quantity at a price: the hold. */
export function holdFor(
  price: number,
  whole: number,
  nanos: number,
  surplus: number,
  into: Amount,
): void {
  notional(price, whole, nanos, into);
  if (paysUp(into, surplus)) addUnit(into);
}
