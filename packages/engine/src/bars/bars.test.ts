import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { tradeEffects } from '../market/trade-conditions.ts';
import { ByteReader, BytesError, ByteWriter } from '../values/bytes.ts';
import type { Price } from '../values/price.ts';
import { MICROS_PER_MINUTE } from '../values/time.ts';
import type { Micros } from '../values/time.ts';
import type { BarView } from '../venue/views.ts';
import { BarTable } from './bar-table.ts';
import { decodeBarDay, encodeBarDay } from './day-codec.ts';
import { bucketEnd, bucketStart, foldBars } from './fold.ts';
import type { Timeframe } from './fold.ts';

function at(text: string): Micros {
  return (Date.parse(text) * 1_000) as Micros;
}

function minuteBar(start: Micros, price: number, volume = 100): BarView {
  const value = price as Price;
  const notional = price * volume;
  return {
    start,
    open: value,
    high: value,
    low: value,
    close: value,
    volume,
    notional,
    tradeCount: 1,
  };
}

function volumeOf(bars: readonly BarView[]): number {
  return bars.reduce((sum, { volume }) => sum + volume, 0);
}

/** Prints as [price, size, condition bits]; the bar of the minute they give. */
function barOf(prints: readonly (readonly [number, number, number])[]): BarView | undefined {
  const table = new BarTable(2);
  for (const [price, size, conditions] of prints) {
    table.add(1, 60_000_000, price, size, tradeEffects(conditions, false) & 7);
  }
  expect(table.view(0)).toBeUndefined();
  return table.view(1);
}

test('a bar is what the conditions of its prints allow, by hand', () => {
  expect(
    barOf([
      [100_000, 10, 0x100000], // average price: volume only, before the first price
      [139_300, 100, 0x4000], // out of sequence: high, not the open
      [139_100, 200, 0x1], // the open
      [139_000, 100, 0x20000020],
      [139_250, 300, 0x2000], // extended hours count in minutes
      [139_200, 100, 0x1], // the close
      [138_900, 50, 0x200], // derivatively priced: low, not the close
      [150_000, 3_166_418, 0x1000000], // official close: nothing
      [150_000, 5, 0x80000000], // odd lot: volume only
    ]),
  ).toEqual({
    start: 60_000_000,
    open: 139_100,
    high: 139_300,
    low: 138_900,
    close: 139_200,
    volume: 10 + 100 + 200 + 100 + 300 + 100 + 50 + 5,
    notional:
      100_000 * 10 +
      139_300 * 100 +
      139_100 * 200 +
      139_000 * 100 +
      139_250 * 300 +
      139_200 * 100 +
      138_900 * 50 +
      150_000 * 5,
    tradeCount: 8,
  });
});

test('prints that never update the last price make no bar', () => {
  expect(
    barOf([
      [139_100, 100, 0x100000],
      [139_100, 100, 0x4000],
    ]),
  ).toBeUndefined();
});

test('sums that would leave the safe integers stay at the largest', () => {
  const print = [0x7fffffff, 0x7fffffff, 0x1] as const;
  expect(barOf([print, print])?.notional).toBe(Number.MAX_SAFE_INTEGER);
});

test('a table read from a snapshot is the table that was written', () => {
  const table = new BarTable(2);
  table.add(0, 60_000_000, 139_100, 100, 7);
  const w = new ByteWriter();
  table.write(w);
  const read = new BarTable(2);
  read.read(new ByteReader(w.finish()));
  expect(read.view(0)).toEqual(table.view(0));
  expect(() => new BarTable(3).read(new ByteReader(w.finish()))).toThrow(BytesError);
});

const bar: fc.Arbitrary<BarView> = fc
  .record({
    minute: fc.nat({ max: 0xffff_ffff }),
    prices: fc.array(fc.integer({ min: 1, max: 0x7fff_ffff }), { minLength: 4, maxLength: 4 }),
    volume: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    notional: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    tradeCount: fc.nat({ max: 0xffff_ffff }),
  })
  .map(({ minute, prices, volume, notional, tradeCount }) => {
    const [low, open, close, high] = prices.toSorted((a, b) => a - b) as [
      Price,
      Price,
      Price,
      Price,
    ];
    const start = (minute * MICROS_PER_MINUTE) as Micros;
    return { start, open, high, low, close, volume, notional, tradeCount };
  });

test('the bars of a day are read back as they were packed, also in two parts', () => {
  fc.assert(
    fc.property(fc.array(bar), fc.array(bar), (first, second) => {
      const bytes = encodeBarDay([...first, ...second]);
      expect(bytes.length).toBe(40 * (first.length + second.length));
      expect(Uint8Array.of(...encodeBarDay(first), ...encodeBarDay(second))).toEqual(bytes);
      expect(decodeBarDay(bytes)).toEqual([...first, ...second]);
    }),
    { numRuns: 300 },
  );
});

