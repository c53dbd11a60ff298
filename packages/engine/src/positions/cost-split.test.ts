import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinNanos } from '../values/quantity.ts';
import { splitCost } from './cost-split.ts';

const nanos = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999_999_999 }));

it('takes cost × sold / qty rounded down, for small and large numbers', () => {
  const pair = fc.tuple(fc.oneof(fc.nat(5_000_000), fc.nat(2 ** 31)), nanos);
  fc.assert(
    fc.property(fc.nat(2 ** 40), nanos, pair, pair, (dollars, costNanos, a, b) => {
      const [large, small] = joinNanos(...a) >= joinNanos(...b) ? [a, b] : [b, a];
      const qty = joinNanos(...large);
      const sold = joinNanos(...small);
      if (sold === 0n) return;
      const record = Float64Array.of(0, 0, 0, 0, dollars, costNanos);
      splitCost(record, 4, ...large, ...small);
      const cost = joinNanos(dollars, costNanos);
      expect(joinNanos(record[4] ?? 0, record[5] ?? 0)).toBe(cost - (cost * sold) / qty);
    }),
    { numRuns: 2_000 },
  );
});
