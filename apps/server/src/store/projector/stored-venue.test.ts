/**
 * The store against the real engine: random recordings, orders and crashes; afterwards the
 * tables say what the venue says, and everything in them adds up.
 */
import { RecordedTape } from '@rialto/engine/market/recorded-tape';
import { TapeWriter } from '@rialto/engine/market/tape-writer';
import { dollars } from '@rialto/engine/values/money';
import type { Price } from '@rialto/engine/values/price';
import type { Quantity } from '@rialto/engine/values/quantity';
import { MICROS_PER_HOUR, MICROS_PER_SECOND } from '@rialto/engine/values/time';
import type { Micros } from '@rialto/engine/values/time';
import type { Command } from '@rialto/engine/venue/command';
import { createVenue, restoreVenue } from '@rialto/engine/venue/venue';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import * as fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database, Sql } from '../database.ts';
import { migrate } from '../migrations/migrate.ts';
import { findBrokerageFaults, readLedgerBalances } from '../tables/ledger-balances.ts';
import { createOrdersReader } from '../tables/orders-reader.ts';
import { findBarFaults } from '../tables/recompute-bars.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { createProjector } from './projector.ts';
import type { Projector } from './projector.ts';

const logger = pino({ level: 'silent' });
const SYMBOLS = ['BAC', 'IBM'] as const;
/** 09:29 New York on 2013-10-07; rows stand in the ten minutes from then and from 19:59. */
const MORNING = 1_381_152_540_000_000;
const EVENING = MORNING + 10.5 * MICROS_PER_HOUR;

let database: Database;
let sql: Sql;

beforeAll(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  await migrate(sql);
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const conditions = fc.constantFrom<number[]>(
  1,
  1,
  1,
  1,
  0x20,
  0x200,
  0x800,
  0x4000,
  0x100000,
  0x1000000,
  0x80000001,
);

const row = fc.record({
  isEvening: fc.nat(9).map((n) => n === 0),
  at: fc.integer({ min: 0, max: 600 * MICROS_PER_SECOND }),
  isQuote: fc.boolean(),
  instrument: fc.nat(1),
  price: fc.integer({ min: 9_995, max: 10_005 }),
  size: fc.integer({ min: 1, max: 500 }),
  conditions,
  suspicious: fc.nat(9).map((n) => n === 0),
});

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('advance' as const), seconds: fc.nat(40) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('order' as const),
      account: fc.nat(1),
      instrument: fc.nat(1),
      side: fc.constantFrom<('buy' | 'sell')[]>('buy', 'buy', 'sell'),
      price: fc.integer({ min: 9_996, max: 10_004 }),
      nanos: fc.constantFrom<bigint[]>(100_000_000_000n, 1_500_000_000n, 33n),
      isMarket: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel' as const), account: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('crash' as const) }) },
);

type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function timeOf(one: Row): Micros {
  return ((one.isEvening ? EVENING : MORNING) + one.at) as Micros;
}

function tapeOf(rows: readonly Row[]): RecordedTape {
  const writer = new TapeWriter(SYMBOLS);
  const sorted = rows.toSorted(
    (a, b) => timeOf(a) - timeOf(b) || Number(a.isQuote) - Number(b.isQuote),
  );
  for (const one of sorted) {
    const { instrument, price, size, suspicious } = one;
    const shared = { time: timeOf(one), instrument, conditions: one.conditions, suspicious };
    if (one.isQuote) {
      const bid = { bidPrice: price, bidSize: size, bidVenue: 'P' };
      writer.quote({ ...shared, ...bid, askPrice: price + 2, askSize: size, askVenue: 'Q' });
    } else {
      writer.trade({ ...shared, price, size, venue: 'N' });
    }
  }
  return new RecordedTape(writer.finish());
}

function commandsOf(steps: readonly Step[], dataset: string): (Command | 'crash')[] {
  const instruments = SYMBOLS.map((symbol, index) => ({
    symbol,
    name: symbol,
    id: `b0b6dd9d-8b9b-48a9-ba46-b9d54906e41${index}`,
    exchange: 'NYSE',
    fractionable: true,
    tradable: true,
  }));
  const at = MORNING as Micros;
  const tape = { kind: 'recording', dataset, hash: 'ab' } as const;
  const commands: (Command | 'crash')[] = [
    { type: 'open_venue', at, seed: 1, instruments, tape },
    { type: 'open_account', at, accountId: 'a0', cash: dollars(100_000) },
    { type: 'open_account', at, accountId: 'a1', cash: dollars(100_000) },
  ];
  let clock = MORNING;
  for (const [k, one] of steps.entries()) {
    if (one.type === 'crash') commands.push('crash');
    else if (one.type === 'cancel') {
      commands.push({ type: 'cancel_all_orders', at, account: one.account });
    } else if (one.type === 'advance') {
      clock += one.seconds * MICROS_PER_SECOND;
      commands.push({ type: 'advance_clock', at, epoch: 0, to: clock as Micros });
    } else {
      commands.push({
        type: 'submit_order',
        at,
        account: one.account,
        instrument: one.instrument,
        side: one.side,
        orderType: one.isMarket ? 'market' : 'limit',
        timeInForce: 'day',
        qty: one.nanos as Quantity,
        limitPrice: (one.isMarket ? 0 : one.price) as Price,
        clientOrderId: `order-${k}`,
      });
    }
  }
  const end = (EVENING + 20 * 60 * MICROS_PER_SECOND) as Micros;
  return [...commands, { type: 'advance_clock', at, epoch: 0, to: end }];
}

