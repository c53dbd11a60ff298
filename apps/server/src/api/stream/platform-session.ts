/**
 * `/api/v1/stream`: the page's socket. Contract: @rialto/contracts/stream/platform-stream.
 *
 * The caller is known before the upgrade. Market data is conflated and held back while the
 * client does not read; order messages always go out at once, and a client that lets them pile
 * up is closed with 4008.
 */
import type { QuoteTick, StreamMessage } from '@rialto/contracts/stream/platform-stream';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { Principal } from '../principal.ts';
import { readClientMessage } from './client-message.ts';
import { CLOSE } from './close-codes.ts';
import type { Connection, Session } from './connection.ts';
import { Entry, type StreamContext } from './entry.ts';
import { jsonFrame } from './frame.ts';
import { CONFLATE_ABOVE_BYTES } from './limits.ts';
import type { OrderUpdate } from './order-updates.ts';
import { barJson } from '../alpaca/bar-json.ts';
import { PlatformBacklog, type PlatformSubscription } from './platform-backlog.ts';
import type { MarketWindow, WindowReader } from './platform-feed.ts';
import { readSubscribe } from './platform-subscription.ts';
import { quoteTick, venueClock } from './platform-values.ts';
import { executionJson, updatedOrderJson } from './trade-update.ts';
import type { VenueFeed } from './venue-feed.ts';

const NOTHING: PlatformSubscription = { quotes: new Set(), trades: new Set(), bars: new Set() };

/** The session of one platform connection. */
export class PlatformSession implements Session, WindowReader {
  private readonly connection: Connection;
  private readonly context: StreamContext;
  private readonly entry: Entry;
  private readonly backlog = new PlatformBacklog();
  private subscription = NOTHING;
  private orders: Disposable | undefined;
  private windows: Disposable | undefined;

  constructor(connection: Connection, context: StreamContext) {
    this.connection = connection;
    this.context = context;
    this.entry = new Entry(connection, context, () => {
      connection.close(CLOSE.authTimeout);
    });
  }

  /** Says hello and starts the account's messages. */
  start(principal: Principal): void {
    this.connection.first(() => this.enter(principal));
  }

  onMessage(data: Buffer, isBinary: boolean): void {
    const { feed } = this.entry;
    if (feed === undefined) return;
    const lists = readSubscribe(readClientMessage(data, isBinary, 'json'), feed.venue);
    const { seq } = feed.venue;
    if ('code' in lists) {
      this.send({ type: 'error', seq, code: lists.code, message: lists.message });
      return;
    }
    const { quotes, trades, bars } = lists;
    this.send({
      type: 'subscribed',
      seq,
      quotes: quotes.symbols,
      trades: trades.symbols,
      bars: bars.symbols,
    });
    this.subscription = {
      quotes: quotes.instruments,
      trades: trades.instruments,
      bars: bars.instruments,
    };
    this.backlog.clear();
    for (const instrument of quotes.instruments) this.backlog.quotes.set(instrument, 0);
    for (const instrument of bars.instruments) this.backlog.openBars.add(instrument);
    this.sendMarket(feed);
  }

  onWindow(window: MarketWindow, withClock: boolean): void {
    const { feed } = this.entry;
    if (feed === undefined) return;
    this.backlog.add(window, this.subscription);
    if (this.connection.outlet.waitingBytes > CONFLATE_ABOVE_BYTES) return;
    this.sendMarket(feed);
    if (withClock) this.sendClock(feed);
  }

  onSlow(): void {
    this.connection.close(CLOSE.slowConsumer);
  }

  onVenueChanged(venueId: string): void {
    const seq = this.entry.feed?.venue.seq ?? 0;
    this.send({ type: 'venue_changed', seq, venue_id: venueId });
  }

  onClosed(): void {
    this.orders?.[Symbol.dispose]();
    this.windows?.[Symbol.dispose]();
    this.entry[Symbol.dispose]();
  }

  private async enter(principal: Principal): Promise<void> {
    const name = await this.context.venueName(principal.venueId);
    const result = await this.entry.enter({ ok: true, principal });
    const { feed } = this.entry;
    if (result !== 'entered' || feed === undefined) {
      this.connection.close(CLOSE.connectionLimit);
      return;
    }
    const { venue } = feed;
    const symbols = venue.instruments.map(({ symbol }) => symbol);
    const described = { id: principal.venueId, name, symbols };
    this.send({ type: 'hello', seq: venue.seq, venue: described, clock: venueClock(venue) });
    this.orders = feed.listenToOrders(principal.account, (update) => {
      this.sendOrder(feed, update);
    });
    this.windows = feed.platform.read(this);
  }

  private sendOrder(feed: VenueFeed, update: OrderUpdate): void {
    this.send({
      type: 'order',
      seq: update.seq,
      event: update.event,
      order: { ...updatedOrderJson(feed.venue, update) },
      ...executionJson(update),
    });
  }

  private sendClock({ venue }: VenueFeed): void {
    this.send({ type: 'clock', seq: venue.seq, clock: venueClock(venue) });
  }

  private sendMarket({ venue }: VenueFeed): void {
    const { seq } = venue;
    this.sendQuotes(venue);
    for (const [instrument, { ticks, dropped }] of this.backlog.prints) {
      const symbol = symbolOf(venue, instrument);
      this.send({ type: 'trades', seq, symbol, trades: ticks, dropped });
    }
    for (const [instrument, bars] of this.backlog.finalBars) {
      const symbol = symbolOf(venue, instrument);
      for (const bar of bars) this.send({ type: 'bar', seq, symbol, bar, final: true });
    }
    for (const instrument of this.backlog.openBars) {
      const { minuteBar } = venue.market(instrument);
      if (minuteBar === undefined) continue;
      const bar = barJson(minuteBar);
      this.send({ type: 'bar', seq, symbol: symbolOf(venue, instrument), bar, final: false });
    }
    this.backlog.clear();
  }

  private sendQuotes(venue: VenueApi): void {
    const quotes: Record<string, QuoteTick> = {};
    let updates = 0;
    let sent = 0;
    for (const [instrument, count] of this.backlog.quotes) {
      const tick = quoteTick(venue, instrument);
      if (tick === undefined) continue;
      quotes[symbolOf(venue, instrument)] = tick;
      updates += count;
      sent += count > 0 ? 1 : 0;
    }
    if (Object.keys(quotes).length === 0) return;
    this.send({ type: 'quotes', seq: venue.seq, quotes, dropped: updates - sent });
  }

  private send(message: StreamMessage): void {
    this.connection.send(jsonFrame(JSON.stringify(message)));
  }
}

function symbolOf(venue: VenueApi, instrument: number): string {
  return venue.instruments[instrument]?.symbol ?? '';
}
