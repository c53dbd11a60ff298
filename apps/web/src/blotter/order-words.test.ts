import type { TradingOrder } from '@rialto/client/trading-objects';
import { expect, test } from 'vitest';
import { isWorking, orderNews, orderWords, statusWords } from './order-words.ts';

const ORDER: TradingOrder = {
  id: 'o1',
  client_order_id: 'c1',
  symbol: 'BAC',
  side: 'buy',
  type: 'limit',
  time_in_force: 'day',
  qty: '1000',
  filled_qty: '0',
  filled_avg_price: null,
  limit_price: '13.9',
  status: 'new',
  submitted_at: '2013-10-07T13:30:00Z',
  updated_at: '2013-10-07T13:30:00Z',
};

test('an order is named by its side, quantity, symbol and price', () => {
  expect(orderWords(ORDER)).toBe('Buy 1,000 BAC at 13.90');
  expect(orderWords({ ...ORDER, side: 'sell', limit_price: null })).toBe(
    'Sell 1,000 BAC at market',
  );
});

test('only fills and rejections are news', () => {
  expect(orderNews('partial_fill', ORDER, { price: '13.9', qty: '200' })).toEqual({
    kind: 'fill',
    text: 'Bought 200 BAC at 13.90, part of the order.',
  });
  expect(orderNews('rejected', ORDER, {})?.kind).toBe('refusal');
  expect(orderNews('new', ORDER, {})).toBeUndefined();
});

test('orders work until they are filled, canceled, expired or rejected', () => {
  const working = ['new', 'accepted', 'partially_filled', 'filled', 'canceled', 'expired'].filter(
    (status) => isWorking({ ...ORDER, status }),
  );
  expect(working).toEqual(['new', 'accepted', 'partially_filled']);
});

test('an unknown status is shown as it is, in words', () => {
  expect([statusWords('new'), statusWords('done_for_day')]).toEqual(['Working', 'done for day']);
});
