/**
 * The venues this process holds replicas of: load, follow, submit, subscribe.
 *
 * A replica is snapshot + the log's tail, applied. All roles of a process share it; none of
 * them calls another.
 */
import type { Command } from '@rialto/engine/venue/command';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { Outcome } from '@rialto/engine/venue/views';

/**
 * Sees a venue's events right after each command was applied, in order, each once: `venue.events`
 * holds the records of this command, `venue.order(ref)` still answers for orders it closed.
 * Must be quick and must not throw; whoever is slow copies what it needs into its own queue.
 */
export interface VenueListener {
  onEvents(venue: VenueApi): void;
}

/** A live replica of one venue. */
export interface Replica {
  readonly venueId: string;
  /** The state. Read it freely; only the replica applies commands. */
  readonly venue: VenueApi;
  /** Sequence number of the last applied event. */
  readonly seq: number;

  /** Appends a command; resolves with the engine's answer once it is durable and applied. */
  submit(command: Command): Promise<Outcome>;

  /**
   * Subscribes to events from now on. With `fromSeq`, only when the replica can still deliver
   * from there (it starts at the last kept snapshot): used by durable consumers at start.
   */
  subscribe(listener: VenueListener): Disposable;
}

/** Finds replicas, loading them on first use. */
export interface VenueHost extends AsyncDisposable {
  /** The replica of a venue, caught up with the log; rejects with `VenueUnknownError`. */
  replica(venueId: string): Promise<Replica>;
}

/** No such venue in this installation. */
export class VenueUnknownError extends Error {
  readonly code = 'venue_unknown';
  override readonly name = 'VenueUnknownError';
}
