import { expect, test } from 'vitest';
import { decimalFromDollars, decimalText, multiplyRoundedUp, parseDecimal } from './decimal.ts';
import {
  direction,
  directionMark,
  formatChange,
  formatCompact,
  formatDecimalMoney,
  formatMoney,
  formatPercent,
  formatPrice,
  formatPriceText,
  formatQty,
} from './number.ts';

test('prices have cents, and four places below a dollar', () => {
  expect([13.9, 1234.5, 0.1234, 0, -2].map(formatPrice)).toEqual([
    '13.90',
    '1,234.50',
    '0.1234',
    '0.00',
    '−2.00',
  ]);
  expect(formatPrice(undefined)).toBe('–');
  expect(formatPriceText(null)).toBe('–');
  expect(formatPriceText('13.915')).toBe('13.92');
});

test('changes always carry a sign, a true minus, and none at zero', () => {
  expect([0.12, -1.3, 0, -0.001].map(formatChange)).toEqual(['+0.12', '−1.30', '0.00', '0.00']);
  expect([0.0123, -0.5, 0].map(formatPercent)).toEqual(['+1.23 %', '−50.00 %', '0.00 %']);
  expect([1, -1, 0].map(directionMark)).toEqual(['▲', '▼', '\u2007']);
  expect([1, -1, 0, undefined].map(direction)).toEqual(['up', 'down', 'flat', 'flat']);
});

test('money is rounded to cents exactly, far beyond what a float can hold', () => {
  expect(formatMoney('100000')).toBe('100,000.00');
  expect(formatMoney('-1250.005')).toBe('−1,250.01');
  expect(formatMoney('90071992547409.935')).toBe('90,071,992,547,409.94');
  expect(formatMoney('x')).toBe('–');
  expect(formatDecimalMoney(-1n)).toBe('0.00');
});

test('compact counts keep three digits and never read 1000K', () => {
  expect(
    [9_999, 10_000, 999_499, 999_500, 1_234_567, 98_760_000, 1_234_000_000].map(formatCompact),
  ).toEqual(['9,999', '10.0K', '999K', '1.00M', '1.23M', '98.8M', '1.23B']);
});

test('quantities drop needless zeros', () => {
  expect(['1000', '0.5', '0.000000001', null].map(formatQty)).toEqual([
    '1,000',
    '0.5',
    '0.000000001',
    '–',
  ]);
});

test('decimals are read strictly and written back', () => {
  expect(
    ['1', '.5', '1.', '-0.25', ' 7 '].map((text) => decimalText(parseDecimal(text) ?? -9n)),
  ).toEqual(['1', '0.5', '1', '-0.25', '7']);
  for (const text of ['', '.', '1e3', '1,000', '0.1234567891', 'NaN', '0x1', '--1']) {
    expect(parseDecimal(text)).toBeUndefined();
  }
});

test('a product is rounded up to the next unit, never down', () => {
  const third = parseDecimal('0.333333333') ?? 0n;
  expect(decimalText(multiplyRoundedUp(third, parseDecimal('0.1') ?? 0n))).toBe('0.033333334');
  expect(decimalText(multiplyRoundedUp(decimalFromDollars(13.91), 100n * 1_000_000_000n))).toBe(
    '1391',
  );
});
