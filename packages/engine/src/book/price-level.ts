/**
 * Price levels: the places in the book where an order may rest.
 *
 * Below $1 every multiple of $0.0001 is a level, from $1 on every cent (SEC Rule 612). The level
 * index counts them without gaps, 0 … 21,484,736, so that neighbors in price are neighbors in
 * memory. Only limits of orders become levels, and `submit` refuses a limit that is none
 * (`price_invalid`); quotes and trades of the tape may stand off the cent: they are compared by
 * price and never rest here. The mapping keeps order, so comparing levels compares prices.
 */

const CENT = 100;
/** First price with cent steps: $1. */
const CENTS_FROM = 10_000;
/** Level of price p ≥ $1 is p / 100 + CENTS_OFFSET. */
const CENTS_OFFSET = CENTS_FROM - CENTS_FROM / CENT;

/** Bits that hold every level index. */
export const LEVEL_BITS = 25;

/** Whether an order may rest at this price (an int32 above 0). */
export function isLevelPrice(price: number): boolean {
  return price > 0 && (price < CENTS_FROM || price % CENT === 0);
}

/** The level of a price for which `isLevelPrice` holds. */
export function levelOf(price: number): number {
  return price < CENTS_FROM ? price : ((price / CENT) | 0) + CENTS_OFFSET;
}

/** The price of a level: the inverse of `levelOf`. */
export function priceOfLevel(level: number): number {
  return level < CENTS_FROM ? level : (level - CENTS_OFFSET) * CENT;
}
