/**
 * The `store` role: every replica of this process gets a projector that fills the tables.
 */
import { createProjector, type Projector } from '../store/projector/projector.ts';
import type { RoleDeps } from './role-deps.ts';

/** Attaches projectors to all replicas loaded from now on; disposal writes what is queued. */
export function startStoreRole(deps: RoleDeps): AsyncDisposable {
  const projectors = new Set<Projector>();
  deps.host.attach(async (venueId, venue) => {
    const logger = deps.logger.child({ role: 'store' });
    const projector: Projector = await createProjector({
      sql: deps.sql,
      venueId,
      venue,
      logger,
      onClose: () => projectors.delete(projector),
    });
    projectors.add(projector);
    return projector;
  });
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all([...projectors].map((projector) => projector[Symbol.asyncDispose]()));
    },
  };
}
