import { describe, expect, it } from 'vitest';
import { ACCOUNT, MemoryStorage, OPEN, openMemory, TAPE } from './testing/memory-installation.ts';

const TEMPLATE = { dataset: 'day', openAt: OPEN };

async function withSnapshot(storage: MemoryStorage, venueId: string): Promise<void> {
  const { venue } = await openMemory(storage).host.replica(venueId);
  const { commandSeq, seq } = venue;
  await storage.save({
    venueId,
    commandSeq,
    seq,
    hash: venue.stateHash(),
    bytes: venue.snapshot(),
  });
}

describe('loading a venue', () => {
  it('gives the same state from its log and from a snapshot', async () => {
    const storage = new MemoryStorage();
    const venueId = await openMemory(storage).lifecycle.open('day', TEMPLATE, [ACCOUNT]);
    const fromLog = (await openMemory(storage).host.replica(venueId)).venue.stateHash();
    await withSnapshot(storage, venueId);
    expect((await openMemory(storage).host.replica(venueId)).venue.stateHash()).toBe(fromLog);
  });

  it.each([
    ['its log', false],
    ['a snapshot', true],
  ])('from %s is refused when its data set was replaced', async (_from, snapshot) => {
    const storage = new MemoryStorage();
    const venueId = await openMemory(storage).lifecycle.open('day', TEMPLATE, [ACCOUNT]);
    if (snapshot) await withSnapshot(storage, venueId);
    storage.tape = { ...TAPE, hash: 'bb' };
    const { host, failures } = openMemory(storage);
    await expect(host.replica(venueId)).rejects.toMatchObject({ code: 'tape_replaced' });
    expect(failures).toEqual([]);

    // A failed load is not remembered: with the right files back the venue is there.
    storage.tape = TAPE;
    expect((await host.replica(venueId)).venue.account(0)?.id).toBe(ACCOUNT.id);
  });

  it('is done once however many ask', async () => {
    const storage = new MemoryStorage();
    const { host, lifecycle } = openMemory(storage);
    const venueId = await lifecycle.open('day', TEMPLATE, [ACCOUNT]);
    const [one, other] = await Promise.all([host.replica(venueId), host.replica(venueId)]);
    expect(one).toBe(other);
    await expect(host.replica('another')).rejects.toMatchObject({ code: 'venue_unknown' });
  });
});
