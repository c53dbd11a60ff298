/** When a quote is too old to be trusted. */

const USUAL_SILENCE_MS = 60_000;
const QUIET_SILENCE_MS = 15 * 60_000;
/** Frames come up to ten times a second; at high speed much venue time passes between two. */
const FRAME_SILENCE_MS = 1_000;

/**
 * Whether a quote of this age (venue time) is stale. In the regular session a symbol of this
 * kind is silent for a minute at most; before and after it for many minutes.
 */
export function isStaleQuote(ageMs: number, session: string, speed: number): boolean {
  const silenceMs = session === 'regular' ? USUAL_SILENCE_MS : QUIET_SILENCE_MS;
  return ageMs > silenceMs + FRAME_SILENCE_MS * speed;
}
