import { alpacaAccountSchema } from '@rialto/contracts/alpaca/account';
import { alpacaAssetSchema } from '@rialto/contracts/alpaca/asset';
import {
  alpacaCalendarDaySchema,
  alpacaClockSchema,
  alpacaMarketCalendarSchema,
  alpacaMarketClocksSchema,
} from '@rialto/contracts/alpaca/market-hours';
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';
import { alpacaPositionSchema } from '@rialto/contracts/alpaca/position';
import { Check } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, OPEN } from '../testing/api-fixture.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await createApiFixture();
});
afterEach(() => api.app.close());

const BUY = { symbol: 'BAC', qty: '100', side: 'buy', type: 'market', time_in_force: 'day' };

async function get(url: string): Promise<unknown> {
  const { status, body } = await api.call('GET', url);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body;
}

describe('account', () => {
  test('a fresh account has its opening cash and nothing else', async () => {
    const account = await get('/v2/account');
    expect(Check(alpacaAccountSchema, account)).toBe(true);
    expect(account).toMatchObject({
      id: '0a2e5cf4-1111-4222-8333-000000000000',
      account_number: 'RI1',
      status: 'ACTIVE',
      cash: '100000',
      equity: '100000',
      buying_power: '100000',
      position_market_value: '0',
      balance_asof: '2013-10-04',
      multiplier: '1',
    });
  });

  test('after a purchase equity is cash plus shares at the last trade', async () => {
    await api.call('POST', '/v2/orders', { body: BUY });
    api.playTo(OPEN + 75_000_000);
    expect(await get('/v2/account')).toMatchObject({
      cash: '98609',
      position_market_value: '1391',
      equity: '100000',
      buying_power: '98609',
      last_equity: '100000',
    });
  });

  test('an open order reserves buying power', async () => {
    const body = { ...BUY, type: 'limit', limit_price: '13.00' };
    await api.call('POST', '/v2/orders', { body });
    expect(await get('/v2/account')).toMatchObject({ cash: '100000', buying_power: '98700' });
  });
});

