import { alpacaError, fillMessage } from '@rialto/contracts/alpaca/errors';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../http/api-error.ts';
import { parseOrderRequest } from './order-request.ts';

const LIMIT = {
  symbol: 'BAC',
  qty: '100',
  side: 'buy',
  type: 'limit',
  time_in_force: 'day',
  limit_price: '13.91',
};
const MARKET = { symbol: 'BAC', qty: 5, side: 'sell', type: 'market', time_in_force: 'gtc' };

/** Status, code and text that a body is refused with. */
function refusal(body: unknown): string {
  try {
    parseOrderRequest(body);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const entry = alpacaError(error.error as never);
    return `${entry.status} ${entry.code} ${fillMessage(entry.message, error.values)}`;
  }
  return 'accepted';
}

describe('order bodies that are taken', () => {
  test('a limit order in text', () => {
    expect(parseOrderRequest({ ...LIMIT, client_order_id: 'mine-1' })).toEqual({
      symbol: 'BAC',
      side: 'buy',
      orderType: 'limit',
      timeInForce: 'day',
      qty: 100_000_000_000n,
      limitPrice: 139_100,
      clientOrderId: 'mine-1',
    });
  });

  test('a market order in numbers', () => {
    expect(parseOrderRequest(MARKET)).toMatchObject({ qty: 5_000_000_000n, limitPrice: 0 });
  });

  test('empty and null fields are absent, unknown fields are ignored (Go and Python clients)', () => {
    const request = parseOrderRequest({
      ...LIMIT,
      client_order_id: '',
      order_class: '',
      legs: null,
      notional: null,
      stop_price: '',
      take_profit: null,
      extended_hours: false,
      position_intent: 'buy_to_open',
      anything: { at: 'all' },
    });
    expect(request.clientOrderId).toBeUndefined();
  });

  test.each([
    ['1e-7 as a JSON number', 1e-7, 100n],
    ['a fraction of nine digits', '0.123456789', 123_456_789n],
    ['trailing zeros beyond nine digits', '1.0000000000', 1_000_000_000n],
    ['the largest quantity', 2_000_000_000, 2_000_000_000_000_000_000n],
  ])('quantity: %s', (_name, qty, units) => {
    expect(parseOrderRequest({ ...LIMIT, qty }).qty).toBe(units);
  });

  test.each([
    ['0.0001', 1],
    ['0.9999', 9_999],
    ['1.0000', 10_000],
    ['214748.36', 2_147_483_600],
    [13.91, 139_100],
  ])('limit price %s', (limit_price, units) => {
    expect(parseOrderRequest({ ...LIMIT, limit_price }).limitPrice).toBe(units);
  });

  test('a client order id of 128 characters beyond the basic plane', () => {
    const client_order_id = '😀'.repeat(128);
    expect(parseOrderRequest({ ...LIMIT, client_order_id }).clientOrderId).toBe(client_order_id);
  });
});

