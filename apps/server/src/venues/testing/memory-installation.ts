/**
 * What a venue host stands on, in memory: log, registry, snapshots, tables' progress, one tape.
 *
 * For tests of everything that moves venues. Opening it again on the same storage is a restart.
 */
import { randomUUID } from 'node:crypto';
import { INSTRUMENTS, ny, tapeOf } from '@rialto/engine/venue/testing/tape-builder';
import { pino } from 'pino';
import { createMemoryLog, MemoryLogStorage } from '../../log/memory/memory-log.ts';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import { systemRandom } from '../../runtime/random.ts';
import { LogVenueHost } from '../log-venue-host.ts';
import type { SnapshotStore, VenueSnapshot } from '../snapshot-keeper.ts';
import type { LoadedTape } from '../tape-library.ts';
import { VenueLifecycle } from '../venue-lifecycle.ts';
import type { AccountRow, VenueRegistry, VenueRow } from '../venue-registry.ts';

/** BAC is quoted and traded for half a minute. */
export const TAPE: LoadedTape = {
  name: 'day',
  hash: 'aa',
  tape: tapeOf({
    quotes: [['09:30:00', 0, '13.89', 100, '13.92', 400]],
    trades: [
      ['09:30:01', 0, '13.90', 100],
      ['09:30:30', 0, '13.91', 300],
    ],
  }),
  instruments: INSTRUMENTS,
};

export const OPEN: number = ny('09:30:00');

export const ACCOUNT: AccountRow = {
  id: randomUUID(),
  accountNumber: '1',
  userId: randomUUID(),
  accountIndex: 0,
};

/** What outlives a restart. */
export class MemoryStorage implements SnapshotStore {
  readonly log = new MemoryLogStorage();
  readonly venues = new Map<string, VenueRow>();
  readonly accounts = new Map<string, readonly AccountRow[]>();
  readonly snapshots: VenueSnapshot[] = [];
  tape: LoadedTape = TAPE;

  async newest(venueId: string): Promise<VenueSnapshot | undefined> {
    return this.snapshots.findLast((snapshot) => snapshot.venueId === venueId);
  }

  async save(snapshot: VenueSnapshot): Promise<number> {
    this.snapshots.push(snapshot);
    return snapshot.commandSeq;
  }
}

/** A registry over the storage. */
export function memoryRegistry({ venues, accounts }: MemoryStorage): VenueRegistry {
  return {
    get: async (id) => venues.get(id),
    list: async () => [...venues.values()].toReversed(),
    running: async () => [...venues.values()].filter(({ status }) => status === 'running'),
    accounts: async (id) => accounts.get(id) ?? [],
    open: async (venue, rows, replaces) => {
      const before = replaces === undefined ? undefined : venues.get(replaces);
      if (before !== undefined) venues.set(before.id, { ...before, status: 'ended' });
      venues.set(venue.id, { ...venue, status: 'running' });
      accounts.set(venue.id, rows);
    },
  };
}

/** Opens the storage; `reached` stands for the tables, which are never behind when it is absent. */
export function openMemory(
  storage: MemoryStorage,
  reached: (venueId: string, seq: number) => Promise<void> = async () => undefined,
  clock: Clock = systemClock,
) {
  const failures: Error[] = [];
  const log = createMemoryLog(storage.log);
  const registry = memoryRegistry(storage);
  const tapes = { load: async () => storage.tape };
  const host = new LogVenueHost({
    log,
    registry,
    tapes,
    snapshots: storage,
    clock,
    logger: pino({ level: 'silent' }),
    onFailure: (error) => failures.push(error),
  });
  const lifecycle = new VenueLifecycle({
    log,
    registry,
    tapes,
    host,
    tables: { reached },
    random: systemRandom,
  });
  return { log, registry, host, lifecycle, failures };
}
