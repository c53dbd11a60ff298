import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';
import { expect, test } from 'vitest';
import { joinOrders, putOrder } from './order-list.ts';
import { sampleOrder } from './testing/sample-order.ts';

const order = (id: string, change: Partial<AlpacaOrder> = {}): AlpacaOrder =>
  sampleOrder({ id, ...change });

const filled = order('a', { status: 'filled', filled_qty: '100' });

test('an answer that comes after the fill of the same instant does not undo it', () => {
  expect(putOrder([filled], order('a'), 10)).toEqual([filled]);
  expect(putOrder([order('a')], filled, 10)).toEqual([filled]);
});

test('a partly filled order does not lose its fills', () => {
  const partly = order('a', { status: 'partially_filled', filled_qty: '40' });
  const late = order('a', { updated_at: '2013-10-07T13:30:09Z' });
  expect(putOrder([partly], late, 10)).toEqual([partly]);
});

test('a new order comes first and the list keeps its limit', () => {
  const list = putOrder([order('b'), order('c')], order('a'), 2);
  expect(list.map((each) => each.id)).toEqual(['a', 'b']);
});

test('a list just read keeps what the stream said meanwhile', () => {
  const joined = joinOrders([order('a'), order('b')], [order('c'), filled], 10);
  expect(joined.map((each) => `${each.id} ${each.status}`)).toEqual(['c new', 'a filled', 'b new']);
});
