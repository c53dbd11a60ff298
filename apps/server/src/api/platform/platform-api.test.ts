import type { Fill, Venue } from '@rialto/contracts/platform/platform-api';
import { venueSchema } from '@rialto/contracts/platform/platform-schemas';
import { Check } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ApiFixture,
  createApiFixture,
  NEXT_VENUE_ID,
  OPEN,
  VENUE_ID,
} from '../testing/api-fixture.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await createApiFixture();
});
afterEach(() => api.app.close());

const VENUE = `/api/v1/venues/${VENUE_ID}`;
const MARKET = { symbol: 'BAC', qty: '100', side: 'buy', type: 'market', time_in_force: 'day' };

async function get<T>(url: string): Promise<T> {
  const { status, body } = await api.call('GET', url);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body as T;
}

describe('venues', () => {
  test('a venue says what it plays and where its clock stands', async () => {
    const venue = await get<Venue>(VENUE);
    expect(Check(venueSchema, venue)).toBe(true);
    expect(venue).toEqual({
      id: VENUE_ID,
      name: 'Ten minutes',
      run: 1,
      tape: {
        kind: 'recording',
        dataset: 'ten-minutes',
        from: '2013-10-07T13:29:30Z',
        to: '2013-10-07T13:39:30Z',
      },
      time: '2013-10-07T13:30:00Z',
      speed: 1,
      status: 'running',
      session: 'regular',
      progress: 2 / 32,
      seq: api.replica.seq,
      symbols: ['AIG', 'BAC', 'MSFT'],
    });
  });

  test('the list comes in pages', async () => {
    const first = await get<{ venues: Venue[]; next_cursor: string }>('/api/v1/venues?limit=1');
    expect(first.venues.map(({ id }) => id)).toEqual([NEXT_VENUE_ID]);
    const rest = await get<{ venues: Venue[] }>(`/api/v1/venues?cursor=${first.next_cursor}`);
    expect(rest).toMatchObject({ venues: [{ id: VENUE_ID }], next_cursor: null });
  });

  test('the clock changes as asked, and what is not named stays', async () => {
    const faster = await api.call('POST', `${VENUE}/clock`, { body: { speed: 60 } });
    expect([faster.status, faster.body]).toEqual([
      200,
      expect.objectContaining({ speed: 60, status: 'running' }),
    ]);
    const paused = await api.call('POST', `${VENUE}/clock`, { body: { paused: true } });
    expect(paused.body).toMatchObject({ speed: 60, status: 'paused' });
  });

  test.each<[unknown, string]>([
    [{}, 'must NOT have fewer than 1 properties'],
    [{ speed: -1 }, 'must be >= 0'],
    [{ speed: 1e9 }, 'must be <= 10000'],
    [{ speed: '1' }, 'must be number'],
    [{ paused: 'yes' }, 'must be boolean'],
    [{ speed: 1, epoch: 7 }, 'must NOT have additional properties'],
    [[], 'must be object'],
  ])('the clock change %j is refused', async (body, reason) => {
    const hash = api.replica.venue.stateHash();
    const response = await api.call('POST', `${VENUE}/clock`, { body });
    expect([response.status, response.body]).toEqual([
      400,
      expect.objectContaining({ code: 'field_invalid', detail: expect.stringContaining(reason) }),
    ]);
    expect(api.replica.venue.stateHash()).toBe(hash);
  });

  test('a restart asks for the next run and answers with it', async () => {
    const plain = await api.app.inject({
      method: 'POST',
      url: `${VENUE}/restart`,
      headers: { 'apca-api-key-id': 'FIRST' },
    });
    expect([plain.statusCode, plain.json()]).toEqual([
      201,
      expect.objectContaining({ id: NEXT_VENUE_ID, run: 2 }),
    ]);
    const body = { at: '2013-10-07T09:32:00-04:00', speed: 10, paused: true };
    expect((await api.call('POST', `${VENUE}/restart`, { body })).status).toBe(201);
    expect(api.restarts).toEqual([
      { venueId: VENUE_ID },
      { venueId: VENUE_ID, at: OPEN + 120_000_000, speed: 10, paused: true },
    ]);
  });

  test.each([{ at: 'noon' }, { at: '2013-02-30T00:00:00Z' }, { speed: null }, { run: 2 }])(
    'the restart %j is refused',
    async (body) => {
      const response = await api.call('POST', `${VENUE}/restart`, { body });
      expect([response.status, api.restarts]).toEqual([400, []]);
    },
  );

  test('a venue that is not there, or not the own one, is 404 alike', async () => {
    for (const id of ['7f1c2c2e-0000-4000-8000-00000000000f', 'nonsense', NEXT_VENUE_ID]) {
      const url = `/api/v1/venues/${id}/clock`;
      const response = await api.call('POST', url, { body: { speed: 2 } });
      expect([response.status, response.body]).toEqual([
        404,
        expect.objectContaining({ code: 'venue_unknown' }),
      ]);
    }
    expect((await api.call('GET', '/api/v1/venues/nonsense')).status).toBe(404);
  });

  test('a key that may only read changes nothing', async () => {
    const options = { body: { speed: 2 }, key: 'READER' };
    const response = await api.call('POST', `${VENUE}/clock`, options);
    expect([response.status, response.body]).toEqual([
      403,
      expect.objectContaining({ code: 'scope_missing' }),
    ]);
    expect((await api.call('GET', VENUE, { key: 'NOBODY' })).status).toBe(401);
  });
});

