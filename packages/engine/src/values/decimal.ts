/**
 * Decimal text to scaled integers and back: the one place where digits become numbers.
 *
 * Strict on purpose: no exponent, no sign but a leading minus, no blanks, no "0x10", no NaN.
 */

const DECIMAL = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/**
 * Reads decimal text as an integer scaled by 10^decimals.
 * `undefined` when the text is no plain decimal or has more (non-zero) digits than fit.
 */
export function parseScaled(text: string, decimals: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  if (/[1-9]/.test(fraction.slice(decimals))) return undefined;
  const magnitude = BigInt(whole + kept);
  return sign === '-' ? -magnitude : magnitude;
}

/** Writes a scaled integer as decimal text without trailing zeros: (139100n, 4) is "13.91". */
export function formatScaled(value: bigint, decimals: number): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative ? `-${text}` : text;
}
