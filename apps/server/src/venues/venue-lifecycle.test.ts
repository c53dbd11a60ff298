import { describe, expect, it } from 'vitest';
import { ACCOUNT, MemoryStorage, OPEN, openMemory } from './testing/memory-installation.ts';

const TEMPLATE = { dataset: 'day', openAt: OPEN };

describe('a restart of a replay', () => {
  it('ends the run and opens the next one with the same accounts', async () => {
    const storage = new MemoryStorage();
    const { host, lifecycle } = openMemory(storage);
    const first = await lifecycle.open('day', TEMPLATE, [ACCOUNT]);
    const second = await lifecycle.restart(first);

    expect((await host.replica(first)).venue.clock().ended).toBe(true);
    expect((await host.replica(second)).venue.account(0)?.id).toBe(ACCOUNT.id);
    expect([...storage.venues.values()].map(({ run, status }) => [run, status])).toEqual([
      [1, 'ended'],
      [2, 'running'],
    ]);
  });

  it('waits until the tables hold the whole run', async () => {
    const storage = new MemoryStorage();
    const asked: [string, number][] = [];
    const { host, lifecycle } = openMemory(storage, async (venueId, seq) => {
      asked.push([venueId, seq]);
      expect(storage.venues.get(venueId)?.status).toBe('running');
    });
    const first = await lifecycle.open('day', TEMPLATE, [ACCOUNT]);
    await lifecycle.restart(first);
    expect(asked).toEqual([[first, (await host.replica(first)).seq]]);
  });

  it('that was cut short leaves the run to be restarted again', async () => {
    const storage = new MemoryStorage();
    const behind = openMemory(storage, () => Promise.reject(new Error('behind')));
    const first = await behind.lifecycle.open('day', TEMPLATE, [ACCOUNT]);
    await expect(behind.lifecycle.restart(first)).rejects.toThrow('behind');
    expect(storage.venues.get(first)?.status).toBe('running');

    const { lifecycle } = openMemory(storage);
    const second = await lifecycle.restart(first);
    expect(storage.venues.get(first)?.status).toBe('ended');
    expect(storage.venues.get(second)).toMatchObject({ run: 2, status: 'running' });
  });

  it('of a run that was replaced is refused', async () => {
    const { lifecycle } = openMemory(new MemoryStorage());
    const first = await lifecycle.open('day', TEMPLATE, [ACCOUNT]);
    const both = await Promise.allSettled([lifecycle.restart(first), lifecycle.restart(first)]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(lifecycle.restart(first)).rejects.toMatchObject({ code: 'venue_ended' });
  });
});
