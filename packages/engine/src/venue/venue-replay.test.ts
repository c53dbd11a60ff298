/** Properties of whole runs: determinism, snapshots at any point, refusals that change nothing. */
import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { EVENT_WORDS } from '../events/event-buffer.ts';
import type { RecordedTape } from '../market/recorded-tape.ts';
import { BytesError } from '../values/bytes.ts';
import type { Money } from '../values/money.ts';
import { PRICE_MAX } from '../values/price.ts';
import type { Price } from '../values/price.ts';
import { parseQuantity, shares } from '../values/quantity.ts';
import type { Quantity } from '../values/quantity.ts';
import type { Micros } from '../values/time.ts';
import { decodeCommand, encodeCommand } from './command-codec.ts';
import type { Command, SubmitOrder } from './command.ts';
import { BAC, IBM, ny, openAccount, openVenue, order, tapeOf } from './testing/tape-builder.ts';
import { createVenue, restoreVenue, TAPE_SLICE_ROWS } from './venue.ts';
import type { VenueApi } from './venue-api.ts';

const START = ny('09:29:50');

/** Rows over the last seconds before the open, the first minutes, and around the close. */
const clock = fc
  .record({
    minute: fc.constantFrom('09:29', '09:30', '09:31', '15:59', '16:00'),
    second: fc.integer({ min: 0, max: 59 }),
  })
  .map(({ minute, second }) => `${minute}:${second}`);
const cents = fc.integer({ min: 1_385, max: 1_395 }).map((n) => (n / 100).toFixed(2));
const conditions = fc.constantFrom(1, 1, 1, 0x20, 0x4000, 0x2000, 0x100000, 0x1000000);
const size = fc.integer({ min: 1, max: 9 }).map((n) => n * 100);
const instrument = fc.constantFrom(BAC, IBM);

const tape: fc.Arbitrary<RecordedTape> = fc
  .record({
    trades: fc.array(fc.tuple(clock, instrument, cents, size, conditions), { maxLength: 40 }),
    quotes: fc.array(fc.tuple(clock, instrument, cents, size, cents, size), { maxLength: 40 }),
  })
  .map(({ trades, quotes }) => tapeOf({ trades, quotes }));

const at = clock.map((text) => ny(text));
const account = fc.constantFrom(0, 0, 1, 2);
const clientOrderId = fc.integer({ min: 1, max: 30 }).map((n) => `c${n}`);
const quantity = fc.constantFrom('100', '250', '1.5', '0.000000001', '700', '100000');

const submit: fc.Arbitrary<SubmitOrder> = fc
  .record({
    side: fc.constantFrom('buy', 'sell'),
    quantity,
    symbol: fc.constantFrom('BAC', 'IBM'),
    limit: fc.oneof(fc.constant(''), cents),
    timeInForce: fc.constantFrom('day', 'gtc', 'ioc', 'fok'),
    clientOrderId,
    account,
    at,
  })
  .map((o) => {
    const line = [o.side, o.quantity, o.symbol, o.limit, o.timeInForce].join(' ');
    return { ...order(line, o.clientOrderId, o.account), at: o.at };
  });

/** Commands after open_venue; clocks that go back are refused, which is part of the test. */
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: submit },
  {
    weight: 4,
    arbitrary: at.map((to): Command => ({ type: 'advance_clock', at: to, epoch: 1, to })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ at, account, number: fc.integer({ min: 1, max: 20 }), slot: fc.nat({ max: 12 }) })
      .map((c): Command => ({
        type: 'cancel_order',
        at: c.at,
        account: c.account,
        order: { number: c.number, slot: c.slot },
      })),
  },
  fc.record({ at, account }).map((c): Command => ({ type: 'cancel_all_orders', ...c })),
  fc
    .record({
      at,
      account,
      instrument,
      qty: fc.option(fc.constant(shares(100)), { nil: undefined }),
      fractionNanos: fc.option(fc.constantFrom(1, 250_000_000, 1_000_000_000), { nil: undefined }),
      clientOrderId,
    })
    .map((c): Command => ({ type: 'close_position', ...c })),
  fc
    .record({ at, speed: fc.constantFrom(0, 1, 60), paused: fc.boolean() })
    .map((c): Command => ({ type: 'set_clock', ...c })),
  fc.record({ at, epoch: fc.nat({ max: 2 }) }).map((c): Command => ({ type: 'lead', ...c })),
  fc.constantFrom('a1', 'a2').map((id): Command => openAccount(id, 50_000)),
);

