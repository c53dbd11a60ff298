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

  /** A new frame of the stream, or the clock of a venue read over REST. */
  hear(frame: VenueClock): void {
    this.frame = frame;
    this.#heardAtMs = performance.now();
    this.nowMs = Date.parse(frame.time);
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
    this.nowMs = venueTimeMs(clock, performance.now() - this.#heardAtMs);
  }
}
