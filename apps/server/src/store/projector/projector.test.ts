import { FillReason } from '@rialto/engine/events/event-layout';
import { dollars } from '@rialto/engine/values/money';
import type { Money } from '@rialto/engine/values/money';
import type { Price } from '@rialto/engine/values/price';
import { shares } from '@rialto/engine/values/quantity';
import { MICROS_PER_MINUTE, MICROS_PER_SECOND } from '@rialto/engine/values/time';
import type { Micros } from '@rialto/engine/values/time';
import type { BarView, OrderView } from '@rialto/engine/venue/views';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database, Sql } from '../database.ts';
import { migrate } from '../migrations/migrate.ts';
import { createCheckpointReader } from '../tables/checkpoint-reader.ts';
import { createMarketDataReader } from '../tables/market-data-reader.ts';
import { createOrdersReader } from '../tables/orders-reader.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { StoreBehindError, createProjector } from './projector.ts';
import type { Projector } from './projector.ts';
import { ScriptedVenue } from './testing/scripted-venue.ts';

const logger = pino({ level: 'silent' });
const VENUE = '6f1f2f9c-0000-4000-8000-000000000001';
/** 2013-10-07T13:30:00Z. */
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

beforeEach(async () => {
  await sql`
    truncate trade, quote, bar_day, day_bar, tape_instrument, tape,
      consumer_checkpoint, customer_order, fill, transfer, position`;
});

function order(fields: Partial<OrderView> = {}): OrderView {
  return {
    ref: { number: 1, slot: 0 },
    account: 0,
    instrument: 0,
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'day',
    qty: shares(100),
    limitPrice: 139_100 as Price,
    clientOrderId: 'mine-1',
    status: 'new',
    filledQty: shares(0),
    filledCost: dollars(0),
    submittedAt: (OPEN + 1) as Micros,
    updatedAt: (OPEN + 1) as Micros,
    ...fields,
  };
}

function bar(start: number, close: number): BarView {
  return {
    start: start as Micros,
    open: 139_000 as Price,
    high: 139_500 as Price,
    low: 138_900 as Price,
    close: close as Price,
    volume: 5_000_000_000,
    notional: 695_000_000_000_000,
    tradeCount: 7,
  };
}

function attach(venue: ScriptedVenue, venueId = VENUE): Promise<Projector> {
  return createProjector({ sql, venueId, venue: venue.api, logger });
}

/** Plays commands into a projector and waits until all of it is stored. */
async function play(
  venue: ScriptedVenue,
  commands: (() => void)[],
  venueId = VENUE,
): Promise<void> {
  const projector = await attach(venue, venueId);
  venue.listeners.add(projector);
  for (const command of commands) venue.command(command);
  await projector[Symbol.asyncDispose]();
  venue.listeners.delete(projector);
  expect(projector.failure).toBeUndefined();
  expect(projector.storedSeq).toBe(venue.seq);
}

const ticks = (venue: ScriptedVenue): (() => void)[] => [
  () => {
    venue.addTrade({
      instrument: 1,
      time: OPEN + 123_456,
      position: 0,
      price: 139_100,
      size: 300,
      venue: 'P',
      conditions: 0x8000_0001 | 0,
    });
    venue.addQuote({
      instrument: 0,
      time: OPEN + 123_456,
      position: 1,
      bid: 0,
      bidSize: 0,
      ask: 2_147_483_647,
      askSize: 2_000_000_000,
      venues: '\0T',
    });
  },
  () => {
    venue.addQuote({
      instrument: 1,
      time: OPEN + MICROS_PER_SECOND,
      position: 2,
      bid: 139_000,
      bidSize: 500,
      ask: 139_200,
      askSize: 700,
      venues: 'NQ',
      conditions: 5,
    });
  },
];

