import {
  type AlpacaBar,
  alpacaBarSchema,
  type AlpacaQuote,
  alpacaQuoteSchema,
  alpacaSnapshotSchema,
  type AlpacaTrade,
  alpacaTradeSchema,
} from '@rialto/contracts/alpaca/market-data';
import { MICROS_PER_MINUTE, type Micros } from '@rialto/engine/values/time';
import type { BarView } from '@rialto/engine/venue/views';
import { Check } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, MINUTES, OPEN } from '../testing/api-fixture.ts';

/** In the tenth minute, after its trades: nine minutes are over. */
const LATE = OPEN + (MINUTES - 1) * MICROS_PER_MINUTE + 40_000_000;

let api: ApiFixture;
beforeEach(async () => {
  api = await createApiFixture(LATE);
});
afterEach(() => api.app.close());

interface Page<Row> {
  readonly bars?: Row;
  readonly trades?: Row;
  readonly quotes?: Row;
  readonly symbol?: string;
  readonly next_page_token: string | null;
}

async function get<T>(url: string): Promise<T> {
  const { status, body } = await api.call('GET', url);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body as T;
}

/** A row of a page, with its symbol. */
interface SymbolRow {
  readonly S: string;
  readonly t: string;
}

/** Reads all pages and how many rows each had. */
async function allPages(
  url: string,
  kind: 'bars' | 'trades' | 'quotes',
): Promise<{ readonly rows: readonly SymbolRow[]; readonly sizes: readonly number[] }> {
  const rows: SymbolRow[] = [];
  const sizes: number[] = [];
  let token: string | null = '';
  while (token !== null) {
    const page: Page<Record<string, { readonly t: string }[]>> = await get(
      `${url}&page_token=${token}`,
    );
    const found = Object.entries(page[kind] ?? {}).flatMap(([S, list]) =>
      list.map((row) => ({ ...row, S })),
    );
    rows.push(...found);
    sizes.push(found.length);
    token = page.next_page_token;
  }
  return { rows, sizes };
}

/** A bar of an earlier run; its price is $0.0001. */
function later(start: number): BarView {
  const price = 1 as BarView['open'];
  return {
    start: start as Micros,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 1,
    notional: 1,
    tradeCount: 1,
  };
}

