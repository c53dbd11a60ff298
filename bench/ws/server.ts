/**
 * One of the servers under test, in a process of its own: `server.ts <kind>`.
 *
 * Every kind answers the same clients with the same prints. `rialto` is the product's own path:
 * event records → venue feed → topics → outlets → sockets, with authentication and heartbeats.
 */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Micros } from '@rialto/engine/values/time';
import type { Price } from '@rialto/engine/values/price';
import type { TradeView } from '@rialto/engine/venue/views';
import { pino } from 'pino';
import { Server as SocketIoServer } from 'socket.io';
import { WebSocketServer, type WebSocket } from 'ws';
import { tradeJson } from '../../apps/server/src/api/alpaca/trade-json.ts';
import {
  ScriptedHost,
  ScriptedVenue,
} from '../../apps/server/src/api/stream/testing/scripted-venue.ts';
import { attachStreams } from '../../apps/server/src/api/stream/upgrade.ts';
import { systemClock } from '../../apps/server/src/runtime/clock.ts';
import {
  CLIENTS,
  DELIVERIES_PER_TICK,
  type Kind,
  KINDS,
  type Order,
  PRINTS_PER_TICK,
  printedIn,
  type Report,
  symbolOf,
  SYMBOLS,
} from './workload.ts';

/** Ticks follow each other this fast, or with a short rest when one takes longer than that. */
const TICK_MS = 5;
const REST_MS = 1;
const START = 1_381_152_600_123_456;

const symbols = Array.from({ length: SYMBOLS }, (_, index) => symbolOf(index));
let position = 0;

function nextPrint(): TradeView {
  position++;
  return {
    time: (START + position * 17) as Micros,
    price: (139_000 + (position % 100)) as Price,
    size: 100,
    venue: 'N',
    conditions: 1,
    position,
  };
}

/** Sends one tick to everybody. */
type SendTick = (tick: number) => void;

/** What an ordinary server does: the message is made and written for each client. */
function serveNaively(server: HttpServer): SendTick {
  const subscribers = symbols.map(() => new Set<WebSocket>());
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      for (const symbol of JSON.parse(data.toString()) as number[])
        subscribers[symbol]?.add(socket);
      socket.send('ok');
    });
  });
  return (tick) => {
    for (let n = 0; n < PRINTS_PER_TICK; n++) {
      const symbol = printedIn(tick, n);
      const print = nextPrint();
      for (const socket of subscribers[symbol] ?? []) {
        socket.send(JSON.stringify([{ T: 't', S: symbols[symbol], ...tradeJson(print, 'A') }]));
      }
    }
  };
}

function serveBySocketIo(server: HttpServer): SendTick {
  const io = new SocketIoServer(server, {
    transports: ['websocket'],
    perMessageDeflate: false,
    pingInterval: 600_000,
  });
  io.on('connection', (socket) => {
    socket.on('subscribe', (wanted: number[]) => {
      void socket.join(wanted.map((symbol) => symbols[symbol] ?? ''));
      socket.emit('subscribed');
    });
  });
  return (tick) => {
    for (let n = 0; n < PRINTS_PER_TICK; n++) {
      const symbol = symbols[printedIn(tick, n)] ?? '';
      io.to(symbol).emit('trade', [{ T: 't', S: symbol, ...tradeJson(nextPrint(), 'A') }]);
    }
  };
}

function serveOurs(server: HttpServer): SendTick {
  const venue = new ScriptedVenue('bench', symbols);
  attachStreams(server, {
    venues: new ScriptedHost([venue]),
    authenticator: {
      authenticate: ({ headers }) => ({
        ok: true,
        principal: {
          userId: 'bench',
          venueId: 'bench',
          account: Number(headers['apca-api-key-id']),
          accountNumber: 'bench',
          scope: 'read',
          via: 'api_key',
        },
      }),
    },
    clock: systemClock,
    log: pino({ level: 'error' }),
    venueName: () => Promise.resolve('bench'),
  });
  return (tick) => {
    venue.script(() => {
      for (let n = 0; n < PRINTS_PER_TICK; n++) venue.trade(printedIn(tick, n), nextPrint());
    });
  };
}

const serve: Readonly<Record<Kind, (server: HttpServer) => SendTick>> = {
  rialto: serveOurs,
  ws: serveNaively,
  'socket.io': serveBySocketIo,
};

let tick = 0;

async function run(sendTick: SendTick, ticks: number): Promise<Report> {
  const before = process.cpuUsage();
  for (let n = 0; n < ticks; n++) {
    const startedMs = performance.now();
    sendTick(tick++);
    await delay(Math.max(REST_MS, TICK_MS - (performance.now() - startedMs)));
  }
  const { user, system } = process.cpuUsage(before);
  return { type: 'ran', cpuMs: (user + system) / 1_000, deliveries: ticks * DELIVERIES_PER_TICK };
}

/** Ticks until the client that reads nothing is gone; watches what waits for it. */
async function stall(sendTick: SendTick, ticks: number): Promise<Report> {
  const rss = process.memoryUsage().rss;
  let waitingBytesMax = 0;
  let rssMax = rss;
  for (let n = 0; n < ticks && open.size > CLIENTS; n++) {
    sendTick(tick++);
    await delay(TICK_MS);
    for (const socket of open) waitingBytesMax = Math.max(waitingBytesMax, socket.writableLength);
    rssMax = Math.max(rssMax, process.memoryUsage().rss);
  }
  const rssGrowthMb = (rssMax - rss) / 2 ** 20;
  return { type: 'stalled', waitingBytesMax, rssGrowthMb, open: open.size };
}

const open = new Set<Socket>();
const kind = KINDS.find((known) => known === process.argv[2]);
if (kind === undefined) throw new Error('usage: server.ts <kind>');
const server = createServer();
server.on('connection', (socket) => {
  open.add(socket);
  socket.on('close', () => open.delete(socket));
});
const sendTick = serve[kind](server);
server.listen(0, '127.0.0.1', () => {
  report({ type: 'listening', port: (server.address() as AddressInfo).port });
});

function report(message: Report): void {
  process.send?.(message);
}

process.on('message', (order: Order) => {
  void (order.type === 'run' ? run(sendTick, order.ticks) : stall(sendTick, order.ticks)).then(
    report,
  );
});
process.on('disconnect', () => process.exit());
