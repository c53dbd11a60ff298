/**
 * The Alpaca-compatible REST API: all its routes.
 *
 * Routes are thin: read the request, ask the replica or the tables, write JSON. Requests are
 * checked by hand-written parsers, because the texts of errors are part of the contract; the
 * schemas of the routes are documentation (/openapi.json) and are held true by tests.
 */
import type { FastifyInstance } from 'fastify';
import { addAccountRoutes } from './account-routes.ts';
import type { AlpacaApiDeps } from './alpaca-deps.ts';
import { addAssetRoutes } from './asset-routes.ts';
import { addHistoryRoutes } from './history-routes.ts';
import { addLatestRoutes } from './latest-routes.ts';
import { addMarketHoursRoutes } from './market-hours-routes.ts';
import { addMarketSessionRoutes } from './market-session-routes.ts';
import { OrderLookups } from './order-lookup.ts';
import { addOrderCancelRoutes } from './order-cancel-routes.ts';
import { addOrderRoutes } from './order-routes.ts';
import { addPositionRoutes } from './position-routes.ts';
import { StoredHistory } from './stored-history.ts';

/** Adds the routes under /v2 and /v3. */
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
  addMarketSessionRoutes(app, deps);
  addHistoryRoutes(app, deps, history);
  addLatestRoutes(app, deps);
}
