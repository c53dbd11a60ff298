/**
 * The page's one object: session, venue, stream and the states fed by them.
 *
 * Data moves one way: stream and REST → these states → components. Components call methods
 * here for what a person wants done. A new venue (after a restart) resets all states.
 */
import { PlatformStreamClient } from '@rialto/client/platform-stream-client';
import type { StreamState } from '@rialto/client/platform-stream-client';
import type { RestClient } from '@rialto/client/rest-client';
import type { ClockChange, Session, Venue } from '@rialto/contracts/platform/platform-api';
import type { StreamMessage } from '@rialto/contracts/stream/platform-stream';
import { getContext, setContext } from 'svelte';
import { sessionHours } from '../chart/sessions.ts';
import type { SessionHours } from '../chart/sessions.ts';
import { wallClock } from '../format/time.ts';
import type { Settings } from '../settings/settings.svelte.ts';
import { AccountState } from './account-state.svelte.ts';
import { BarFeed } from './bar-feed.svelte.ts';
import { ClockState } from './clock-state.svelte.ts';
import { MarketState, PRINTS_KEPT } from './market-state.svelte.ts';
import { News } from './news.svelte.ts';

const RETRY_MS = 2_000;

/** What the page shows as a whole. */
export type Phase = 'starting' | 'signed_out' | 'unreachable' | 'ready';

/** See the top of this file. */
export class Desk {
  phase: Phase = $state('starting');
  connection: StreamState = $state('connecting');
  session: Session | undefined = $state.raw();
  /** Of the last `hello`; empty before it. */
  venueId: string = $state('');
  venueName: string = $state('');
  /** What REST says of the venue; absent until it was read. */
  venue: Venue | undefined = $state.raw();
  symbols: readonly string[] = $state.raw([]);
  names: ReadonlyMap<string, string> = $state.raw(new Map());
  hours: SessionHours = $state.raw(new Map());
  selected: string = $state('');
  isRestarting: boolean = $state(false);

  readonly clock = new ClockState();
  readonly market = new MarketState();
  readonly news = new News();
  readonly account: AccountState;
  readonly bars: BarFeed;
  readonly settings: Settings;
  readonly client: RestClient;
  readonly #stream: PlatformStreamClient;

