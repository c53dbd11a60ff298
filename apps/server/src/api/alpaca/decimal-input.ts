/**
 * Numbers in requests: JSON numbers or decimal text, because clients send either.
 *
 * Text must be a plain decimal: no exponent, no sign but a minus, no blanks. A JSON number is
 * written out first; one so large or so fine that a double can't hold its digits is refused.
 */

/** Beyond this a double no longer holds all digits of an amount with two decimals. */
const NUMBER_MAX = 1e13;

/** Most digits after the point that a JSON number may have. */
const NUMBER_DECIMALS = 12;

const PLAIN_DECIMAL = /^-?\d{1,24}(?:\.\d{1,24})?$/;

/**
 * The value as plain decimal text; `undefined` when it is absent (missing, null or empty text),
 * `null` when it is no number.
 */
export function decimalInput(value: unknown): string | undefined | null {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return PLAIN_DECIMAL.test(value) ? value : null;
  return typeof value === 'number' ? plainDecimal(value) : null;
}

function plainDecimal(value: number): string | null {
  if (!(Math.abs(value) < NUMBER_MAX)) return null;
  const short = String(value);
  if (!short.includes('e')) return short;
  const long = value.toFixed(NUMBER_DECIMALS);
  return Number(long) === value ? long : null;
}

/** Digits after the point that are not trailing zeros. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.slice(point + 1).replace(/0+$/, '').length;
}