describe('ticks', () => {
  test('are stored exactly, to the microsecond and the unsigned bit', async () => {
    const venue = new ScriptedVenue({ symbols: ['AIG', 'BAC'] });
    await play(venue, ticks(venue));
    const reader = createMarketDataReader(sql);
    const whole = { tapeId: 'tape', start: OPEN, end: OPEN * 1.0001, limit: 10 } as const;
    expect(await reader.trades({ ...whole, symbol: 'BAC', sort: 'asc' })).toEqual([
      {
        time: OPEN + 123_456,
        price: 139_100,
        size: 300,
        venue: 'P',
        conditions: 0x8000_0001,
        position: 0,
      },
    ]);
    expect(await reader.quotes({ ...whole, symbol: 'AIG', sort: 'asc' })).toEqual([
      {
        time: OPEN + 123_456,
        bidPrice: 0,
        bidSize: 0,
        bidVenue: '',
        askPrice: 2_147_483_647,
        askSize: 2_000_000_000,
        askVenue: 'T',
        conditions: 0,
        position: 1,
      },
    ]);
    expect((await reader.quotes({ ...whole, symbol: 'BAC', sort: 'asc' })).length).toBe(1);
    expect(await reader.quotes({ ...whole, symbol: 'IBM', sort: 'asc' })).toEqual([]);
  });

  test('a second run of the same tape adds nothing, and goes on behind the first', async () => {
    const first = new ScriptedVenue({ symbols: ['AIG', 'BAC'] });
    await play(first, ticks(first));
    // Other order of instruments: the tables know them by symbol.
    const second = new ScriptedVenue({ symbols: ['BAC', 'AIG', 'IBM'] });
    const swapped = [
      () => {
        second.addTrade({ instrument: 0, time: OPEN + 123_456, position: 0, price: 1, size: 1 });
        second.addQuote({
          instrument: 1,
          time: OPEN + 123_456,
          position: 1,
          bid: 1,
          bidSize: 1,
          ask: 1,
          askSize: 1,
        });
        second.addQuote({
          instrument: 0,
          time: OPEN + MICROS_PER_SECOND,
          position: 2,
          bid: 1,
          bidSize: 1,
          ask: 1,
          askSize: 1,
        });
        second.addTrade({
          instrument: 2,
          time: OPEN + MICROS_PER_SECOND,
          position: 3,
          price: 5,
          size: 1,
        });
      },
    ];
    await play(second, swapped, '6f1f2f9c-0000-4000-8000-000000000002');
    const counts = await sql`
      select symbol, (select count(*) from trade where instrument_id = id) as trades,
        (select count(*) from quote where instrument_id = id) as quotes
      from tape_instrument order by symbol`;
    expect(counts).toEqual([
      { symbol: 'AIG', trades: 0, quotes: 1 },
      { symbol: 'BAC', trades: 1, quotes: 1 },
      { symbol: 'IBM', trades: 1, quotes: 0 },
    ]);
    const [{ price } = { price: 0 }] = await sql`select price from trade where position = 0`;
    expect(price).toBe(139_100);
  });

  test('of an instrument that an earlier run did not list are stored by the run that does', async () => {
    const narrow = new ScriptedVenue({ symbols: ['BAC'] });
    const bac = { time: OPEN, position: 1, price: 7, size: 1 };
    await play(narrow, [() => narrow.addTrade({ ...bac, instrument: 0 })]);
    const wide = new ScriptedVenue({ symbols: ['AIG', 'BAC'] });
    await play(
      wide,
      [
        () => {
          wide.addTrade({ instrument: 0, time: OPEN, position: 0, price: 8, size: 1 });
          wide.addTrade({ ...bac, instrument: 1 });
        },
      ],
      '6f1f2f9c-0000-4000-8000-000000000002',
    );
    expect(await sql`select position, price from trade order by position`).toEqual([
      { position: 0, price: 8 },
      { position: 1, price: 7 },
    ]);
  });

  test('another content under the same tape name is refused, and nothing is written', async () => {
    const first = new ScriptedVenue({ symbols: ['AIG', 'BAC'] });
    await play(first, ticks(first));
    const other = new ScriptedVenue({ symbols: ['AIG', 'BAC'], hash: 'cd'.repeat(32) });
    const venueId = '6f1f2f9c-0000-4000-8000-000000000003';
    const projector = await attach(other, venueId);
    other.listeners.add(projector);
    for (const command of ticks(other)) other.command(command);
    await projector[Symbol.asyncDispose]();
    expect(projector.failure).toMatchObject({ code: 'tape_changed' });
    expect(projector.storedSeq).toBe(0);
    expect(await createCheckpointReader(sql).current(venueId)).toBe(0);
  });

  test('on both sides of midnight UTC stand in partitions of their day', async () => {
    const midnight = 1_381_190_400_000_000;
    const venue = new ScriptedVenue({ symbols: ['AIG'] });
    const at = [midnight - 1, midnight, midnight + 1];
    await play(venue, [
      () => {
        at.forEach((time, position) =>
          venue.addTrade({ instrument: 0, time, position, price: 10 + position, size: 1 }),
        );
      },
    ]);
    const days = await sql`
      select tableoid::regclass::text as day, count(*) from trade group by 1 order by 1`;
    expect(days).toEqual([
      { day: 'trade_20131007', count: 1 },
      { day: 'trade_20131008', count: 2 },
    ]);
    const reader = createMarketDataReader(sql);
    const query = { tapeId: 'tape', symbol: 'AIG', start: midnight - 1, end: midnight + 1 };
    const page = async (sort: 'asc' | 'desc', after?: { time: number; position: number }) =>
      (await reader.trades({ ...query, sort, limit: 2, ...(after && { after }) })).map(
        (trade) => trade.position,
      );
    expect(await page('asc')).toEqual([0, 1]);
    expect(await page('asc', { time: midnight, position: 1 })).toEqual([2]);
    expect(await page('desc')).toEqual([2, 1]);
    expect(await page('desc', { time: midnight, position: 1 })).toEqual([0]);
  });

  test('a page that ends inside one instant goes on behind that row', async () => {
    const venue = new ScriptedVenue({ symbols: ['AIG'] });
    await play(venue, [
      () => {
        for (let position = 0; position < 5; position++) {
          venue.addTrade({ instrument: 0, time: OPEN, position, price: 10, size: 1 });
        }
      },
    ]);
    const reader = createMarketDataReader(sql);
    const query = { tapeId: 'tape', symbol: 'AIG', start: OPEN, end: OPEN, limit: 3 } as const;
    const rest = await reader.trades({ ...query, sort: 'asc', after: { time: OPEN, position: 2 } });
    expect(rest.map((trade) => trade.position)).toEqual([3, 4]);
  });
});

