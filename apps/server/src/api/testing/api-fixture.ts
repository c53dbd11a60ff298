/**
 * The whole REST API over a small market: ten minutes of two symbols on a real day.
 *
 * Monday 7 October 2013. From 09:30:00 on, every minute m: BAC trades 100 at 13.90 + m cents at
 * :10, AIG 10 at 48.00 at :20; at :30 BAC is quoted 1,000 × (13.90 + m cents) bid and 1,200 one
 * cent above. A first quote of both stands at 09:29:30. MSFT is listed and never trades.
 */
import { RecordedTape } from '@rialto/engine/market/recorded-tape';
import { TapeWriter } from '@rialto/engine/market/tape-writer';
import { dollars } from '@rialto/engine/values/money';
import { MICROS_PER_MINUTE, MICROS_PER_SECOND, type Micros } from '@rialto/engine/values/time';
import type { Command } from '@rialto/engine/venue/command';
import { createVenue } from '@rialto/engine/venue/venue';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { VenueRow } from '../../venues/venue-registry.ts';
import { addAlpacaApi } from '../alpaca/alpaca-api.ts';
import { createMetricsRegistry } from '../http/metrics.ts';
import { createHttpServer } from '../http/server.ts';
import { addPlatformApi } from '../platform/platform-api.ts';
import type { Authenticator } from '../principal.ts';
import { memoryHost, MemoryReplica } from './memory-replica.ts';
import { MemoryTables } from './memory-tables.ts';

/** 09:30:00 in New York. */
export const OPEN = (Date.UTC(2013, 9, 7, 13, 30) * 1_000) as Micros;

/** 16:00:00 in New York. */
export const CLOSE = (Date.UTC(2013, 9, 7, 20) * 1_000) as Micros;

export const MINUTES = 10;

export const VENUE_ID = '7f1c2c2e-0000-4000-8000-000000000001';
export const NEXT_VENUE_ID = '7f1c2c2e-0000-4000-8000-000000000002';

const DATASET = 'ten-minutes';
const SYMBOLS = ['AIG', 'BAC', 'MSFT'];

/** What each key may do, and for which account. */
const KEYS: Readonly<
  Record<string, { readonly account: number; readonly scope: 'read' | 'trade' }>
> = {
  FIRST: { account: 0, scope: 'trade' },
  SECOND: { account: 1, scope: 'trade' },
  READER: { account: 0, scope: 'read' },
};

const authenticator: Authenticator = {
  authenticate({ headers }) {
    const id = headers['apca-api-key-id'];
    if (typeof id !== 'string') return { ok: false, reason: 'credentials_missing' };
    const key = KEYS[id];
    if (key === undefined) return { ok: false, reason: 'credentials_wrong' };
    const principal = {
      userId: 'user',
      venueId: VENUE_ID,
      accountNumber: `RI${key.account + 1}`,
      via: 'api_key',
      ...key,
    } as const;
    return { ok: true, principal };
  },
};

