/**
 * Letting a connection in: who it is, whether the account may have one more, and its venue's feed.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../runtime/clock.ts';
import type { Authentication, Authenticator, Principal } from '../principal.ts';
import type { Connection } from './connection.ts';
import type { ConnectionRegistry } from './connection-registry.ts';
import type { FanOut } from './fan-out.ts';
import { AUTH_ATTEMPTS_MAX, AUTH_WITHIN_MS } from './limits.ts';
import type { FeedLease, VenueFeed, VenueFeeds } from './venue-feed.ts';

/** What the sessions share. */
export interface StreamContext {
  readonly authenticator: Authenticator;
  readonly registry: ConnectionRegistry;
  readonly feeds: VenueFeeds;
  readonly fanOut: FanOut;
  readonly clock: Clock;
  readonly log: Logger;
  /** The name people gave a venue. */
  readonly venueName: (venueId: string) => Promise<string>;
}

/** How an attempt to get in ended. */
export type EntryResult = 'entered' | 'refused' | 'refused_for_good' | 'connection_limit';

/** The way in of one connection. */
export class Entry implements Disposable {
  principal: Principal | undefined;
  private readonly connection: Connection;
  private readonly context: StreamContext;
  private readonly deadline: Disposable;
  private lease: FeedLease | undefined;
  private attempts = 0;
  private disposed = false;

  constructor(connection: Connection, context: StreamContext, onTimeout: () => void) {
    this.connection = connection;
    this.context = context;
    this.deadline = context.clock.after(AUTH_WITHIN_MS, onTimeout);
  }

  /** The feed of the caller's venue; `undefined` until entered. */
  get feed(): VenueFeed | undefined {
    return this.lease?.feed;
  }

  /** Lets the caller in when authenticated. Rejects when its venue cannot be loaded. */
  async enter(authentication: Authentication | Promise<Authentication>): Promise<EntryResult> {
    this.attempts++;
    const answer = await authentication;
    if (!answer.ok) return this.attempts < AUTH_ATTEMPTS_MAX ? 'refused' : 'refused_for_good';
    const { principal } = answer;
    if (this.principal !== undefined) {
      const { venueId, account } = this.principal;
      return principal.venueId === venueId && principal.account === account ? 'entered' : 'refused';
    }
    const lease = await this.context.feeds.lease(principal.venueId);
    if (this.disposed || !this.context.registry.admit(this.connection, principal)) {
      lease[Symbol.dispose]();
      return 'connection_limit';
    }
    this.deadline[Symbol.dispose]();
    this.lease = lease;
    this.principal = principal;
    return 'entered';
  }

  /** Gives the feed back; the connection has ended. */
  [Symbol.dispose](): void {
    this.disposed = true;
    this.deadline[Symbol.dispose]();
    this.lease?.[Symbol.dispose]();
  }
}