describe('bars', () => {
  test('of one day gather in one row, in order, each start once', async () => {
    const venue = new ScriptedVenue({ symbols: ['AIG'] });
    const bars = [0, 1, 2].map((k) => bar(OPEN + k * MICROS_PER_MINUTE, 139_000 + k));
    const close = (k: number) => () => venue.addBar('barClosed', 0, bars[k] ?? bar(0, 0));
    await play(venue, [close(0)]);
    await play(venue, [close(1), close(0), close(2)]);
    const reader = createMarketDataReader(sql);
    const query = { tapeId: 'tape', symbol: 'AIG', start: OPEN, end: OPEN + 3_600_000_000 };
    expect(await reader.minuteBars(query)).toEqual(bars);
    expect(await reader.minuteBars({ ...query, end: OPEN + MICROS_PER_MINUTE })).toEqual(
      bars.slice(0, 2),
    );
    expect((await sql`select from bar_day`).length).toBe(1);
  });

  test('of days are rows of their own', async () => {
    const venue = new ScriptedVenue({ symbols: ['AIG'] });
    const start = 1_381_118_400_000_000;
    await play(venue, [() => venue.addBar('dayBarClosed', 0, bar(start, 139_200))]);
    const reader = createMarketDataReader(sql);
    const query = { tapeId: 'tape', symbol: 'AIG', start, end: start };
    expect(await reader.dayBars(query)).toEqual([bar(start, 139_200)]);
    expect(await reader.dayBars({ ...query, start: start + 1, end: start + 9 })).toEqual([]);
  });
});

