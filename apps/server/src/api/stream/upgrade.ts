/**
 * The way in of all sockets: routes an HTTP upgrade by path to its protocol.
 *
 * The Alpaca sockets authenticate inside the protocol; the platform stream is authenticated here,
 * before the upgrade, because browsers send cookies by themselves: with a cookie the Origin must
 * be our own. Refusals are plain HTTP answers with a stable code.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../runtime/clock.ts';
import type { VenueHost } from '../../venues/venue-host.ts';
import type { Authenticator, Principal } from '../principal.ts';
import { requestedEncoding } from './client-message.ts';
import { CLOSE } from './close-codes.ts';
import { Connection, type Session } from './connection.ts';
import { ConnectionRegistry } from './connection-registry.ts';
import { carriesKey } from './credentials.ts';
import type { StreamContext } from './entry.ts';
import { FanOut } from './fan-out.ts';
import {
  FRAGMENTS_MAX,
  MARKET_DATA_CAP_BYTES,
  MESSAGE_BYTES_MAX,
  PRIVATE_CAP_BYTES,
} from './limits.ts';
import { MARKET_DATA_PATHS, MarketDataSession } from './market-data-session.ts';
import { PlatformSession } from './platform-session.ts';
import { TradeUpdatesSession } from './trade-updates-session.ts';
import { refuseUpgrade, type UpgradeRefusal } from './upgrade-refusal.ts';
import { VenueFeeds } from './venue-feed.ts';

/** What the streams need. */
export interface StreamDeps {
  readonly venues: Pick<VenueHost, 'replica'>;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly log: Logger;
  /** The name people gave a venue, for `hello`. */
  readonly venueName: (venueId: string) => Promise<string>;
}

/** The running streams. Disposing closes every connection (1001) and stops taking new ones. */
export interface Streams extends AsyncDisposable {
  /** Open connections. */
  readonly connections: number;
  /** The replay was restarted: tells everyone in venue `from` and closes (1012). */
  venueChanged(from: string, to: string): void;
  /** A key was revoked or a session ended: closes the connections of its callers (4003). */
  closeWhere(matches: (principal: Principal) => boolean): void;
}

type Protocol = 'trade_updates' | 'market_data' | 'platform';

const UPGRADE_REFUSALS = {
  notFound: { status: 404, code: 'not_found', detail: 'no stream has this path' },
  shuttingDown: { status: 503, code: 'shutting_down', detail: 'the server is shutting down' },
  tooMany: { status: 429, code: 'too_many_connections', detail: 'too many open streams' },
  foreignOrigin: {
    status: 403,
    code: 'origin_foreign',
    detail: 'cookies count from our page only',
  },
  notSignedIn: { status: 401, code: 'not_signed_in', detail: 'sign in, or send an API key' },
  failed: { status: 503, code: 'unavailable', detail: 'authentication is not available now' },
} as const satisfies Record<string, UpgradeRefusal>;

/** Serves the streams on `server`'s upgrade event. */
export function attachStreams(server: Server, deps: StreamDeps): Streams {
  return new UpgradeRouter(server, deps);
}