test('bytes that end inside a bar, or hold a low above the open, are malformed', () => {
  const bytes = encodeBarDay([minuteBar(at('2013-10-07T13:30:00Z'), 139_100)]);
  expect(() => decodeBarDay(bytes.slice(0, 39))).toThrow(BytesError);
  bytes[12] = 255;
  expect(() => decodeBarDay(bytes)).toThrow(BytesError);
  expect(() => encodeBarDay([minuteBar(1 as Micros, 1)])).toThrow(RangeError);
});

test('an hour is the fold of its minutes', () => {
  const bars = [
    { ...minuteBar(at('2013-10-07T13:58:00Z'), 100), high: 105 as Price },
    { ...minuteBar(at('2013-10-07T14:00:00Z'), 101), low: 99 as Price },
    minuteBar(at('2013-10-07T14:30:00Z'), 104),
    { ...minuteBar(at('2013-10-07T14:59:00Z'), 102, 300), tradeCount: 3 },
  ];
  expect(foldBars(bars, { count: 60, unit: 'minute' })).toEqual([
    { ...bars[0], start: at('2013-10-07T13:00:00Z') },
    {
      start: at('2013-10-07T14:00:00Z'),
      open: 101,
      high: 104,
      low: 99,
      close: 102,
      volume: 500,
      notional: 101 * 100 + 104 * 100 + 102 * 300,
      tradeCount: 5,
    },
  ]);
});

test.each<[string, Timeframe, string, string, string]>([
  [
    'five minutes',
    { count: 5, unit: 'minute' },
    '2013-10-07T13:34:59.999Z',
    '2013-10-07T13:30:00Z',
    '2013-10-07T13:35:00Z',
  ],
  [
    'seven minutes from midnight',
    { count: 7, unit: 'minute' },
    '2013-10-07T13:30:00Z',
    '2013-10-07T13:27:00Z',
    '2013-10-07T13:34:00Z',
  ],
  [
    'the last seven minutes of a day',
    { count: 7, unit: 'minute' },
    '2013-10-08T03:59:00Z',
    '2013-10-08T03:55:00Z',
    '2013-10-08T04:00:00Z',
  ],
  [
    'an hour in winter',
    { count: 60, unit: 'minute' },
    '2013-12-02T14:30:00Z',
    '2013-12-02T14:00:00Z',
    '2013-12-02T15:00:00Z',
  ],
  [
    'four hours in New York',
    { count: 240, unit: 'minute' },
    '2013-10-07T13:30:00Z',
    '2013-10-07T12:00:00Z',
    '2013-10-07T16:00:00Z',
  ],
  [
    'a day',
    { count: 1, unit: 'day' },
    '2013-10-08T03:59:00Z',
    '2013-10-07T04:00:00Z',
    '2013-10-08T04:00:00Z',
  ],
  [
    'the short day of a clock change',
    { count: 1, unit: 'day' },
    '2013-03-10T12:00:00Z',
    '2013-03-10T05:00:00Z',
    '2013-03-11T04:00:00Z',
  ],
  [
    'a week from Monday',
    { count: 1, unit: 'week' },
    '2013-10-13T12:00:00Z',
    '2013-10-07T04:00:00Z',
    '2013-10-14T04:00:00Z',
  ],
  [
    'a month',
    { count: 1, unit: 'month' },
    '2013-11-30T12:00:00Z',
    '2013-11-01T04:00:00Z',
    '2013-12-01T05:00:00Z',
  ],
  [
    'a quarter',
    { count: 3, unit: 'month' },
    '2013-12-31T12:00:00Z',
    '2013-10-01T04:00:00Z',
    '2014-01-01T05:00:00Z',
  ],
  [
    'a year',
    { count: 12, unit: 'month' },
    '2012-02-29T12:00:00Z',
    '2012-01-01T05:00:00Z',
    '2013-01-01T05:00:00Z',
  ],
])('%s: the bucket has these ends', (_name, timeframe, time, start, end) => {
  expect(bucketStart(at(time), timeframe)).toBe(at(start));
  expect(bucketEnd(at(start), timeframe)).toBe(at(end));
});

test('folding to five minutes and then to an hour is folding to an hour', () => {
  const minutes = fc.uniqueArray(fc.nat({ max: 2_000 }), { maxLength: 200 });
  fc.assert(
    fc.property(minutes, fc.integer({ min: 1, max: 1_000 }), (chosen, step) => {
      const bars = chosen
        .toSorted((a, b) => a - b)
        .map((minute, k) =>
          minuteBar(
            (at('2013-10-07T08:00:00Z') + minute * MICROS_PER_MINUTE) as Micros,
            1 + ((k * step) % 97),
            1 + ((k * step) % 13),
          ),
        );
      const hour: Timeframe = { count: 60, unit: 'minute' };
      expect(foldBars(foldBars(bars, { count: 5, unit: 'minute' }), hour)).toEqual(
        foldBars(bars, hour),
      );
      expect(volumeOf(foldBars(bars, { count: 1, unit: 'week' }))).toBe(volumeOf(bars));
    }),
    { numRuns: 200 },
  );
});
