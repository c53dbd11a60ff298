import type { Fill } from '@rialto/contracts/platform/platform-api';
import { expect, test } from 'vitest';
import { TIMEFRAMES } from './bars.ts';
import type { Timeframe } from './bars.ts';
import { fillMarks } from './marks.ts';

const fill = (time: string, change: Partial<Fill> = {}): Fill => ({
  id: time,
  order_id: 'o1',
  symbol: 'BAC',
  side: 'buy',
  qty: '100',
  price: '13.9',
  time: `2013-10-07T${time}Z`,
  reason: '',
  ...change,
});

test('fills of one side within one bar are one mark, in order of time', () => {
  const fills = [
    fill('13:36:00', { side: 'sell', qty: '50' }),
    fill('13:31:30'),
    fill('13:31:10', { qty: '0.5' }),
    fill('13:31:00', { symbol: 'IBM' }),
  ];
  expect(fillMarks(fills, 'BAC', TIMEFRAMES[1] as Timeframe)).toEqual([
    { timeMs: Date.parse('2013-10-07T13:30:00Z'), side: 'buy', text: 'Buy 100.5' },
    { timeMs: Date.parse('2013-10-07T13:35:00Z'), side: 'sell', text: 'Sell 50' },
  ]);
});