/** Plays commands as a replica would, with crashes: back to a snapshot, and on from there. */
async function playStored(
  venueId: string,
  tape: RecordedTape,
  commands: readonly (Command | 'crash')[],
): Promise<VenueApi> {
  const log: Command[] = [];
  const dropped: Projector[] = [];
  let venue = createVenue(tape);
  let snapshot: Uint8Array | undefined;
  let projector = await createProjector({ sql, venueId, venue, logger });
  const apply = async (command: Command): Promise<void> => {
    await projector.ready();
    venue.apply(command);
    if (venue.events.count > 0) projector.onEvents(venue);
    if (projector.storedSeq >= venue.seq) snapshot = venue.snapshot();
    await new Promise(setImmediate);
  };
  for (const command of commands) {
    if (command !== 'crash') {
      log.push(command);
      await apply(command);
      continue;
    }
    // The process is gone; what its database connection was doing may still come to an end.
    dropped.push(projector);
    venue = snapshot === undefined ? createVenue(tape) : restoreVenue(snapshot, tape);
    projector = await createProjector({ sql, venueId, venue, logger });
    for (const logged of log.slice(venue.commandSeq)) await apply(logged);
  }
  for (const one of [...dropped, projector]) await one[Symbol.asyncDispose]();
  expect(projector.failure).toBeUndefined();
  expect(projector.storedSeq).toBe(venue.seq);
  return venue;
}

async function expectStored(venueId: string, venue: VenueApi, dataset: string): Promise<void> {
  expect(await findBarFaults(sql, dataset)).toEqual([]);
  expect(await findBrokerageFaults(sql, venueId)).toEqual([]);
  const cash = new Map<string, bigint>();
  for (const { account, asset, balance } of await readLedgerBalances(sql, venueId)) {
    if (asset === 'cash') cash.set(account, balance);
  }
  const reader = createOrdersReader(sql);
  for (let account = 0; account < venue.accountCount(); account++) {
    expect(cash.get(String(account))).toBe(venue.account(account)?.cash);
    const query = { venueId, account, status: 'open', direction: 'asc', limit: 500 } as const;
    const open = venue.openOrders(account).toSorted((a, b) => a.ref.number - b.ref.number);
    expect(await reader.list(query)).toMatchObject(open);
  }
}

test('whatever happens and wherever it crashes, the tables hold it once and add up', async () => {
  const rows = fc.array(row, { minLength: 1, maxLength: 200, size: 'max' });
  const steps = fc.array(step, { maxLength: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(rows, steps, async (someRows, someSteps) => {
      const venueId = randomUUID();
      const dataset = `tape-${venueId}`;
      const tape = tapeOf(someRows);
      const venue = await playStored(venueId, tape, commandsOf(someSteps, dataset));
      await expectStored(venueId, venue, dataset);
      const [counts] = await sql<{ ticks: number }[]>`
        select (select count(*) from trade where instrument_id = any(keys))
          + (select count(*) from quote where instrument_id = any(keys)) as ticks
        from (select array_agg(id) as keys from tape_instrument where tape_id = ${dataset}) as t`;
      expect(counts?.ticks).toBe(tape.length);
    }),
    { numRuns: 40 },
  );
  // The runs were about something.
  const [totals] = await sql`
    select (select count(*) from fill) > 50 as fills, (select count(*) from day_bar) > 10 as days,
      (select count(distinct reason) from fill) > 2 as reasons`;
  expect(totals).toEqual({ fills: true, days: true, reasons: true });
});

test('a row that is missing or altered is found by the checks', async () => {
  const venueId = randomUUID();
  const dataset = `tape-${venueId}`;
  const quote = { isEvening: false, isQuote: true, instrument: 0, price: 10_000, size: 500 };
  const plain = { conditions: 1, suspicious: false };
  const tape = tapeOf([
    { ...quote, ...plain, at: 160 * MICROS_PER_SECOND },
    { ...quote, ...plain, at: 161 * MICROS_PER_SECOND, isQuote: false },
    { ...quote, ...plain, at: 260 * MICROS_PER_SECOND, isQuote: false },
  ]);
  const buy = {
    account: 0,
    instrument: 0,
    side: 'buy',
    price: 0,
    nanos: 7n,
    isMarket: true,
  } as const;
  const steps = [
    { type: 'advance', seconds: 170 },
    { type: 'order', ...buy },
  ] as const;
  const venue = await playStored(venueId, tape, commandsOf(steps, dataset));
  await expectStored(venueId, venue, dataset);
  await sql`update fill set qty = qty + 1 where venue_id = ${venueId}`;
  await sql`update position set qty = 0 where venue_id = ${venueId}`;
  expect(await findBrokerageFaults(sql, venueId)).toEqual([
    'order 1 is filled to 0.000000007, its fills sum to 1.000000007',
    'account 0 has 0e-9 BAC, its transfers say 7e-9',
  ]);
  await sql`
    update trade set size = size + 1
    where ts < '2013-10-07T13:32:00Z'
      and instrument_id in (select id from tape_instrument where tape_id = ${dataset})`;
  const faults = await findBarFaults(sql, dataset);
  expect(faults.map((fault) => fault.slice(0, 11))).toEqual(['BAC minute:', 'BAC day: st']);
});
