/**
 * What one platform client has not been told yet: filled window by window, emptied when the
 * client can take it. It is bounded by the client's symbols, however long it is not emptied.
 */
import type { BarTick } from '@rialto/contracts/stream/platform-stream';
import { keepNewest, type MarketWindow, type Prints } from './platform-feed.ts';

/** Closed bars kept per instrument while a client does not read: one session of minutes. */
const FINAL_BARS_KEPT = 960;

/** A client's subscription by instrument index. */
export interface PlatformSubscription {
  readonly quotes: ReadonlySet<number>;
  readonly trades: ReadonlySet<number>;
  readonly bars: ReadonlySet<number>;
}

/** A client's pending market data. */
export class PlatformBacklog {
  /** Updates per instrument since the last frame; 0 stands for "send it, nothing happened". */
  readonly quotes = new Map<number, number>();
  readonly prints = new Map<number, Prints>();
  readonly finalBars = new Map<number, BarTick[]>();
  /** Instruments whose bar in progress has changed. */
  readonly openBars = new Set<number>();

  /** Adds the part of a window that the subscription covers. */
  add(window: MarketWindow, { quotes, trades, bars }: PlatformSubscription): void {
    for (const [instrument, updates] of window.updates) {
      if (quotes.has(instrument)) {
        this.quotes.set(instrument, (this.quotes.get(instrument) ?? 0) + updates);
      }
    }
    for (const [instrument, prints] of window.prints) {
      if (trades.has(instrument)) this.addPrints(instrument, prints);
      if (bars.has(instrument)) this.openBars.add(instrument);
    }
    for (const [instrument, finals] of window.finalBars) {
      if (bars.has(instrument)) this.addBars(instrument, finals);
    }
  }

  /** Forgets all: it was sent, or the subscription was replaced. */
  clear(): void {
    this.quotes.clear();
    this.prints.clear();
    this.finalBars.clear();
    this.openBars.clear();
  }

  private addPrints(instrument: number, { ticks, dropped }: Prints): void {
    const prints = this.prints.get(instrument) ?? { ticks: [], dropped: 0 };
    prints.ticks.push(...ticks);
    prints.dropped += dropped;
    keepNewest(prints);
    this.prints.set(instrument, prints);
  }

  private addBars(instrument: number, finals: readonly BarTick[]): void {
    const bars = this.finalBars.get(instrument) ?? [];
    bars.push(...finals);
    if (bars.length > FINAL_BARS_KEPT) bars.splice(0, bars.length - FINAL_BARS_KEPT);
    this.finalBars.set(instrument, bars);
  }
}