describe('bars', () => {
  test('minutes that are over, of the current day by default', async () => {
    const page = await get<Page<AlpacaBar[]>>('/v2/stocks/BAC/bars?timeframe=1Min');
    expect(page.symbol).toBe('BAC');
    expect(page.next_page_token).toBeNull();
    expect(page.bars).toHaveLength(9);
    expect(page.bars?.every((bar) => Check(alpacaBarSchema, bar))).toBe(true);
    expect(page.bars?.[0]).toEqual({
      t: '2013-10-07T13:30:00Z',
      o: 13.9,
      h: 13.9,
      l: 13.9,
      c: 13.9,
      v: 100,
      n: 1,
      vw: 13.9,
    });
    expect(page.bars?.at(-1)?.t).toBe('2013-10-07T13:38:00Z');
  });

  test('longer bars are folds; start and end are inclusive', async () => {
    const { bars } = await get<Page<AlpacaBar[]>>(
      '/v2/stocks/BAC/bars?timeframe=5T&start=2013-10-07T09:30:00-04:00&end=2013-10-07T13:35:00Z',
    );
    expect(bars).toEqual([
      { t: '2013-10-07T13:30:00Z', o: 13.9, h: 13.94, l: 13.9, c: 13.94, v: 500, n: 5, vw: 13.92 },
      {
        t: '2013-10-07T13:35:00Z',
        o: 13.95,
        h: 13.98,
        l: 13.95,
        c: 13.98,
        v: 400,
        n: 4,
        vw: 13.965,
      },
    ]);
    const hour = await get<Page<AlpacaBar[]>>('/v2/stocks/BAC/bars?timeframe=1Hour');
    expect(hour.bars).toEqual([expect.objectContaining({ t: '2013-10-07T13:00:00Z', v: 900 })]);
  });

  test('the day, the week and the month contain the day in progress', async () => {
    for (const [timeframe, t, start] of [
      ['1Day', '2013-10-07T04:00:00Z', '2013-10-07'],
      ['1W', '2013-10-07T04:00:00Z', '2013-10-01'],
      ['1Month', '2013-10-01T04:00:00Z', '2013-10-01'],
      ['12M', '2013-01-01T05:00:00Z', '2013-01-01'],
    ]) {
      const url = `/v2/stocks/BAC/bars?timeframe=${timeframe}&start=${start}`;
      const { bars } = await get<Page<AlpacaBar[]>>(url);
      expect(bars).toEqual([expect.objectContaining({ t, o: 13.9, c: 13.99, v: 1_000 })]);
    }
  });

  test('what an earlier run knows of the future is not shown', async () => {
    const midnight = Date.UTC(2013, 9, 7, 4) * 1_000;
    api.tables.addBar('minute', 'BAC', later(OPEN + 9 * MICROS_PER_MINUTE));
    api.tables.addBar('minute', 'BAC', later(OPEN + 60 * MICROS_PER_MINUTE));
    api.tables.addBar('day', 'BAC', later(midnight));
    const minutes = await get<Page<AlpacaBar[]>>(
      '/v2/stocks/BAC/bars?timeframe=1Min&end=2030-01-01',
    );
    expect(minutes.bars).toHaveLength(9);
    const days = await get<Page<AlpacaBar[]>>(
      '/v2/stocks/BAC/bars?timeframe=1Day&start=2013-10-01&end=2030-01-01',
    );
    expect(days.bars).toEqual([expect.objectContaining({ c: 13.99 })]);
  });

  test('pages count rows over all symbols, symbols in order, then time', async () => {
    const url = '/v2/stocks/bars?symbols=BAC,MSFT,AIG&timeframe=1Min';
    const whole = await allPages(`${url}&limit=10000`, 'bars');
    expect(whole.sizes).toEqual([18]);
    for (const limit of [1, 4, 9, 17, 18]) {
      const paged = await allPages(`${url}&limit=${limit}`, 'bars');
      expect(paged.rows).toEqual(whole.rows);
      expect(paged.sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
    }
    expect(whole.rows.map(({ S }) => S)).toEqual([
      ...Array(9).fill('AIG'),
      ...Array(9).fill('BAC'),
    ]);
  });

  test('newest first, in pages', async () => {
    const url = '/v2/stocks/bars?symbols=AIG,BAC&timeframe=2Min&sort=desc';
    const whole = await allPages(url, 'bars');
    expect(whole.rows.map(({ S, t }) => `${S} ${t.slice(11, 16)}`)).toEqual(
      ['AIG', 'BAC'].flatMap((symbol) =>
        ['13:38', '13:36', '13:34', '13:32', '13:30'].map((time) => `${symbol} ${time}`),
      ),
    );
    expect((await allPages(`${url}&limit=3`, 'bars')).rows).toEqual(whole.rows);
  });

  test('nothing in the range, and symbols that are not listed', async () => {
    const empty = { symbol: 'BAC', bars: [], next_page_token: null };
    expect(await get('/v2/stocks/BAC/bars?timeframe=1Min&end=2001-01-02&start=1999-01-01')).toEqual(
      empty,
    );
    expect(await get('/v2/stocks/BAC/bars?timeframe=1Min&start=2020-01-01')).toEqual(empty);
    expect(await get('/v2/stocks/bars?timeframe=1Day&symbols=ZZZZ')).toEqual({
      bars: {},
      next_page_token: null,
    });
  });
});

describe('trades and quotes', () => {
  test('trades with exchange, conditions, id and tape', async () => {
    const { trades } = await get<Page<AlpacaTrade[]>>('/v2/stocks/BAC/trades?limit=1');
    expect(trades).toEqual([
      { t: '2013-10-07T13:30:10Z', x: 'Q', p: 13.9, s: 100, c: ['@'], i: 2, z: 'A' },
    ]);
    expect(Check(alpacaTradeSchema, trades?.[0])).toBe(true);
  });

  test('quotes with both sides', async () => {
    const { quotes } = await get<Page<AlpacaQuote[]>>('/v2/stocks/BAC/quotes?limit=1');
    expect(quotes).toEqual([
      {
        t: '2013-10-07T13:29:30Z',
        ax: 'P',
        ap: 13.91,
        as: 1_200,
        bx: 'N',
        bp: 13.9,
        bs: 1_000,
        c: ['R'],
        z: 'A',
      },
    ]);
    expect(Check(alpacaQuoteSchema, quotes?.[0])).toBe(true);
  });

  test('pages give every row once, both ways', async () => {
    for (const kind of ['trades', 'quotes'] as const) {
      for (const sort of ['asc', 'desc']) {
        const url = `/v2/stocks/${kind}?symbols=AIG,BAC&sort=${sort}&feed=iex&asof=-&currency=USD`;
        const whole = await allPages(url, kind);
        expect(whole.rows).toHaveLength(kind === 'trades' ? 20 : 12);
        for (const limit of [1, 3, 7]) {
          expect((await allPages(`${url}&limit=${limit}`, kind)).rows).toEqual(whole.rows);
        }
      }
    }
  });

  test('a read waits until the tables hold what the replica has seen', async () => {
    api.tables.hold();
    api.playTo(LATE + 60_000_000);
    const pending = get<Page<AlpacaBar[]>>('/v2/stocks/BAC/bars?timeframe=1Min');
    await new Promise((resolve) => setTimeout(resolve, 20));
    api.tables.release();
    expect((await pending).bars).toHaveLength(10);
  });
});

describe('the newest', () => {
  test('bars, trades and quotes of many symbols and of one', async () => {
    const bars = await get<{ bars: object }>('/v2/stocks/bars/latest?symbols=BAC,MSFT,ZZZZ');
    expect(bars).toEqual({
      bars: { BAC: expect.objectContaining({ t: '2013-10-07T13:38:00Z', c: 13.98 }) },
    });
    expect(await get('/v2/stocks/BAC/trades/latest?feed=delayed_sip')).toEqual({
      symbol: 'BAC',
      trade: expect.objectContaining({ p: 13.99, t: '2013-10-07T13:39:10Z' }),
    });
    expect(await get('/v2/stocks/BAC/quotes/latest')).toEqual({
      symbol: 'BAC',
      quote: expect.objectContaining({ bp: 13.99, ap: 14 }),
    });
  });

  test('snapshots of many symbols and of one', async () => {
    const snapshots = await get<Record<string, object>>('/v2/stocks/snapshots?symbols=BAC,MSFT');
    expect(await get('/v1beta1/stocks/snapshots?symbols=BAC,MSFT')).toEqual(snapshots);
    expect(Object.keys(snapshots)).toEqual(['BAC']);
    expect(Check(alpacaSnapshotSchema, snapshots['BAC'])).toBe(true);
    expect(snapshots['BAC']).toMatchObject({
      latestTrade: { p: 13.99 },
      latestQuote: { bp: 13.99 },
      minuteBar: { t: '2013-10-07T13:38:00Z' },
      dailyBar: { o: 13.9, c: 13.99, v: 1_000 },
      prevDailyBar: null,
    });
    expect(await get('/v2/stocks/BAC/snapshot')).toEqual({ symbol: 'BAC', ...snapshots['BAC'] });
  });

  test('one symbol of which nothing is known', async () => {
    expect(await api.call('GET', '/v2/stocks/MSFT/trades/latest')).toEqual({
      status: 404,
      body: { message: 'no trade found for MSFT' },
    });
  });
});

describe('queries that are refused', () => {
  test.each([
    ['/v2/stocks/bars?timeframe=1Min', 'symbols is required'],
    ['/v2/stocks/bars?timeframe=1Min&symbols=,', 'symbols is required'],
    ['/v2/stocks/bars?timeframe=1Min&symbols=bac', 'invalid symbol: bac'],
    ['/v2/stocks/BAC%3B/bars?timeframe=1Min', 'invalid symbol: BAC;'],
    ['/v2/stocks/BAC/bars', 'invalid timeframe: '],
    ['/v2/stocks/BAC/bars?timeframe=60Min', 'invalid timeframe: 60Min'],
    ['/v2/stocks/BAC/bars?timeframe=24H', 'invalid timeframe: 24H'],
    ['/v2/stocks/BAC/bars?timeframe=0Min', 'invalid timeframe: 0Min'],
    ['/v2/stocks/BAC/bars?timeframe=2Day', 'invalid timeframe: 2Day'],
    ['/v2/stocks/BAC/bars?timeframe=5Month', 'invalid timeframe: 5Month'],
    ['/v2/stocks/BAC/bars?timeframe=1min', 'invalid timeframe: 1min'],
    ['/v2/stocks/BAC/bars?timeframe=1Min&adjustment=none', 'invalid adjustment: none'],
    ['/v2/stocks/BAC/trades?start=yesterday', 'invalid start: yesterday'],
    ['/v2/stocks/BAC/trades?start=2013-10-08&end=2013-10-07', 'end should not be before start'],
    ['/v2/stocks/BAC/trades?limit=0', 'invalid limit: 0. limit must be between 1 and 10000'],
    [
      '/v2/stocks/BAC/trades?limit=10001',
      'invalid limit: 10001. limit must be between 1 and 10000',
    ],
    ['/v2/stocks/BAC/trades?sort=up', 'invalid sort: up'],
    ['/v2/stocks/BAC/trades?feed=x', 'invalid feed: x'],
    ['/v2/stocks/BAC/trades?currency=EUR', 'invalid currency: EUR'],
    ['/v2/stocks/BAC/trades?asof=then', 'invalid asof: then'],
    ['/v2/stocks/BAC/trades?page_token=%21', 'invalid page_token'],
    ['/v2/stocks/BAC/trades?page_token=QUlHfDF8Mg', 'invalid page_token'],
    ['/v2/stocks/BAC/trades?start=1&start=2', 'invalid start: 1,2'],
    ['/v2/stocks/quotes/latest?symbols=BAC&feed=x', 'invalid feed: x'],
  ])('%s', async (url, message) => {
    expect(await api.call('GET', url)).toEqual({ status: 400, body: { message } });
  });
});
