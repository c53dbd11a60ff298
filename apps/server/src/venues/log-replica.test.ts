import type { Micros } from '@rialto/engine/values/time';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, MemoryStorage, OPEN, openMemory } from './testing/memory-installation.ts';

const TEMPLATE = { dataset: 'day', openAt: OPEN };
const pause = { type: 'set_clock', at: 0 as Micros, speed: 1, paused: true } as const;

async function open() {
  const storage = new MemoryStorage();
  const parts = openMemory(storage);
  const venueId = await parts.lifecycle.open('day', TEMPLATE, [ACCOUNT]);
  return { ...parts, storage, venueId, replica: await parts.host.replica(venueId) };
}

describe('a replica', () => {
  it('answers commands that were sent at once, each with its own outcome', async () => {
    const { replica } = await open();
    const outcomes = await Promise.all([
      replica.submit(pause),
      replica.submit({ type: 'cancel_all_orders', at: 0 as Micros, account: 7 }),
      replica.submit({ type: 'cancel_all_orders', at: 0 as Micros, account: 0 }),
    ]);
    expect(outcomes).toEqual([
      { ok: true },
      { ok: false, refusal: { code: 'account_unknown' } },
      { ok: true, canceled: [] },
    ]);
  });

  it('that cannot go on answers everyone who waits and tells it once', async () => {
    const { host, failures, replica } = await open();
    replica.subscribe({
      onEvents: () => {
        throw new Error('a listener broke');
      },
    });
    const answers = await Promise.allSettled([replica.submit(pause), replica.submit(pause)]);
    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected']);
    await expect(replica.submit(pause)).rejects.toThrow('a listener broke');
    expect(failures.map(({ message }) => message)).toEqual(['a listener broke']);
    expect(host.failure?.message).toBe('a listener broke');
  });

  it('is not made from a damaged log', async () => {
    const { storage, venueId } = await open();
    storage.log.damage(venueId, 2, (bytes) => bytes.fill(0, 20, 24));
    const { host } = openMemory(storage);
    await expect(host.replica(venueId)).rejects.toMatchObject({ code: 'log_corrupt' });
  });
});