describe('positions', () => {
  test('none at first', async () => {
    expect(await get('/v2/positions')).toEqual([]);
    expect(await api.call('GET', '/v2/positions/BAC')).toEqual({
      status: 404,
      body: { code: 40410000, message: 'position does not exist' },
    });
    expect((await api.call('GET', '/v2/positions/NOPE')).status).toBe(404);
    expect((await api.call('DELETE', '/v2/positions/BAC')).status).toBe(404);
  });

  test('a position is valued at the last trade, by symbol and by asset id', async () => {
    await api.call('POST', '/v2/orders', { body: BUY });
    const sale = { ...BUY, side: 'sell', type: 'limit', limit_price: '15.00', qty: '30' };
    await api.call('POST', '/v2/orders', { body: sale });
    api.playTo(OPEN + 135_000_000);
    const position = await get('/v2/positions/BAC');
    expect(Check(alpacaPositionSchema, position)).toBe(true);
    expect(position).toEqual({
      asset_id: 'b0b6dd9d-8b9b-48a9-ba46-b9d54906e411',
      symbol: 'BAC',
      exchange: 'NYSE',
      asset_class: 'us_equity',
      asset_marginable: false,
      side: 'long',
      qty: '100',
      qty_available: '70',
      avg_entry_price: '13.91',
      cost_basis: '1391',
      market_value: '1392',
      current_price: '13.92',
      lastday_price: '13.9',
      change_today: '0.00143885',
      unrealized_pl: '1',
      unrealized_plpc: '0.00071891',
      unrealized_intraday_pl: '1',
      unrealized_intraday_plpc: '0.00071891',
    });
    expect(await get('/v2/positions/b0b6dd9d-8b9b-48a9-ba46-b9d54906e411')).toEqual(position);
    expect(await get('/v2/positions')).toEqual([position]);
  });

  test.each([
    ['all of it', '', '100', undefined],
    ['a quantity', '?qty=25', '25', '75'],
    ['half', '?percentage=50', '50', '50'],
    ['a fine part', '?percentage=12.3456789', '12.3456789', '87.6543211'],
  ])('closing %s', async (_name, query, sold, left) => {
    await api.call('POST', '/v2/orders', { body: BUY });
    const { status, body } = await api.call('DELETE', `/v2/positions/BAC${query}`);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ side: 'sell', type: 'market', qty: sold, status: 'filled' }),
    ]);
    const { body: position } = await api.call('GET', '/v2/positions/BAC');
    if (left === undefined) expect(position).toMatchObject({ code: 40410000 });
    else expect(position).toMatchObject({ qty: left });
  });

  test.each([
    ['?qty=1&percentage=1', 'only one of qty or percentage is accepted'],
    ['?qty=0', 'qty must be > 0'],
    ['?qty=-1', 'qty must be > 0'],
    ['?qty=x', 'invalid qty: x'],
    ['?percentage=0', 'percentage must be > 0 and <= 100'],
    ['?percentage=100.0000001', 'percentage must be > 0 and <= 100'],
    ['?percentage=0.00000001', 'percentage must be > 0 and <= 100'],
    ['?percentage=1e2', 'invalid percentage: 1e2'],
  ])('closing with %s is refused', async (query, message) => {
    await api.call('POST', '/v2/orders', { body: BUY });
    expect(await api.call('DELETE', `/v2/positions/BAC${query}`)).toEqual({
      status: 422,
      body: { code: 40010001, message },
    });
  });

  test('closing more than there is', async () => {
    await api.call('POST', '/v2/orders', { body: BUY });
    const { status, body } = await api.call('DELETE', '/v2/positions/BAC?qty=101');
    expect([status, body]).toEqual([
      403,
      expect.objectContaining({
        message: 'insufficient qty available for order (requested: 101, available: 100)',
      }),
    ]);
  });

  test('closing all positions answers one part each, with an error where shares are held', async () => {
    await api.call('POST', '/v2/orders', { body: BUY });
    await api.call('POST', '/v2/orders', { body: { ...BUY, symbol: 'AIG', qty: '10' } });
    const sale = { ...BUY, side: 'sell', type: 'limit', limit_price: '15.00' };
    await api.call('POST', '/v2/orders', { body: sale });
    const refused = await api.call('DELETE', '/v2/positions');
    expect(refused.status).toBe(207);
    expect(refused.body).toHaveLength(2);
    expect(refused.body).toEqual(
      expect.arrayContaining([
        { symbol: 'AIG', status: 200, body: expect.objectContaining({ status: 'filled' }) },
        { symbol: 'BAC', status: 403, body: expect.objectContaining({ code: 40310000 }) },
      ]),
    );
    const closed = await api.call('DELETE', '/v2/positions?cancel_orders=True');
    expect(closed.body).toEqual([
      { symbol: 'BAC', status: 200, body: expect.objectContaining({ qty: '100' }) },
    ]);
    expect(await get('/v2/positions')).toEqual([]);
  });
});

describe('assets', () => {
  test('all instruments, filtered and one by one', async () => {
    const assets = (await get('/v2/assets')) as { symbol: string; id: string }[];
    expect(assets.map(({ symbol }) => symbol)).toEqual(['AIG', 'BAC', 'MSFT']);
    for (const asset of assets) {
      expect(Check(alpacaAssetSchema, asset)).toBe(true);
      expect(await get(`/v2/assets/${asset.symbol}`)).toEqual(asset);
      expect(await get(`/v2/assets/${asset.id}`)).toEqual(asset);
    }
    expect(await get('/v2/assets?exchange=NASDAQ&status=active&asset_class=us_equity')).toEqual([
      expect.objectContaining({ symbol: 'MSFT' }),
    ]);
    expect(await get('/v2/assets?status=inactive')).toEqual([]);
    expect(await api.call('GET', '/v2/assets/NOPE')).toEqual({
      status: 404,
      body: { code: 40410000, message: 'asset not found for NOPE' },
    });
    expect((await api.call('GET', '/v2/assets?asset_class=crypto')).status).toBe(422);
  });
});

