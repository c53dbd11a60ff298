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
  /** Undefined when the log was cut behind a snapshot: a replay from zero is no longer possible. */
  readonly hashFromZero: string | undefined;
  /** Undefined when no snapshot was kept yet. */
  readonly hashFromSnapshot: string | undefined;
  /** Invariants that the replayed state or the snapshot breaks, in words; empty when all hold. */
  readonly broken: readonly string[];
  /** The replayed state, for further checks. */
  readonly venue: VenueApi;
}

/**
 * Replays from zero and from the snapshot, as far as they are there. Rejects with
 * `LogTruncatedError` when neither is.
 */
export async function compareReplays(
  partition: LogPartition,
  tape: RecordedTape,
  snapshot: VenueSnapshot | undefined,
): Promise<ReplayComparison> {
  const head = partition.headSeq;
  const broken: string[] = [];
  let restored: VenueApi | undefined;
  if (snapshot !== undefined) {
    restored = restoreVenue(snapshot.bytes, tape);
    if (restored.stateHash() !== snapshot.hash) broken.push('the snapshot has another hash');
    await replay(partition, restored, head);
  }
  let fromZero: VenueApi | undefined;
  if (restored === undefined || partition.firstSeq <= 1) {
    fromZero = createVenue(tape);
    await replay(partition, fromZero, head);
  }
  const venue = (fromZero ?? restored) as VenueApi;
  broken.push(...venue.verify());
  return {
    commands: venue.commandSeq,
    events: venue.seq,
    hashFromZero: fromZero?.stateHash(),
    hashFromSnapshot: restored?.stateHash(),
    broken,
    venue,
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
