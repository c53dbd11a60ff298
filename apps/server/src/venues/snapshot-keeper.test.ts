import { expect, it } from 'vitest';
import { ManualClock } from '../api/stream/testing/manual-clock.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import { ACCOUNT, MemoryStorage, OPEN, openMemory } from './testing/memory-installation.ts';

it('a snapshot is written only once the tables hold all events up to it', async () => {
  const storage = new MemoryStorage();
  const { host, lifecycle, log } = openMemory(storage);
  const venueId = await lifecycle.open('day', { dataset: 'day', openAt: OPEN }, [ACCOUNT]);
  const { venue } = await host.replica(venueId);
  const clock = new ManualClock();
  let stored = venue.seq - 1;
  const keeper = new SnapshotKeeper({
    venueId,
    store: storage,
    tables: { current: async () => stored },
    partition: await log.open(venueId),
    clock,
  });
  clock.advance(1_000);
  // Taken at the first call, looked at again in the later ones.
  for (let call = 0; call < 3; call++) await keeper.consider(venue);
  expect(storage.snapshots).toEqual([]);

  stored = venue.seq;
  await keeper.consider(venue);
  expect(storage.snapshots).toMatchObject([{ commandSeq: venue.commandSeq, seq: venue.seq }]);
  expect(storage.snapshots[0]?.hash).toBe(venue.stateHash());
});
