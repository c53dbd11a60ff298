/**
 * Generated bad input on every route: never a 5xx, always JSON of the surface's shape, and the
 * state of the venue as it was. Cases are drawn from a fixed seed; a failure prints its case.
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, VENUE_ID } from './testing/api-fixture.ts';

let api: ApiFixture;
let orderId: string;
beforeAll(async () => {
  api = await createApiFixture();
  const body = {
    symbol: 'BAC',
    qty: 5,
    side: 'buy',
    type: 'limit',
    limit_price: 13,
    time_in_force: 'gtc',
  };
  const order = await api.call('POST', '/v2/orders', { body });
  orderId = (order.body as { id: string }).id;
});
afterAll(() => api.app.close());

const anyText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    'NaN',
    '1e400',
    '-1',
    '0',
    '9007199254740993',
    '0x10',
    '../../etc/passwd',
    "' or 1=1 --",
    '%',
    'BAC,BAC',
    'true',
    '__proto__',
    '\u202eBAC',
    'x'.repeat(3_000),
  ),
);

/** Paths with a hole that takes any text. */
const PATHS = [
  '/v2/orders/*',
  '/v2/orders:by_client_order_id?client_order_id=*',
  '/v2/positions/*',
  '/v2/assets/*',
  '/v2/calendar?start=*',
  '/v3/calendar/*',
  '/v3/calendar/NYSE?start=*&timezone=*',
  '/v3/clock?markets=*&time=*',
  '/v2/orders?limit=*',
  '/v2/orders?after=*&until=*',
  '/v2/orders?symbols=*&side=*',
  '/v2/stocks/*/bars?timeframe=1Min',
  '/v2/stocks/BAC/bars?timeframe=*',
  '/v2/stocks/BAC/bars?timeframe=1Day&start=*&end=*',
  '/v2/stocks/bars?timeframe=1Min&symbols=*',
  '/v2/stocks/BAC/trades?page_token=*',
  '/v2/stocks/BAC/quotes?limit=*&sort=*',
  '/v2/stocks/*/snapshot',
  '/v2/stocks/trades/latest?symbols=*',
  '/api/v1/venues/*',
  '/api/v1/venues?cursor=*&limit=*',
  '/api/v1/fills?cursor=*',
  '/*',
];

const inPath = fc
  .tuple(fc.constantFrom(...PATHS), anyText, fc.constantFrom('GET', 'HEAD', 'PUT', 'PATCH'))
  .map(([path, text, method]) => ({
    method: method as 'GET',
    url: path.replaceAll('*', () => encodeURIComponent(Buffer.from(text).toString())),
    payload: undefined,
  }));

const field = fc.oneof(anyText, fc.double(), fc.integer(), fc.jsonValue({ maxDepth: 3 }));

/** Bodies that are always refused: none has a side. */
const inBody = fc
  .tuple(
    fc.constantFrom('/v2/orders', `/api/v1/venues/${VENUE_ID}/clock`),
    fc.oneof(
      fc.dictionary(fc.constantFrom('symbol', 'qty', 'type', 'limit_price', 'speeds'), field, {
        minKeys: 1,
      }),
      fc.jsonValue({ maxDepth: 2 }),
      fc.string(),
    ),
    fc.boolean(),
  )
  .map(([url, value, truncated]) => {
    const text = JSON.stringify(value);
    return { method: 'POST' as const, url, payload: truncated ? text.slice(0, -1) : text };
  });

async function isRefusedOrHarmless(request: {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly payload: string | undefined;
}): Promise<void> {
  const { payload, ...rest } = request;
  const response = await api.app.inject({
    ...rest,
    ...(payload === undefined ? {} : { payload }),
    headers: { 'apca-api-key-id': 'FIRST', 'content-type': 'application/json' },
  });
  expect(response.statusCode).toBeLessThan(500);
  if (request.method === 'POST') expect(response.statusCode).toBeGreaterThanOrEqual(400);
  if (response.statusCode < 400 || response.body === '') return;
  expect(response.headers['content-type']).toMatch(/^application\/(problem\+)?json/);
  const body: object = response.json();
  expect('message' in body || 'detail' in body).toBe(true);
  expect(response.body.length).toBeLessThan(1_000);
}

const RUNS = 1_500;

test('any text in any path or query', { timeout: 240_000 }, async () => {
  const hash = api.replica.venue.stateHash();
  await fc.assert(fc.asyncProperty(inPath, isRefusedOrHarmless), { numRuns: RUNS, seed: 1 });
  expect(api.replica.venue.stateHash()).toBe(hash);
});

test('any body', { timeout: 240_000 }, async () => {
  const hash = api.replica.venue.stateHash();
  await fc.assert(fc.asyncProperty(inBody, isRefusedOrHarmless), { numRuns: RUNS, seed: 1 });
  expect(api.replica.venue.stateHash()).toBe(hash);
});

test('after all that the API still works', async () => {
  expect((await api.call('GET', `/v2/orders/${orderId}`)).status).toBe(200);
  expect((await api.call('DELETE', `/v2/orders/${orderId}`)).status).toBe(204);
  expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
});
