/** What the platform routes need. */
import type { FastifyBaseLogger } from 'fastify';
import type { CheckpointReader, OrdersReader } from '../../store/readers.ts';
import type { TapeLibrary } from '../../venues/tape-library.ts';
import type { RunStart } from '../../venues/venue-lifecycle.ts';
import type { VenueRegistry } from '../../venues/venue-registry.ts';
import type { CallerDeps } from '../http/caller.ts';

export interface PlatformApiDeps extends CallerDeps {
  readonly registry: Pick<VenueRegistry, 'get' | 'list'>;
  readonly tapes: TapeLibrary;
  /** Ends a run and opens the next; resolves with its id. */
  readonly lifecycle: { restart(venueId: string, start: RunStart): Promise<string> };
  readonly orders: OrdersReader;
  readonly checkpoint: CheckpointReader;
  readonly logger: FastifyBaseLogger;
}
