import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { ManualClock } from '../api/stream/testing/manual-clock.ts';
import { memoryRegistry, MemoryStorage } from '../venues/testing/memory-installation.ts';
import type { VenueRow } from '../venues/venue-registry.ts';
import { followRuns } from './follow-runs.ts';

const ROW: Omit<VenueRow, 'status'> = {
  id: 'one',
  name: 'day',
  run: 1,
  template: { dataset: 'day', openAt: 0 },
};

/** Follows a registry whose answers `answer` may spoil. */
function follow(answer: () => void) {
  const registry = memoryRegistry(new MemoryStorage());
  const running = vi.fn(async () => {
    answer();
    return registry.running();
  });
  const clock = new ManualClock();
  const replaced: [string, string][] = [];
  const failures: Error[] = [];
  const following = followRuns(
    {
      registry: { ...registry, running },
      clock,
      logger: pino({ level: 'silent' }),
      onFailure: (error) => failures.push(error),
    },
    (from, to) => replaced.push([from, to]),
  );
  const looksAgain = async (): Promise<void> => {
    const looks = running.mock.calls.length;
    await vi.waitFor(() => {
      clock.advance(250);
      expect(running.mock.calls.length).toBeGreaterThan(looks + 1);
    });
  };
  return { registry, replaced, failures, following, looksAgain };
}

it('a replaced run is told, also when the database was away in between', async () => {
  let isAway = false;
  const { registry, replaced, failures, following, looksAgain } = follow(() => {
    if (isAway) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  });
  await registry.open(ROW, []);
  await looksAgain();
  isAway = true;
  await registry.open({ ...ROW, id: 'two', run: 2 }, [], 'one');
  await looksAgain();
  expect(replaced).toEqual([]);
  isAway = false;
  await looksAgain();
  expect(replaced).toEqual([['one', 'two']]);
  await following[Symbol.asyncDispose]();
  expect(failures).toEqual([]);
});

it('any other error of the registry is a failure', async () => {
  const { failures, following } = follow(() => {
    throw new TypeError('a bug');
  });
  await vi.waitFor(() => expect(failures).toHaveLength(1));
  await following[Symbol.asyncDispose]();
});
