/**
 * Loads replicas on first use: newest snapshot, durable listeners, then the log's tail.
 *
 * Each venue is loaded once per process however many ask at the same time.
 */
import { createVenue, restoreVenue } from '@rialto/engine/venue/venue';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { Log } from '../log/log.ts';
import type { MonotonicClock } from '../runtime/clock.ts';
import { LogReplica } from './log-replica.ts';
import type { SnapshotStore } from './snapshot-keeper.ts';
import type { TapeLibrary } from './tape-library.ts';
import {
  VenueUnknownError,
  type DurableAttachment,
  type Replica,
  type VenueHost,
} from './venue-host.ts';
import type { VenueRegistry } from './venue-registry.ts';

export class LogVenueHost implements VenueHost {
  private readonly deps: {
    readonly log: Log;
    readonly registry: VenueRegistry;
    readonly tapes: TapeLibrary;
    readonly snapshots: SnapshotStore;
    readonly clock: MonotonicClock;
    /** A replica can't go on: the process must stop, a restart replays. */
    readonly onFailure: (error: Error) => void;
  };
  private readonly attachments: DurableAttachment[] = [];
  private readonly loading = new Map<string, Promise<LogReplica>>();
  private readonly replicas = new Set<Replica>();
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
    const replicas = await Promise.allSettled(this.loading.values());
    for (const replica of replicas) {
      if (replica.status === 'fulfilled') await replica.value[Symbol.asyncDispose]();
    }
  }

  private async load(venueId: string): Promise<LogReplica> {
    const { log, registry, clock } = this.deps;
    const onFailure = (error: Error): void => {
      this.failed ??= error;
      this.deps.onFailure(error);
    };
    const row = await registry.get(venueId);
    if (row === undefined) throw new VenueUnknownError(`no venue ${venueId}`);
    const venue = await this.newestState(venueId, row.template.dataset);
    const partition = await log.open(venueId);
    const durable = await Promise.all(this.attachments.map((attach) => attach(venueId, venue)));
    const replica = new LogReplica({ venueId, venue, partition, clock, durable, onFailure });
    await replica.start();
    this.replicas.add(replica);
    return replica;
  }

  private async newestState(venueId: string, dataset: string): Promise<VenueApi> {
    const { tape } = await this.deps.tapes.load(dataset);
    const snapshot = await this.deps.snapshots.newest(venueId);
    return snapshot === undefined ? createVenue(tape) : restoreVenue(snapshot.bytes, tape);
  }
}
