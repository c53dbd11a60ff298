import { expect, test } from 'vitest';
import { isStaleQuote } from './freshness.ts';

test('a minute of silence is stale in the regular session and usual outside of it', () => {
  expect(isStaleQuote(59_000, 'regular', 1)).toBe(false);
  expect(isStaleQuote(62_000, 'regular', 1)).toBe(true);
  expect(isStaleQuote(62_000, 'pre', 1)).toBe(false);
});

test('at high speed the time between two frames is allowed for', () => {
  expect(isStaleQuote(600_000, 'regular', 1_000)).toBe(false);
});
