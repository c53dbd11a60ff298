/** A clock that stands still until a test moves it. */
import type { Clock } from '../../../runtime/clock.ts';

interface Pending {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time passes only in `advance`, which runs what falls due, in order. */
export class ManualClock implements Clock {
  private nowMs = 0;
  private pending: Pending[] = [];

  wallMs(): number {
    return this.nowMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  after(delayMs: number, run: () => void): Disposable {
    const entry = { atMs: this.nowMs + delayMs, run };
    this.pending.push(entry);
    return {
      [Symbol.dispose]: (): void => {
        this.pending = this.pending.filter((other) => other !== entry);
      },
    };
  }

  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (;;) {
      const [next] = this.pending
        .filter(({ atMs }) => atMs <= untilMs)
        .toSorted((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.pending = this.pending.filter((other) => other !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = untilMs;
  }
}
