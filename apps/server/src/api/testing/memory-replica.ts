/**
 * A replica in memory around the real engine: a command is applied at once and kept nowhere.
 *
 * For tests of everything that sits on a replica. Listeners see events as they would in a live
 * one; answers come in a later turn, as from a log.
 */
import type { Command } from '@rialto/engine/venue/command';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { Outcome } from '@rialto/engine/venue/views';
import {
  type Replica,
  type VenueHost,
  type VenueListener,
  VenueUnknownError,
} from '../../venues/venue-host.ts';

export class MemoryReplica implements Replica {
  readonly venueId: string;
  readonly venue: VenueApi;
  private readonly listeners = new Set<VenueListener>();

  constructor(venueId: string, venue: VenueApi) {
    this.venueId = venueId;
    this.venue = venue;
  }

  get seq(): number {
    return this.venue.seq;
  }

  get lagEvents(): number {
    return 0;
  }

  /** Applies a command now. */
  apply(command: Command): Outcome {
    const outcome = this.venue.apply(command);
    for (const listener of this.listeners) listener.onEvents(this.venue);
    return outcome;
  }

  async submit(command: Command): Promise<Outcome> {
    await Promise.resolve();
    return this.apply(command);
  }

  subscribe(listener: VenueListener): Disposable {
    this.listeners.add(listener);
    return {
      [Symbol.dispose]: (): void => {
        this.listeners.delete(listener);
      },
    };
  }
}

/** A host of given replicas. */
export function memoryHost(replicas: readonly Replica[]): VenueHost {
  const byId = new Map(replicas.map((replica) => [replica.venueId, replica]));
  return {
    async replica(venueId) {
      const replica = byId.get(venueId);
      if (replica === undefined) throw new VenueUnknownError(`no venue ${venueId}`);
      return replica;
    },
    loaded: () => replicas,
    failure: undefined,
    attach: () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
}
