/**
 * What one market-data connection is subscribed to, and reading its subscribe messages.
 *
 * The set is echoed whole in every answer. `*` stands for all symbols of a channel; while it is
 * in the set, the symbols beside it add nothing, so no message comes twice.
 */
import type { ClientMessage } from './client-message.ts';
import { MARKET_DATA_SYMBOLS_MAX, SYMBOL_LENGTH_MAX } from './limits.ts';
import type { MarketDataErrorCode } from './market-data-errors.ts';
import { LIVE_CHANNELS, type LiveChannel } from './market-topics.ts';

/** Channels of the stock feeds, in the order of the answer. */
const CHANNELS = [
  'trades',
  'quotes',
  'bars',
  'updatedBars',
  'dailyBars',
  'statuses',
  'lulds',
  'imbalances',
] as const;
export type Channel = (typeof CHANNELS)[number];

/** Channels of other feeds (news, options, crypto): refused with 410. */
const FOREIGN_CHANNELS = ['news', 'orderbooks'];

/** The symbols of a subscribe or unsubscribe message. */
export type ChannelSymbols = ReadonlyMap<Channel, readonly string[]>;

/** Reads the channel lists of a message; the error code when they are not lists of symbols. */
export function readChannels(message: ClientMessage): ChannelSymbols | MarketDataErrorCode {
  if (FOREIGN_CHANNELS.some((channel) => channel in message)) return 410;
  const lists = new Map<Channel, readonly string[]>();
  for (const channel of CHANNELS) {
    const list = message[channel];
    if (list === undefined || list === null) continue;
    if (!Array.isArray(list) || !list.every(isSymbol)) return 400;
    lists.set(channel, list);
  }
  return lists.size === 0 ? 400 : lists;
}

function isSymbol(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= SYMBOL_LENGTH_MAX;
}

function isLive(channel: Channel): channel is LiveChannel {
  return (LIVE_CHANNELS as readonly string[]).includes(channel);
}

/** Where subscriptions take effect. */
export interface SubscriptionTarget {
  subscribe(channel: LiveChannel, symbol: string): void;
  unsubscribe(channel: LiveChannel, symbol: string): void;
}

/** The subscription set of one connection. */
export class MarketSubscription {
  private readonly target: SubscriptionTarget;
  private readonly sets: Readonly<Record<Channel, Set<string>>>;

  constructor(target: SubscriptionTarget) {
    this.target = target;
    this.sets = {
      trades: new Set(),
      quotes: new Set(),
      bars: new Set(),
      updatedBars: new Set(),
      dailyBars: new Set(),
      statuses: new Set(),
      lulds: new Set(),
      imbalances: new Set(),
    };
  }

  /** Adds symbols; 405 and no change when the set would grow too large. */
  add(symbols: ChannelSymbols): MarketDataErrorCode | undefined {
    let size = 0;
    for (const channel of CHANNELS) size += this.sets[channel].size;
    for (const [channel, list] of symbols) {
      for (const symbol of new Set(list)) size += this.sets[channel].has(symbol) ? 0 : 1;
    }
    if (size > MARKET_DATA_SYMBOLS_MAX) return 405;
    this.change(symbols, (set, symbol) => set.add(symbol));
    return undefined;
  }

  remove(symbols: ChannelSymbols): void {
    this.change(symbols, (set, symbol) => set.delete(symbol));
  }

  /** Ends all subscriptions. */
  clear(): void {
    this.remove(new Map(CHANNELS.map((channel) => [channel, [...this.sets[channel]]])));
  }

  /** The whole set, as the answer to subscribe and unsubscribe lists it. */
  listing(): Readonly<Record<string, readonly string[]>> {
    const listed: Record<string, readonly string[]> = {};
    for (const channel of CHANNELS) listed[channel] = [...this.sets[channel]];
    // Corrections and cancels come with the trades they concern.
    return { ...listed, corrections: [...this.sets.trades], cancelErrors: [...this.sets.trades] };
  }

  private change(symbols: ChannelSymbols, apply: (set: Set<string>, symbol: string) => void): void {
    for (const [channel, list] of symbols) {
      const set = this.sets[channel];
      const before = effective(set);
      for (const symbol of list) apply(set, symbol);
      if (!isLive(channel)) continue;
      const after = effective(set);
      for (const symbol of before) {
        if (!after.has(symbol)) this.target.unsubscribe(channel, symbol);
      }
      for (const symbol of after) {
        if (!before.has(symbol)) this.target.subscribe(channel, symbol);
      }
    }
  }
}

/** The symbols that take effect: `*` alone when it is in the set. */
function effective(set: ReadonlySet<string>): ReadonlySet<string> {
  return set.has('*') ? new Set(['*']) : new Set(set);
}
