/** The newest quote of every watched symbol, and the newest prints of the selected one. */
import type { PrintTick, QuoteTick, StreamMessage } from '@rialto/contracts/stream/platform-stream';
import { SvelteMap } from 'svelte/reactivity';

const PRINTS_KEPT = 60;

/** Market data as reactive fields. */
export class MarketState {
  readonly quotes: SvelteMap<string, QuoteTick> = new SvelteMap();
  /** Newest first, of the symbol last given to `follow`. */
  prints: readonly PrintTick[] = $state.raw([]);
  #followed = '';

  /** Forgets everything: another venue, or another day. */
  reset(): void {
    this.quotes.clear();
    this.prints = [];
  }

  /** Says whose prints are kept from now on. */
  follow(symbol: string): void {
    this.#followed = symbol;
    this.prints = [];
  }

  hearQuotes(message: Extract<StreamMessage, { type: 'quotes' }>): void {
    for (const [symbol, quote] of Object.entries(message.quotes)) this.quotes.set(symbol, quote);
  }

  hearTrades(message: Extract<StreamMessage, { type: 'trades' }>): void {
    if (message.symbol !== this.#followed) return;
    this.prints = [...message.trades.toReversed(), ...this.prints].slice(0, PRINTS_KEPT);
  }
}
