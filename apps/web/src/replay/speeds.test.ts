import { expect, test } from 'vitest';
import { neighborSpeed, speedText, venueTimeMs } from './speeds.ts';

test('faster goes up to Max and stays there, slower comes back', () => {
  expect([1, 300, 1000, 0].map((speed) => neighborSpeed(speed, 1))).toEqual([2, 1000, 0, 0]);
  expect([0, 2, 1].map((speed) => neighborSpeed(speed, -1))).toEqual([1000, 1, 1]);
  expect([speedText(60), speedText(0)]).toEqual(['×60', 'Max']);
});

test('a speed that is not offered moves to its neighbor', () => {
  expect([neighborSpeed(7, 1), neighborSpeed(7, -1)]).toEqual([10, 5]);
});

test('venue time runs on between frames, for a second at most, and stands when paused', () => {
  const clock = { timeMs: 1_000, speed: 60, isRunning: true };
  expect([0, 500, 5_000].map((since) => venueTimeMs(clock, since))).toEqual([
    1_000, 31_000, 61_000,
  ]);
  expect(venueTimeMs({ ...clock, isRunning: false }, 500)).toBe(1_000);
});