describe('orders', () => {
  const filled = order({
    status: 'filled',
    filledQty: 99_500_000_000n as OrderView['qty'],
    filledCost: 1_384_045_000_001n as Money,
    updatedAt: (OPEN + 77) as Micros,
  });

  const life = (venue: ScriptedVenue): (() => void)[] => [
    () => {
      venue.setOrder(order());
      venue.addOrderEvent('orderAccepted', order());
      venue.addOrderEvent('orderWorking', order());
    },
    () => {
      venue.setOrder(filled);
      venue.setPosition({
        account: 0,
        instrument: 0,
        qty: shares(99),
        held: shares(0),
        cost: dollars(1_384),
      });
      venue.addFill({
        order: filled,
        price: 139_100,
        qty: 99_500_000_000n,
        leaves: 500_000_000n,
        reason: FillReason.quoteTaken,
        cause: 4_711,
        time: OPEN + 77,
      });
    },
  ];

  test('are stored in their last state, with every fill', async () => {
    const venue = new ScriptedVenue({ symbols: ['BAC'] });
    await play(venue, life(venue));
    const reader = createOrdersReader(sql);
    const stored = {
      ...filled,
      filledAt: OPEN + 77,
      canceledAt: undefined,
      expiredAt: undefined,
    };
    expect(await reader.byNumber(VENUE, 1)).toEqual(stored);
    expect(await reader.byClientId(VENUE, 0, 'mine-1')).toEqual(stored);
    expect(await reader.byClientId(VENUE, 1, 'mine-1')).toBeUndefined();
    expect(await reader.fills({ venueId: VENUE, account: 0, limit: 5 })).toEqual([
      {
        seq: 3,
        venueId: VENUE,
        account: 0,
        orderNumber: 1,
        orderSlot: 0,
        instrument: 0,
        side: 'buy',
        price: 139_100,
        qty: 99_500_000_000n,
        leavesQty: 500_000_000n,
        maker: false,
        reason: FillReason.quoteTaken,
        cause: 4_711,
        time: OPEN + 77,
      },
    ]);
    expect(
      await sql`select seq, part, asset, from_account, to_account, amount from transfer order by 1, 2`,
    ).toEqual([
      {
        seq: 3,
        part: 0,
        asset: 'BAC',
        from_account: 'market',
        to_account: '0',
        amount: '99.500000000',
      },
      {
        seq: 3,
        part: 1,
        asset: 'cash',
        from_account: '0',
        to_account: 'market',
        amount: '1384.045000000',
      },
    ]);
    const [position] = await sql`select symbol, qty, cost from position`;
    expect(position).toEqual({ symbol: 'BAC', qty: '99.000000000', cost: '1384.000000000' });
  });

  test('a state dropped in the middle and delivered again stores every event once', async () => {
    const venue = new ScriptedVenue({ symbols: ['BAC'] });
    await play(venue, life(venue).slice(0, 1));
    const again = new ScriptedVenue({ symbols: ['BAC'] });
    await play(again, life(again));
    // And once more by a store that was stopped before it knew of its last commit.
    await sql`update consumer_checkpoint set seq = 0`;
    const behind = new ScriptedVenue({ symbols: ['BAC'] });
    await play(behind, life(behind));
    expect((await sql`select from fill`).length).toBe(1);
    expect((await createOrdersReader(sql).byNumber(VENUE, 1))?.status).toBe('filled');
  });

  test('an older state of an order never replaces a newer one', async () => {
    const venue = new ScriptedVenue({ symbols: ['BAC'] });
    await play(venue, life(venue));
    await sql`update consumer_checkpoint set seq = 0`;
    const other = new ScriptedVenue({ symbols: ['BAC'] });
    await play(other, life(other).slice(0, 1));
    expect((await createOrdersReader(sql).byNumber(VENUE, 1))?.status).toBe('filled');
  });

  test('events that were never delivered are noticed', async () => {
    const venue = new ScriptedVenue({ symbols: ['BAC'] });
    const projector = await attach(venue);
    venue.command(() =>
      venue.addTrade({ instrument: 0, time: OPEN, position: 0, price: 1, size: 1 }),
    );
    venue.listeners.add(projector);
    expect(() =>
      venue.command(() =>
        venue.addTrade({ instrument: 0, time: OPEN, position: 1, price: 1, size: 1 }),
      ),
    ).toThrow('event 2 was delivered after 0');
    await projector[Symbol.asyncDispose]();
    await expect(attach(venue)).rejects.toThrow(StoreBehindError);
  });
});

