/** Waiting times between attempts to connect. */

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 15_000;

/**
 * How long to wait before attempt `attempt` (0 is the first repeat), in milliseconds: doubling
 * up to 15 s, then a random share of between half and all of it, so that many pages that lost
 * the same server do not come back in step. `random` gives a number in [0, 1).
 */
export function backoffDelayMs(attempt: number, random: () => number = Math.random): number {
  const ceilingMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceilingMs / 2 + (random() * ceilingMs) / 2);
}