export interface ApiFixture {
  readonly app: FastifyInstance;
  readonly replica: MemoryReplica;
  readonly tables: MemoryTables;
  /** Restarts that were asked for. */
  readonly restarts: unknown[];
  /** Plays the tape up to an instant. */
  playTo(time: number): void;
  /** Sends a request as the first account, unless `key` names another. */
  call(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    options?: { readonly body?: unknown; readonly key?: string },
  ): Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Builds the API at `start` (09:30:00 when absent). */
export async function createApiFixture(start: number = OPEN): Promise<ApiFixture> {
  const tape = tenMinutes();
  const replica = new MemoryReplica(VENUE_ID, createVenue(tape));
  const tables = new MemoryTables(VENUE_ID);
  const restarts: unknown[] = [];
  replica.subscribe(tables);
  for (const command of genesis(tape)) mustApply(replica, command);
  const playTo = (to: number): void => {
    const at = replica.venue.clock().time;
    mustApply(replica, { type: 'advance_clock', at, epoch: 1, to: to as Micros });
  };
  const app = await createApp(tape, replica, tables, restarts);
  playTo(start);
  return {
    app,
    replica,
    tables,
    restarts,
    playTo,
    call: (method, url, options) => call(app, method, url, options),
  };
}

async function call(
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  { body, key = 'FIRST' }: { readonly body?: unknown; readonly key?: string } = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const request: InjectOptions = { method, url, headers: { 'apca-api-key-id': key } };
  if (body !== undefined) {
    request.payload = JSON.stringify(body);
    request.headers = { ...request.headers, 'content-type': 'application/json' };
  }
  const response = await app.inject(request);
  const text = response.body;
  return { status: response.statusCode, body: text === '' ? undefined : JSON.parse(text) };
}

async function createApp(
  tape: RecordedTape,
  replica: MemoryReplica,
  tables: MemoryTables,
  restarts: unknown[],
): Promise<FastifyInstance> {
  const logger = pino({ level: 'silent' });
  const row: VenueRow = {
    id: VENUE_ID,
    name: 'Ten minutes',
    run: 1,
    template: { dataset: DATASET, openAt: OPEN },
    status: 'running',
  };
  const rows = [{ ...row, id: NEXT_VENUE_ID, run: 2 }, row];
  const next = new MemoryReplica(NEXT_VENUE_ID, replica.venue);
  const deps = {
    authenticator,
    venues: memoryHost([replica, next]),
    orders: tables,
    marketData: tables,
    checkpoint: tables,
    tapes: {
      load: async () => ({
        name: DATASET,
        hash: '00',
        tape,
        instruments: replica.venue.instruments,
      }),
    },
    random: { uuid: randomUUID },
    logger,
    registry: {
      get: async (id: string) => rows.find((known) => known.id === id),
      list: async ({ limit, before }: { limit: number; before?: string }) =>
        rows.slice(rows.findIndex((known) => known.id === before) + 1).slice(0, limit),
    },
    lifecycle: {
      restart: async (venueId: string, from: object) => {
        restarts.push({ venueId, ...from });
        return NEXT_VENUE_ID;
      },
    },
  };
  return createHttpServer({
    logger,
    registry: createMetricsRegistry(),
    checks: [],
    version: 'test',
    parts: [(app) => addAlpacaApi(app, deps), (app) => addPlatformApi(app, deps)],
  });
}

function mustApply(replica: MemoryReplica, command: Command): void {
  const outcome = replica.apply(command);
  if (!outcome.ok) throw new Error(`${command.type} was refused: ${outcome.refusal.code}`);
}

function genesis(tape: RecordedTape): readonly Command[] {
  const at = (tape.time(0) - 1) as Micros;
  const instruments = SYMBOLS.map((symbol, n) => ({
    symbol,
    name: `${symbol} Inc.`,
    id: `b0b6dd9d-8b9b-48a9-ba46-b9d54906e41${n}`,
    exchange: symbol === 'MSFT' ? 'NASDAQ' : 'NYSE',
    fractionable: symbol === 'BAC',
    tradable: true,
  }));
  const account = (n: number): Command => ({
    type: 'open_account',
    at,
    accountId: `0a2e5cf4-1111-4222-8333-00000000000${n}`,
    cash: dollars(100_000),
  });
  return [
    {
      type: 'open_venue',
      at,
      seed: 1,
      instruments,
      tape: { kind: 'recording', dataset: DATASET, hash: '00' },
    },
    account(0),
    account(1),
    { type: 'lead', at, epoch: 1 },
  ];
}

function tenMinutes(): RecordedTape {
  const writer = new TapeWriter(SYMBOLS);
  const quote = (time: number, instrument: number, bid: number, ask: number): void => {
    writer.quote({
      time,
      instrument,
      bidPrice: bid,
      bidSize: 1_000,
      bidVenue: 'N',
      askPrice: ask,
      askSize: 1_200,
      askVenue: 'P',
      conditions: 1,
      suspicious: false,
    });
  };
  quote(OPEN - 30 * MICROS_PER_SECOND, 0, 480_000, 480_500);
  quote(OPEN - 30 * MICROS_PER_SECOND, 1, 139_000, 139_100);
  for (let minute = 0; minute < MINUTES; minute++) {
    const start = OPEN + minute * MICROS_PER_MINUTE;
    const price = 139_000 + minute * 100;
    const common = { venue: 'Q', conditions: 1, suspicious: false };
    writer.trade({
      ...common,
      time: start + 10 * MICROS_PER_SECOND,
      instrument: 1,
      price,
      size: 100,
    });
    writer.trade({
      ...common,
      time: start + 20 * MICROS_PER_SECOND,
      instrument: 0,
      price: 480_000,
      size: 10,
    });
    quote(start + 30 * MICROS_PER_SECOND, 1, price, price + 100);
  }
  return new RecordedTape(writer.finish());
}