const run = fc.record({ tape, commands: fc.array(command, { minLength: 1, maxLength: 60 }) });

function genesis(): Command[] {
  return [openVenue(START), openAccount('a0')];
}

/** The bytes of the events of the last command. */
function eventBytes(venue: VenueApi): Int32Array {
  return venue.events.i32.slice(0, venue.events.count * EVENT_WORDS);
}

function applied(tapeOfRun: RecordedTape, commands: readonly Command[]): VenueApi {
  const venue = createVenue(tapeOfRun);
  for (const one of [...genesis(), ...commands]) venue.apply(one);
  return venue;
}

test('two runs of the same commands are the same, byte for byte, also through the log', () => {
  fc.assert(
    fc.property(run, ({ tape: recording, commands }) => {
      const one = createVenue(recording);
      const two = createVenue(recording);
      for (const next of [...genesis(), ...commands]) {
        const outcome = one.apply(next);
        expect(two.apply(decodeCommand(encodeCommand(next)))).toEqual(outcome);
        expect(eventBytes(two)).toEqual(eventBytes(one));
        expect(two.events.firstSeq).toBe(one.events.firstSeq);
      }
      expect(two.snapshot()).toEqual(one.snapshot());
      expect(two.stateHash()).toBe(one.stateHash());
      expect(one.verify()).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('a venue restored after any command goes on as the one that never stopped', () => {
  fc.assert(
    fc.property(run, fc.nat(), ({ tape: recording, commands }, cut) => {
      const all = [...genesis(), ...commands];
      const stop = cut % (all.length + 1);
      const whole = createVenue(recording);
      for (const next of all.slice(0, stop)) whole.apply(next);
      const restored = restoreVenue(whole.snapshot(), recording);
      expect(restored.stateHash()).toBe(whole.stateHash());
      expect(restored.snapshot()).toEqual(whole.snapshot());
      expect(restored.commandSeq).toBe(stop);
      expect(restored.clock()).toEqual(whole.clock());
      for (const next of all.slice(stop)) {
        expect(restored.apply(next)).toEqual(whole.apply(next));
        expect(eventBytes(restored)).toEqual(eventBytes(whole));
      }
      expect(restored.snapshot()).toEqual(whole.snapshot());
      expect(restored.verify()).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('a refused command changes neither the state nor the event number', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(run, ({ tape: recording, commands }) => {
      const venue = createVenue(recording);
      for (const next of [...genesis(), ...commands]) {
        const before = { hash: venue.stateHash(), seq: venue.seq, clock: venue.clock() };
        const outcome = venue.apply(next);
        if (outcome.ok) continue;
        seen.add(outcome.refusal.code);
        expect({ hash: venue.stateHash(), seq: venue.seq, clock: venue.clock() }).toEqual(before);
        expect(venue.events.count).toBe(0);
      }
    }),
    { numRuns: 150 },
  );
  // The runs did meet refusals of many kinds.
  expect(seen.size).toBeGreaterThan(8);
});

test('events are numbered without holes and their times never go back', () => {
  fc.assert(
    fc.property(run, ({ tape: recording, commands }) => {
      const venue = createVenue(recording);
      let seq = 0;
      let time = 0;
      for (const next of [...genesis(), ...commands]) {
        venue.apply(next);
        const { events } = venue;
        expect(events.firstSeq).toBe(seq + 1);
        for (let k = 0; k < events.count; k++) {
          const at = events.f64[(k * EVENT_WORDS) / 2 + 1] ?? 0;
          expect(at).toBeGreaterThanOrEqual(time);
          time = at;
        }
        seq += events.count;
        expect(venue.seq).toBe(seq);
        expect(venue.clock().time).toBeGreaterThanOrEqual(time);
      }
    }),
    { numRuns: 150 },
  );
});

test('how the clock is cut into slices does not change what happens', () => {
  fc.assert(
    fc.property(tape, fc.array(at, { maxLength: 12 }), (recording, stops) => {
      const end = ny('16:01');
      const resting = ['buy 300 BAC 13.90 gtc', 'sell 1 IBM 13.90', 'buy 300 IBM 13.88'];
      const orders = resting.map((line, k) => order(line, `c${k}`));
      const once = applied(recording, [...orders, go(end, 0)]);
      const slices = stops.toSorted((a, b) => a - b).filter((stop) => stop >= START);
      const often = applied(recording, [...orders, ...[...slices, end].map((to) => go(to, 0))]);
      expect(often.stateHash()).toBe(once.stateHash());
    }),
    { numRuns: 200 },
  );
});

test('a snapshot that is cut off, too long or of another tape is not restored', () => {
  const recording = tapeOf({ trades: [['09:30:00', BAC, '13.90', 100]] });
  const bytes = applied(recording, [order('buy 1 BAC 13.80', 'c1')]).snapshot();
  for (let length = 0; length < bytes.length; length++) {
    expect(() => restoreVenue(bytes.slice(0, length), recording)).toThrow(BytesError);
  }
  expect(() => restoreVenue(Uint8Array.of(...bytes, 0), recording)).toThrow(BytesError);
  expect(() => restoreVenue(bytes, tapeOf())).toThrow(BytesError);
});

const quoted = tapeOf({ quotes: [['09:30:00', BAC, '13.90', 500, '13.92', 300]] });
const go = (to: Micros, epoch = 3): Command => ({ type: 'advance_clock', at: START, epoch, to });
const lead = { type: 'lead', at: START, epoch: 3 } as const;
const playing = [lead, go(ny('09:30:01')), openAccount('a1', 100)];

test.each<[string, readonly Command[], Command, object]>([
  ['a second open_venue', [], openVenue(START), { code: 'venue_exists' }],
  ['an account that is known', [], openAccount('a0'), { code: 'account_exists' }],
  [
    'an account that begins with a debt',
    [],
    { type: 'open_account', at: START, accountId: 'a9', cash: -1n as Money },
    { code: 'cash_invalid' },
  ],
  [
    'an order of an unknown account',
    playing,
    order('buy 1 BAC', 'c', 9),
    { code: 'account_unknown' },
  ],
  [
    'an order of an unknown instrument',
    playing,
    { ...order('buy 1 BAC', 'c'), instrument: 2 },
    { code: 'instrument_unknown' },
  ],
  ['a quantity of nothing', playing, order('buy 0 BAC', 'c'), { code: 'qty_invalid' }],
  [
    'a negative quantity',
    playing,
    { ...order('buy 1 BAC', 'c'), qty: -1_500_000_000n as Quantity },
    { code: 'qty_invalid' },
  ],
  [
    'a quantity of 64 bits',
    playing,
    { ...order('buy 1 BAC', 'c'), qty: (2n ** 63n - 1n) as Quantity },
    { code: 'qty_invalid' },
  ],
  [
    'a fraction of shares that cannot be divided',
    playing,
    order('buy 1.5 IBM 100', 'c'),
    { code: 'instrument_not_fractionable', symbol: 'IBM' },
  ],
  [
    'a fraction until canceled',
    playing,
    order('buy 1.5 BAC 13 gtc', 'c'),
    { code: 'fractional_not_day' },
  ],
  [
    'a market order with a limit',
    playing,
    { ...order('buy 1 BAC', 'c'), limitPrice: PRICE_MAX },
    { code: 'price_invalid', price: PRICE_MAX },
  ],
  [
    'a limit of nothing',
    playing,
    { ...order('buy 1 BAC 1', 'c'), limitPrice: 0 as Price },
    { code: 'price_invalid', price: 0 },
  ],
  [
    'a market buy without a price',
    playing,
    order('buy 1 IBM', 'c'),
    { code: 'no_price', symbol: 'IBM' },
  ],
  [
    'a buy that costs more than the account has',
    playing,
    order('buy 10 BAC 13.91', 'c', 1),
    {
      code: 'insufficient_buying_power',
      buyingPower: 100_000_000_000n,
      costBasis: 139_100_000_000n,
    },
  ],
  [
    'a market buy whose collar costs more than the account has',
    playing,
    order('buy 7 BAC', 'c', 1),
    {
      code: 'insufficient_buying_power',
      buyingPower: 100_000_000_000n,
      costBasis: 101_337_600_000n,
    },
  ],
  [
    'a sale of shares that other orders hold',
    [...playing, order('buy 100 BAC', 'b'), order('sell 60 BAC 14', 's')],
    order('sell 40.5 BAC', 'c'),
    {
      code: 'insufficient_qty',
      symbol: 'BAC',
      requested: parseQuantity('40.5'),
      available: shares(40),
      existing: shares(100),
      held: shares(60),
    },
  ],
  [
    'a cancel of an order that never was',
    playing,
    { type: 'cancel_order', at: START, account: 0, order: { number: 7, slot: 1 } },
    { code: 'order_unknown' },
  ],
  [
    "a cancel of another account's order",
    [...playing, order('buy 1 BAC 13', 'b')],
    { type: 'cancel_order', at: START, account: 1, order: { number: 1, slot: 1 } },
    { code: 'order_unknown' },
  ],
  [
    'a cancel of all orders of nobody',
    playing,
    { type: 'cancel_all_orders', at: START, account: 7 },
    { code: 'account_unknown' },
  ],
  ['a clock that goes back', playing, go(ny('09:30:00')), { code: 'time_backwards' }],
  ['a clock of a driver that was replaced', playing, go(ny('09:31'), 2), { code: 'stale_epoch' }],
  ['a lead of an older epoch', playing, { ...lead, epoch: 2 }, { code: 'stale_epoch' }],
  [
    'a clock that jumps three years',
    playing,
    go(ny('09:30', '2016-10-07')),
    { code: 'tape_slice_too_long', rows: 0 },
  ],
])('%s is refused', (_name, before, next, refusal) => {
  const venue = applied(quoted, before);
  const hash = venue.stateHash();
  expect(venue.apply(next)).toEqual({ ok: false, refusal });
  expect(venue.stateHash()).toBe(hash);
});

test('whatever comes before open_venue is refused', () => {
  const venue = createVenue(quoted);
  expect(venue.apply(lead)).toEqual({ ok: false, refusal: { code: 'venue_not_open' } });
  expect(venue).toMatchObject({ seq: 0, commandSeq: 1, instruments: [] });
  expect(venue.market(0).lastTrade).toBeUndefined();
  expect(venue.account(0)).toBeUndefined();
  expect(venue.apply(openVenue(START))).toEqual({ ok: true });
});

test('a slice of more than 4,096 rows is refused, one of 4,096 is not', () => {
  const times = Array.from({ length: TAPE_SLICE_ROWS + 1 }, (_, k) => `09:30:${k / 100}`);
  const recording = tapeOf({ trades: times.map((time) => [time, BAC, '13.90', 100] as const) });
  const venue = applied(recording, []);
  const end = recording.time(TAPE_SLICE_ROWS);
  expect(venue.apply(go(end, 0))).toEqual({
    ok: false,
    refusal: { code: 'tape_slice_too_long', rows: TAPE_SLICE_ROWS + 1 },
  });
  expect(venue.apply(go(recording.sliceEnd(0, end, TAPE_SLICE_ROWS), 0))).toEqual({ ok: true });
  expect(venue.clock()).toMatchObject({ tapePosition: TAPE_SLICE_ROWS, tapeEnded: false });
  expect(venue.apply(go(end, 0))).toEqual({ ok: true });
  expect(venue.clock().tapeEnded).toBe(true);
});
