/** The streams on a loopback port, with real `ws` clients, a scripted venue and known keys. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decode } from '@msgpack/msgpack';
import { pino } from 'pino';
import { type ClientOptions, WebSocket } from 'ws';
import { type Clock, systemClock } from '../../../runtime/clock.ts';
import type { Authentication, RequestHead } from '../../principal.ts';
import { attachStreams, type Streams } from '../upgrade.ts';
import { ScriptedHost, ScriptedVenue } from './scripted-venue.ts';

/** Key ids `key-0` … `key-9` with this secret speak for the accounts 0 … 9. */
export const SECRET = 'right';

/** Headers of account `account`. */
export function keyHeaders(account = 0): Record<string, string> {
  return { 'APCA-API-KEY-ID': `key-${account}`, 'APCA-API-SECRET-KEY': SECRET };
}

function authenticate({ headers }: RequestHead): Authentication {
  const key = headers['apca-api-key-id'];
  const isCookie = headers.cookie === 'session=good';
  const isKey = /^key-\d$/.test(String(key)) && headers['apca-api-secret-key'] === SECRET;
  if (!isKey && !isCookie) {
    const reason = key === undefined ? 'credentials_missing' : 'credentials_wrong';
    return { ok: false, reason };
  }
  const principal = {
    userId: 'user',
    venueId: 'venue-1',
    account: isKey ? Number(String(key).slice(4)) : 0,
    accountNumber: 'RI0000001',
    scope: 'trade',
    via: isKey ? 'api_key' : 'session',
  } as const;
  return { ok: true, principal };
}

/** Waits until a condition holds; fails after five seconds. */
export async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}

/** A client that keeps what it gets. */
export class TestClient {
  readonly socket: WebSocket;
  /** Payloads not taken by `next` yet, with whether they came in binary frames. */
  readonly received: { readonly data: Buffer; readonly isBinary: boolean }[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data: Buffer, isBinary) => this.received.push({ data, isBinary }));
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    this.socket.on('error', () => undefined);
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async raw(): Promise<{ readonly data: Buffer; readonly isBinary: boolean }> {
    await until(() => this.received.length > 0 || this.closed !== undefined);
    const first = this.received.shift();
    if (first === undefined) throw new Error(`closed: ${JSON.stringify(this.closed)}`);
    return first;
  }

  /** The next message, JSON. */
  async next(): Promise<unknown> {
    return JSON.parse((await this.raw()).data.toString());
  }

  /** The next message, MessagePack; timestamps as Date. */
  async nextMsgpack(): Promise<unknown> {
    return decode((await this.raw()).data);
  }

  async close(): Promise<{ readonly code: number; readonly reason: string }> {
    await until(() => this.closed !== undefined);
    if (this.closed === undefined) throw new Error('open');
    return this.closed;
  }
}

/** Streams under test. */
export interface Harness extends AsyncDisposable {
  readonly venue: ScriptedVenue;
  readonly streams: Streams;
  readonly server: Server;
  readonly port: number;
  /** Connects and waits until the connection is open or refused. */
  connect(path: string, options?: ClientOptions): Promise<TestClient>;
  /** A market-data or account client past its authentication. */
  enter(path: string, options?: ClientOptions): Promise<TestClient>;
}

/** Starts the streams of a venue with the symbols BAC and IBM. */
export async function startHarness(clock: Clock = systemClock): Promise<Harness> {
  const venue = new ScriptedVenue('venue-1', ['BAC', 'IBM']);
  const server = createServer();
  const streams = attachStreams(server, {
    venues: new ScriptedHost([venue]),
    authenticator: { authenticate },
    clock,
    log: pino({ level: 'silent' }),
    venueName: (venueId) => Promise.resolve(`name of ${venueId}`),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clients: TestClient[] = [];
  const connect = async (path: string, options?: ClientOptions): Promise<TestClient> => {
    const client = new TestClient(`ws://127.0.0.1:${port}${path}`, options);
    clients.push(client);
    await until(() => client.socket.readyState !== WebSocket.CONNECTING);
    return client;
  };
  return {
    venue,
    streams,
    server,
    port,
    connect,
    async enter(path, options) {
      const client = await connect(path, options);
      if (path.startsWith('/v2')) {
        await client.raw();
        client.send({ action: 'auth', key: 'key-0', secret: SECRET });
      } else {
        client.send({ action: 'authenticate', data: { key_id: 'key-0', secret_key: SECRET } });
      }
      await client.raw();
      return client;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const client of clients) client.socket.terminate();
      await streams[Symbol.asyncDispose]();
      server.close();
    },
  };
}
