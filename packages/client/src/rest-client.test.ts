import { expect, test } from 'vitest';
import { isOutcomeUnknown } from './api-error.ts';
import { RestClient } from './rest-client.ts';

interface Seen {
  url: string;
  method: string;
  headers: Headers;
  body: string;
}

const bar = (t: string): object => ({ t, o: 1, h: 1, l: 1, c: 1, v: 1, n: 1, vw: 1 });

/** A server in a function: remembers requests, answers from a list. */
function fakeServer(answers: readonly (() => Response)[]): {
  client: RestClient;
  seen: Seen[];
} {
  const seen: Seen[] = [];
  const answer: typeof fetch = async (url, init) => {
    const next = answers[seen.length];
    seen.push({
      url: url instanceof Request ? url.url : url.toString(),
      method: init?.method ?? 'GET',
      headers: new Headers(init?.headers),
      body: typeof init?.body === 'string' ? init.body : '',
    });
    if (next === undefined) throw new TypeError('fetch failed');
    return next();
  };
  return { client: new RestClient({ origin: 'http://x', fetch: answer }), seen };
}

const json = (status: number, body: unknown) => (): Response =>
  new Response(JSON.stringify(body), { status });

test('a write carries the page mark and its body as JSON', async () => {
  const { client, seen } = fakeServer([json(200, { id: 'v1', speed: 60 })]);
  const answer = await client.changeClock('v1', { speed: 60 });
  expect(answer).toEqual({ ok: true, value: { id: 'v1', speed: 60 } });
  expect(seen[0]?.method).toBe('POST');
  expect(seen[0]?.url).toBe('http://x/api/v1/venues/v1/clock');
  expect(seen[0]?.headers.get('x-rialto-page')).toBe('1');
  expect(seen[0]?.body).toBe('{"speed":60}');
});

test('a write without a body sends no content type', async () => {
  const { client, seen } = fakeServer([() => new Response(null, { status: 204 })]);
  expect(await client.cancelOrder('a/b')).toEqual({ ok: true, value: undefined });
  expect(seen[0]?.url).toBe('http://x/v2/orders/a%2Fb');
  expect(seen[0]?.headers.has('content-type')).toBe(false);
});

test('a refusal of the trading API keeps its code and words', async () => {
  const { client } = fakeServer([
    json(403, { code: 40310000, message: 'insufficient buying power' }),
  ]);
  const answer = await client.account();
  expect(answer).toEqual({
    ok: false,
    error: { code: '40310000', message: 'insufficient buying power', status: 403 },
  });
});

test('a problem of the platform API gives its code and detail', async () => {
  const { client } = fakeServer([
    json(401, { code: 'not_signed_in', title: 'Unauthorized', detail: 'Sign in first.' }),
  ]);
  const answer = await client.session();
  expect(answer).toEqual({
    ok: false,
    error: { code: 'not_signed_in', message: 'Sign in first.', status: 401 },
  });
});

test('no answer leaves the outcome unknown', async () => {
  const { client } = fakeServer([]);
  const answer = await client.account();
  expect(answer.ok).toBe(false);
  if (answer.ok) return;
  expect(answer.error.code).toBe('network');
  expect(isOutcomeUnknown(answer.error)).toBe(true);
});

test('an answer that is not JSON is a bad answer, with its status', async () => {
  const { client } = fakeServer([() => new Response('<html>', { status: 200 })]);
  const answer = await client.account();
  expect(answer.ok ? '' : answer.error.code).toBe('bad_answer');
});

test('bars are read over all pages', async () => {
  const { client, seen } = fakeServer([
    json(200, { bars: { BAC: [bar('a')] }, next_page_token: 'p2' }),
    json(200, { bars: { BAC: [bar('b')] }, next_page_token: null }),
  ]);
  const answer = await client.bars({ symbol: 'BAC', timeframe: '1Min', start: 's', end: 'e' });
  expect(answer.ok ? answer.value.map((each) => each.t) : []).toEqual(['a', 'b']);
  expect(new URL(seen[1]?.url ?? '').searchParams.get('page_token')).toBe('p2');
});

test('the newest trades of a symbol come newest first, none when there was none', async () => {
  const trade = { t: 't', x: 'N', p: 1, s: 1, c: [], i: 1, z: 'A' };
  const { client, seen } = fakeServer([
    json(200, { trades: { BAC: [trade] }, next_page_token: 'n' }),
    json(200, { trades: null, next_page_token: null }),
  ]);
  const query = { symbol: 'BAC', limit: 60 };
  expect(await client.latestTrades(query)).toEqual({ ok: true, value: [trade] });
  expect(await client.latestTrades(query)).toEqual({ ok: true, value: [] });
  expect(seen[0]?.url).toBe('http://x/v2/stocks/trades?symbols=BAC&limit=60&sort=desc');
});
