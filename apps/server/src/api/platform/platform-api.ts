/**
 * The platform API under /api/v1 as far as it is about venues and fills.
 *
 * Bodies are checked by their schemas (strict: unknown fields are refused). A caller may change
 * only the venue that its account stands in; any other is answered like one that is not there.
 */
import type { FastifyInstance } from 'fastify';
import { addFillRoutes } from './fill-routes.ts';
import type { PlatformApiDeps } from './platform-deps.ts';
import { addVenueRoutes } from './venue-routes.ts';

/** Adds the routes of venues and fills. */
export function addPlatformApi(app: FastifyInstance, deps: PlatformApiDeps): void {
  addVenueRoutes(app, deps);
  addFillRoutes(app, deps);
}