describe('clock and calendar', () => {
  test('the clock shows venue time with the New York offset', async () => {
    const clock = await get('/v2/clock');
    expect(Check(alpacaClockSchema, clock)).toBe(true);
    expect(clock).toEqual({
      timestamp: '2013-10-07T09:30:00-04:00',
      is_open: true,
      next_open: '2013-10-08T09:30:00-04:00',
      next_close: '2013-10-07T16:00:00-04:00',
    });
  });

  test('the calendar knows half days, holidays and settlement', async () => {
    const days = await get('/v2/calendar?start=2013-11-27&end=2013-12-02');
    expect((days as unknown[]).every((day) => Check(alpacaCalendarDaySchema, day))).toBe(true);
    expect(days).toEqual([
      {
        date: '2013-11-27',
        open: '09:30',
        close: '16:00',
        session_open: '0400',
        session_close: '2000',
        settlement_date: '2013-12-03',
      },
      {
        date: '2013-11-29',
        open: '09:30',
        close: '13:00',
        session_open: '0400',
        session_close: '1700',
        settlement_date: '2013-12-04',
      },
      expect.objectContaining({ date: '2013-12-02', settlement_date: '2013-12-05' }),
    ]);
    expect(await get('/v2/calendar?start=2024-05-28&end=2024-05-28T20:00:00Z')).toEqual([
      expect.objectContaining({ settlement_date: '2024-05-29' }),
    ]);
    expect(await get('/v2/calendar?start=2013-10-05&end=2013-10-06')).toEqual([]);
    const all = (await get('/v2/calendar')) as { date: string }[];
    expect([all[0]?.date, all.at(-1)?.date]).toEqual(['1998-01-02', '2028-12-29']);
    expect((await api.call('GET', '/v2/calendar?start=2013-02-30')).status).toBe(422);
  });

  test('the calendar takes midnight UTC as the date, as clients write dates', async () => {
    const range = 'start=2013-10-08T00:00:00.000Z&end=2013-10-09T00:00:00.000Z';
    expect(await get(`/v2/calendar?${range}`)).toMatchObject([
      { date: '2013-10-08' },
      { date: '2013-10-09' },
    ]);
  });

  test('the clock by market names the session and when it ends', async () => {
    const clocks = await get('/v3/clock');
    expect(Check(alpacaMarketClocksSchema, clocks)).toBe(true);
    expect(clocks).toMatchObject({
      clocks: [{ market: { mic: 'XNYS' } }, { market: { mic: 'XNAS' } }],
    });
    expect(await get('/v3/clock?markets=NYSE&time=2013-11-29T18:00:00Z')).toEqual({
      clocks: [
        {
          market: {
            mic: 'XNYS',
            acronym: 'NYSE',
            name: 'New York Stock Exchange',
            timezone: 'America/New_York',
          },
          timestamp: '2013-11-29T13:00:00-05:00',
          is_market_day: true,
          phase: 'post',
          phase_until: '2013-11-29T17:00:00-05:00',
          next_market_open: '2013-12-02T09:30:00-05:00',
          next_market_close: '2013-12-02T16:00:00-05:00',
        },
      ],
    });
    expect(await api.call('GET', '/v3/clock?markets=LSE')).toEqual({
      status: 422,
      body: { code: 40010001, message: 'invalid markets: LSE' },
    });
  });

  test('the calendar by market writes sessions as instants, a week unless asked for more', async () => {
    const week = await get('/v3/calendar/NYSE');
    expect(Check(alpacaMarketCalendarSchema, week)).toBe(true);
    expect((week as { calendar: unknown[] }).calendar).toHaveLength(6);
    const range = 'start=2013-11-28&end=2013-11-30&timezone=UTC';
    expect(await get(`/v3/calendar/XNAS?${range}`)).toMatchObject({
      market: { acronym: 'NASDAQ' },
      calendar: [
        {
          date: '2013-11-29',
          pre_start: '2013-11-29T09:00:00Z',
          pre_end: '2013-11-29T14:30:00Z',
          core_start: '2013-11-29T14:30:00Z',
          core_end: '2013-11-29T18:00:00Z',
          post_start: '2013-11-29T18:00:00Z',
          post_end: '2013-11-29T22:00:00Z',
          settlement_date: '2013-12-04',
        },
      ],
    });
    expect((await api.call('GET', '/v3/calendar/LSE')).status).toBe(422);
  });
});

test('every order that a client can see matches what its position and cash say', async () => {
  for (const qty of ['3', '0.123456789', '40']) {
    const { body } = await api.call('POST', '/v2/orders', { body: { ...BUY, qty } });
    expect((body as AlpacaOrder).filled_avg_price).toBe('13.91');
  }
  expect(await get('/v2/positions/BAC')).toMatchObject({ qty: '43.123456789' });
});
