import { expect, test } from 'vitest';
import { formatRatio } from './decimal-ratio.ts';

test.each([
  [1391n, 100n, 6, '13.91'],
  [1n, 3n, 4, '0.3333'],
  [2n, 3n, 4, '0.6667'],
  [1n, 2n, 0, '1'],
  [-1n, 2n, 0, '-1'],
  [-1n, 3n, 2, '-0.33'],
  [0n, 7n, 6, '0'],
  [5n, -2n, 1, '-2.5'],
])('%s / %s with %s digits is %s', (numerator, denominator, decimals, text) => {
  expect(formatRatio(numerator, denominator, decimals)).toBe(text);
});
