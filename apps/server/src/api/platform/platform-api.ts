/**
 * The platform API under /api/v1 as far as it is about venues and fills.
 *
 * Bodies are checked by their schemas (strict: unknown fields are refused). A caller may change
 * only the venue that its account stands in; any other is answered like one that is not there.
 */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { CheckpointReader, OrdersReader } from '../../store/readers.ts';
import type { TapeLibrary } from '../../venues/tape-library.ts';
import type { RunStart } from '../../venues/venue-lifecycle.ts';
import type { VenueRegistry } from '../../venues/venue-registry.ts';
import type { CallerDeps } from '../http/caller.ts';
import { addFillRoutes } from './fill-routes.ts';
import { addVenueRoutes } from './venue-routes.ts';

export interface PlatformApiDeps extends CallerDeps {
  readonly registry: Pick<VenueRegistry, 'get' | 'list'>;
  readonly tapes: TapeLibrary;
  /** Ends a run and opens the next; resolves with its id. */
  readonly lifecycle: { restart(venueId: string, start: RunStart): Promise<string> };
  readonly orders: OrdersReader;
  readonly checkpoint: CheckpointReader;
  readonly logger: FastifyBaseLogger;
}

/** Adds the routes of venues and fills. */
export function addPlatformApi(app: FastifyInstance, deps: PlatformApiDeps): void {
  addVenueRoutes(app, deps);
  addFillRoutes(app, deps);
}
