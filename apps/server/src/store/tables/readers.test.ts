import { dollars } from '@rialto/engine/values/money';
import type { Price } from '@rialto/engine/values/price';
import { shares } from '@rialto/engine/values/quantity';
import type { Micros } from '@rialto/engine/values/time';
import type { OrderView } from '@rialto/engine/venue/views';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database, Sql } from '../database.ts';
import { migrate } from '../migrations/migrate.ts';
import { createProjector } from '../projector/projector.ts';
import { ScriptedVenue } from '../projector/testing/scripted-venue.ts';
import type { OrderQuery } from '../readers.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { CheckpointTimeoutError, createCheckpointReader } from './checkpoint-reader.ts';
import { createOrdersReader } from './orders-reader.ts';
import { createSnapshotStore } from './snapshots.ts';
import { timestampText } from './timestamps.ts';

const VENUE = '6f1f2f9c-0000-4000-8000-000000000001';
const OPEN = 1_381_152_600_000_000;

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

/** Numbers of the orders that a query finds. */
const list = async (query: Partial<OrderQuery>): Promise<number[]> => {
  const base = {
    venueId: VENUE,
    account: 0,
    status: 'all',
    direction: 'asc',
    limit: 50,
  } as const;
  const orders = await createOrdersReader(sql).list({ ...base, ...query });
  return orders.map((order) => order.ref.number);
};

describe('lists of orders', () => {
  const STATUSES = [
    'accepted',
    'new',
    'partially_filled',
    'filled',
    'canceled',
    'expired',
  ] as const;

  beforeAll(async () => {
    const venue = new ScriptedVenue({ symbols: ['AIG', 'BAC'] });
    const projector = await createProjector({
      sql,
      venueId: VENUE,
      venue: venue.api,
      logger: pino({ level: 'silent' }),
    });
    venue.listeners.add(projector);
    // Orders 1–12 of account 0, one microsecond apart; order 13 is of another account.
    for (let number = 1; number <= 13; number++) {
      const order: OrderView = {
        ref: { number, slot: number + 100 },
        account: number === 13 ? 1 : 0,
        instrument: number % 2,
        side: number % 3 === 0 ? 'sell' : 'buy',
        orderType: 'market',
        timeInForce: 'day',
        qty: shares(1),
        limitPrice: 0 as Price,
        clientOrderId: `it's "${number}" {a,b} \\ NULL`,
        status: STATUSES[(number - 1) % 6] ?? 'new',
        filledQty: shares(0),
        filledCost: dollars(0),
        submittedAt: (OPEN + number) as Micros,
        updatedAt: (OPEN + number + 50) as Micros,
      };
      venue.setOrder(order);
      venue.command(() => venue.addOrderEvent('orderAccepted', order));
    }
    await projector[Symbol.asyncDispose]();
    expect(projector.failure).toBeUndefined();
  });

  test.each<[string, Partial<OrderQuery>, number[]]>([
    ['all, oldest first', {}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
    ['newest first, up to the limit', { direction: 'desc', limit: 3 }, [12, 11, 10]],
    ['open', { status: 'open' }, [1, 2, 3, 7, 8, 9]],
    ['closed', { status: 'closed' }, [4, 5, 6, 10, 11, 12]],
    ['strictly after and before an instant', { after: OPEN + 3, until: OPEN + 6 }, [4, 5]],
    ['a page behind a number', { direction: 'desc', beforeNumber: 4 }, [3, 2, 1]],
    ['a page after a number', { afterNumber: 10 }, [11, 12]],
    ['of some instruments', { instruments: [1] }, [1, 3, 5, 7, 9, 11]],
    ['of no instrument', { instruments: [] }, []],
    ['of a side', { side: 'sell' }, [3, 6, 9, 12]],
    [
      'all filters at once',
      { status: 'open', side: 'buy', instruments: [0, 1], afterNumber: 1 },
      [2, 7, 8],
    ],
    ['of another account', { account: 1 }, [13]],
    ['of an unknown account', { account: 9 }, []],
  ])('%s', async (_, query, numbers) => {
    expect(await list(query)).toEqual(numbers);
  });

  test('a client order id is found whatever is in it', async () => {
    const reader = createOrdersReader(sql);
    const order = await reader.byClientId(VENUE, 0, `it's "5" {a,b} \\ NULL`);
    expect(order).toMatchObject({
      ref: { number: 5, slot: 105 },
      status: 'canceled',
      canceledAt: OPEN + 55,
      filledAt: undefined,
    });
  });
});

describe('the checkpoint', () => {
  const venueId = '6f1f2f9c-0000-4000-8000-000000000002';

  test('is 0 for a venue that was never stored', async () => {
    expect(await createCheckpointReader(sql).current(venueId)).toBe(0);
  });

  test('lets waiters go as soon as it is reached, and fails those it did not reach', async () => {
    const reader = createCheckpointReader(sql);
    const reached: number[] = [];
    const waits = [5, 3, 4].map((seq) =>
      reader.reached(venueId, seq, 5_000).then(() => reached.push(seq)),
    );
    const late = reader.reached(venueId, 6, 300);
    await sql`insert into consumer_checkpoint values ('store', ${venueId}, 4, 1)`;
    await expect(late).rejects.toThrow(CheckpointTimeoutError);
    expect(reached).toEqual([3, 4]);
    await sql`update consumer_checkpoint set seq = 5 where venue_id = ${venueId}`;
    await Promise.all(waits);
    expect(reached).toEqual([3, 4, 5]);
    // What was seen once is known without asking.
    await reader.reached(venueId, 5, 0);
  });
});

describe('snapshots', () => {
  test('the newest is given back byte for byte, and the newest two are kept', async () => {
    const store = createSnapshotStore(sql);
    expect(await store.newest(VENUE)).toBeUndefined();
    const snapshot = (commandSeq: number) => ({
      venueId: VENUE,
      commandSeq,
      seq: commandSeq * 10,
      hash: 'ab'.repeat(16),
      bytes: Uint8Array.from({ length: 5_000 }, (_, k) => (k * commandSeq) % 256),
    });
    expect(await store.save(snapshot(1))).toBe(1);
    expect(await store.save(snapshot(2))).toBe(1);
    expect(await store.save(snapshot(3))).toBe(2);
    const { bytes, ...facts } = (await store.newest(VENUE)) ?? snapshot(0);
    const { bytes: expected, ...expectedFacts } = snapshot(3);
    expect(facts).toEqual(expectedFacts);
    expect(Buffer.from(bytes).equals(Buffer.from(expected))).toBe(true);
    const kept = await sql`select command_seq from snapshot order by 1`;
    expect(kept.map((row) => row['command_seq'])).toEqual([2, 3]);
  });
});

test('timestamps keep their microseconds on both sides of 1970', () => {
  expect(timestampText(OPEN + 7)).toBe('2013-10-07T13:30:00.000007Z');
  expect(timestampText(-1)).toBe('1969-12-31T23:59:59.999999Z');
});
