import { expect, test } from 'vitest';
import { parseTimeframe } from './timeframe.ts';

test('every timeframe of the wire, in both spellings', () => {
  for (let count = 1; count <= 59; count++) {
    expect(parseTimeframe(`${count}Min`)).toEqual({ unit: 'minute', count });
    expect(parseTimeframe(`${count}T`)).toEqual({ unit: 'minute', count });
  }
  for (let count = 1; count <= 23; count++) {
    expect(parseTimeframe(`${count}Hour`)).toEqual({ unit: 'minute', count: count * 60 });
    expect(parseTimeframe(`${count}H`)).toEqual({ unit: 'minute', count: count * 60 });
  }
  for (const [text, unit] of [
    ['1Day', 'day'],
    ['1D', 'day'],
    ['1Week', 'week'],
    ['1W', 'week'],
  ] as const) {
    expect(parseTimeframe(text)).toEqual({ unit, count: 1 });
  }
  for (const count of [1, 2, 3, 4, 6, 12]) {
    expect(parseTimeframe(`${count}Month`)).toEqual({ unit: 'month', count });
    expect(parseTimeframe(`${count}M`)).toEqual({ unit: 'month', count });
  }
});

test.each([
  '',
  '1',
  'Min',
  '0Min',
  '60Min',
  '24H',
  '2D',
  '2W',
  '5M',
  '13M',
  '1min',
  '1Min ',
  '01H',
])('%j is no timeframe', (text) => {
  expect(parseTimeframe(text)).toBeUndefined();
});
