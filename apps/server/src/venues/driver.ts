/**
 * The driver leads one venue: it moves the clock and plays the recorded tape.
 *
 * It takes the next epoch of the partition, says so in the log (`lead`), and from then on
 * appends `advance_clock` commands: a few per second at any speed, each a slice of at most
 * 4,096 tape rows. What happens up to that time follows from the state. A driver that was
 * replaced finds its epoch refused and stops. While the storage takes nothing (a database that
 * restarts, a full disk) the clock stands still and is tried again.
 */
import type { RecordedTape } from '@rialto/engine/market/recorded-tape';
import type { Micros } from '@rialto/engine/values/time';
import { TAPE_SLICE_ROWS } from '@rialto/engine/venue/venue';
import type { Logger } from 'pino';
import {
  LogFencedError,
  LogOverloadedError,
  type LogPartition,
  LogStorageError,
} from '../log/log.ts';
import { sleep, type Clock } from '../runtime/clock.ts';
import { isDatabaseAway } from '../store/database-away.ts';
import { ClockPace } from './clock-pace.ts';
import type { SnapshotKeeper } from './snapshot-keeper.ts';
import type { Replica } from './venue-host.ts';

/** Real time between two advances while the clock runs. */
const TICK_MS = 100;

/** Real time between two looks at a paused or ended clock. */
const IDLE_MS = 50;

/** Real time from a refusal of the storage to the next try. */
const RETRY_MS = 1_000;

/** The driver waits while the tables are further behind than this. */
const STORE_LAG_MAX_EVENTS = 50_000;

export interface DriverDeps {
  readonly replica: Replica;
  /** The driver's own; closed with it. */
  readonly partition: LogPartition;
  readonly tape: RecordedTape;
  /** The venue plays as fast as it can up to here, then at its set speed. */
  readonly openAt: Micros;
  /** The close of the last recorded day: the clock stops there. */
  readonly closesAt: Micros;
  readonly snapshots: SnapshotKeeper;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Leads a venue until disposed or fenced. */
export class Driver implements AsyncDisposable {
  private readonly deps: DriverDeps;
  private readonly pace = new ClockPace();
  private readonly stopping = new AbortController();
  private epoch = 0;
  private readonly running: Promise<void>;

  constructor(deps: DriverDeps, onFailure: (error: Error) => void) {
    this.deps = deps;
    this.running = this.run().catch((error: unknown) => {
      if (this.stopping.signal.aborted) return;
      if (error instanceof LogFencedError) {
        deps.logger.warn({ venue_id: deps.replica.venueId }, 'driver was replaced');
        return;
      }
      onFailure(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.deps.partition[Symbol.asyncDispose]();
  }

  private async run(): Promise<void> {
    const { replica, partition, clock, snapshots } = this.deps;
    this.epoch = await partition.takeEpoch();
    const at = replica.venue.clock().time;
    await replica.submit({ type: 'lead', at, epoch: this.epoch });
    while (!this.stopping.signal.aborted) {
      const startedMs = clock.monotonicMs();
      const moved = await this.tried('clock stands still', () => this.advance(), false);
      await this.tried('no snapshot was kept', () => snapshots.consider(replica.venue), undefined);
      const state = replica.venue.clock();
      if (state.ended) return;
      if (moved && (state.speed === 0 || state.time < this.deps.openAt)) continue;
      const rest = (moved ? TICK_MS : IDLE_MS) - (clock.monotonicMs() - startedMs);
      if (rest > 0) await sleep(clock, rest, this.stopping.signal);
    }
  }

  /** Does what the storage may refuse for a while; `otherwise` when it did. */
  private async tried<T>(consequence: string, run: () => Promise<T>, otherwise: T): Promise<T> {
    const { replica, clock, logger } = this.deps;
    try {
      return await run();
    } catch (error) {
      if (!isOfStorage(error)) throw error;
      logger.error({ err: error, venue_id: replica.venueId }, consequence);
      await sleep(clock, RETRY_MS, this.stopping.signal);
      return otherwise;
    }
  }

  /** Appends one slice when venue time may move; false when there was nothing to do. */
  private async advance(): Promise<boolean> {
    const { replica, tape, clock, openAt, closesAt } = this.deps;
    const state = replica.venue.clock();
    if (state.ended || state.time >= closesAt) return false;
    if (replica.lagEvents > STORE_LAG_MAX_EVENTS) return false;
    const opening = state.time < openAt;
    const pace = opening ? { speed: 0, paused: false } : state;
    const target = this.pace.target(pace, state.time, clock.monotonicMs());
    const limit = Math.min(target, opening ? openAt : closesAt) as Micros;
    const to = tape.sliceEnd(state.tapePosition, limit, TAPE_SLICE_ROWS);
    if (to <= state.time) return false;
    const command = { type: 'advance_clock', at: state.time, epoch: this.epoch, to } as const;
    const outcome = await replica.submit(command);
    if (!outcome.ok) throw new Error(`advance to ${to} was refused: ${outcome.refusal.code}`);
    return true;
  }
}

/** Whether the log or the database refused: nothing was done, and later it may be. */
function isOfStorage(error: unknown): boolean {
  return (
    error instanceof LogStorageError || error instanceof LogOverloadedError || isDatabaseAway(error)
  );
}
