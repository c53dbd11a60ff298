/**
 * The clock port. Wall time and monotonic time are two things: wall time may jump, durations
 * are measured with monotonic time only. Tests and simulations pass a manual clock.
 */

/** Measures durations. */
export interface MonotonicClock {
  /** Milliseconds since an arbitrary start, with fractions; never goes back. */
  monotonicMs(): number;
}

/** Tells the time, measures durations and calls back later. */
export interface Clock extends MonotonicClock {
  /** Milliseconds since the Unix epoch, UTC. */
  wallMs(): number;
  /** Calls `run` once after `delayMs`, unless disposed before. Does not keep a process alive. */
  after(delayMs: number, run: () => void): Disposable;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return {
      [Symbol.dispose]: (): void => {
        clearTimeout(timer);
      },
    };
  },
};

/** Resolves after `delayMs` by the given clock, or at once when `signal` is aborted. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      timer[Symbol.dispose]();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