class UpgradeRouter implements Streams {
  private readonly server: Server;
  private readonly context: StreamContext;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
    maxFragments: FRAGMENTS_MAX,
  });
  private isClosing = false;
  private readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

  constructor(server: Server, deps: StreamDeps) {
    const { venues, authenticator, clock, log, venueName } = deps;
    this.server = server;
    const streamLog = log.child({ module: 'stream' });
    const registry = new ConnectionRegistry(clock);
    const onFault = (venueId: string, error: unknown): void => {
      streamLog.error({ err: error, venue_id: venueId }, 'venue feed failed');
      registry.closeWhere((principal) => principal.venueId === venueId, CLOSE.internal);
    };
    this.context = {
      authenticator,
      clock,
      log: streamLog,
      venueName,
      registry,
      feeds: new VenueFeeds({ venues, clock, onFault }),
      fanOut: new FanOut(clock),
    };
    this.onUpgrade = (request, socket, head): void => {
      void this.upgrade(request, socket, head);
    };
    server.on('upgrade', this.onUpgrade);
  }

  get connections(): number {
    return this.context.registry.size;
  }

  venueChanged(from: string, to: string): void {
    this.context.registry.venueChanged(from, to);
  }

  closeWhere(matches: (principal: Principal) => boolean): void {
    this.context.registry.closeWhere(matches, CLOSE.authFailed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosing = true;
    await this.context.registry[Symbol.asyncDispose]();
    this.server.off('upgrade', this.onUpgrade);
    this.context.fanOut[Symbol.dispose]();
    this.sockets.close();
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until ws takes the socket over, its errors (a client that goes away) are ours.
    const onError = (): void => {
      socket.destroy();
    };
    socket.on('error', onError);
    const protocol = protocolOf(request);
    const refusal = this.refusalOf(request, protocol);
    if (refusal !== undefined || protocol === undefined) {
      refuseUpgrade(socket, refusal ?? UPGRADE_REFUSALS.notFound);
      return;
    }
    const caller = protocol === 'platform' ? await this.callerOf(request) : undefined;
    if (caller !== undefined && 'status' in caller) {
      refuseUpgrade(socket, caller);
      return;
    }
    if (socket.destroyed) return;
    socket.off('error', onError);
    this.sockets.handleUpgrade(request, socket, head, (ws) => {
      this.open({ ws, socket, request, protocol, caller });
    });
  }

  private refusalOf(
    request: IncomingMessage,
    protocol: Protocol | undefined,
  ): UpgradeRefusal | undefined {
    if (this.isClosing) return UPGRADE_REFUSALS.shuttingDown;
    if (protocol === undefined) return UPGRADE_REFUSALS.notFound;
    if (!this.context.registry.hasRoomFor(ipOf(request))) return UPGRADE_REFUSALS.tooMany;
    if (protocol === 'platform' && usesCookie(request) && !isSameOrigin(request)) {
      return UPGRADE_REFUSALS.foreignOrigin;
    }
    return undefined;
  }

  private async callerOf(request: IncomingMessage): Promise<Principal | UpgradeRefusal> {
    try {
      const answer = await this.context.authenticator.authenticate(request);
      return answer.ok ? answer.principal : UPGRADE_REFUSALS.notSignedIn;
    } catch (error) {
      this.context.log.error({ err: error }, 'authentication failed');
      return UPGRADE_REFUSALS.failed;
    }
  }

  private open(upgraded: {
    readonly ws: WebSocket;
    readonly socket: Duplex;
    readonly request: IncomingMessage;
    readonly protocol: Protocol;
    readonly caller: Principal | undefined;
  }): void {
    const { ws, socket, request, protocol, caller } = upgraded;
    const { registry, clock, fanOut, log } = this.context;
    const connection = new Connection({
      ws,
      socket,
      ip: ipOf(request),
      clock,
      fanOut,
      capBytes: protocol === 'market_data' ? MARKET_DATA_CAP_BYTES : PRIVATE_CAP_BYTES,
      onFault: (error) => {
        log.error({ err: error, protocol }, 'stream session failed');
      },
    });
    registry.add(connection);
    const serve = (session: Session): void => {
      connection.serve(session, () => {
        registry.remove(connection);
      });
    };
    const encoding = requestedEncoding(request.headers['content-type']);
    if (protocol === 'platform' && caller !== undefined) {
      const session = new PlatformSession(connection, this.context);
      serve(session);
      session.start(caller);
    } else if (protocol === 'market_data') {
      const session = new MarketDataSession(connection, this.context, encoding);
      serve(session);
      session.start(request);
    } else {
      const session = new TradeUpdatesSession(connection, this.context, encoding);
      serve(session);
      session.start(request);
    }
  }
}

function protocolOf({ url }: IncomingMessage): Protocol | undefined {
  const path = (url ?? '').split('?', 1)[0];
  if (path === '/stream' || path === '/stream/') return 'trade_updates';
  if (path === '/api/v1/stream') return 'platform';
  return MARKET_DATA_PATHS.some((known) => known === path) ? 'market_data' : undefined;
}

function ipOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '';
}

/** Whether a cookie may be what authenticates; pages of other sites cannot set key headers. */
function usesCookie(request: IncomingMessage): boolean {
  return request.headers.cookie !== undefined && !carriesKey(request);
}

/** Whether the Origin is the host this request came to; absent and "null" are not. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === host.toLowerCase();
}
