import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import type { Micros } from '../values/time.ts';
import { RecordedTape } from './recorded-tape.ts';
import { TapeError } from './tape-layout.ts';
import { TapeWriter } from './tape-writer.ts';
import type { TapeQuote, TapeTrade } from './tape-writer.ts';

const trade: TapeTrade = {
  time: 1_000,
  instrument: 1,
  price: 139_100,
  size: 100,
  venue: 'N',
  conditions: 0x8000_0001,
  suspicious: false,
};

const quote: TapeQuote = {
  time: 1_000,
  instrument: 0,
  bidPrice: 0,
  bidSize: 0,
  bidVenue: '',
  askPrice: 1_836_300,
  askSize: 100,
  askVenue: 'Q',
  conditions: 1,
  suspicious: true,
};

function packed(write: (w: TapeWriter) => void): Uint8Array {
  const w = new TapeWriter(['IBM', 'BAC']);
  write(w);
  return w.finish();
}

test('a recording gives back the rows that were written', () => {
  const tape = new RecordedTape(
    packed((w) => {
      w.trade(trade);
      w.quote(quote);
    }),
  );
  expect(tape.symbols).toEqual(['IBM', 'BAC']);
  expect(tape.length).toBe(2);
  expect({
    time: tape.time(0),
    quote: tape.isQuote(0),
    suspicious: tape.isSuspicious(0),
    instrument: tape.instrument(0),
    price: tape.price(0),
    size: tape.size(0),
    venue: tape.venue(0),
    conditions: tape.conditions(0),
  }).toEqual({
    time: 1_000,
    quote: false,
    suspicious: false,
    instrument: 1,
    price: 139_100,
    size: 100,
    venue: 'N'.charCodeAt(0),
    conditions: 0x8000_0001,
  });
  expect({
    quote: tape.isQuote(1),
    suspicious: tape.isSuspicious(1),
    instrument: tape.instrument(1),
    bid: [tape.price(1), tape.size(1), tape.venue(1)],
    ask: [tape.askPrice(1), tape.askSize(1), tape.askVenue(1)],
  }).toEqual({
    quote: true,
    suspicious: true,
    instrument: 0,
    bid: [0, 0, 0],
    ask: [1_836_300, 100, 'Q'.charCodeAt(0)],
  });
});

test('bytes that do not start at a multiple of eight are read all the same', () => {
  const bytes = packed((w) => w.trade(trade));
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(new RecordedTape(shifted.subarray(3)).price(0)).toBe(139_100);
});

test.each<[string, (w: TapeWriter) => void]>([
  ['goes back in time', (w) => w.trade({ ...trade, time: 999 })],
  ['is a trade after a quote of the instant', (w) => w.trade(trade)],
  ['has no size', (w) => w.trade({ ...trade, time: 2_000, size: 0 })],
  ['has a fraction of a price unit', (w) => w.trade({ ...trade, time: 2_000, price: 1.5 })],
  ['has a negative ask', (w) => w.quote({ ...quote, askPrice: -1 })],
  ['names no instrument', (w) => w.quote({ ...quote, instrument: 2 })],
  ['has two venue letters', (w) => w.quote({ ...quote, askVenue: 'QQ' })],
  ['has more than 32 conditions', (w) => w.quote({ ...quote, conditions: 2 ** 32 })],
])('a row that %s is refused and changes nothing', (_name, write) => {
  const w = new TapeWriter(['IBM', 'BAC']);
  w.quote(quote);
  const before = w.finish();
  expect(() => write(w)).toThrow(TapeError);
  expect(w.finish()).toEqual(before);
});

test('no more than 4,096 rows may share an instant', () => {
  const w = new TapeWriter(['IBM', 'BAC']);
  for (let i = 0; i < 4_096; i++) w.trade(trade);
  expect(() => w.trade(trade)).toThrow(TapeError);
  w.trade({ ...trade, time: 1_001 });
  expect(new RecordedTape(w.finish()).length).toBe(4_097);
});

test('bytes with one byte changed open as a valid recording or not at all', () => {
  const bytes = packed((w) => {
    w.trade(trade);
    w.quote(quote);
    w.trade({ ...trade, time: 2_000 });
  });
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ flip;
      let tape: RecordedTape;
      try {
        tape = new RecordedTape(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(TapeError);
        return;
      }
      for (let i = 0; i < tape.length; i++) {
        expect(tape.symbols[tape.instrument(i)]).toBeDefined();
        expect(tape.price(i)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 3_000 },
  );
});

test('a slice ends before the row that would be one too many', () => {
  const tape = new RecordedTape(
    packed((w) => {
      for (const time of [10, 10, 20, 30, 30]) w.trade({ ...trade, time });
    }),
  );
  expect([9, 10, 29, 30].map((time) => tape.rowsUntil(time))).toEqual([0, 2, 3, 5]);
  expect(tape.sliceEnd(0, 100 as Micros, 4)).toBe(29);
  expect(tape.sliceEnd(0, 25 as Micros, 4)).toBe(25);
  expect(tape.sliceEnd(3, 100 as Micros, 4)).toBe(100);
});
