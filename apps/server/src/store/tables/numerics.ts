/**
 * Exact amounts as text of `numeric(38,9)` columns, and back.
 *
 * Reading throws when the table holds what the engine cannot: the rows were not written by it.
 */
import { formatScaled, parseScaled } from '@rialto/engine/values/decimal';
import { PRICE_DECIMALS } from '@rialto/engine/values/price';
import type { Price } from '@rialto/engine/values/price';
import { NANO_DECIMALS } from '@rialto/engine/values/quantity';

/** Units of 1e-9 (dollar or share) as text. */
export function nanosText(nanos: bigint): string {
  return formatScaled(nanos, NANO_DECIMALS);
}

/** Units of 1e-9 from text. */
export function nanosOfText(text: string): bigint {
  return scaled(text, NANO_DECIMALS);
}

/** A price in dollars as text. */
export function priceText(price: Price): string {
  return formatScaled(BigInt(price), PRICE_DECIMALS);
}

/** A price from text in dollars. */
export function priceOfText(text: string): Price {
  return Number(scaled(text, PRICE_DECIMALS)) as Price;
}

function scaled(text: string, decimals: number): bigint {
  const value = parseScaled(text, decimals);
  if (value === undefined) throw new Error(`the table holds ${text}, which does not fit`);
  return value;
}
