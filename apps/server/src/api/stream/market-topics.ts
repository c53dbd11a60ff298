/**
 * The market-data channels of one venue: events in, frames to the subscribers' outlets.
 *
 * Nothing is read or encoded for an instrument that nobody subscribed to.
 */
import { EVENT_WORDS, type EventBuffer } from '@rialto/engine/events/event-buffer';
import { EventType, HEAD } from '@rialto/engine/events/event-layout';
import {
  eventType,
  readBarEvent,
  readQuoteEvent,
  readTradeEvent,
} from '@rialto/engine/venue/events-reader';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { Outlet } from './fan-out.ts';
import {
  barMessage,
  type InstrumentLabel,
  instrumentLabel,
  quoteMessage,
  tradeMessage,
} from './market-messages.ts';
import { type Encoding, TopicTable } from './topic.ts';

/** Channels that carry messages here; the others of the protocol stay silent on a recording. */
export const LIVE_CHANNELS = ['trades', 'quotes', 'bars', 'dailyBars'] as const;
export type LiveChannel = (typeof LIVE_CHANNELS)[number];

/** A subscriber: where its frames go and in which encoding. */
export interface Subscriber {
  readonly outlet: Outlet;
  readonly encoding: Encoding;
}

/** The channels of one venue. */
export class MarketTopics {
  private readonly venue: VenueApi;
  private readonly labels: readonly InstrumentLabel[];
  private readonly tables: Readonly<Record<LiveChannel, TopicTable>>;

  constructor(venue: VenueApi) {
    this.venue = venue;
    this.labels = venue.instruments.map(instrumentLabel);
    const size = venue.instruments.length;
    this.tables = {
      trades: new TopicTable(size),
      quotes: new TopicTable(size),
      bars: new TopicTable(size),
      dailyBars: new TopicTable(size),
    };
  }

  /** Adds a subscription of a symbol or `*`. A symbol that is not traded here stays silent. */
  subscribe(channel: LiveChannel, symbol: string, { outlet, encoding }: Subscriber): void {
    const target = this.target(symbol);
    if (target !== undefined) this.tables[channel].add(target, outlet, encoding);
  }

  unsubscribe(channel: LiveChannel, symbol: string, { outlet, encoding }: Subscriber): void {
    const target = this.target(symbol);
    if (target !== undefined) this.tables[channel].remove(target, outlet, encoding);
  }

  /** Publishes the market events of the command that was just applied. */
  publish(events: EventBuffer): void {
    for (let index = 0; index < events.count; index++) {
      const type = eventType(events, index);
      if (type < EventType.trade || type > EventType.barClosed) continue;
      this.publishOne(events, index, type);
    }
  }

  private publishOne(events: EventBuffer, index: number, type: number): void {
    const instrument = events.i32[index * EVENT_WORDS + HEAD.instrument] ?? -1;
    const label = this.labels[instrument];
    if (label === undefined) return;
    const { trades, quotes, bars, dailyBars } = this.tables;
    if (type === EventType.trade && trades.isWanted(instrument)) {
      trades.publish(instrument, tradeMessage(label, readTradeEvent(events, index).trade));
    } else if (type === EventType.quote && quotes.isWanted(instrument)) {
      quotes.publish(instrument, quoteMessage(label, readQuoteEvent(events, index).quote));
    } else if (type === EventType.barClosed) {
      if (bars.isWanted(instrument)) {
        bars.publish(instrument, barMessage('b', label, readBarEvent(events, index).bar));
      }
      // The day so far as the state has it, which is what REST answers at this moment.
      const day = dailyBars.isWanted(instrument) ? this.venue.market(instrument).dayBar : undefined;
      if (day !== undefined) dailyBars.publish(instrument, barMessage('d', label, day));
    }
  }

  private target(symbol: string): number | '*' | undefined {
    return symbol === '*' ? '*' : this.venue.instrumentIndex(symbol);
  }
}
