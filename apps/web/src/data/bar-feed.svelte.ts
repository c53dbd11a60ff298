/** The bars of the selected symbol as reactive fields: history by REST, then live by stream. */
import type { RestClient } from '@rialto/client/rest-client';
import type { BarTick } from '@rialto/contracts/stream/platform-stream';
import { barFromTick, mergeBars } from '../chart/bars.ts';
import type { Bar, Timeframe } from '../chart/bars.ts';
import { MinuteHistory } from '../chart/minute-history.ts';
import { Refresher } from './refresher.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A gap is read at most once a second. */
const FILL_DELAY_MS = 1_000;
/** How far back minutes and days are shown: at most 4,800 minutes and 500 days. */
const MINUTES_BACK_MS = 7 * DAY_MS;
const DAYS_BACK_MS = 2 * 365 * DAY_MS;

/** See the top of this file. */
export class BarFeed {
  symbol: string = $state('');
  status: 'empty' | 'loading' | 'ready' | 'failed' = $state('empty');
  problem: string = $state('');
  /** Grows whenever more than the newest bar changed: the chart must be set anew. */
  revision: number = $state(0);
  /** The newest minute bar. */
  last: Bar | undefined = $state.raw();

  readonly #client: RestClient;
  readonly #nowMs: () => number;
  readonly #gapFiller: Refresher;
  #minutes = new MinuteHistory();
  #days: readonly Bar[] = [];

  /** `nowMs` gives venue time. */
  constructor(client: RestClient, nowMs: () => number) {
    this.#client = client;
    this.#nowMs = nowMs;
    this.#gapFiller = new Refresher(() => this.#fillGap(), FILL_DELAY_MS);
  }

  /** Bars of a timeframe over all that is known, ascending. */
  bars(timeframe: Timeframe): Bar[] {
    const folded = this.#minutes.bars(timeframe);
    // Days before the minutes begin come from the server's daily bars.
    return timeframe.minutes === 0 ? mergeBars(this.#days, folded) : folded;
  }

  /** The newest bar of a timeframe. */
  lastBar(timeframe: Timeframe): Bar | undefined {
    return this.#minutes.lastBar(timeframe);
  }

  /** Starts over with a symbol (or the same one in another venue). */
  async select(symbol: string): Promise<void> {
    const minutes = new MinuteHistory();
    this.symbol = symbol;
    this.#minutes = minutes;
    this.#days = [];
    this.status = 'loading';
    this.#changed();
    const nowMs = this.#nowMs();
    const [read, days] = await Promise.all([
      this.#read('1Min', nowMs - MINUTES_BACK_MS, nowMs),
      this.#read('1Day', nowMs - DAYS_BACK_MS, nowMs - MINUTES_BACK_MS),
    ]);
    // Another symbol was selected meanwhile.
    if (this.#minutes !== minutes) return;
    if (read === undefined || days === undefined) {
      this.status = 'failed';
      return;
    }
    this.#days = days;
    minutes.merge(read);
    this.status = 'ready';
    this.#changed();
  }

  hear(symbol: string, tick: BarTick, isFinal: boolean): void {
    if (symbol !== this.symbol) return;
    const isNewest = this.#minutes.put(barFromTick(tick), isFinal);
    if (this.#minutes.gapFromMs !== undefined) this.#gapFiller.request();
    if (isNewest) this.last = this.#minutes.last;
    else this.#changed();
  }

  /** Reads what may have been missed: after a connection was lost. */
  catchUp(): void {
    if (this.symbol === '') return;
    if (this.status === 'failed') {
      void this.select(this.symbol);
      return;
    }
    this.#minutes.noteGap(this.last?.timeMs ?? this.#nowMs() - MINUTES_BACK_MS);
    this.#gapFiller.request();
  }

  async #fillGap(): Promise<void> {
    const minutes = this.#minutes;
    const fromMs = minutes.takeGap();
    if (fromMs === undefined) return;
    // The clock is told once a second, the newest bar may be ahead of it.
    const toMs = Math.max(this.#nowMs(), minutes.last?.timeMs ?? 0) + MINUTE_MS;
    const read = await this.#read('1Min', fromMs, toMs);
    if (this.#minutes !== minutes) return;
    if (read === undefined) {
      minutes.noteGap(fromMs);
      this.#gapFiller.request();
      return;
    }
    minutes.merge(read);
    this.#changed();
  }

  #changed(): void {
    this.last = this.#minutes.last;
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
