/**
 * Loads replicas on first use: newest snapshot, durable listeners, then the log's tail.
 *
 * Each venue is loaded once per process however many ask at the same time. One that has ended is
 * let go a while later: a machine that plays one replay after the other must not hold them all.
 */
import type { RecordedTape } from '@rialto/engine/market/recorded-tape';
import { BytesError } from '@rialto/engine/values/bytes';
import { decodeCommand } from '@rialto/engine/venue/command-codec';
import { createVenue, restoreVenue } from '@rialto/engine/venue/venue';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { Logger } from 'pino';
import type { Log, LogPartition } from '../log/log.ts';
import type { Clock } from '../runtime/clock.ts';
import { LogReplica } from './log-replica.ts';
import type { SnapshotStore, VenueSnapshot } from './snapshot-keeper.ts';
import type { TapeLibrary } from './tape-library.ts';
import {
  VenueUnknownError,
  type DurableAttachment,
  type Replica,
  type VenueHost,
} from './venue-host.ts';
import type { VenueRegistry } from './venue-registry.ts';

/** The files of a venue's data set are not those that its log was written with. */
export class TapeReplacedError extends Error {
  readonly code = 'tape_replaced';
  override readonly name = 'TapeReplacedError';
}

/** Real time from the end of a venue until it is let go: callers of the old run are moving on. */
export const LET_GO_AFTER_MS = 60_000;

export class LogVenueHost implements VenueHost {
  private readonly deps: {
    readonly log: Log;
    readonly registry: VenueRegistry;
    readonly tapes: TapeLibrary;
    readonly snapshots: SnapshotStore;
    readonly clock: Clock;
    readonly logger: Logger;
    /** A replica can't go on: the process must stop, a restart replays. */
    readonly onFailure: (error: Error) => void;
  };
  private readonly attachments: DurableAttachment[] = [];
  private readonly loading = new Map<string, Promise<LogReplica>>();
  private readonly replicas = new Set<Replica>();
  /** The timers of those that have ended, by venue. */
  private readonly ended = new Map<string, Disposable>();
  private failed: Error | undefined;

  constructor(deps: LogVenueHost['deps']) {
    this.deps = deps;
  }

  get failure(): Error | undefined {
    return this.failed;
  }

  loaded(): Iterable<Replica> {
    return this.replicas;
  }

  attach(attachment: DurableAttachment): void {
    this.attachments.push(attachment);
  }

  replica(venueId: string): Promise<Replica> {
    let loading = this.loading.get(venueId);
    if (loading === undefined) {
      loading = this.load(venueId);
      this.loading.set(venueId, loading);
      loading.catch(() => this.loading.delete(venueId));
    }
    return loading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.ended.values()) timer[Symbol.dispose]();
    const replicas = await Promise.allSettled(this.loading.values());
    for (const replica of replicas) {
      if (replica.status === 'fulfilled') await replica.value[Symbol.asyncDispose]();
    }
  }

  private async load(venueId: string): Promise<LogReplica> {
    const { log, registry } = this.deps;
    const row = await registry.get(venueId);
    if (row === undefined) throw new VenueUnknownError(`no venue ${venueId}`);
    const partition = await log.open(venueId);
    try {
      return await this.loadFrom(partition, venueId, row.template.dataset);
    } catch (error) {
      await partition[Symbol.asyncDispose]();
      throw error;
    }
  }

  private async loadFrom(
    partition: LogPartition,
    venueId: string,
    dataset: string,
  ): Promise<LogReplica> {
    const { clock } = this.deps;
    const onFailure = (error: Error): void => {
      this.failed ??= error;
      this.deps.onFailure(error);
    };
    const venue = await this.newestState(partition, venueId, dataset);
    const durable = await Promise.all(this.attachments.map((attach) => attach(venueId, venue)));
    const onEnded = (): void => this.letGoLater(replica);
    const replica = new LogReplica({
      venueId,
      venue,
      partition,
      clock,
      durable,
      onFailure,
      onEnded,
    });
    await replica.start();
    this.replicas.add(replica);
    return replica;
  }

  private letGoLater(replica: LogReplica): void {
    const { venueId } = replica;
    if (this.ended.has(venueId)) return;
    const timer = this.deps.clock.after(LET_GO_AFTER_MS, () => {
      this.ended.delete(venueId);
      if (replica.lagEvents > 0) this.letGoLater(replica);
      else this.letGo(replica);
    });
    this.ended.set(venueId, timer);
  }

  private letGo(replica: LogReplica): void {
    this.replicas.delete(replica);
    this.loading.delete(replica.venueId);
    replica[Symbol.asyncDispose]().catch((error: unknown) => {
      this.deps.onFailure(error instanceof Error ? error : new Error(String(error)));
    });
  }

  private async newestState(
    partition: LogPartition,
    venueId: string,
    dataset: string,
  ): Promise<VenueApi> {
    const { tape, hash } = await this.deps.tapes.load(dataset);
    const snapshot = await this.deps.snapshots.newest(venueId);
    const restored =
      snapshot === undefined ? undefined : this.restored(snapshot, tape, partition.firstSeq);
    const recorded = restored?.tape.hash ?? (await firstTapeHash(partition));
    if (recorded !== undefined && recorded !== hash) {
      throw new TapeReplacedError(
        `venue ${venueId} plays data set ${dataset} as it was (${recorded}), ` +
          `but its files hold another one (${hash}): bring the old files back`,
      );
    }
    return restored ?? createVenue(tape);
  }

  /**
   * The state of a snapshot; undefined when this version can't read it but the log still begins
   * at its first record, so that the venue can be replayed from there.
   */
  private restored(
    snapshot: VenueSnapshot,
    tape: RecordedTape,
    firstSeq: number,
  ): VenueApi | undefined {
    try {
      return restoreVenue(snapshot.bytes, tape);
    } catch (error) {
      if (!(error instanceof BytesError) || firstSeq > 1) throw error;
      const { venueId, commandSeq } = snapshot;
      this.deps.logger.warn(
        { venue_id: venueId, command_seq: commandSeq, err: error },
        'snapshot of another version: replaying the log',
      );
      return undefined;
    }
  }
}

/** The tape that a venue was opened with; undefined when its first record is no opening. */
async function firstTapeHash(partition: LogPartition): Promise<string | undefined> {
  for await (const [first] of partition.read(1)) {
    const command = first && decodeCommand(first.payload);
    return command?.type === 'open_venue' ? command.tape.hash : undefined;
  }
  return undefined;
}
