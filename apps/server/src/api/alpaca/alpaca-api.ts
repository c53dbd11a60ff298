/**
 * The Alpaca-compatible REST API: all its routes, and what they need.
 *
 * Routes are thin: read the request, ask the replica or the tables, write JSON. Requests are
 * checked by hand-written parsers, because the texts of errors are part of the contract; the
 * schemas of the routes are documentation (/openapi.json) and are held true by tests.
 */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { CheckpointReader, MarketDataReader, OrdersReader } from '../../store/readers.ts';
import type { TapeLibrary } from '../../venues/tape-library.ts';
import type { CallerDeps } from '../http/caller.ts';
import { addAccountRoutes } from './account-routes.ts';
import { addAssetRoutes } from './asset-routes.ts';
import { addHistoryRoutes } from './history-routes.ts';
import { addLatestRoutes } from './latest-routes.ts';
import { addMarketHoursRoutes } from './market-hours-routes.ts';
import { OrderLookups } from './order-lookup.ts';
import { addOrderCancelRoutes } from './order-cancel-routes.ts';
import { addOrderRoutes } from './order-routes.ts';
import { addPositionRoutes } from './position-routes.ts';
import { StoredHistory } from './stored-history.ts';

export interface AlpacaApiDeps extends CallerDeps {
  readonly orders: OrdersReader;
  readonly marketData: MarketDataReader;
  readonly checkpoint: CheckpointReader;
  readonly tapes: TapeLibrary;
  /** Makes client order ids for orders that come without one. */
  readonly random: { uuid(): string };
  readonly logger: FastifyBaseLogger;
}

/** Adds the routes under /v2. */
export function addAlpacaApi(app: FastifyInstance, deps: AlpacaApiDeps): void {
  app.setValidatorCompiler(() => () => true);
  const history = new StoredHistory(deps.checkpoint, deps.logger);
  const lookups = new OrderLookups({ orders: deps.orders, history });
  addAccountRoutes(app, deps);
  addOrderRoutes(app, deps, lookups);
  addOrderCancelRoutes(app, deps, lookups);
  addPositionRoutes(app, deps, lookups);
  addAssetRoutes(app, deps);
  addMarketHoursRoutes(app, deps);
  addHistoryRoutes(app, deps, history);
  addLatestRoutes(app, deps);
}
