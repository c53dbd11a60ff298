/**
 * `/stream`: the account's order updates, as the trading API sends them.
 *
 * States: connected → authorized (by message or headers) → listening. Both forms of the
 * authentication message are taken. Nothing is sent before the client asked for it. Updates are
 * never conflated: a client that does not keep up is closed with 4008 and reads REST again.
 */
import type { IncomingMessage } from 'node:http';
import { encode } from '@msgpack/msgpack';
import { type ClientMessage, isObject, readClientMessage } from './client-message.ts';
import { CLOSE } from './close-codes.ts';
import type { Connection, Session } from './connection.ts';
import { authenticateKeyPair, carriesKey, type KeyPair, readKeyPair } from './credentials.ts';
import { Entry, type StreamContext } from './entry.ts';
import { byteString, frame, OPCODE_BINARY, utf8ByteString } from './frame.ts';
import type { Encoding } from './topic.ts';
import { tradeUpdateJson } from './trade-update.ts';

/**
 * JSON goes out in binary frames, as the paper-trading socket does. Official clients take text
 * and binary; bots written against paper may decode bytes only.
 */
const JSON_OPCODE = OPCODE_BINARY;

const TRADE_UPDATES = 'trade_updates';
const PATH = '/stream';

/** The session of one `/stream` connection. */
export class TradeUpdatesSession implements Session {
  private readonly connection: Connection;
  private readonly context: StreamContext;
  private readonly encoding: Encoding;
  private readonly entry: Entry;
  private listening: Disposable | undefined;

  constructor(connection: Connection, context: StreamContext, encoding: Encoding) {
    this.connection = connection;
    this.context = context;
    this.encoding = encoding;
    this.entry = new Entry(connection, context, () => {
      connection.close(CLOSE.authTimeout);
    });
  }

  /** Takes the credentials of the upgrade request, when it has some. */
  start(request: IncomingMessage): void {
    if (!carriesKey(request)) return;
    this.connection.first(async () => {
      await this.enter(this.context.authenticator.authenticate(request));
    });
  }

  onMessage(data: Buffer, isBinary: boolean): void | Promise<void> {
    const message = readClientMessage(data, isBinary, this.encoding);
    if (message === undefined) {
      this.sendError('invalid syntax');
      return undefined;
    }
    switch (message['action']) {
      case 'authenticate':
      case 'auth':
        return this.authenticate(message);
      case 'listen':
        this.listen(message);
        return undefined;
      default:
        this.sendError('unknown action');
        return undefined;
    }
  }

  onSlow(): void {
    this.connection.close(CLOSE.slowConsumer);
  }

  onVenueChanged(): void {
    // The close code says it: clients connect again and find the new venue.
  }

  onClosed(): void {
    this.listening?.[Symbol.dispose]();
    this.entry[Symbol.dispose]();
  }

  private async authenticate(message: ClientMessage): Promise<void> {
    const pair = keyPairOf(message);
    if (pair === undefined) {
      this.sendAuthorization('unauthorized', 'authenticate');
      return;
    }
    const from = { url: PATH, address: this.connection.ip };
    const isIn = await this.enter(authenticateKeyPair(this.context.authenticator, pair, from));
    this.sendAuthorization(isIn ? 'authorized' : 'unauthorized', 'authenticate');
  }

  /** Whether the caller is let in; closes the connection when it may not try again. */
  private async enter(authentication: Parameters<Entry['enter']>[0]): Promise<boolean> {
    const result = await this.entry.enter(authentication);
    if (result === 'connection_limit') this.connection.close(CLOSE.connectionLimit);
    if (result === 'refused_for_good') this.connection.close(CLOSE.authFailed);
    return result === 'entered';
  }

  /** Replaces the set of streams; the same request again changes nothing. */
  private listen(message: ClientMessage): void {
    const { feed, principal } = this.entry;
    if (feed === undefined || principal === undefined) {
      this.sendAuthorization('unauthorized', 'listen');
      return;
    }
    const asked = isObject(message['data']) ? message['data']['streams'] : undefined;
    if (!Array.isArray(asked)) {
      this.sendError('invalid syntax');
      return;
    }
    const isWanted = asked.includes(TRADE_UPDATES);
    this.send({ stream: 'listening', data: { streams: isWanted ? [TRADE_UPDATES] : [] } });
    if (!isWanted) {
      this.listening?.[Symbol.dispose]();
      this.listening = undefined;
      return;
    }
    this.listening ??= feed.listenToOrders(principal.account, (update) => {
      this.send({ stream: TRADE_UPDATES, data: tradeUpdateJson(feed.venue, update) });
    });
  }

  private sendAuthorization(status: 'authorized' | 'unauthorized', action: string): void {
    this.send({ stream: 'authorization', data: { status, action } });
  }

  private sendError(text: string): void {
    this.send({ action: 'error', data: { error_message: text } });
  }

  private send(message: object): void {
    this.connection.send(
      this.encoding === 'json'
        ? frame(JSON_OPCODE, utf8ByteString(JSON.stringify(message)))
        : frame(OPCODE_BINARY, byteString(encode(message))),
    );
  }
}

/** Both forms: `{action:"authenticate", data:{key_id, secret_key}}`, `{action:"auth", key, secret}`. */
function keyPairOf(message: ClientMessage): KeyPair | undefined {
  const data = message['data'];
  return isObject(data)
    ? readKeyPair(data['key_id'], data['secret_key'])
    : readKeyPair(message['key'], message['secret']);
}