describe('fills', () => {
  test('each fill says why it happened', async () => {
    await api.call('POST', '/v2/orders', { body: MARKET });
    const limit = { ...MARKET, type: 'limit', limit_price: '13.90', qty: '10' };
    await api.call('POST', '/v2/orders', { body: limit });
    const sale = { ...MARKET, side: 'sell', type: 'limit', limit_price: '13.92', qty: '7' };
    await api.call('POST', '/v2/orders', { body: sale });
    api.playTo(OPEN + 600_000_000);
    const { fills } = await get<{ fills: Fill[] }>('/api/v1/fills');
    expect(fills.at(-1)).toMatchObject({
      symbol: 'BAC',
      side: 'buy',
      qty: '100',
      price: '13.91',
      time: '2013-10-07T13:30:00Z',
      reason: 'took the displayed offer of 1200 × 13.91 at 2013-10-07T13:29:30Z (tape row 1)',
    });
    const sold = fills.find(({ side }) => side === 'sell');
    expect(sold).toMatchObject({ qty: '7', price: '13.92' });
    expect(sold?.reason).toMatch(/^rested .* \(tape row \d+\)$/);
    const orders = (await get<{ id: string }[]>('/v2/orders?status=all')).map(({ id }) => id);
    expect(fills.every(({ order_id }) => orders.includes(order_id))).toBe(true);
    expect(await get('/api/v1/fills?limit=200')).toMatchObject({ fills, next_cursor: null });
  });

  test('pages give every fill once, newest first; others see nothing', async () => {
    for (let n = 0; n < 5; n++) await api.call('POST', '/v2/orders', { body: MARKET });
    const { fills } = await get<{ fills: Fill[] }>('/api/v1/fills');
    expect(fills).toHaveLength(5);
    const paged: Fill[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await get<{ fills: Fill[]; next_cursor: string | null }>(
        `/api/v1/fills?limit=2${query}`,
      );
      paged.push(...page.fills);
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(fills);
    expect((await api.call('GET', '/api/v1/fills', { key: 'SECOND' })).body).toEqual({
      fills: [],
      next_cursor: null,
    });
  });

  test.each(['limit=0', 'limit=201', 'limit=-1', 'limit=x', 'cursor=x', 'cursor=-1', 'page=2'])(
    'the query %s is refused',
    async (query) => {
      const { status, body } = await api.call('GET', `/api/v1/fills?${query}`);
      expect([status, body]).toEqual([400, expect.objectContaining({ status: 400 })]);
    },
  );
});
