/**
 * One listener per venue: turns the events of each command into messages for whoever listens.
 *
 * It runs inside the replica's apply loop, so a REST answer given after a message was sent is
 * never older than the message. Feeds are made with the first connection of a venue and end with
 * the last one.
 */
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { Clock } from '../../runtime/clock.ts';
import type { VenueHost, VenueListener } from '../../venues/venue-host.ts';
import { MarketTopics } from './market-topics.ts';
import { type OrderUpdate, orderUpdates } from './order-updates.ts';
import { PlatformFeed } from './platform-feed.ts';

/** Told each update of one account's orders, in order, each once. */
export type OrderListener = (update: OrderUpdate) => void;

/** The messages of one venue. */
export class VenueFeed implements VenueListener, Disposable {
  readonly venue: VenueApi;
  readonly market: MarketTopics;
  readonly platform: PlatformFeed;
  private readonly orderListeners = new Map<number, Set<OrderListener>>();

  constructor(venue: VenueApi, clock: Clock) {
    this.venue = venue;
    this.market = new MarketTopics(venue);
    this.platform = new PlatformFeed(venue, clock);
  }

  /** Listens to the orders of an account until disposed. */
  listenToOrders(account: number, listener: OrderListener): Disposable {
    const listeners = this.orderListeners.get(account) ?? new Set();
    this.orderListeners.set(account, listeners.add(listener));
    return {
      [Symbol.dispose]: (): void => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.orderListeners.get(account) === listeners) {
          this.orderListeners.delete(account);
        }
      },
    };
  }

  /** Sees the events of one command. Orders first: they must not wait. */
  onEvents(venue: VenueApi): void {
    if (this.orderListeners.size > 0) {
      for (const update of orderUpdates(venue, (account) => this.orderListeners.has(account))) {
        for (const listener of this.orderListeners.get(update.order.account) ?? []) {
          listener(update);
        }
      }
    }
    this.market.publish(venue.events);
    this.platform.note(venue.events);
  }

  [Symbol.dispose](): void {
    this.platform[Symbol.dispose]();
  }
}

/** A connection's share of a venue's feed; dispose it when the connection ends. */
export interface FeedLease extends Disposable {
  readonly feed: VenueFeed;
}

interface SharedFeed {
  readonly opened: Promise<{ readonly feed: VenueFeed; readonly subscription: Disposable }>;
  leases: number;
}

/** The feeds of all venues somebody is connected to. */
export class VenueFeeds {
  private readonly venues: Pick<VenueHost, 'replica'>;
  private readonly clock: Clock;
  private readonly onFault: (venueId: string, error: unknown) => void;
  private readonly shared = new Map<string, SharedFeed>();

  constructor(deps: {
    readonly venues: Pick<VenueHost, 'replica'>;
    readonly clock: Clock;
    /** Told when a feed failed at an event: its clients have missed something. */
    readonly onFault: (venueId: string, error: unknown) => void;
  }) {
    this.venues = deps.venues;
    this.clock = deps.clock;
    this.onFault = deps.onFault;
  }

  /** The feed of a venue; rejects with `VenueUnknownError`. */
  async lease(venueId: string): Promise<FeedLease> {
    const shared = this.shared.get(venueId) ?? this.share(venueId);
    shared.leases++;
    try {
      const { feed } = await shared.opened;
      let held = true;
      return {
        feed,
        [Symbol.dispose]: (): void => {
          if (held) this.release(venueId, shared);
          held = false;
        },
      };
    } catch (error) {
      this.release(venueId, shared);
      throw error;
    }
  }

  private share(venueId: string): SharedFeed {
    const shared = { opened: this.open(venueId), leases: 0 };
    this.shared.set(venueId, shared);
    return shared;
  }

  private async open(venueId: string): Promise<{ feed: VenueFeed; subscription: Disposable }> {
    const replica = await this.venues.replica(venueId);
    const feed = new VenueFeed(replica.venue, this.clock);
    const subscription = replica.subscribe({
      onEvents: (venue) => {
        // A listener must not throw into the replica's apply loop.
        try {
          feed.onEvents(venue);
        } catch (error) {
          this.onFault(venueId, error);
        }
      },
    });
    return { feed, subscription };
  }

  private release(venueId: string, shared: SharedFeed): void {
    shared.leases--;
    if (shared.leases > 0) return;
    if (this.shared.get(venueId) === shared) this.shared.delete(venueId);
    void closeFeed(shared.opened);
  }
}

async function closeFeed(opened: SharedFeed['opened']): Promise<void> {
  try {
    const { feed, subscription } = await opened;
    subscription[Symbol.dispose]();
    feed[Symbol.dispose]();
  } catch {
    // It never opened; the lease that asked for it has reported that.
  }
}
