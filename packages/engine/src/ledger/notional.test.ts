import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { NANOS_PER_UNIT } from '../values/quantity.ts';
import { addUnit, holdFor, newAmount, notional, paysUp, surplusAfter } from './notional.ts';
import { pairValue } from './pairs.ts';

const price = fc.integer({ min: 1, max: 0x7fffffff });
const whole = fc.integer({ min: 0, max: 2_000_000_000 });
const nanos = fc.integer({ min: 0, max: NANOS_PER_UNIT - 1 });

const exactOf = (p: number, w: number, n: number): bigint =>
  BigInt(p) * (BigInt(w) * 1_000_000_000n + BigInt(n));

it('equals price × quantity rounded down, with the rest', () => {
  fc.assert(
    fc.property(price, whole, nanos, (p, w, n) => {
      const amount = newAmount();
      notional(p, w, n, amount);
      expect(pairValue(amount, 0)).toBe(exactOf(p, w, n) / 10_000n);
      expect(BigInt(amount[2] ?? 0)).toBe(exactOf(p, w, n) % 10_000n);
    }),
    { numRuns: 2_000 },
  );
});

it('charges the fills of an order, however split, exactly its hold at the limit', () => {
  const parts = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), nanos), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(price, parts, (p, fills) => {
      const total = fills.reduce((sum, [w, n]) => sum + exactOf(1, w, n), 0n);
      const amount = newAmount();
      holdFor(p, Number(total / 1_000_000_000n), Number(total % 1_000_000_000n), 0, amount);
      const hold = pairValue(amount, 0);
      let paid = 0n;
      let surplus = 0;
      for (const [w, n] of fills) {
        notional(p, w, n, amount);
        const up = paysUp(amount, surplus);
        surplus = surplusAfter(amount, surplus);
        if (up) addUnit(amount);
        paid += pairValue(amount, 0);
      }
      expect(paid).toBe(hold);
      expect(surplus).toBeGreaterThanOrEqual(0);
      expect(surplus).toBeLessThan(10_000);
    }),
    { numRuns: 500 },
  );
});
