import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { PriceLadder } from './price-ladder.ts';
import { isLevelPrice, levelOf, priceOfLevel } from './price-level.ts';

const price = fc
  .integer({ min: 1, max: 0x7fffffff })
  .map((units) => (units < 10_000 ? units : units - (units % 100)));

it('maps prices to levels one to one and in order', () => {
  fc.assert(
    fc.property(price, price, (a, b) => {
      expect(isLevelPrice(a)).toBe(true);
      expect(priceOfLevel(levelOf(a))).toBe(a);
      expect(Math.sign(levelOf(a) - levelOf(b))).toBe(Math.sign(a - b));
    }),
  );
  expect(levelOf(10_000) - levelOf(9_999)).toBe(1);
});

it('finds the neighbors of any level among any set of levels, also after removals', () => {
  fc.assert(
    fc.property(fc.uniqueArray(price, { maxLength: 40 }), fc.nat(), price, (prices, drop, at) => {
      const ladder = new PriceLadder();
      ladder.addInstrument();
      ladder.addInstrument();
      const levels = prices.map(levelOf);
      levels.forEach((level, k) => expect(ladder.push(1, level, k + 1)).toBe(0));
      const gone = new Set(levels.filter((_, k) => (k + drop) % 3 === 0));
      for (const level of gone) ladder.clear(1, level);
      const left = levels.filter((level) => !gone.has(level));
      const target = levelOf(at);
      const below = left.filter((level) => level < target);
      const above = left.filter((level) => level > target);
      expect(ladder.below(1, target)).toBe(Math.max(-1, ...below));
      expect(ladder.above(1, target)).toBe(above.length === 0 ? -1 : Math.min(...above));
      expect(ladder.below(0, target)).toBe(-1);
      levels.forEach((level, k) => {
        expect(ladder.head(1, level)).toBe(gone.has(level) ? 0 : k + 1);
      });
    }),
  );
});
