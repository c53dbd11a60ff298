/**
 * The clients, all in one process: raw sockets that count frames and look at nothing else.
 *
 * Parent → sink: which server to connect to. Sink → parent: connected, and on request the count.
 */
import { connect, type Socket } from 'node:net';
import { CLIENTS, type Kind, symbolOf, symbolsOf } from './workload.ts';

/** Parent → sink. */
export type SinkOrder =
  | { readonly type: 'connect'; readonly kind: Kind; readonly port: number }
  /** One more client of ours that subscribes to everything and never reads. */
  | { readonly type: 'stall'; readonly port: number }
  | { readonly type: 'count'; readonly kind: Kind };

/** Sink → parent. */
export type SinkReport =
  | { readonly type: 'connected'; readonly kind: Kind }
  | { readonly type: 'stalling' }
  | { readonly type: 'counted'; readonly kind: Kind; readonly frames: number };

/** How a kind of server is entered: path, and the messages after which it sends. */
interface Entrance {
  readonly path: string;
  readonly messages: (client: number) => readonly string[];
  /** The first message leaves after so many frames, each further one after one more. */
  readonly framesToFirst: number;
  /** Frames a client has got when its subscription stands. */
  readonly framesToReady: number;
}

const entrances: Readonly<Record<Kind, Entrance>> = {
  rialto: {
    path: '/v2/iex',
    messages: (client) => [
      JSON.stringify({ action: 'subscribe', trades: symbolsOf(client).map(symbolOf) }),
    ],
    framesToFirst: 2,
    framesToReady: 3,
  },
  ws: {
    path: '/',
    messages: (client) => [JSON.stringify(symbolsOf(client))],
    framesToFirst: 0,
    framesToReady: 1,
  },
  'socket.io': {
    path: '/socket.io/?EIO=4&transport=websocket',
    messages: (client) => ['40', `42["subscribe",${JSON.stringify(symbolsOf(client))}]`],
    framesToFirst: 1,
    framesToReady: 3,
  },
};

const MASKED = 0x80;
const TEXT = 0x81;
const PING = 0x9;
const LENGTH_16 = 126;
const PONG_FRAME = Buffer.from([0x8a, MASKED, 0, 0, 0, 0]);

/** A masked text frame; a mask of zeros leaves the payload as it is. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head =
    length < LENGTH_16
      ? [TEXT, MASKED | length, 0, 0, 0, 0]
      : [TEXT, MASKED | LENGTH_16, length >>> 8, length & 0xff, 0, 0, 0, 0];
  return Buffer.concat([Buffer.from(head), payload]);
}

/** Counts the data frames in a stream of bytes, whatever the chunks. */
class FrameCounter {
  frames = 0;
  private readonly onPing: () => void;
  private rest: Buffer = Buffer.alloc(0);
  private toSkip = 0;

  constructor(onPing: () => void) {
    this.onPing = onPing;
  }

  add(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = Math.min(this.toSkip, bytes.length);
    this.toSkip -= at;
    while (this.toSkip === 0 && at + 2 <= bytes.length) {
      const short = (bytes[at + 1] ?? 0) & 0x7f;
      if (short === LENGTH_16 && at + 4 > bytes.length) break;
      const size = short === LENGTH_16 ? bytes.readUInt16BE(at + 2) + 4 : short + 2;
      if (((bytes[at] ?? 0) & 0xf) === PING) this.onPing();
      else this.frames++;
      this.toSkip = Math.max(0, at + size - bytes.length);
      at = Math.min(bytes.length, at + size);
    }
    this.rest = bytes.subarray(at);
  }
}

function upgrade(
  port: number,
  client: number,
  path: string,
  onUpgraded: (socket: Socket, rest: Buffer) => void,
): void {
  const socket = connect({ port, host: '127.0.0.1' });
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `APCA-API-KEY-ID: ${client}`,
    'APCA-API-SECRET-KEY: none',
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  let head: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    socket.off('data', onData);
    onUpgraded(socket, head.subarray(end + 4));
  };
  socket.on('data', onData);
  socket.on('error', () => undefined);
}

const counters = new Map<Kind, FrameCounter[]>();

function connectAll(kind: Kind, port: number): void {
  const { path, messages, framesToFirst, framesToReady } = entrances[kind];
  const all: FrameCounter[] = [];
  counters.set(kind, all);
  for (let client = 0; client < CLIENTS; client++) {
    upgrade(port, client, path, (socket, rest) => {
      const counter = new FrameCounter(() => socket.write(PONG_FRAME));
      all.push(counter);
      const waiting = [...messages(client)];
      let sent = 0;
      const sendDue = (): void => {
        while (counter.frames >= framesToFirst + sent && waiting.length > 0) {
          socket.write(textFrame(waiting.shift() ?? ''));
          sent++;
        }
      };
      counter.add(rest);
      sendDue();
      socket.on('data', (chunk: Buffer) => {
        counter.add(chunk);
        if (waiting.length > 0) sendDue();
      });
    });
  }
  const poll = setInterval(() => {
    if (all.length < CLIENTS || all.some(({ frames }) => frames < framesToReady)) return;
    clearInterval(poll);
    for (const counter of all) counter.frames = 0;
    report({ type: 'connected', kind });
  }, 20);
}

function stall(port: number): void {
  upgrade(port, CLIENTS, entrances.rialto.path, (socket) => {
    socket.write(textFrame(JSON.stringify({ action: 'subscribe', trades: ['*'] })));
    socket.pause();
    report({ type: 'stalling' });
  });
}

function report(message: SinkReport): void {
  process.send?.(message);
}

/**
 * The sink looks at its sockets every few milliseconds and sleeps in between. Otherwise the
 * kernel would wake it, on the server's time, for whichever server leaves it idle between writes.
 */
const LOOK_EVERY_MS = 4;
const asleep = new Int32Array(new SharedArrayBuffer(4));
function look(): void {
  Atomics.wait(asleep, 0, 0, LOOK_EVERY_MS);
  setImmediate(look);
}

process.on('message', (order: SinkOrder) => {
  if (order.type === 'connect') connectAll(order.kind, order.port);
  else if (order.type === 'stall') stall(order.port);
  else {
    const frames = (counters.get(order.kind) ?? []).reduce(
      (sum, counter) => sum + counter.frames,
      0,
    );
    report({ type: 'counted', kind: order.kind, frames });
  }
});
process.on('disconnect', () => process.exit());
look();
