/** Venue time, running on between the clock frames of the stream. */
import type { VenueClock } from '@rialto/contracts/stream/platform-stream';
import { venueTimeMs } from '../replay/speeds.ts';

const TICK_MS = 250;

/** The venue's clock as reactive fields. */
export class ClockState {
  /** Milliseconds since 1970 in venue time; 0 before the first frame. */
  nowMs: number = $state(0);
  frame: VenueClock | undefined = $state.raw();
  #heardAtMs = 0;

  /** Another venue: its time may lie before the one shown. */
  reset(): void {
    this.frame = undefined;
    this.nowMs = 0;
  }

  /** A new frame of the stream, or the clock of a venue read over REST. */
  hear(frame: VenueClock): void {
    this.frame = frame;
    this.#heardAtMs = performance.now();
    const timeMs = Date.parse(frame.time);
    // While it runs, the shown time waits for the true one rather than going back to it.
    this.nowMs = frame.status === 'running' ? Math.max(this.nowMs, timeMs) : timeMs;
  }

  /** Lets the shown time run until the returned function is called. */
  run(): () => void {
    const timer = setInterval(() => this.#tick(), TICK_MS);
    return () => clearInterval(timer);
  }

  #tick(): void {
    if (this.frame === undefined) return;
    const { time, speed, status } = this.frame;
    const clock = { timeMs: Date.parse(time), speed, isRunning: status === 'running' };
    const timeMs = venueTimeMs(clock, performance.now() - this.#heardAtMs);
    this.nowMs = clock.isRunning ? Math.max(this.nowMs, timeMs) : timeMs;
  }
}
