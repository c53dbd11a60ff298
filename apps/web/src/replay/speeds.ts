/** The speeds the replay bar offers. The server takes any; 0 is as fast as it can. */

/** In the order of the buttons. */
export const SPEEDS: readonly number[] = [1, 2, 5, 10, 60, 300, 1000, 0];

/** "×60", or "Max". */
export function speedText(speed: number): string {
  return speed === 0 ? 'Max' : `×${speed}`;
}

/** A speed for comparing: the greatest is 0, as fast as the server can. */
function rank(speed: number): number {
  return speed === 0 ? Number.POSITIVE_INFINITY : speed;
}

/** The next faster (`direction` 1) or slower (−1) offered speed; the same at either end. */
export function neighborSpeed(speed: number, direction: 1 | -1): number {
  const ordered = direction === 1 ? SPEEDS : SPEEDS.toReversed();
  return ordered.find((each) => (rank(each) - rank(speed)) * direction > 0) ?? speed;
}

/**
 * Venue time between two clock frames: what the last frame said plus what has passed since at
 * the clock's speed. The server sends a frame every second, so no more than that is assumed.
 */
export function venueTimeMs(
  clock: { readonly timeMs: number; readonly speed: number; readonly isRunning: boolean },
  sinceFrameMs: number,
): number {
  if (!clock.isRunning) return clock.timeMs;
  return clock.timeMs + Math.min(sinceFrameMs, 1_000) * clock.speed;
}
