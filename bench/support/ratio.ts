/** Ratios of interleaved rounds: the only kind of speed this project claims. */

/** Minimum, median and maximum of some figures. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** The spread of at least one figure. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(sorted.length - 1),
  };
}

/** The ratios a[i] / b[i] of rounds measured side by side. */
export function ratiosOf(a: readonly number[], b: readonly number[]): Spread {
  return spreadOf(a.map((figure, round) => figure / (b[round] ?? Number.NaN)));
}

/** "1.23 [1.10..1.40]" */
export function formatSpread({ min, median, max }: Spread, decimals = 2): string {
  return `${median.toFixed(decimals)} [${min.toFixed(decimals)}..${max.toFixed(decimals)}]`;
}

/** The p-th percentile (0–100) of figures in any order. */
export function percentile(figures: readonly number[], p: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN;
}
