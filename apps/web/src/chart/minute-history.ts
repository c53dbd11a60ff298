/**
 * The minute bars of one symbol as far as they are known, and from where on some may be missing.
 *
 * The stream sends every bar once it is final, and the one in progress. So a bar can only be
 * wrong, and bars behind it absent, when it was not final as the next one came: a connection
 * was lost, or more bars were waiting than the server keeps. That is noted as a gap; whoever
 * reads the history again takes the gap and merges what was read.
 */
import { barsFrom, bucketStart, foldBars, mergeBars } from './bars.ts';
import type { Bar, Timeframe } from './bars.ts';

/** See the top of this file. */
export class MinuteHistory {
  #bars: Bar[] = [];
  #isLastFinal = true;
  #gapFromMs: number | undefined;

  /** The newest bar. */
  get last(): Bar | undefined {
    return this.#bars.at(-1);
  }

  /** Start of the first bar that may be wrong or absent; `undefined` when there is no gap. */
  get gapFromMs(): number | undefined {
    return this.#gapFromMs;
  }

  /** All bars of a timeframe, ascending. */
  bars(timeframe: Timeframe): Bar[] {
    return foldBars(this.#bars, timeframe);
  }

  /** The newest bar of a timeframe. */
  lastBar(timeframe: Timeframe): Bar | undefined {
    const last = this.last;
    if (last === undefined) return undefined;
    return foldBars(barsFrom(this.#bars, bucketStart(last.timeMs, timeframe)), timeframe)[0];
  }

  /** A bar of the stream. Gives whether it is the newest (else something older has changed). */
  put(bar: Bar, isFinal: boolean): boolean {
    const last = this.last;
    if (last !== undefined && bar.timeMs < last.timeMs) {
      this.#bars = mergeBars(this.#bars, [bar]);
      return false;
    }
    if (last?.timeMs === bar.timeMs) {
      this.#bars[this.#bars.length - 1] = bar;
    } else {
      if (last !== undefined && !this.#isLastFinal) this.noteGap(last.timeMs);
      this.#bars.push(bar);
    }
    this.#isLastFinal = isFinal;
    return true;
  }

  /** Says that bars from an instant on may be missing. */
  noteGap(fromMs: number): void {
    this.#gapFromMs = Math.min(this.#gapFromMs ?? fromMs, fromMs);
  }

  /** Gives the start of the gap to whoever is going to read it, and forgets it. */
  takeGap(): number | undefined {
    const fromMs = this.#gapFromMs;
    this.#gapFromMs = undefined;
    return fromMs;
  }

  /** Bars that were read. They win over known ones, except over the newest, which is live. */
  merge(read: readonly Bar[]): void {
    const last = this.last;
    this.#bars = mergeBars(this.#bars, read);
    if (last !== undefined && this.last?.timeMs === last.timeMs) this.#bars.splice(-1, 1, last);
    // The newest bar of an answer may be one in progress.
    else this.#isLastFinal = false;
  }
}
