/**
 * Prices: whole multiples of $0.0001, held in a number.
 *
 * A price fits a signed 32-bit integer (the order book keeps it in an `Int32Array`), so the
 * highest price is $214,748.3647. Why numbers and not bigint: docs/adr/0002-numbers.md.
 */
import type { Brand } from './brand.ts';
import { formatScaled, parseScaled } from './decimal.ts';

/** A price in units of $0.0001; an integer in [0, PRICE_MAX]. */
export type Price = Brand<number, 'Price'>;

/** Digits after the decimal point that a price can carry. */
export const PRICE_DECIMALS = 4;

/** How many price units make one dollar. */
export const PRICE_UNITS_PER_DOLLAR = 10_000;

/** The highest price: $214,748.3647, the largest signed 32-bit integer. */
export const PRICE_MAX: Price = 0x7fffffff as Price;

/** Reads a decimal text ("13.91") as a price; `undefined` when it is not one or does not fit. */
export function parsePrice(text: string): Price | undefined {
  const units = parseScaled(text, PRICE_DECIMALS);
  if (units === undefined || units < 0n || units > BigInt(PRICE_MAX)) return undefined;
  return Number(units) as Price;
}

/** Writes a price as decimal text without trailing zeros: 139100 is "13.91". */
export function formatPrice(price: Price): string {
  return formatScaled(BigInt(price), PRICE_DECIMALS);
}

/** The price in dollars as a JSON number, for the market-data API, which sends numbers. */
export function priceToDollars(price: Price): number {
  return price / PRICE_UNITS_PER_DOLLAR;
}