  constructor(client: RestClient, settings: Settings, streamUrl: string) {
    this.client = client;
    this.settings = settings;
    this.account = new AccountState(client, this.news);
    this.bars = new BarFeed(client, () => this.clock.nowMs);
    this.#stream = new PlatformStreamClient({
      url: streamUrl,
      onMessage: (message) => this.#hear(message),
      onState: (state) => this.#enterConnection(state),
    });
  }

  /** Finds out who is signed in and connects. */
  async start(): Promise<void> {
    const session = await this.client.session();
    if (session.ok) {
      this.session = session.value;
      this.#stream.open();
      return;
    }
    if (session.error.status === 401) {
      this.phase = 'signed_out';
      return;
    }
    this.phase = 'unreachable';
    setTimeout(() => void this.start(), RETRY_MS);
  }

  async signOut(): Promise<void> {
    const answer = await this.client.signOut();
    if (!answer.ok) {
      this.news.tell('refusal', answer.error.message);
      return;
    }
    this.#stream.close();
    this.session = undefined;
    this.phase = 'signed_out';
  }

  select(symbol: string): void {
    if (symbol === this.selected) return;
    this.selected = symbol;
    this.market.follow(symbol);
    this.#subscribe();
    void this.bars.select(symbol);
    void this.#loadPrints();
  }

  /** Selects the next or previous of the given symbols; the ends hold. */
  selectNeighbor(symbols: readonly string[], step: 1 | -1): void {
    const index = symbols.indexOf(this.selected);
    const next = index === -1 ? 0 : Math.min(symbols.length - 1, Math.max(0, index + step));
    const symbol = symbols[next];
    if (symbol !== undefined) this.select(symbol);
  }

  async changeClock(change: ClockChange): Promise<void> {
    if (this.venueId === '') return;
    const answer = await this.client.changeClock(this.venueId, change);
    if (answer.ok) this.clock.hear(answer.value);
    else this.news.tell('refusal', answer.error.message);
  }

  /** Starts the next run of the recording. The stream then says `venue_changed`. */
  async restart(): Promise<void> {
    if (this.venueId === '' || this.isRestarting) return;
    this.isRestarting = true;
    const answer = await this.client.restart(this.venueId, {});
    this.isRestarting = false;
    if (!answer.ok) this.news.tell('refusal', answer.error.message);
  }

  #hear(message: StreamMessage): void {
    switch (message.type) {
      case 'hello':
        if (message.venue.id !== this.venueId) this.clock.reset();
        this.clock.hear(message.clock);
        void this.#enterVenue(message.venue);
        break;
      case 'clock':
        this.clock.hear(message.clock);
        break;
      case 'quotes':
        this.market.hearQuotes(message);
        break;
      case 'trades':
        this.market.hearTrades(message);
        break;
      case 'bar':
        this.bars.hear(message.symbol, message.bar, message.final);
        break;
      case 'order':
        this.account.hearOrder(message);
        break;
      case 'error':
        this.news.tell('refusal', message.message);
        break;
      case 'subscribed':
      case 'venue_changed':
        // The client answers `venue_changed` with a new connection, whose `hello` comes next.
        break;
    }
  }

  async #enterVenue(venue: {
    readonly id: string;
    readonly name: string;
    readonly symbols: readonly string[];
  }): Promise<void> {
    this.phase = 'ready';
    const { id, symbols } = venue;
    if (this.venueId === id) {
      // The same venue after a lost connection: only what was missed is read.
      this.#subscribe();
      this.bars.catchUp();
      void this.#loadPrints();
      await this.account.load();
      return;
    }
    this.venueId = id;
    this.venueName = venue.name;
    this.symbols = symbols;
    this.market.reset();
    this.account.reset();
    const kept = symbols.includes(this.selected) ? this.selected : (symbols[0] ?? '');
    this.selected = '';
    this.select(kept);
    await Promise.all([this.#loadVenue(id), this.account.load()]);
  }

  async #loadVenue(id: string): Promise<void> {
    const [venue, assets] = await Promise.all([this.client.venue(id), this.client.assets()]);
    if (assets.ok) {
      this.names = new Map(assets.value.map((asset) => [asset.symbol, asset.name]));
    }
    if (!venue.ok) {
      this.news.tell('refusal', venue.error.message);
      return;
    }
    this.venue = venue.value;
    const [from, to] = [venue.value.tape.from, venue.value.tape.to].map(
      (time) => wallClock(Date.parse(time), 'exchange').date,
    );
    if (from === undefined || to === undefined) return;
    const calendar = await this.client.calendar(from, to);
    if (calendar.ok) this.hours = sessionHours(calendar.value);
  }

  async #loadPrints(): Promise<void> {
    const { selected, venueId } = this;
    const query = { symbol: selected, limit: PRINTS_KEPT };
    const answer = await this.client.latestTrades(query);
    if (selected !== this.selected || venueId !== this.venueId) return;
    if (answer.ok) this.market.takeRead(answer.value);
    else this.news.tell('refusal', answer.error.message);
  }

  #subscribe(): void {
    const selected = this.selected === '' ? [] : [this.selected];
    this.#stream.subscribe({ quotes: this.symbols, trades: selected, bars: selected });
  }

  #enterConnection(state: StreamState): void {
    this.connection = state;
    // A session that ended refuses the socket without a word: ask.
    if (state === 'reconnecting') void this.#checkSession();
  }

  async #checkSession(): Promise<void> {
    const session = await this.client.session();
    if (session.ok || session.error.status !== 401) return;
    this.#stream.close();
    this.phase = 'signed_out';
  }
}

const KEY = Symbol('desk');

/** Puts the desk within reach of all components below. */
export function provideDesk(desk: Desk): void {
  setContext(KEY, desk);
}

/** The desk of the page. */
export function useDesk(): Desk {
  return getContext<Desk>(KEY);
}
