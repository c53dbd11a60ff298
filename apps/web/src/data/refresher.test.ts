import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Refresher } from './refresher.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a burst of requests runs the task once', async () => {
  let runs = 0;
  const refresher = new Refresher(async () => void (runs += 1), 100);
  for (let i = 0; i < 5; i += 1) refresher.request();
  await vi.advanceTimersByTimeAsync(99);
  expect(runs).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toBe(1);
});

test('a request during a run brings exactly one more, and runs never overlap', async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const refresher = new Refresher(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 50));
    running -= 1;
    runs += 1;
  }, 10);
  refresher.request();
  await vi.advanceTimersByTimeAsync(20);
  refresher.request();
  refresher.request();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([runs, most]).toEqual([2, 1]);
});
