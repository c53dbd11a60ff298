/** Waiting for what another process does. */
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 10;
const PATIENCE_MS = 30_000;

/** Resolves once `condition` holds; rejects with `what` after half a minute. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`waited in vain: ${what}`);
    await delay(LOOK_MS);
  }
}
