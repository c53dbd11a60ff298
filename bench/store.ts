/**
 * `npm run bench store`: ticks from events into Postgres, against multi-row INSERT of the same
 * rows, in interleaved rounds. Exits non-zero when the goal is missed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { openDatabase } from '../apps/server/src/store/database.ts';
import type { Sql } from '../apps/server/src/store/database.ts';
import { migrate } from '../apps/server/src/store/migrations/migrate.ts';
import { createProjector } from '../apps/server/src/store/projector/projector.ts';
import { ScriptedVenue } from '../apps/server/src/store/projector/testing/scripted-venue.ts';
import { timestampText } from '../apps/server/src/store/tables/timestamps.ts';
import { formatSpread, ratiosOf, spreadOf } from './support/ratio.ts';

const ROUNDS = 5;
const ROWS = 150_000;
const SLICE = 4_096;
const INSERT_ROWS = 1_000;
const TRANSACTION_ROWS = 30_000;
const START = 1_381_132_800_000_000;
const RATIO_GOAL = 2.5;

const SYMBOLS = ['AIG', 'BAC', 'IBM'];

function quoteAt(position: number): {
  instrument: number;
  time: number;
  position: number;
  bid: number;
  bidSize: number;
  ask: number;
  askSize: number;
  venues: string;
} {
  const price = 139_000 + (position % 700);
  const sides = { bid: price, bidSize: 500, ask: price + 100, askSize: 700, venues: 'PQ' };
  return { instrument: position % 3, time: START + position * 50_000, position, ...sides };
}

/** Rows per second of the whole path: event → batch → COPY → commit. */
async function projectorRate(sql: Sql): Promise<number> {
  const venueId = randomUUID();
  const venue = new ScriptedVenue({ symbols: SYMBOLS, dataset: venueId });
  const logger = pino({ level: 'silent' });
  const projector = await createProjector({ sql, venueId, venue: venue.api, logger });
  venue.listeners.add(projector);
  const start = performance.now();
  for (let first = 0; first < ROWS; first += SLICE) {
    await projector.ready();
    venue.command(() => {
      const end = Math.min(first + SLICE, ROWS);
      for (let position = first; position < end; position++) venue.addQuote(quoteAt(position));
    });
  }
  await projector[Symbol.asyncDispose]();
  if (projector.failure !== undefined) throw projector.failure;
  return (ROWS / (performance.now() - start)) * 1_000;
}

/** Rows per second of INSERT with 1,000 rows a statement, 30 statements a transaction. */
async function insertRate(sql: Sql, firstKey: number): Promise<number> {
  const start = performance.now();
  for (let first = 0; first < ROWS; first += TRANSACTION_ROWS) {
    await sql.begin(async (tx) => {
      await tx`set local synchronous_commit = off`;
      for (let at = first; at < first + TRANSACTION_ROWS; at += INSERT_ROWS) {
        const rows = Array.from({ length: INSERT_ROWS }, (_, k) => rowOf(at + k, firstKey));
        await tx`insert into quote ${tx(rows)}`;
      }
    });
  }
  return (ROWS / (performance.now() - start)) * 1_000;
}

function rowOf(position: number, firstKey: number): Record<string, string | number> {
  const { instrument, time, bid, bidSize, ask, askSize } = quoteAt(position);
  return {
    ts: timestampText(time),
    position,
    instrument_id: firstKey + instrument,
    bid_price: bid,
    bid_size: bidSize,
    ask_price: ask,
    ask_size: askSize,
    conditions: 0,
    bid_venue: 'P',
    ask_venue: 'Q',
  };
}

const dataDir = await mkdtemp(join(tmpdir(), 'rialto-bench-store-'));
const database = await openDatabase({ dataDir, logger: pino({ level: 'silent' }) });
try {
  await migrate(database.sql);
  const copied: number[] = [];
  const inserted: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    copied.push(await projectorRate(database.sql));
    inserted.push(await insertRate(database.sql, 1_000_000 + round * 10));
  }
  const ratio = ratiosOf(copied, inserted);
  console.log(`store, quotes/s          ${formatSpread(spreadOf(copied), 0)}`);
  console.log(`multi-row INSERT, rows/s ${formatSpread(spreadOf(inserted), 0)}`);
  console.log(`store / INSERT           ${formatSpread(ratio)}  goal ${RATIO_GOAL}`);
  if (ratio.median < RATIO_GOAL) process.exitCode = 1;
} finally {
  await database[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
}
