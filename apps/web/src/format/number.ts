/**
 * Numbers as text.
 *
 * Fixed decimals per kind, so columns line up and nothing shifts; a true minus (U+2212) as wide
 * as the plus; a sign on every change. What is not known is an en dash.
 */
import { DECIMAL_ONE, parseDecimal } from './decimal.ts';

/** Shown where there is no value. */
export const UNKNOWN = '–';

const MINUS = '\u2212';

const grouped = (decimals: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });

const WHOLE = grouped(0);
const CENTS = grouped(2);
const FOUR = grouped(4);
const QTY = new Intl.NumberFormat('en-US', { maximumFractionDigits: 9 });

/** A price in dollars: cents, or four places below $1 (as such stocks are quoted). */
export function formatPrice(dollars: number | undefined): string {
  if (dollars === undefined || !Number.isFinite(dollars)) return UNKNOWN;
  return withTrueMinus((Math.abs(dollars) < 1 && dollars !== 0 ? FOUR : CENTS).format(dollars));
}

/** A price that came as decimal text; `null` is unknown. */
export function formatPriceText(text: string | null | undefined): string {
  return text === null || text === undefined ? UNKNOWN : formatPrice(Number(text));
}

/** Money in dollars and cents, from decimal text: "−1,250.00". */
export function formatMoney(text: string | undefined): string {
  if (text === undefined) return UNKNOWN;
  const units = parseDecimal(text);
  return units === undefined ? UNKNOWN : formatDecimalMoney(units);
}

/** Money in dollars and cents, from units of 1e-9, half a cent away from zero. */
export function formatDecimalMoney(units: bigint): string {
  const magnitude = units < 0n ? -units : units;
  const cents = (magnitude + DECIMAL_ONE / 200n) / (DECIMAL_ONE / 100n);
  const text = `${WHOLE.format(cents / 100n)}.${(cents % 100n).toString().padStart(2, '0')}`;
  return units < 0n && cents > 0n ? MINUS + text : text;
}

/** A change in dollars with its sign: "+0.12", "−1.30", "0.00". */
export function formatChange(dollars: number | undefined): string {
  if (dollars === undefined || !Number.isFinite(dollars)) return UNKNOWN;
  return signed(dollars, CENTS.format(Math.abs(dollars)));
}

/** A ratio as per cent with its sign: 0.0123 is "+1.23 %". */
export function formatPercent(ratio: number | undefined): string {
  if (ratio === undefined || !Number.isFinite(ratio)) return UNKNOWN;
  return `${signed(ratio * 100, CENTS.format(Math.abs(ratio * 100)))} %`;
}

/** A whole count: "12,300". */
export function formatCount(count: number | undefined): string {
  return count === undefined ? UNKNOWN : WHOLE.format(count);
}

/** A large count in four characters or so: "1.23M". The full value belongs in a tooltip. */
export function formatCompact(count: number | undefined): string {
  if (count === undefined) return UNKNOWN;
  if (count < 10_000) return WHOLE.format(count);
  for (const [limit, divisor, letter] of COMPACT_STEPS) {
    if (count < limit) return `${threeDigits(count / divisor)}${letter}`;
  }
  return `${threeDigits(count / 1e9)}B`;
}

const COMPACT_STEPS = [
  [999_500, 1e3, 'K'],
  [999_500_000, 1e6, 'M'],
] as const;

/** A quantity of shares from decimal text, without needless zeros: "1,000", "0.5". */
export function formatQty(text: string | null | undefined): string {
  if (text === null || text === undefined || text === '') return UNKNOWN;
  const value = Number(text);
  return Number.isFinite(value) ? withTrueMinus(QTY.format(value)) : UNKNOWN;
}

/** ▲ for a rise, ▼ for a fall, a space as wide for neither: never colour alone. */
export function directionMark(change: number | undefined): string {
  if (change === undefined || change === 0) return '\u2007';
  return change > 0 ? '▲' : '▼';
}

/** The direction as a word for styles: `up`, `down` or `flat`. */
export function direction(change: number | undefined): 'up' | 'down' | 'flat' {
  if (change === undefined || change === 0 || Number.isNaN(change)) return 'flat';
  return change > 0 ? 'up' : 'down';
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

function signed(value: number, magnitude: string): string {
  const isZero = /^[0.,]*$/.test(magnitude);
  if (isZero) return magnitude;
  return value < 0 ? MINUS + magnitude : `+${magnitude}`;
}

function withTrueMinus(text: string): string {
  return text.replace('-', MINUS);
}
