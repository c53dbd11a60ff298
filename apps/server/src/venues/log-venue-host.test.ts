import type { Micros } from '@rialto/engine/values/time';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../api/stream/testing/manual-clock.ts';
import { LET_GO_AFTER_MS } from './log-venue-host.ts';
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

  it('replays the log when another version wrote the snapshot', async () => {
    const storage = new MemoryStorage();
    const venueId = await openMemory(storage).lifecycle.open('day', TEMPLATE, [ACCOUNT]);
    const fromLog = (await openMemory(storage).host.replica(venueId)).venue.stateHash();
    await withSnapshot(storage, venueId);
    const snapshot = storage.snapshots[0];
    if (snapshot !== undefined) snapshot.bytes[0] = 255;
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

describe('a venue that has ended', () => {
  it('is let go once its callers had time to move on and the tables hold it', async () => {
    const storage = new MemoryStorage();
    const clock = new ManualClock();
    const { host, lifecycle } = openMemory(storage, undefined, clock);
    let storedSeq = 0;
    let closed = 0;
    host.attach(async () => ({
      get storedSeq() {
        return storedSeq;
      },
      ready: async () => undefined,
      onEvents: () => undefined,
      [Symbol.asyncDispose]: async () => {
        closed += 1;
      },
    }));
    const venueId = await lifecycle.open('day', TEMPLATE, [ACCOUNT]);
    const replica = await host.replica(venueId);
    await replica.submit({ type: 'end_venue', at: 0 as Micros });
    clock.advance(LET_GO_AFTER_MS);
    expect([...host.loaded()]).toEqual([replica]);

    storedSeq = replica.seq;
    clock.advance(LET_GO_AFTER_MS - 1);
    expect(await host.replica(venueId)).toBe(replica);
    clock.advance(1);
    expect([...host.loaded()]).toEqual([]);
    await Promise.resolve();
    expect(closed).toBe(1);
    await expect(replica.submit({ type: 'end_venue', at: 0 as Micros })).rejects.toThrow('closed');

    // Who still asks for it gets it again, for as long.
    expect((await host.replica(venueId)).venue.clock().ended).toBe(true);
    clock.advance(LET_GO_AFTER_MS);
    expect([...host.loaded()]).toEqual([]);
  });
});
