/**
 * Notices that a venue was replaced by its next run, whichever process did it.
 *
 * Callers of the old run must find the new one: credentials point there, streams are told and
 * closed so that clients connect again.
 */
import { sleep } from '../runtime/clock.ts';
import type { RoleDeps } from './role-deps.ts';
import { runningVenues } from './running-venues.ts';

const LOOK_MS = 250;

/** Calls `onReplaced` with the ids of the old and the new run. */
export function followRuns(
  deps: Pick<RoleDeps, 'registry' | 'clock' | 'logger' | 'onFailure'>,
  onReplaced: (from: string, to: string) => void,
): AsyncDisposable {
  const { clock, onFailure } = deps;
  const stopping = new AbortController();
  const look = async (): Promise<void> => {
    let known = new Map<string, string>();
    for (;;) {
      const rows = await runningVenues(deps, stopping.signal);
      if (rows === undefined) return;
      const running = new Map(rows.map(({ name, id }) => [name, id]));
      for (const [name, id] of running) {
        const before = known.get(name);
        if (before !== undefined && before !== id) onReplaced(before, id);
      }
      known = running;
      await sleep(clock, LOOK_MS, stopping.signal);
    }
  };
  const looking = look().catch((error: unknown) => {
    if (!stopping.signal.aborted) {
      onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  });
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      stopping.abort();
      await looking;
    },
  };
}
