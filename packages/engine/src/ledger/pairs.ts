/**
 * Sums held as pairs of float64: whole units and billionths, normalized to 0 ≤ billionths < 1e9.
 * The value of a pair is whole + billionths × 1e-9, so a negative sum has a negative whole part.
 * Exact as long as whole stays below 2^53.
 */
import { joinNanos } from '../values/quantity.ts';
import * as quantity from '../values/quantity.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { NANOS_PER_UNIT } = quantity;

/** Adds (whole, nanos) with 0 ≤ nanos < 1e9 to the pair at `at`. */
export function addPair(pairs: Float64Array, at: number, whole: number, nanos: number): void {
  const sum = (pairs[at + 1] as number) + nanos;
  if (sum >= NANOS_PER_UNIT) {
    pairs[at] = (pairs[at] as number) + whole + 1;
    pairs[at + 1] = sum - NANOS_PER_UNIT;
  } else {
    pairs[at] = (pairs[at] as number) + whole;
    pairs[at + 1] = sum;
  }
}

/** Subtracts (whole, nanos) with 0 ≤ nanos < 1e9 from the pair at `at`. */
export function subtractPair(pairs: Float64Array, at: number, whole: number, nanos: number): void {
  const difference = (pairs[at + 1] as number) - nanos;
  if (difference < 0) {
    pairs[at] = (pairs[at] as number) - whole - 1;
    pairs[at + 1] = difference + NANOS_PER_UNIT;
  } else {
    pairs[at] = (pairs[at] as number) - whole;
    pairs[at + 1] = difference;
  }
}

/** Whether the pair at `haveAt` less the pair at `takenAt` is at least whole + nanos. */
export function coversPair(
  pairs: Float64Array,
  haveAt: number,
  takenAt: number,
  whole: number,
  nanos: number,
): boolean {
  const left = (pairs[haveAt] as number) - (pairs[takenAt] as number) - whole;
  const leftNanos = (pairs[haveAt + 1] as number) - (pairs[takenAt + 1] as number) - nanos;
  // -2e9 < leftNanos < 1e9: beyond two units the whole part alone decides.
  return left > 2 || (left >= -2 && left * NANOS_PER_UNIT + leftNanos >= 0);
}

/** The pair at `at` as a bigint of billionths. */
export function pairValue(pairs: Float64Array, at: number): bigint {
  return joinNanos(pairs[at] as number, pairs[at + 1] as number);
}
