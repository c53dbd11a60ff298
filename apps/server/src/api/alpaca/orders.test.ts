import { alpacaOrderSchema, type AlpacaOrder } from '@rialto/contracts/alpaca/order';
import { Check } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, OPEN } from '../testing/api-fixture.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await createApiFixture();
});
afterEach(() => api.app.close());

const MARKET = { symbol: 'BAC', qty: '100', side: 'buy', type: 'market', time_in_force: 'day' };
const RESTING = { ...MARKET, type: 'limit', limit_price: '13.00', time_in_force: 'gtc' };

async function enter(body: object, key?: string): Promise<AlpacaOrder> {
  const response = await api.call('POST', '/v2/orders', { body, ...(key && { key }) });
  expect([response.status, response.body]).toEqual([200, expect.objectContaining({})]);
  return response.body as AlpacaOrder;
}

describe('entering orders', () => {
  test('a market order fills at the displayed offer and is answered filled', async () => {
    const order = await enter({ ...MARKET, client_order_id: 'first' });
    expect(Check(alpacaOrderSchema, order)).toBe(true);
    expect(order).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      client_order_id: 'first',
      created_at: '2013-10-07T13:30:00Z',
      updated_at: '2013-10-07T13:30:00Z',
      submitted_at: '2013-10-07T13:30:00Z',
      filled_at: '2013-10-07T13:30:00Z',
      expired_at: null,
      expires_at: null,
      canceled_at: null,
      failed_at: null,
      replaced_at: null,
      replaced_by: null,
      replaces: null,
      asset_id: 'b0b6dd9d-8b9b-48a9-ba46-b9d54906e411',
      symbol: 'BAC',
      asset_class: 'us_equity',
      notional: null,
      qty: '100',
      filled_qty: '100',
      filled_avg_price: '13.91',
      order_class: '',
      order_type: 'market',
      type: 'market',
      side: 'buy',
      position_intent: 'buy_to_open',
      time_in_force: 'day',
      limit_price: null,
      stop_price: null,
      trail_price: null,
      trail_percent: null,
      hwm: null,
      status: 'filled',
      extended_hours: false,
      legs: null,
      ratio_qty: null,
      source: null,
      subtag: null,
    });
  });

  test('a limit order below the market rests', async () => {
    const order = await enter(RESTING);
    expect(order).toMatchObject({
      status: 'new',
      limit_price: '13',
      filled_qty: '0',
      filled_avg_price: null,
      client_order_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test('before the open an order is accepted and waits', async () => {
    await api.app.close();
    api = await createApiFixture(OPEN - 20_000_000);
    expect((await enter(MARKET)).status).toBe('accepted');
  });

  test('the same client order id with the same terms gives the same order again', async () => {
    const body = { ...MARKET, client_order_id: 'once' };
    const first = await enter(body);
    expect(await enter(body)).toEqual(first);
    expect((await api.call('GET', '/v2/positions/BAC')).body).toMatchObject({ qty: '100' });
  });

  test('another account may use the same client order id', async () => {
    const first = await enter({ ...RESTING, client_order_id: 'shared' });
    const second = await enter({ ...RESTING, client_order_id: 'shared' }, 'SECOND');
    expect(second.id).not.toBe(first.id);
  });
});

describe('orders the venue refuses', () => {
  test.each<[string, object, number, object]>([
    [
      'more than the account can pay',
      { ...RESTING, qty: '10000', limit_price: '20.00' },
      403,
      {
        code: 40310000,
        message: 'insufficient buying power',
        buying_power: '100000',
        cost_basis: '200000',
      },
    ],
    [
      'selling what is not there',
      { ...MARKET, side: 'sell' },
      403,
      {
        code: 40310000,
        message: 'insufficient qty available for order (requested: 100, available: 0)',
        available: '0',
        existing_qty: '0',
        held_for_orders: '0',
        related_orders: [],
        symbol: 'BAC',
      },
    ],
    [
      'an unknown symbol',
      { ...MARKET, symbol: 'NOPE' },
      422,
      { code: 42210000, message: 'asset "NOPE" not found' },
    ],
    [
      'a fraction of what is not fractionable',
      { ...MARKET, symbol: 'AIG', qty: '0.5' },
      403,
      { code: 40310000, message: 'asset "AIG" is not fractionable' },
    ],
    [
      'a market order where nothing has a price',
      { ...MARKET, symbol: 'MSFT' },
      422,
      {
        code: 42210000,
        message: 'asset "MSFT" has no price yet, only limit orders are accepted',
      },
    ],
  ])('%s', async (_name, body, status, expected) => {
    const hash = api.replica.venue.stateHash();
    expect(await api.call('POST', '/v2/orders', { body })).toEqual({ status, body: expected });
    expect(api.replica.venue.stateHash()).toBe(hash);
  });

  test('a client order id with other terms', async () => {
    await enter({ ...RESTING, client_order_id: 'mine' });
    const body = { ...RESTING, client_order_id: 'mine', qty: '7' };
    expect(await api.call('POST', '/v2/orders', { body })).toEqual({
      status: 409,
      body: { code: 40010001, message: 'client_order_id must be unique' },
    });
  });

  test('selling what open orders hold names those orders', async () => {
    await enter(MARKET);
    const resting = await enter({ ...RESTING, side: 'sell', qty: '60', limit_price: '20.00' });
    const response = await api.call('POST', '/v2/orders', { body: { ...MARKET, side: 'sell' } });
    expect(response.body).toMatchObject({
      available: '40',
      existing_qty: '100',
      held_for_orders: '60',
      related_orders: [resting.id],
    });
  });

  test('a bad body leaves the state as it was', async () => {
    const hash = api.replica.venue.stateHash();
    await api.call('POST', '/v2/orders', { body: { ...MARKET, qty: -1 } });
    expect(api.replica.venue.stateHash()).toBe(hash);
  });

  test('a key that may only read', async () => {
    expect(await api.call('POST', '/v2/orders', { body: MARKET, key: 'READER' })).toEqual({
      status: 403,
      body: { code: 40310000, message: 'this API key may only read' },
    });
  });

  test.each([undefined, 'WRONG'])('no authorization (%s)', async (key) => {
    const headers = key === undefined ? {} : { 'apca-api-key-id': key };
    const trading = await api.app.inject({ url: '/v2/account', headers });
    expect([trading.statusCode, trading.json()]).toEqual([
      401,
      { code: 40110000, message: 'request is not authorized' },
    ]);
    const data = await api.app.inject({ url: '/v2/stocks/bars?symbols=BAC', headers });
    expect([data.statusCode, data.json()]).toEqual([401, { message: 'request is not authorized' }]);
  });
});

describe('reading orders', () => {
  test('an order can be read by id and by client id as soon as it was answered, filled or not', async () => {
    api.tables.hold();
    for (const body of [MARKET, RESTING]) {
      const order = await enter({ ...body, client_order_id: `id-${body.type}` });
      expect((await api.call('GET', `/v2/orders/${order.id}`)).body).toEqual(order);
      const byClientId = `/v2/orders:by_client_order_id?client_order_id=id-${body.type}`;
      expect((await api.call('GET', byClientId)).body).toEqual(order);
    }
  });

  test('an order of someone else is not to be found, in memory or in the tables', async () => {
    const open = await enter(RESTING);
    const filled = await enter(MARKET);
    for (const { id } of [open, filled]) {
      for (const method of ['GET', 'DELETE'] as const) {
        expect(await api.call(method, `/v2/orders/${id}`, { key: 'SECOND' })).toEqual({
          status: 404,
          body: { code: 40410000, message: `order not found for ${id}` },
        });
      }
    }
  });

  test.each(['nonsense', 'ffffffff-ffff-4fff-8fff-ffffffffffff', '%00', 'x'.repeat(150)])(
    'the id %s is no order',
    async (id) => {
      const response = await api.call('GET', `/v2/orders/${id}`);
      expect([response.status, response.body]).toEqual([
        404,
        { code: 40410000, message: expect.stringMatching(/^order not found for /) },
      ]);
    },
  );

  test('lists: open by default, closed, all; newest first', async () => {
    const first = await enter(RESTING);
    const second = await enter(MARKET);
    const third = await enter(RESTING);
    const ids = async (query: string): Promise<readonly string[]> => {
      const { status, body } = await api.call('GET', `/v2/orders${query}`);
      expect([status, body]).toEqual([200, expect.any(Array)]);
      return (body as AlpacaOrder[]).map(({ id }) => id);
    };
    expect(await ids('')).toEqual([third.id, first.id]);
    expect(await ids('?status=closed')).toEqual([second.id]);
    expect(await ids('?status=all')).toEqual([third.id, second.id, first.id]);
    expect(await ids('?status=all&direction=asc&limit=2')).toEqual([first.id, second.id]);
    expect(await ids(`?status=all&before_order_id=${third.id}`)).toEqual([second.id, first.id]);
    expect(await ids(`?after_order_id=${first.id}`)).toEqual([third.id]);
    expect(await ids('?status=all&side=sell')).toEqual([]);
    expect(await ids('?symbols=AIG,NOPE')).toEqual([]);
    expect(await ids('?symbols=BAC&nested=True')).toEqual([third.id, first.id]);
    expect(await ids('?status=all&until=2013-10-07T13:30:00Z')).toEqual([]);
    expect(await ids('?status=all&after=2013-10-07T09:29:59-04:00&limit=1')).toEqual([third.id]);
    expect(await api.call('GET', '/v2/orders?status=all', { key: 'SECOND' })).toEqual({
      status: 200,
      body: [],
    });
  });

  test('a list of all orders waits for the tables and shows open orders as they stand', async () => {
    api.tables.hold();
    const filled = await enter(MARKET);
    const canceled = await enter(RESTING);
    const list = api.call('GET', '/v2/orders?status=all');
    await api.call('DELETE', `/v2/orders/${canceled.id}`);
    api.tables.release();
    const rows = (await list).body as AlpacaOrder[];
    expect(rows.map(({ id, status }) => [id, status])).toEqual([
      [canceled.id, 'canceled'],
      [filled.id, 'filled'],
    ]);
  });

  test.each([
    'status=new',
    'limit=0',
    'limit=501',
    'limit=-1',
    'limit=1e2',
    'after=yesterday',
    'until=2013-02-30',
    'direction=up',
    'side=both',
    'before_order_id=7',
    'nested=perhaps',
    'status=open&status=all',
    'asset_class=crypto',
  ])('the query %s is refused', async (query) => {
    const { status, body } = await api.call('GET', `/v2/orders?${query}`);
    expect([status, body]).toEqual([
      422,
      { code: 40010001, message: expect.stringMatching(/^invalid \w+: /) },
    ]);
  });
});

describe('canceling', () => {
  test('DELETE cancels, and may be repeated', async () => {
    const order = await enter(RESTING);
    expect((await api.call('DELETE', `/v2/orders/${order.id}`)).status).toBe(204);
    expect((await api.call('DELETE', `/v2/orders/${order.id}`)).status).toBe(204);
    expect((await api.call('GET', `/v2/orders/${order.id}`)).body).toMatchObject({
      status: 'canceled',
      canceled_at: '2013-10-07T13:30:00Z',
    });
  });

  test('a filled order can no longer be canceled', async () => {
    const order = await enter(MARKET);
    expect(await api.call('DELETE', `/v2/orders/${order.id}`)).toEqual({
      status: 422,
      body: { code: 42210000, message: 'order is already in "filled" state' },
    });
  });

  test('all open orders, one part each', async () => {
    const orders = [await enter(RESTING), await enter(RESTING)];
    await enter(RESTING, 'SECOND');
    const { status, body } = await api.call('DELETE', '/v2/orders');
    expect(status).toBe(207);
    expect(body).toEqual(expect.arrayContaining(orders.map(({ id }) => ({ id, status: 200 }))));
    expect((await api.call('GET', '/v2/orders')).body).toEqual([]);
    expect((await api.call('GET', '/v2/orders', { key: 'SECOND' })).body).toHaveLength(1);
    expect(await api.call('DELETE', '/v2/orders')).toEqual({ status: 207, body: [] });
  });
});
