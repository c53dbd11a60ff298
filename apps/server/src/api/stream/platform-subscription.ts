/** Reads a `subscribe` message of the platform stream. Strict: what is wrong is refused whole. */
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { ClientMessage } from './client-message.ts';

/** Most symbols of each list. */
const SYMBOLS_MAX = { quotes: 500, trades: 500, bars: 50 } as const;
type ListName = keyof typeof SYMBOLS_MAX;

/** What a client asked for: symbols as listed (without repeats) and their instruments. */
export interface Watched {
  readonly symbols: readonly string[];
  readonly instruments: ReadonlySet<number>;
}

export type WatchedLists = Readonly<Record<ListName, Watched>>;

/** Why a message was refused: a stable code and words. */
export interface StreamRefusal {
  readonly code: 'message_invalid' | 'action_unknown' | 'too_many_symbols' | 'symbol_unknown';
  readonly message: string;
}

const INVALID: StreamRefusal = {
  code: 'message_invalid',
  message:
    'expected {"action":"subscribe","quotes":[…],"trades":[…],"bars":[…]} with lists of symbols',
};

/** The lists of a message, or why they are refused. */
export function readSubscribe(
  message: ClientMessage | undefined,
  venue: VenueApi,
): WatchedLists | StreamRefusal {
  if (message === undefined) return INVALID;
  const action = message['action'];
  if (typeof action !== 'string') return INVALID;
  if (action !== 'subscribe') {
    return { code: 'action_unknown', message: 'the only action is "subscribe"' };
  }
  const quotes = readList(message, 'quotes', venue);
  if ('code' in quotes) return quotes;
  const trades = readList(message, 'trades', venue);
  if ('code' in trades) return trades;
  const bars = readList(message, 'bars', venue);
  if ('code' in bars) return bars;
  return { quotes, trades, bars };
}

function readList(
  message: ClientMessage,
  name: ListName,
  venue: VenueApi,
): Watched | StreamRefusal {
  const list = message[name];
  if (!Array.isArray(list)) return INVALID;
  if (list.length > SYMBOLS_MAX[name]) {
    return { code: 'too_many_symbols', message: `at most ${SYMBOLS_MAX[name]} symbols in ${name}` };
  }
  const instruments = new Map<string, number>();
  for (const symbol of list as readonly unknown[]) {
    if (typeof symbol !== 'string') return INVALID;
    const instrument = venue.instrumentIndex(symbol);
    if (instrument === undefined) {
      return { code: 'symbol_unknown', message: `no such symbol: ${symbol.slice(0, 32)}` };
    }
    instruments.set(symbol, instrument);
  }
  return { symbols: [...instruments.keys()], instruments: new Set(instruments.values()) };
}
