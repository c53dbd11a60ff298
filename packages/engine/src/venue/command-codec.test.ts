import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import type { Instrument } from '../instruments/instrument.ts';
import { BytesError } from '../values/bytes.ts';
import type { Money } from '../values/money.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { Micros } from '../values/time.ts';
import { decodeCommand, encodeCommand } from './command-codec.ts';
import type { Command } from './command.ts';

const instant = fc.nat({ max: Number.MAX_SAFE_INTEGER }).map((n) => n as Micros);
const u32 = fc.nat({ max: 0xffff_ffff });
const amount = fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n });
const text = fc.string({ maxLength: 128, unit: 'grapheme' });
const qty = amount.map((n) => n as Quantity);
const orderNumber = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const order = fc.record({ number: orderNumber, slot: u32 });
const type = <T extends Command['type']>(name: T): fc.Arbitrary<T> => fc.constant(name);

const instrument: fc.Arbitrary<Instrument> = fc.record({
  symbol: text,
  name: text,
  id: text,
  exchange: text,
  fractionable: fc.boolean(),
  tradable: fc.boolean(),
});

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    type: type('open_venue'),
    at: instant,
    seed: u32,
    instruments: fc.array(instrument, { maxLength: 4 }),
    tape: fc.record({ kind: fc.constant('recording' as const), dataset: text, hash: text }),
  }),
  fc.record({
    type: type('open_account'),
    at: instant,
    accountId: text,
    cash: amount.map((n) => n as Money),
  }),
  fc.record({
    type: type('submit_order'),
    at: instant,
    account: u32,
    instrument: u32,
    side: fc.constantFrom('buy' as const, 'sell' as const),
    orderType: fc.constantFrom('market' as const, 'limit' as const),
    timeInForce: fc.constantFrom('day' as const, 'gtc' as const, 'ioc' as const, 'fok' as const),
    qty,
    limitPrice: fc.nat({ max: 0x7fff_ffff }).map((n) => n as Price),
    clientOrderId: text,
  }),
  fc.record({ type: type('cancel_order'), at: instant, account: u32, order }),
  fc.record({ type: type('cancel_all_orders'), at: instant, account: u32 }),
  fc.record({
    type: type('close_position'),
    at: instant,
    account: u32,
    instrument: u32,
    qty: fc.option(qty, { nil: undefined }),
    fractionNanos: fc.option(u32, { nil: undefined }),
    clientOrderId: text,
  }),
  fc.record({ type: type('advance_clock'), at: instant, epoch: u32, to: instant }),
  fc.record({
    type: type('set_clock'),
    at: instant,
    speed: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    paused: fc.boolean(),
  }),
  fc.record({ type: type('lead'), at: instant, epoch: u32 }),
  fc.record({ type: type('end_venue'), at: instant }),
);

test('a decoded command is the command that was encoded', () => {
  fc.assert(
    fc.property(command, (original) => {
      expect(decodeCommand(encodeCommand(original))).toEqual(original);
    }),
    { numRuns: 2_000 },
  );
});

test('the bytes of a market buy are these, so old logs stay readable', () => {
  const bytes = encodeCommand({
    type: 'submit_order',
    at: 1_381_152_600_000_000 as Micros,
    account: 7,
    instrument: 1,
    side: 'sell',
    orderType: 'limit',
    timeInForce: 'fok',
    qty: 1_500_000_000n as Quantity,
    limitPrice: 139_100 as Price,
    clientOrderId: 'a-1',
  });
  expect([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')).toBe(
    '0103' +
      '00186a989aa01343' +
      '07000000' +
      '01000000' +
      '01' +
      '01' +
      '03' +
      '002f685900000000' +
      '5c1f0200' +
      '03000000' +
      '612d31',
  );
});

test('a command cut at any byte, or followed by a byte, is malformed', () => {
  fc.assert(
    fc.property(command, fc.nat(), (original, cut) => {
      const bytes = encodeCommand(original);
      expect(() => decodeCommand(bytes.slice(0, cut % bytes.length))).toThrow(BytesError);
      expect(() => decodeCommand(Uint8Array.of(...bytes, 0))).toThrow(BytesError);
    }),
    { numRuns: 1_000 },
  );
});

test('bytes with one byte changed are malformed or the encoding of another command', () => {
  fc.assert(
    fc.property(command, fc.nat(), fc.integer({ min: 1, max: 255 }), (original, at, flip) => {
      const bytes = encodeCommand(original);
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip;
      let decoded: Command;
      try {
        decoded = decodeCommand(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(BytesError);
        return;
      }
      expect(encodeCommand(decoded)).toEqual(bytes);
    }),
    { numRuns: 5_000 },
  );
});

test('what could not be read back cannot be written', () => {
  const wild = fc.oneof(fc.double(), fc.maxSafeInteger(), fc.constantFrom(-0, -1, 0.5, 2 ** 32));
  const wildBigint = fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n });
  const order: fc.Arbitrary<Command> = fc
    .record({ at: wild, account: wild, limitPrice: wild, qty: wildBigint, length: fc.nat(1_100) })
    .map((o) => ({
      type: 'submit_order',
      at: o.at as Micros,
      account: o.account,
      instrument: 0,
      side: 'buy',
      orderType: 'limit',
      timeInForce: 'day',
      qty: o.qty as Quantity,
      limitPrice: o.limitPrice as Price,
      clientOrderId: 'x'.repeat(o.length),
    }));
  const others: fc.Arbitrary<Command> = fc
    .record({ at: instant, epoch: wild, speed: wild, number: wild, slot: wild })
    .chain((o) =>
      fc.constantFrom<Command>(
        { type: 'lead', at: o.at, epoch: o.epoch },
        { type: 'set_clock', at: o.at, speed: o.speed, paused: false },
        { type: 'advance_clock', at: o.at, epoch: 0, to: o.number as Micros },
        { type: 'cancel_order', at: o.at, account: 0, order: { number: o.number, slot: o.slot } },
      ),
    );
  let written = 0;
  fc.assert(
    fc.property(fc.oneof(order, others), (original) => {
      let bytes: Uint8Array;
      try {
        bytes = encodeCommand(original);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        return;
      }
      written++;
      expect(decodeCommand(bytes)).toEqual(original);
    }),
    { numRuns: 3_000 },
  );
  expect(written).toBeGreaterThan(100);
});

test.each([
  ['an unknown version', [2, 10, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['an unknown type', [1, 11, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['a time that is no integer', [1, 10, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f]],
  ['a negative zero time', [1, 10, 0, 0, 0, 0, 0, 0, 0, 0x80]],
  ['no bytes', []],
])('%s is malformed', (_name, bytes) => {
  expect(() => decodeCommand(Uint8Array.from(bytes))).toThrow(BytesError);
});
