/**
 * Exact decimal arithmetic for amounts that a person types or that the API sends as text.
 *
 * A decimal is a bigint of 1e-9 (the platform's finest unit of money and of shares). Market
 * data is JSON numbers and is only shown, never calculated with money.
 */

/** How many units make 1. */
export const DECIMAL_ONE = 1_000_000_000n;

const DECIMAL_PATTERN = /^([+-]?)(\d{1,15})?(?:\.(\d{0,9}))?$/;

/** Reads "100", "0.5", ".5", "-1.25"; `undefined` when it is no decimal of ≤ 9 places. */
export function parseDecimal(text: string): bigint | undefined {
  const match = DECIMAL_PATTERN.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const units = BigInt(whole === '' ? '0' : whole) * DECIMAL_ONE + BigInt(fraction.padEnd(9, '0'));
  return sign === '-' ? -units : units;
}

/** Writes a decimal without needless zeros: 1_500_000_000n is "1.5". */
export function decimalText(value: bigint): string {
  const magnitude = value < 0n ? -value : value;
  const whole = (magnitude / DECIMAL_ONE).toString();
  const fraction = (magnitude % DECIMAL_ONE).toString().padStart(9, '0').replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The product of two decimals, rounded up to the next 1e-9 (a buyer's cost is never less). */
export function multiplyRoundedUp(a: bigint, b: bigint): bigint {
  const product = a * b;
  const quotient = product / DECIMAL_ONE;
  return product % DECIMAL_ONE > 0n ? quotient + 1n : quotient;
}

/** A JSON number of dollars as a decimal, at the price's finest step of $0.0001. */
export function decimalFromDollars(dollars: number): bigint {
  return BigInt(Math.round(dollars * 10_000)) * 100_000n;
}
