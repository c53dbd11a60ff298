/**
 * The running venues, asked for by whoever watches them come and go.
 *
 * A database that restarts must not end a process whose log and tables wait for it, so the
 * question is put again until there is an answer.
 */
import { sleep } from '../runtime/clock.ts';
import { isDatabaseAway } from '../store/database-away.ts';
import type { VenueRow } from '../venues/venue-registry.ts';
import type { RoleDeps } from './role-deps.ts';

const RETRY_MS = 1_000;

/** Resolves with the running venues, or `undefined` once `signal` is aborted. */
export async function runningVenues(
  { registry, clock, logger }: Pick<RoleDeps, 'registry' | 'clock' | 'logger'>,
  signal: AbortSignal,
): Promise<readonly VenueRow[] | undefined> {
  while (!signal.aborted) {
    try {
      return await registry.running();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      logger.warn({ err: error }, 'the running venues could not be read');
      await sleep(clock, RETRY_MS, signal);
    }
  }
  return undefined;
}
