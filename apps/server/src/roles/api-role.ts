/**
 * The `api` role: REST, sockets, page and docs on one origin, and the same with TLS when asked.
 */
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { addAlpacaApi } from '../api/alpaca/alpaca-api.ts';
import { CredentialAuthenticator } from '../api/auth/credential-authenticator.ts';
import { CredentialStore } from '../api/auth/credential-store.ts';
import { addSessionRoutes } from '../api/auth/session-routes.ts';
import { createMetricsRegistry } from '../api/http/metrics.ts';
import { createHttpServer } from '../api/http/server.ts';
import { addPage } from '../api/page/page-files.ts';
import { addPlatformApi } from '../api/platform/platform-api.ts';
import { attachStreams, type Streams } from '../api/stream/upgrade.ts';
import { createCheckpointReader } from '../store/tables/checkpoint-reader.ts';
import { createMarketDataReader } from '../store/tables/market-data-reader.ts';
import { createOrdersReader } from '../store/tables/orders-reader.ts';
import type { RoleDeps } from './role-deps.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';
import { addVenueMetrics } from './venue-metrics.ts';
import { VERSION } from './version.ts';
import { followRuns } from './follow-runs.ts';

/** The built page, seen from `src/roles` and from `dist/roles` alike. */
const PAGE = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/** A running API. */
export interface ApiRole extends AsyncDisposable {
  /** Where it listens, for example "http://127.0.0.1:8080". */
  readonly url: string;
  /** The same with TLS; undefined when off. */
  readonly tlsUrl: string | undefined;
}

/** The port is taken or the address is not ours; the message is one line for the terminal. */
export class ListenError extends Error {
  readonly code = 'listen_failed';
  override readonly name = 'ListenError';
}

/** Starts to listen. Rejects with `ListenError`. */
export async function startApiRole(deps: RoleDeps): Promise<ApiRole> {
  const logger = deps.logger.child({ role: 'api' });
  const credentials = new CredentialStore(deps.sql, deps.random);
  const authenticator = new CredentialAuthenticator({
    store: credentials,
    clock: deps.clock,
    logger,
  });
  const attached: Streams[] = [];
  const app = await createApp(deps, { credentials, authenticator }, (matches) => {
    for (const streams of attached) streams.closeWhere(matches);
  });
  await app.ready();
  const attach = (server: FastifyInstance['server']): void => {
    attached.push(
      attachStreams(server, {
        venues: deps.host,
        authenticator,
        clock: deps.clock,
        log: logger,
        venueName: async (id) => (await deps.registry.get(id))?.name ?? id,
      }),
    );
  };
  const { settings } = deps;
  attach(app.server);
  await listening(() => app.listen({ host: settings.host, port: settings.port }), settings);
  const tls = settings.tlsPort === undefined ? undefined : await startTls(deps, app);
  if (tls !== undefined) attach(tls);
  const following = followRuns(deps, (from, to) => {
    authenticator.forget();
    for (const streams of attached) streams.venueChanged(from, to);
  });
  return {
    url: urlOf('http', app.server),
    tlsUrl: tls === undefined ? undefined : urlOf('https', tls),
    async [Symbol.asyncDispose](): Promise<void> {
      await following[Symbol.asyncDispose]();
      for (const streams of attached) await streams[Symbol.asyncDispose]();
      tls?.close();
      tls?.closeAllConnections();
      await app.close();
    },
  };
}

function createApp(
  deps: RoleDeps,
  auth: { readonly credentials: CredentialStore; readonly authenticator: CredentialAuthenticator },
  closeWhere: Streams['closeWhere'],
): Promise<FastifyInstance> {
  const { sql, host, logger, tapes, registry, lifecycle, random } = deps;
  const orders = createOrdersReader(sql);
  const checkpoint = createCheckpointReader(sql);
  const marketData = createMarketDataReader(sql);
  const { authenticator, credentials } = auth;
  const shared = { authenticator, venues: host, orders, checkpoint, tapes, logger };
  const metrics = createMetricsRegistry();
  addVenueMetrics(metrics, () => host.loaded());
  return createHttpServer({
    logger,
    registry: metrics,
    version: VERSION,
    checks: [
      {
        name: 'database',
        check: () =>
          sql`select 1`.then(
            () => undefined,
            () => 'no answer from the database',
          ),
      },
      { name: 'venues', check: () => (host.failure === undefined ? undefined : 'a venue stopped') },
    ],
    parts: [
      (app) => {
        addAlpacaApi(app, { ...shared, marketData, random });
      },
      (app) => {
        addPlatformApi(app, {
          ...shared,
          registry,
          lifecycle: {
            async restart(venueId, start) {
              const next = await lifecycle.restart(venueId, start);
              // Whoever has the answer speaks to the new run with the next request.
              authenticator.forget();
              return next;
            },
          },
        });
      },
      (app) => {
        addSessionRoutes(app, {
          authenticator,
          credentials,
          onSignedOut: ({ userId }) => {
            closeWhere((principal) => principal.via === 'session' && principal.userId === userId);
          },
        });
      },
      (app) => addPage(app, PAGE),
    ],
  });
}

async function startTls(deps: RoleDeps, app: FastifyInstance): Promise<TlsServer> {
  const { key, cert } = await selfSignedCertificate(deps.settings.host);
  const server = createTlsServer({ key, cert }, (request, response) => {
    app.routing(request, response);
  });
  const { host, tlsPort = 0 } = deps.settings;
  await listening(() => listenOn(server, host, tlsPort), { host, port: tlsPort });
  return server;
}

function listenOn(server: TlsServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
}

async function listening(
  listen: () => Promise<unknown>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  try {
    await listen();
  } catch (error) {
    throw new ListenError(listenProblem(error as NodeJS.ErrnoException, host, port), {
      cause: error,
    });
  }
}

function listenProblem(
  { code, message }: NodeJS.ErrnoException,
  host: string,
  port: number,
): string {
  if (code === 'EADDRINUSE') {
    return `port ${port} on ${host} is taken: stop what uses it, or set RIALTO_PORT to another`;
  }
  if (code === 'EACCES')
    return `port ${port} may not be used by this user: set RIALTO_PORT to another`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine: set RIALTO_HOST to one that is`;
  }
  return `cannot listen on ${host}:${port}: ${message}`;
}

function urlOf(scheme: string, server: FastifyInstance['server']): string {
  const { address, family, port } = server.address() as AddressInfo;
  const shown = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
  return `${scheme}://${family === 'IPv6' && shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}
