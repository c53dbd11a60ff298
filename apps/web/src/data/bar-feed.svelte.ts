/**
 * The bars of the selected symbol: history by REST, then live from the stream.
 *
 * The stream sends the newest bar only (at ×1000 a minute lasts 60 ms), so minutes can be left
 * out: when the last bar known was not final, or a minute lies between, the stretch is read
 * again, at most once a second.
 */
import type { RestClient } from '@rialto/client/rest-client';
import type { BarTick } from '@rialto/contracts/stream/platform-stream';
import { barFromTick, barsFrom, bucketStart, foldBars, mergeBars } from '../chart/bars.ts';
import type { Bar, Timeframe } from '../chart/bars.ts';
import { Refresher } from './refresher.ts';

const MINUTE_MS = 60_000;
const FILL_DELAY_MS = 1_000;
/** How much intraday history is shown: five days of minutes, at most 4,800 bars. */
const HISTORY_MS = 7 * 86_400_000;
const DAYS_HISTORY_MS = 2 * 365 * 86_400_000;

/** The bars of one symbol as reactive fields. */
export class BarFeed {
  symbol: string = $state('');
  status: 'empty' | 'loading' | 'ready' | 'failed' = $state('empty');
  problem: string = $state('');
  /** Grows whenever more than the last bar changed: the chart must be set anew. */
  revision: number = $state(0);
  /** The newest minute bar. */
  last: Bar | undefined = $state.raw();

  readonly #client: RestClient;
  readonly #nowMs: () => number;
  readonly #gapFiller: Refresher;
  #minutes: Bar[] = [];
  #days: readonly Bar[] = [];
  #isLastFinal = true;
  /** From where on minutes may be missing. */
  #gapFromMs: number | undefined;
  #generation = 0;

  constructor(client: RestClient, nowMs: () => number) {
    this.#client = client;
    this.#nowMs = nowMs;
    this.#gapFiller = new Refresher(() => this.#fillGap(), FILL_DELAY_MS);
  }

  /** Bars of a timeframe over all that is known, ascending. */
  bars(timeframe: Timeframe): Bar[] {
    const folded = foldBars(this.#minutes, timeframe);
    // Days before the minutes begin come from the server's daily bars.
    if (timeframe.minutes === 0) return mergeBars(this.#days, folded);
    return folded;
  }

  /** The newest bar of a timeframe. */
  lastBar(timeframe: Timeframe): Bar | undefined {
    if (this.last === undefined) return undefined;
    const start = bucketStart(this.last.timeMs, timeframe);
    return foldBars(barsFrom(this.#minutes, start), timeframe)[0];
  }

  /** Starts over with a symbol (or the same one in another venue). */
  async select(symbol: string): Promise<void> {
    this.#generation += 1;
    this.symbol = symbol;
    this.#minutes = [];
    this.#days = [];
    this.#isLastFinal = true;
    this.#gapFromMs = undefined;
    this.last = undefined;
    this.revision += 1;
    await this.#load();
  }

  hear(symbol: string, tick: BarTick, isFinal: boolean): void {
    if (symbol !== this.symbol || this.status === 'loading') return;
    const bar = barFromTick(tick);
    const last = this.#minutes.at(-1);
    if (last === undefined || bar.timeMs > last.timeMs) {
      const isGap =
        last !== undefined && (!this.#isLastFinal || bar.timeMs - last.timeMs > MINUTE_MS);
      if (isGap) this.#noteGap(last.timeMs);
      this.#minutes.push(bar);
    } else if (bar.timeMs === last.timeMs) {
      this.#minutes[this.#minutes.length - 1] = bar;
    } else {
      this.#minutes = mergeBars(this.#minutes, [bar]);
      this.revision += 1;
      return;
    }
    this.#isLastFinal = isFinal;
    this.last = bar;
  }

  /** Reads what may have been missed: after a connection was lost. */
  catchUp(): void {
    if (this.symbol === '') return;
    this.#noteGap(this.last?.timeMs ?? this.#nowMs() - HISTORY_MS);
  }

  #noteGap(fromMs: number): void {
    this.#gapFromMs = Math.min(this.#gapFromMs ?? fromMs, fromMs);
    this.#gapFiller.request();
  }

  async #load(): Promise<void> {
    const generation = this.#generation;
    this.status = 'loading';
    const nowMs = this.#nowMs();
    const [minutes, days] = await Promise.all([
      this.#read('1Min', nowMs - HISTORY_MS, nowMs),
      this.#read('1Day', nowMs - DAYS_HISTORY_MS, nowMs - HISTORY_MS),
    ]);
    if (generation !== this.#generation) return;
    if (minutes === undefined || days === undefined) {
      this.status = 'failed';
      return;
    }
    this.#days = days;
    this.#replace(minutes);
    this.status = 'ready';
  }

  async #fillGap(): Promise<void> {
    const generation = this.#generation;
    if (this.status === 'failed') return this.#load();
    const fromMs = this.#gapFromMs;
    if (fromMs === undefined) return;
    this.#gapFromMs = undefined;
    const bars = await this.#read('1Min', fromMs, this.#nowMs() + MINUTE_MS);
    if (generation !== this.#generation) return;
    if (bars === undefined) {
      this.#noteGap(fromMs);
      return;
    }
    this.#replace(mergeBars(bars, barsNotIn(this.#minutes, bars)));
  }

  #replace(minutes: readonly Bar[]): void {
    this.#minutes = [...minutes];
    this.last = this.#minutes.at(-1);
    this.revision += 1;
  }

  async #read(
    timeframe: '1Min' | '1Day',
    fromMs: number,
    toMs: number,
  ): Promise<Bar[] | undefined> {
    const answer = await this.#client.bars({
      symbol: this.symbol,
      timeframe,
      start: new Date(fromMs).toISOString(),
      end: new Date(toMs).toISOString(),
    });
    if (answer.ok) return answer.value.map(barFromTick);
    this.problem = answer.error.message;
    return undefined;
  }
}

/** Bars that the other list does not have, and the last one whatever it has: that one is live. */
function barsNotIn(bars: readonly Bar[], others: readonly Bar[]): Bar[] {
  const times = new Set(others.map((bar) => bar.timeMs));
  return bars.filter((bar, index) => !times.has(bar.timeMs) || index === bars.length - 1);
}
