import { expect, test } from 'vitest';
import { isWorking, orderNews, orderWords, reasonWords, statusWords } from './order-words.ts';
import { sampleOrder } from './testing/sample-order.ts';

const ORDER = sampleOrder({ qty: '1000', type: 'limit', limit_price: '13.9' });

test('an order is named by its side, quantity, symbol and price', () => {
  expect(orderWords(ORDER)).toBe('Buy 1,000 BAC at 13.90');
  expect(orderWords({ ...ORDER, side: 'sell', limit_price: null })).toBe(
    'Sell 1,000 BAC at market',
  );
});

test('only fills are news', () => {
  expect(orderNews('partial_fill', ORDER, { price: '13.9', qty: '200' })).toBe(
    'Bought 200 BAC at 13.90, part of the order.',
  );
  expect(orderNews('fill', sampleOrder({ side: 'sell' }), { price: '13.9', qty: '1' })).toBe(
    'Sold 1 BAC at 13.90.',
  );
  expect(orderNews('canceled', ORDER, {})).toBeUndefined();
});

test('orders work until they are filled, canceled or expired', () => {
  const statuses = [
    'accepted',
    'new',
    'partially_filled',
    'filled',
    'canceled',
    'expired',
  ] as const;
  const working = statuses.filter((status) => isWorking(sampleOrder({ status })));
  expect(working).toEqual(['accepted', 'new', 'partially_filled']);
  expect(statuses.map(statusWords)).toEqual([
    'Waits for open',
    'Working',
    'Partly filled',
    'Filled',
    'Canceled',
    'Expired',
  ]);
});

test('the reason of a fill tells its times in the zone of the reader', () => {
  const reason =
    'took the displayed offer of 1200 × 13.91 at 2013-10-07T13:30:37.819Z (tape row 7)';
  expect(reasonWords(reason, 'exchange')).toBe(
    'Took the displayed offer of 1200 × 13.91 at 09:30:37.819 (tape row 7)',
  );
  expect(reasonWords('met order number 4 in the book', 'utc')).toBe(
    'Met order number 4 in the book',
  );
});
