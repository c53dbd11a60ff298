/** Prices, quantities and money as text: what is refused, and that nothing is lost. */
import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { formatMoney, parseMoney } from './money.ts';
import type { Money } from './money.ts';
import { formatPrice, parsePrice, PRICE_MAX } from './price.ts';
import type { Price } from './price.ts';
import { formatQuantity, joinNanos, nanosOf, parseQuantity, wholeOf } from './quantity.ts';
import type { Quantity } from './quantity.ts';

test('what was written is read back', () => {
  const big = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
  fc.assert(
    fc.property(fc.nat({ max: PRICE_MAX }), big, (price, amount) => {
      expect(parsePrice(formatPrice(price as Price))).toBe(price);
      expect(parseMoney(formatMoney(amount as Money))).toBe(amount);
      expect(parseQuantity(formatQuantity(amount as Quantity))).toBe(amount);
    }),
    { numRuns: 1_000 },
  );
});

test('a pair of whole units and billionths is the amount it came from', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 62n }), (amount) => {
      expect(joinNanos(wholeOf(amount), nanosOf(amount))).toBe(amount);
    }),
  );
});

test.each([
  ['13.91', 139_100],
  ['0.0001', 1],
  ['214748.3647', PRICE_MAX],
  ['13.91000000', 139_100],
  ['214748.3648', undefined],
  ['13.91001', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  [' 1', undefined],
  ['1.', undefined],
  ['.5', undefined],
  ['+1', undefined],
  ['NaN', undefined],
  ['Infinity', undefined],
  ['1,000', undefined],
  ['', undefined],
  ['9'.repeat(31), undefined],
])('"%s" as a price is %s', (text, expected) => {
  expect(parsePrice(text)).toBe(expected);
});

test.each([
  ['-1.5', -1_500_000_000n],
  ['0.000000001', 1n],
  ['0.0000000001', undefined],
  ['99864.2', 99_864_200_000_000n],
])('"%s" as money is %s', (text, expected) => {
  expect(parseMoney(text)).toBe(expected);
});
