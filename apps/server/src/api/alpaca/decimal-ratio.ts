/**
 * Quotients for display: average prices and percentages as decimal text.
 *
 * Rounded half away from zero. They never flow back into money; what is booked is rounded in
 * the engine.
 */
import { formatScaled } from '@rialto/engine/values/decimal';

/** The quotient of two integers of one scale as decimal text of at most `decimals` digits. */
export function formatRatio(numerator: bigint, denominator: bigint, decimals: number): string {
  const scaled = numerator * 10n ** BigInt(decimals);
  const negative = scaled < 0n !== denominator < 0n;
  const dividend = scaled < 0n ? -scaled : scaled;
  const divisor = denominator < 0n ? -denominator : denominator;
  const rounded = (dividend * 2n + divisor) / (divisor * 2n);
  return formatScaled(negative ? -rounded : rounded, decimals);
}
