/** The newest quote of every watched symbol, and the newest prints of the selected one. */
import type { PrintTick, QuoteTick, StreamMessage } from '@rialto/contracts/stream/platform-stream';
import { SvelteMap } from 'svelte/reactivity';
import { printsAfter } from '../tape/prints.ts';

/** How many prints are kept; as many are worth reading. */
export const PRINTS_KEPT = 60;

/** Market data as reactive fields. */
export class MarketState {
  readonly quotes: SvelteMap<string, QuoteTick> = new SvelteMap();
  /** Newest first, of the symbol last given to `follow`. */
  prints: readonly PrintTick[] = $state.raw([]);
  #followed = '';
  #readUpToMs = 0;

  /** Forgets everything: another venue, or another day. */
  reset(): void {
    this.quotes.clear();
    this.follow(this.#followed);
  }

  /** Says whose prints are kept from now on. */
  follow(symbol: string): void {
    this.#followed = symbol;
    this.#readUpToMs = 0;
    this.prints = [];
  }

  hearQuotes(message: Extract<StreamMessage, { type: 'quotes' }>): void {
    for (const [symbol, quote] of Object.entries(message.quotes)) this.quotes.set(symbol, quote);
  }

  hearTrades(message: Extract<StreamMessage, { type: 'trades' }>): void {
    if (message.symbol !== this.#followed) return;
    const news = printsAfter(message.trades, this.#readUpToMs).toReversed();
    this.prints = [...news, ...this.prints].slice(0, PRINTS_KEPT);
  }

  /** Prints of the followed symbol as they were read, newest first: all there were up to then. */
  takeRead(read: readonly PrintTick[]): void {
    this.#readUpToMs = Date.parse(read[0]?.t ?? '') || 0;
    const since = printsAfter(this.prints, this.#readUpToMs);
    this.prints = [...since, ...read].slice(0, PRINTS_KEPT);
  }
}
