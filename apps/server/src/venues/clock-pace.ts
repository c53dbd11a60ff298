/**
 * How far venue time may go by now: the pure part of the driver.
 *
 * Venue time runs `speed` times as fast as real time from an anchor. The anchor moves whenever
 * the speed changes, the clock is paused, or the machine falls behind (so that a slow minute is
 * not followed by a burst).
 */
import type { Micros } from '@rialto/engine/values/time';

/** Real time the clock may be behind its pace before the pace gives in. */
const BEHIND_MAX_MS = 1_000;

export interface ClockSetting {
  /** 1 = real time; 0 = as fast as possible. */
  readonly speed: number;
  readonly paused: boolean;
}

export class ClockPace {
  private setting: ClockSetting = { speed: 1, paused: true };
  private anchorVenue = 0;
  private anchorMs = 0;

  /** Venue time to reach by now; `current` when paused, the far end of time when unlimited. */
  target(setting: ClockSetting, current: Micros, nowMs: number): Micros {
    if (setting.speed !== this.setting.speed || setting.paused !== this.setting.paused) {
      this.setting = setting;
      this.anchor(current, nowMs);
    }
    if (setting.paused) return current;
    if (setting.speed === 0) return Number.MAX_SAFE_INTEGER as Micros;
    const target = this.anchorVenue + Math.floor((nowMs - this.anchorMs) * 1_000 * setting.speed);
    if (target - current > BEHIND_MAX_MS * 1_000 * setting.speed) this.anchor(current, nowMs);
    return Math.max(target, current) as Micros;
  }

  private anchor(venueTime: Micros, nowMs: number): void {
    this.anchorVenue = venueTime;
    this.anchorMs = nowMs;
  }
}
