/**
 * Replays a venue's log beside the running venue: from zero and from the newest snapshot.
 *
 * Equal hashes show that nothing but the log decides the state (D6). Works on a log that is
 * being appended to: both replays stop at the head that stood when they began.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordedTape } from '@rialto/engine/market/recorded-tape';
import { decodeCommand } from '@rialto/engine/venue/command-codec';
import { createVenue, restoreVenue } from '@rialto/engine/venue/venue';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { LogPartition } from '../log/log.ts';
import type { VenueSnapshot } from './snapshot-keeper.ts';

/** The state hashes of two replays up to one command. */
export interface ReplayComparison {
  readonly commands: number;
  readonly events: number;
  readonly hashFromZero: string;
  /** Undefined when no snapshot was kept yet. */
  readonly hashFromSnapshot: string | undefined;
  /** Invariants that the replayed state breaks, in words; empty when all hold. */
  readonly broken: readonly string[];
  /** The replayed state, for further checks. */
  readonly venue: VenueApi;
}

/** Replays twice and compares. The log must still hold its first record. */
export async function compareReplays(
  partition: LogPartition,
  tape: RecordedTape,
  snapshot: VenueSnapshot | undefined,
): Promise<ReplayComparison> {
  const head = partition.headSeq;
  const fromZero = createVenue(tape);
  await replay(partition, fromZero, head);
  let hashFromSnapshot: string | undefined;
  if (snapshot !== undefined) {
    const restored = restoreVenue(snapshot.bytes, tape);
    await replay(partition, restored, head);
    hashFromSnapshot = restored.stateHash();
  }
  return {
    commands: fromZero.commandSeq,
    events: fromZero.seq,
    hashFromZero: fromZero.stateHash(),
    hashFromSnapshot,
    broken: fromZero.verify(),
    venue: fromZero,
  };
}

async function replay(partition: LogPartition, venue: VenueApi, head: number): Promise<void> {
  for await (const records of partition.read(venue.commandSeq + 1)) {
    for (const record of records) {
      if (record.seq > head) return;
      venue.apply(decodeCommand(record.payload));
      await nextTurn();
    }
  }
}
