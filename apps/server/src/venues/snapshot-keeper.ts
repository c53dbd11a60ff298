/**
 * Snapshots of a venue, and the log behind them.
 *
 * A snapshot is taken in memory from time to time and written only once the tables hold all
 * events up to it: a restart replays from the snapshot, so nothing that a consumer still needs
 * may lie before it. The tables themselves are asked how far they are, because the process that
 * fills them may be another one. The newest two are kept. Of the log, the last million commands are always
 * kept, so that a replay from zero stays possible for all but very old venues.
 */
import { snapshotHash } from '@rialto/engine/venue/venue';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { LogPartition } from '../log/log.ts';
import type { MonotonicClock } from '../runtime/clock.ts';

/** A snapshot as it is stored. */
export interface VenueSnapshot {
  readonly venueId: string;
  readonly commandSeq: number;
  readonly seq: number;
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** Where snapshots are kept. */
export interface SnapshotStore {
  newest(venueId: string): Promise<VenueSnapshot | undefined>;
  /** Saves one and forgets all but the newest two; resolves with the oldest kept commandSeq. */
  save(snapshot: VenueSnapshot): Promise<number>;
}

/** How far the tables are. */
export interface TablesProgress {
  /** The last event of a venue that is in the tables; 0 when none is. */
  current(venueId: string): Promise<number>;
}

/** Real time between two snapshots of a venue that changes. */
const INTERVAL_MS = 30_000;

/** Real time from a start to its first snapshot: crash after crash must not replay ever more. */
const FIRST_AFTER_MS = 1_000;

/** Commands between two snapshots, whatever the time. */
const INTERVAL_COMMANDS = 20_000;

/** Commands the log keeps behind the oldest snapshot. */
const COMMANDS_KEPT = 1_000_000;

export class SnapshotKeeper {
  private readonly store: SnapshotStore;
  private readonly tables: TablesProgress;
  private readonly partition: LogPartition;
  private readonly clock: MonotonicClock;
  private readonly venueId: string;
  private pending: VenueSnapshot | undefined;
  private takenMs: number;
  /** Undefined until the first look, which only learns where the venue stands. */
  private takenCommandSeq: number | undefined;

  constructor(deps: {
    readonly venueId: string;
    readonly store: SnapshotStore;
    readonly tables: TablesProgress;
    readonly partition: LogPartition;
    readonly clock: MonotonicClock;
  }) {
    this.venueId = deps.venueId;
    this.store = deps.store;
    this.tables = deps.tables;
    this.partition = deps.partition;
    this.clock = deps.clock;
    this.takenMs = deps.clock.monotonicMs() - INTERVAL_MS + FIRST_AFTER_MS;
  }

  /** Takes a snapshot when one is due; writes the one taken before once the tables hold it. */
  async consider(venue: VenueApi): Promise<void> {
    if (this.pending !== undefined) {
      if ((await this.tables.current(this.venueId)) < this.pending.seq) return;
      const oldestKept = await this.store.save(this.pending);
      this.pending = undefined;
      const below = oldestKept - COMMANDS_KEPT;
      if (below > this.partition.firstSeq) await this.partition.truncate(below);
      return;
    }
    const nowMs = this.clock.monotonicMs();
    this.takenCommandSeq ??= venue.commandSeq - 1;
    const commands = venue.commandSeq - this.takenCommandSeq;
    const isDue = nowMs - this.takenMs >= INTERVAL_MS || commands >= INTERVAL_COMMANDS;
    if (!isDue || commands === 0) return;
    this.takenMs = nowMs;
    this.takenCommandSeq = venue.commandSeq;
    const bytes = venue.snapshot();
    this.pending = {
      venueId: this.venueId,
      commandSeq: venue.commandSeq,
      seq: venue.seq,
      // Not of a second snapshot: making one of a large state takes long.
      hash: snapshotHash(bytes),
      bytes,
    };
  }
}
