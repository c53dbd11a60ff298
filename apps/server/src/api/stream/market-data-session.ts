/**
 * `/v2/iex` and `/v2/sip`: trades, quotes and bars, as the market-data API sends them.
 *
 * States: connected (welcome sent) → authenticated → subscribed. Every message is an array. A
 * client that does not keep up gets error 407 and is closed: nothing is left out silently.
 */
import type { IncomingMessage } from 'node:http';
import { encode } from '@msgpack/msgpack';
import { type ClientMessage, readClientMessage } from './client-message.ts';
import { CLOSE, type CloseCode } from './close-codes.ts';
import type { Connection, Session } from './connection.ts';
import { authenticateKeyPair, carriesKey, readKeyPair } from './credentials.ts';
import { Entry, type StreamContext } from './entry.ts';
import { byteString, frame, jsonFrame, OPCODE_BINARY } from './frame.ts';
import { MARKET_DATA_ERRORS, type MarketDataErrorCode } from './market-data-errors.ts';
import { MarketSubscription, readChannels } from './market-subscription.ts';
import type { LiveChannel } from './market-topics.ts';
import type { Encoding } from './topic.ts';

/** Paths of the stock feeds. Both carry the venue's whole tape. */
export const MARKET_DATA_PATHS = ['/v2/iex', '/v2/sip'] as const;

/** The session of one market-data connection. */
export class MarketDataSession implements Session {
  private readonly connection: Connection;
  private readonly context: StreamContext;
  private readonly encoding: Encoding;
  private readonly entry: Entry;
  private readonly subscription: MarketSubscription;

  constructor(connection: Connection, context: StreamContext, encoding: Encoding) {
    this.connection = connection;
    this.context = context;
    this.encoding = encoding;
    this.entry = new Entry(connection, context, () => {
      this.endWith(404, CLOSE.authTimeout);
    });
    const subscriber = { outlet: connection.outlet, encoding };
    this.subscription = new MarketSubscription({
      subscribe: (channel: LiveChannel, symbol: string) => {
        this.entry.feed?.market.subscribe(channel, symbol, subscriber);
      },
      unsubscribe: (channel: LiveChannel, symbol: string) => {
        this.entry.feed?.market.unsubscribe(channel, symbol, subscriber);
      },
    });
  }

  /** Sends the welcome, then takes the credentials of the upgrade request, when it has some. */
  start(request: IncomingMessage): void {
    this.send({ T: 'success', msg: 'connected' });
    if (!carriesKey(request)) return;
    this.connection.first(() => this.enter(this.context.authenticator.authenticate(request)));
  }

  onMessage(data: Buffer, isBinary: boolean): void | Promise<void> {
    const message = readClientMessage(data, isBinary, this.encoding);
    switch (message?.['action']) {
      case 'auth':
        return this.authenticate(message);
      case 'subscribe':
      case 'unsubscribe':
        this.changeSubscription(message);
        return undefined;
      default:
        this.sendError(400);
        return undefined;
    }
  }

  onSlow(): void {
    this.endWith(407, CLOSE.slowConsumer);
  }

  onVenueChanged(): void {
    // The close code says it: clients connect again and find the new venue.
  }

  onClosed(): void {
    this.subscription.clear();
    this.entry[Symbol.dispose]();
  }

  private async authenticate(message: ClientMessage): Promise<void> {
    if (this.entry.principal !== undefined) {
      this.sendError(403);
      return;
    }
    const pair = readKeyPair(message['key'], message['secret']);
    if (pair === undefined) {
      this.sendError(402);
      return;
    }
    const from = { url: '/v2', address: this.connection.ip };
    await this.enter(authenticateKeyPair(this.context.authenticator, pair, from));
  }

  private async enter(authentication: Parameters<Entry['enter']>[0]): Promise<void> {
    switch (await this.entry.enter(authentication)) {
      case 'entered':
        this.send({ T: 'success', msg: 'authenticated' });
        break;
      case 'refused':
        this.sendError(402);
        break;
      case 'refused_for_good':
        this.endWith(402, CLOSE.authFailed);
        break;
      case 'connection_limit':
        this.endWith(406, CLOSE.connectionLimit);
        break;
    }
  }

  private changeSubscription(message: ClientMessage): void {
    if (this.entry.principal === undefined) {
      this.sendError(401);
      return;
    }
    const symbols = readChannels(message);
    if (typeof symbols === 'number') {
      this.sendError(symbols);
      return;
    }
    if (message['action'] === 'unsubscribe') {
      this.subscription.remove(symbols);
    } else {
      const refusal = this.subscription.add(symbols);
      if (refusal !== undefined) {
        this.sendError(refusal);
        return;
      }
    }
    this.send({ T: 'subscription', ...this.subscription.listing() });
  }

  private sendError(code: MarketDataErrorCode): void {
    this.send(errorMessage(code));
  }

  /** Sends an error past the outlet, which may be full, and closes. */
  private endWith(code: MarketDataErrorCode, close: CloseCode): void {
    const message = [errorMessage(code)];
    this.connection.closeAfter(
      this.encoding === 'json' ? JSON.stringify(message) : encode(message),
      close,
    );
  }

  private send(message: object): void {
    this.connection.send(
      this.encoding === 'json'
        ? jsonFrame(JSON.stringify([message]))
        : frame(OPCODE_BINARY, byteString(encode([message]))),
    );
  }
}

function errorMessage(code: MarketDataErrorCode): object {
  return { T: 'error', code, msg: MARKET_DATA_ERRORS[code] };
}