describe('order bodies that are refused', () => {
  const SUB_PENNY = 'sub-penny increment does not fulfill minimum pricing criteria';
  test.each<[string, unknown, string]>([
    ['nothing', undefined, '400 40010000 request body format is invalid'],
    ['a list', [], '400 40010000 request body format is invalid'],
    ['text', '"BAC"', '400 40010000 request body format is invalid'],
    ['no symbol', { ...LIMIT, symbol: '' }, '422 40010001 symbol is required'],
    [
      'a symbol that is a number',
      { ...LIMIT, symbol: 7 },
      '400 40010000 request body format is invalid',
    ],
    ['no side', { ...LIMIT, side: undefined }, '422 40010001 invalid side'],
    ['a side in capitals', { ...LIMIT, side: 'BUY' }, '422 40010001 invalid side'],
    ['no type', { ...LIMIT, type: undefined }, '422 40010001 invalid order type'],
    ['a type of another kind', { ...LIMIT, type: {} }, '422 40010001 invalid order type'],
    ['a stop order', { ...LIMIT, type: 'stop' }, '422 42210000 order type "stop" is not supported'],
    ['no time in force', { ...LIMIT, time_in_force: null }, '422 40010001 invalid time_in_force'],
    [
      'opg',
      { ...LIMIT, time_in_force: 'opg' },
      '422 42210000 time_in_force "opg" is not supported',
    ],
    [
      'a bracket',
      { ...LIMIT, order_class: 'bracket' },
      '422 42210000 order class "bracket" is not supported',
    ],
    ['an unknown class', { ...LIMIT, order_class: 'x' }, '422 40010001 invalid order_class'],
    [
      'extended hours',
      { ...LIMIT, extended_hours: true },
      '422 42210000 extended_hours is not supported',
    ],
    [
      'a take profit',
      { ...LIMIT, take_profit: { limit_price: 1 } },
      '422 42210000 take_profit is not supported',
    ],
    ['neither qty nor notional', { ...LIMIT, qty: '' }, '422 40010001 qty or notional is required'],
    [
      'notional alone',
      { ...LIMIT, qty: null, notional: 5 },
      '422 42210000 notional is not supported',
    ],
    [
      'qty and notional',
      { ...LIMIT, notional: 5 },
      '422 40010001 only one of qty or notional is accepted',
    ],
    ['qty 0', { ...LIMIT, qty: 0 }, '422 40010001 qty must be > 0'],
    ['qty -0', { ...LIMIT, qty: -0 }, '422 40010001 qty must be > 0'],
    ['qty -1', { ...LIMIT, qty: '-1' }, '422 40010001 qty must be > 0'],
    [
      'ten decimals',
      { ...LIMIT, qty: '0.1234567891' },
      '422 40010001 qty must have no more than 9 decimal places',
    ],
    [
      'a float that is no decimal',
      { ...LIMIT, qty: 0.1 + 0.2 },
      '422 40010001 qty must have no more than 9 decimal places',
    ],
    [
      'too many shares',
      { ...LIMIT, qty: '2000000000.000000001' },
      '422 40010001 qty must be <= 2000000000',
    ],
    [
      '1e400, which JSON.parse makes infinite',
      { ...LIMIT, qty: Infinity },
      '400 40010000 request body format is invalid',
    ],
    ['2^53 + 1', { ...LIMIT, qty: 2 ** 53 + 1 }, '400 40010000 request body format is invalid'],
    ['NaN as text', { ...LIMIT, qty: 'NaN' }, '400 40010000 request body format is invalid'],
    ['an exponent', { ...LIMIT, qty: '1e3' }, '400 40010000 request body format is invalid'],
    ['hexadecimal', { ...LIMIT, qty: '0x10' }, '400 40010000 request body format is invalid'],
    ['blanks', { ...LIMIT, qty: ' 1 ' }, '400 40010000 request body format is invalid'],
    ['true', { ...LIMIT, qty: true }, '400 40010000 request body format is invalid'],
    [
      'a fraction that is not a day order',
      { ...LIMIT, qty: 0.5, time_in_force: 'gtc' },
      '422 42210000 fractional orders must be DAY orders',
    ],
    [
      'a limit order without a price',
      { ...LIMIT, limit_price: null },
      '422 40010001 limit orders require a limit price',
    ],
    ['a limit of 0', { ...LIMIT, limit_price: '0.00' }, '422 40010001 limit price must be > 0'],
    ['a negative limit', { ...LIMIT, limit_price: -3 }, '422 40010001 limit price must be > 0'],
    [
      'a limit off the cent',
      { ...LIMIT, limit_price: 290.123 },
      `422 42210000 invalid limit_price 290.123. ${SUB_PENNY}`,
    ],
    [
      'a limit of five decimals',
      { ...LIMIT, limit_price: '0.99999' },
      `422 42210000 invalid limit_price 0.99999. ${SUB_PENNY}`,
    ],
    [
      'a limit too high',
      { ...LIMIT, limit_price: '214748.37' },
      '422 40010001 limit price must be <= 214748.3647',
    ],
    [
      'a stop price on a limit order',
      { ...LIMIT, stop_price: 1 },
      '422 40010001 limit orders require no stop price',
    ],
    [
      'a price on a market order',
      { ...MARKET, limit_price: 1 },
      '422 40010001 market orders require no stop or limit price',
    ],
    [
      'a stop price on a market order',
      { ...MARKET, stop_price: 1 },
      '422 40010001 market orders require no stop or limit price',
    ],
    [
      '129 characters of id',
      { ...LIMIT, client_order_id: 'x'.repeat(129) },
      '422 40010001 client_order_id must be no more than 128 characters',
    ],
    [
      'a NUL in the id',
      { ...LIMIT, client_order_id: 'a\0b' },
      '422 40010001 client_order_id must not hold control characters',
    ],
    [
      'half a character in the id',
      { ...LIMIT, client_order_id: 'a\ud800' },
      '422 40010001 client_order_id must not hold control characters',
    ],
    [
      'an id that is a number',
      { ...LIMIT, client_order_id: 7 },
      '400 40010000 request body format is invalid',
    ],
    [
      'the wrong intent',
      { ...LIMIT, position_intent: 'sell_to_open' },
      '422 42210000 position intent mismatch, inferred: buy_to_open, specified: sell_to_open',
    ],
  ])('%s', (_name, body, expected) => {
    expect(refusal(body)).toBe(expected);
  });
});

test('any body is taken or refused by the catalogue, and what is taken is in range', () => {
  const anyField = fc.oneof(
    fc.constantFrom('buy', 'sell', 'market', 'limit', 'day', 'gtc', 'fok', '', null, undefined),
    fc.double(),
    fc.integer(),
    fc.string(),
    fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const mutation = fc.record(
    {
      symbol: anyField,
      qty: anyField,
      notional: anyField,
      side: anyField,
      type: anyField,
      time_in_force: anyField,
      limit_price: anyField,
      stop_price: anyField,
      client_order_id: anyField,
      order_class: anyField,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.constantFrom(LIMIT, MARKET), mutation, (base, fields) => {
      try {
        const order = parseOrderRequest({ ...base, ...fields });
        expect(order.qty > 0n && order.qty <= 2_000_000_000_000_000_000n).toBe(true);
        expect(Number.isInteger(order.limitPrice)).toBe(true);
        expect(order.limitPrice > 0).toBe(order.orderType === 'limit');
        expect(order.limitPrice % (order.limitPrice >= 10_000 ? 100 : 1)).toBe(0);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        expect(alpacaError(error.error as never).status).toBeLessThan(500);
      }
    }),
    { numRuns: 5_000 },
  );
});
