import { expect, test } from 'vitest';
import { backoffDelayMs } from './backoff.ts';

test('delays double from a quarter second and stop growing at 15 s', () => {
  const attempts = [0, 1, 2, 3, 5, 6, 50];
  expect(attempts.map((attempt) => backoffDelayMs(attempt, () => 0.999_999))).toEqual([
    250, 500, 1000, 2000, 8000, 15_000, 15_000,
  ]);
});

test('the random share never takes away more than half of the delay', () => {
  expect(backoffDelayMs(2, () => 0)).toBe(500);
});
