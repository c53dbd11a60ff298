import type { FastifyInstance } from 'fastify';
import * as fc from 'fast-check';
import { connect } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LogStorageError } from '../../log/log.ts';
import { createMetricsRegistry } from './metrics.ts';
import { BODY_BYTES_MAX, createHttpServer } from './server.ts';

let app: FastifyInstance;
let port: number;
let storeMissing: string | undefined;

beforeAll(async () => {
  app = await createHttpServer({
    logger: pino({ level: 'silent' }),
    registry: createMetricsRegistry(),
    checks: [{ name: 'store', check: () => storeMissing }],
    version: '0.0.0-test',
    parts: [
      (scope) => {
        for (const prefix of ['/v2/things', '/v2/stocks/things', '/api/v1/things']) {
          scope.post(prefix, (request) => ({ body: request.body ?? null }));
          scope.delete(`${prefix}/:id`, (_request, reply) => reply.status(204).send());
          scope.get(`${prefix}/later`, async () => {
            await new Promise((resolve) => setImmediate(resolve));
            return {};
          });
          scope.get(`${prefix}/broken`, () => {
            throw new Error('select secret from password at /home/me');
          });
          scope.get(`${prefix}/unrecorded`, () => {
            throw new LogStorageError('log_storage_full', 'no space left at /home/me');
          });
        }
      },
    ],
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;
});

afterAll(() => app.close());

function post(url: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  return app.inject({
    method: 'POST',
    url,
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

test('a command that the storage refused is answered with 503 and may be sent again', async () => {
  const trading = await app.inject('/v2/things/unrecorded');
  expect([trading.statusCode, trading.json()]).toEqual([
    503,
    { code: 50310001, message: 'nothing was done, try again' },
  ]);
  const platform = await app.inject('/api/v1/things/unrecorded');
  expect([platform.statusCode, platform.json().code]).toEqual([503, 'storage_unavailable']);
});

describe('bodies', () => {
  test('DELETE with an empty content type is taken (JS client 3)', async () => {
    const response = await app.inject({
      method: 'DELETE',
      url: '/v2/things/1',
      headers: { 'content-type': '' },
    });
    expect(response.statusCode).toBe(204);
  });

  test('DELETE that announces JSON and sends nothing is taken (TypeScript client)', async () => {
    const response = await app.inject({
      method: 'DELETE',
      url: '/v2/things/1',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.statusCode).toBe(204);
  });

  test('an Alpaca route reads JSON under any type; the platform insists on a JSON type', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post('/v2/things', '{"a":1}', form)).json()).toEqual({ body: { a: 1 } });
    const refused = await post('/api/v1/things', '{"a":1}', form);
    expect([refused.statusCode, refused.json().code]).toEqual([415, 'media_type_unsupported']);
    const typed = { 'content-type': 'application/json; charset=utf-8' };
    expect((await post('/api/v1/things', '{"a":1}', typed)).statusCode).toBe(200);
  });

  test.each([
    ['truncated', '{"a":'],
    ['not JSON', 'a=1'],
    ['NaN', '{"a":NaN}'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['a key twice', '{"a":1,"a":2}'],
    ['a key twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a key twice in a nested object', '{"x":[{"a":1,"a":2}]}'],
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['__proto__ escaped', '{"__pro\\u0074o__":{}}'],
    ['constructor', '{"constructor":{"prototype":{}}}'],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`],
    ['a million brackets', '['.repeat(200_000)],
  ])('%s is refused', async (_name, body) => {
    const response = await post('/v2/things', body);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toEqual({ code: 40010000, message: 'request body format is invalid' });
  });

  test('the same key in different objects and 32 levels are fine', async () => {
    const body = [{ a: 1, b: { a: 2 } }, { a: 3 }];
    expect((await post('/v2/things', JSON.stringify(body))).json()).toEqual({ body });
    expect((await post('/v2/things', `${'['.repeat(32)}${']'.repeat(32)}`)).statusCode).toBe(200);
  });

  test('bytes that are no UTF-8 are refused', async () => {
    expect((await post('/v2/things', Buffer.from('{"a":"\xff"}', 'latin1'))).statusCode).toBe(400);
  });

  test('256 KiB are taken, one byte more is not', async () => {
    const fits = JSON.stringify('x'.repeat(BODY_BYTES_MAX - 2));
    expect((await post('/v2/things', fits)).statusCode).toBe(200);
    const large = await post('/v2/things', `${fits} `);
    expect([large.statusCode, large.json().code]).toEqual([413, 41310000]);
  });

  test('a compressed body is refused', async () => {
    expect((await post('/v2/things', '{}', { 'content-encoding': 'gzip' })).statusCode).toBe(415);
  });

  test('any JSON value comes back as it was sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), async (value) => {
        const sent = JSON.stringify(value);
        const response = await post('/v2/things', sent);
        // An object may hold a key that we refuse; anything else must pass unchanged.
        if (response.statusCode === 400) expect(sent).toMatch(/__proto__|constructor/);
        else expect(response.json()).toEqual({ body: JSON.parse(sent) });
      }),
      { numRuns: 300 },
    );
  });

  test('no bytes make a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const response = await post('/v2/things', Buffer.from(bytes));
        expect([200, 400]).toContain(response.statusCode);
      }),
      { numRuns: 500 },
    );
  });
});

describe('errors', () => {
  test('each surface has its own shape', async () => {
    expect((await app.inject('/v2/nothing')).json()).toEqual({
      code: 40410000,
      message: 'endpoint not found',
    });
    expect((await app.inject('/v2/stocks/nothing')).json()).toEqual({
      message: 'endpoint not found',
    });
    const problem = await app.inject('/api/v1/nothing');
    expect(problem.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(problem.json()).toEqual({
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      code: 'route_unknown',
      detail: 'There is nothing at this path.',
      request_id: problem.headers['x-request-id'],
    });
  });

  test('a known path under another method is 405 and says which are allowed', async () => {
    const response = await app.inject({ method: 'PUT', url: '/v2/things' });
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'POST']);
    expect(response.json()).toEqual({ code: 40510000, message: 'method not allowed' });
  });

  test.each(['/v2/things/broken', '/v2/stocks/things/broken', '/api/v1/things/broken'])(
    'a bug behind %s leaks nothing',
    async (url) => {
      const response = await app.inject(url);
      expect(response.statusCode).toBe(500);
      expect(response.body).not.toMatch(/secret|home|select|\bat\b /);
    },
  );

  test('a malformed path and a too long parameter are refused', async () => {
    expect((await app.inject('/v2/things/%zz')).statusCode).toBe(400);
    const long = await app.inject({ method: 'DELETE', url: `/v2/things/${'x'.repeat(300)}` });
    expect(long.statusCode).toBe(414);
  });
});

describe('every response', () => {
  test.each(['/healthz', '/v2/nothing', '/api/v1/nothing', '/docs/', '/metrics'])(
    '%s carries a request id and the security headers',
    async (url) => {
      const { headers } = await app.inject(url);
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toContain("default-src '");
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['server']).toBeUndefined();
    },
  );

  test('a trailing slash needs no redirect, and HEAD answers like GET', async () => {
    expect((await app.inject('/healthz/')).statusCode).toBe(200);
    const head = await app.inject({ method: 'HEAD', url: '/healthz' });
    expect([head.statusCode, head.body]).toEqual([200, '']);
  });
});

describe('operations', () => {
  test('readiness names what is missing', async () => {
    expect((await app.inject('/readyz')).json()).toEqual({
      status: 'ready',
      checks: { store: 'ok' },
    });
    storeMissing = 'tables are 9 s behind';
    const response = await app.inject('/readyz');
    storeMissing = undefined;
    expect([response.statusCode, response.json()]).toEqual([
      503,
      { status: 'not ready', checks: { store: 'tables are 9 s behind' } },
    ]);
  });

  test('metrics count responses by route pattern', async () => {
    await app.inject({ method: 'DELETE', url: '/v2/things/77' });
    const { body } = await app.inject('/metrics');
    expect(body).toMatch(
      /http_request_duration_seconds_count\{method="DELETE",route="\/v2\/things\/:id",status="204"\} \d/,
    );
    expect(body).not.toContain('/v2/things/77');
    expect(body).toContain('process_resident_memory_bytes');
  });

  test('the API reference is there, offline', async () => {
    const document = (await app.inject('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/healthz');
    const page = await app.inject('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/https?:\/\/(?!localhost)/);
    expect(page.headers['content-security-policy']).not.toMatch(/https|upgrade|\.io/);
  });
});

/** What the server answers to raw bytes before it closes the connection. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('bytes that are no HTTP request', () => {
  test.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
    ],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['long headers', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s: answered as JSON and closed', async (_name, bytes, status) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toHaveProperty('message');
  });

  test('a whole request before them is answered first', async () => {
    const request = 'GET /v2/things/later HTTP/1.1\r\nHost: a\r\n\r\n';
    const answer = await raw(`${request}${request}{"a":1}`);
    const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]);
    expect(statuses).toEqual(['200', '200', '400']);
  });

  test('a request whose own body is malformed is refused at once', async () => {
    const head = 'POST /v2/things HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await raw(`${head}zz\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });
});
