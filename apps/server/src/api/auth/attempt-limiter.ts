/**
 * Counts wrong keys per address and says when an address has sent too many.
 *
 * A bucket of failures that leaks steadily. Guessing a key is hopeless anyway; this keeps a
 * client with a wrong key from keeping the database busy.
 */
import type { MonotonicClock } from '../../runtime/clock.ts';

/** Wrong keys an address may send at once. */
export const FAILURES_MAX = 20;

/** After this long one more may be sent. */
export const FAILURE_FORGOTTEN_AFTER_MS = 3_000;

const ADDRESSES_MAX = 10_000;

export class AttemptLimiter {
  private readonly clock: MonotonicClock;
  /** Address → when its bucket will be empty, in monotonic milliseconds. */
  private readonly emptyAt = new Map<string, number>();

  constructor(clock: MonotonicClock) {
    this.clock = clock;
  }

  /** Whether the address has to wait. */
  isBlocked(address: string): boolean {
    const emptyAt = this.emptyAt.get(address);
    if (emptyAt === undefined) return false;
    const full = (FAILURES_MAX - 1) * FAILURE_FORGOTTEN_AFTER_MS;
    return emptyAt - this.clock.monotonicMs() > full;
  }

  /** Notes a wrong key. */
  failed(address: string): void {
    const now = this.clock.monotonicMs();
    const from = Math.max(now, this.emptyAt.get(address) ?? 0);
    this.emptyAt.delete(address);
    if (this.emptyAt.size >= ADDRESSES_MAX) this.forgetOldest(now);
    this.emptyAt.set(address, from + FAILURE_FORGOTTEN_AFTER_MS);
  }

  private forgetOldest(now: number): void {
    for (const [address, emptyAt] of this.emptyAt) if (emptyAt <= now) this.emptyAt.delete(address);
    const oldest = this.emptyAt.keys().next();
    if (this.emptyAt.size >= ADDRESSES_MAX && oldest.done !== true) {
      this.emptyAt.delete(oldest.value);
    }
  }
}
