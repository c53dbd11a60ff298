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

/**
 * A listener that writes what it sees into tables. The replica does not outrun it: `ready` is
 * awaited between commands. The replica disposes it, which writes what it still holds.
 */
export interface DurableListener extends VenueListener, AsyncDisposable {
  /** Events up to here are in the tables. */
  readonly storedSeq: number;
  /** Resolves when the listener can take another command's events. */
  ready(): Promise<void>;
}

/** A live replica of one venue. */
export interface Replica {
  readonly venueId: string;
  /** The state. Read it freely; only the replica applies commands. */
  readonly venue: VenueApi;
  /** Sequence number of the last applied event. */
  readonly seq: number;
  /** Events that the slowest durable listener has not stored yet. */
  readonly lagEvents: number;

  /** Appends a command; resolves with the engine's answer once it is durable and applied. */
  submit(command: Command): Promise<Outcome>;

  /** Subscribes to events from now on. */
  subscribe(listener: VenueListener): Disposable;
}

/** Makes the durable listener of a replica, before its log tail is applied. */
export type DurableAttachment = (venueId: string, venue: VenueApi) => Promise<DurableListener>;

/** Finds replicas, loading them on first use. */
export interface VenueHost extends AsyncDisposable {
  /** The replica of a venue, caught up with the log; rejects with `VenueUnknownError`. */
  replica(venueId: string): Promise<Replica>;
  /** The replicas that are loaded now. */
  loaded(): Iterable<Replica>;
  /** Why a replica of this process stopped; undefined while all are well. */
  readonly failure: Error | undefined;
  /** Registers a durable listener for every replica loaded from now on. */
  attach(attachment: DurableAttachment): void;
}

/** No such venue in this installation. */
export class VenueUnknownError extends Error {
  readonly code = 'venue_unknown';
  override readonly name = 'VenueUnknownError';
}