describe('a failing database', () => {
  test('is tried again with the same batch, and nothing is lost', async () => {
    const venue = new ScriptedVenue({ symbols: ['BAC'] });
    await sql`alter table fill rename to fill_away`;
    const projector = await attach(venue);
    venue.listeners.add(projector);
    const filled = order({ status: 'filled' });
    venue.setOrder(filled);
    const fill = { order: filled, price: 5, qty: 1n, reason: 1, cause: 1, time: OPEN };
    venue.command(() => venue.addFill(fill));
    await expect.poll(() => projector.failure?.message).toContain('"fill" does not exist');
    venue.command(() => venue.addFill(fill));
    expect(projector.queuedEvents).toBe(2);
    expect((await sql`select from customer_order`).length).toBe(0);
    await sql`alter table fill_away rename to fill`;
    await createCheckpointReader(sql).reached(VENUE, 2, 10_000);
    expect((await sql`select from fill`).length).toBe(2);
    await projector[Symbol.asyncDispose]();
    expect(projector.failure).toBeUndefined();
  });

  test('a COPY that is refused at its end fails the batch instead of hanging', async () => {
    const venue = new ScriptedVenue({ symbols: ['BAC'] });
    const tick = (position: number) => () =>
      venue.addTrade({ instrument: 0, time: OPEN, position, price: 1, size: 1 });
    await play(venue, [tick(0)]);
    // The tape's checkpoint lies: the row is there although it says it is not.
    await sql`update tape_instrument set position = -1`;
    const again = new ScriptedVenue({ symbols: ['BAC'] });
    const venueId = '6f1f2f9c-0000-4000-8000-000000000004';
    const projector = await attach(again, venueId);
    again.listeners.add(projector);
    again.command(() =>
      again.addTrade({ instrument: 0, time: OPEN, position: 0, price: 1, size: 1 }),
    );
    await expect.poll(() => projector.failure).toMatchObject({ code: 'copy_refused' });
    await projector[Symbol.asyncDispose]();
  });
});

describe('back-pressure', () => {
  test('a full batch holds the replica back until the writer takes it', async () => {
    const venue = new ScriptedVenue({ symbols: ['BAC'] });
    const projector = await attach(venue);
    venue.listeners.add(projector);
    let position = 0;
    const slice = (): void => {
      for (let k = 0; k < 40_000; k++) {
        venue.addTrade({ instrument: 0, time: OPEN, position: position++, price: 1, size: 1 });
      }
    };
    venue.command(slice);
    venue.command(slice);
    let isReady = false;
    const ready = projector.ready().then(() => (isReady = true));
    await Promise.resolve();
    expect(isReady).toBe(false);
    await ready;
    expect(projector.queuedEvents).toBe(80_000);
    venue.command(slice);
    await projector[Symbol.asyncDispose]();
    expect(await sql`select count(*) from trade`).toEqual([{ count: 120_000 }]);
  });
});
