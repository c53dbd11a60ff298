import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../../runtime/random.ts';
import type { Database } from '../../store/database.ts';
import { migrate } from '../../store/migrations/migrate.ts';
import { openTestDatabase } from '../../store/testing/test-database.ts';
import { createVenueRegistry } from '../../venues/venue-registry.ts';
import { authenticated } from '../http/caller.ts';
import { createHttpServer } from '../http/server.ts';
import type { Authentication, Principal } from '../principal.ts';
import { authenticateKeyPair } from '../stream/credentials.ts';
import { FAILURE_FORGOTTEN_AFTER_MS, FAILURES_MAX } from './attempt-limiter.ts';
import { CredentialAuthenticator } from './credential-authenticator.ts';
import {
  hashCredential,
  isKeyPair,
  type KeyPair,
  newKeyPair,
  newToken,
} from './credential-format.ts';
import { CredentialStore } from './credential-store.ts';
import { ensureFirstCredentials } from './first-credentials.ts';
import { FRESH_FOR_MS } from './recent-cache.ts';
import { addSessionRoutes } from './session-routes.ts';

const logger = pino({ level: 'silent' });
const clock = { now: 0, monotonicMs: () => clock.now };
const accountNumber = 'RI0000001';
const ADDRESS = { remoteAddress: '203.0.113.7' };
const VENUE = 'aaaaaaaa-0000-4000-8000-000000000001';
const NEXT_VENUE = 'aaaaaaaa-0000-4000-8000-000000000002';

let database: Database;
let store: CredentialStore;
let authenticator: CredentialAuthenticator;
let app: FastifyInstance;
let userId = '';
let accountId = '';
let pair: KeyPair;
const signedOut: Principal[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  await migrate(database.sql);
  store = new CredentialStore(database.sql, systemRandom);
  userId = await store.createUser('Owner');
  accountId = systemRandom.uuid();
  await openVenue(VENUE);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  pair = newKeyPair(systemRandom);
  await store.addKey(pair, { userId, accountId });
  authenticator = new CredentialAuthenticator({ store, clock, logger });
  app = await createHttpServer({
    logger,
    registry: new Registry(),
    checks: [],
    version: '0.0.0',
    parts: [
      (scope) => addSessionRoutes(scope, { authenticator, credentials: store, onSignedOut }),
      (scope) => {
        scope.post('/api/v1/write', (request) => authenticated(authenticator, 'trade', request));
      },
    ],
  });
  return () => app.close();
});

const onSignedOut = (principal: Principal) => signedOut.push(principal);

async function openVenue(id: string, replaces?: string): Promise<void> {
  const venue = { id, name: 'Replay', run: 1, template: { dataset: 'day', openAt: 0 } };
  const account = { id: accountId, accountNumber, userId, accountIndex: 0 };
  await createVenueRegistry(database.sql).open(venue, [account], replaces);
}

const keyHeaders = ({ keyId, secret }: KeyPair) => ({
  'apca-api-key-id': keyId,
  'apca-api-secret-key': secret,
});
const basic = (text: string) => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});

async function authenticate(
  headers: Record<string, string>,
  socket = ADDRESS,
): Promise<Authentication> {
  return authenticator.authenticate({ headers, method: 'POST', url: '/v2/orders', socket });
}

const wrong = () => authenticate(keyHeaders(newKeyPair(systemRandom)));

const principal = (via: Principal['via']) => ({
  ok: true,
  principal: { userId, venueId: VENUE, account: 0, accountNumber, scope: 'trade', via },
});
const refusal = (reason: string) => ({ ok: false, reason });

async function signInCookie(): Promise<string> {
  const token = await store.createLink(userId);
  const answer = await app.inject({ url: `/sign-in/${token}` });
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

describe('an API key', () => {
  it('speaks for its account, by its own headers and by Basic', async () => {
    expect(await authenticate(keyHeaders(pair))).toEqual(principal('api_key'));
    expect(await authenticate(basic(`${pair.keyId}:${pair.secret}`))).toEqual(principal('api_key'));
  });

  it('is answered without waiting once it is known', async () => {
    await authenticate(keyHeaders(pair));
    const request = { headers: keyHeaders(pair), method: 'GET', url: '/', socket: ADDRESS };
    expect(authenticator.authenticate(request)).toEqual(principal('api_key'));
  });

  it('is stored as a hash only', async () => {
    const rows = await database.sql`select * from api_key where key_id = ${pair.keyId}`;
    expect(JSON.stringify(rows)).not.toContain(pair.secret);
    expect(Buffer.from(rows[0]?.['secret_hash'] as Uint8Array)).toEqual(
      hashCredential(pair.secret),
    );
  });

  it('has 20 characters, a secret of 50 and a checksum that refuses typing errors', () => {
    expect(pair.keyId).toMatch(/^PK[0-9A-Z]{18}$/);
    expect(pair.secret).toMatch(/^rsk_[0-9A-Za-z]{46}$/);
    expect(isKeyPair(pair)).toBe(true);
    for (let i = 4; i < pair.secret.length; i++) {
      const wrong = pair.secret[i] === 'x' ? 'y' : 'x';
      const secret = `${pair.secret.slice(0, i)}${wrong}${pair.secret.slice(i + 1)}`;
      expect(isKeyPair({ ...pair, secret })).toBe(false);
    }
  });

  it.each<[string, (good: KeyPair, other: KeyPair) => Record<string, string>, string]>([
    ['nothing', () => ({}), 'credentials_missing'],
    ['an unknown key', (_good, other) => keyHeaders(other), 'credentials_wrong'],
    [
      'the secret of another key',
      (good, { secret }) => keyHeaders({ ...good, secret }),
      'credentials_wrong',
    ],
    ['a key without secret', ({ keyId }) => ({ 'apca-api-key-id': keyId }), 'credentials_wrong'],
    [
      'a secret without key',
      ({ secret }) => ({ 'apca-api-secret-key': secret }),
      'credentials_wrong',
    ],
    ['an empty secret', ({ keyId }) => keyHeaders({ keyId, secret: '' }), 'credentials_wrong'],
    [
      'a secret with a blank behind',
      ({ keyId, secret }) => keyHeaders({ keyId, secret: `${secret} ` }),
      'credentials_wrong',
    ],
    [
      'a huge secret',
      ({ keyId }) => keyHeaders({ keyId, secret: 'x'.repeat(100_000) }),
      'credentials_wrong',
    ],
    ['SQL', () => keyHeaders({ keyId: "' or 1=1 --", secret: "' or 1=1 --" }), 'credentials_wrong'],
    ['Basic without colon', ({ keyId }) => basic(keyId), 'credentials_wrong'],
    ['Basic that is no base64', () => ({ authorization: 'Basic ä:ö' }), 'credentials_wrong'],
    [
      'a Bearer token',
      ({ secret }) => ({ authorization: `Bearer ${secret}` }),
      'credentials_wrong',
    ],
    ['a cookie that is no token', () => ({ cookie: 'rialto_session=x' }), 'credentials_wrong'],
  ])('is refused: %s', async (_what, headers, reason) => {
    expect(await authenticate(headers(pair, newKeyPair(systemRandom)))).toEqual(refusal(reason));
  });

  it('outranks a cookie: a wrong key is not saved by a good session', async () => {
    const cookie = await signInCookie();
    const wrong = { ...keyHeaders(newKeyPair(systemRandom)), cookie, 'x-rialto-page': '1' };
    expect(await authenticate(wrong)).toEqual(refusal('credentials_wrong'));
  });

  it('is dead at once where it was revoked, and within a second elsewhere', async () => {
    const elsewhere = new CredentialAuthenticator({ store, clock, logger });
    const request = { headers: keyHeaders(pair), method: 'GET', url: '/', socket: ADDRESS };
    await authenticate(keyHeaders(pair));
    await elsewhere.authenticate(request);
    expect(await store.revokeKey(pair.keyId)).toBe(true);
    expect(await store.revokeKey(pair.keyId)).toBe(false);
    authenticator.forget();
    expect(await authenticate(keyHeaders(pair))).toEqual(refusal('credentials_wrong'));
    expect(await elsewhere.authenticate(request)).toEqual(principal('api_key'));
    clock.now += FRESH_FOR_MS;
    expect(await elsewhere.authenticate(request)).toEqual(refusal('credentials_wrong'));
  });

  it('that is revoked while it is being looked up is not remembered', async () => {
    const answer = authenticate(keyHeaders(pair));
    await store.revokeKey(pair.keyId);
    authenticator.forget();
    await answer;
    expect(await authenticate(keyHeaders(pair))).toEqual(refusal('credentials_wrong'));
  });
});

describe('an address with too many wrong keys', () => {
  it('is the one at the other end of a socket, when they come as messages', async () => {
    const guess = (address: string) =>
      authenticateKeyPair(
        authenticator,
        { key: newKeyPair(systemRandom).keyId, secret: 'guessed' },
        { url: '/stream', address },
      );
    for (let i = 0; i < FAILURES_MAX; i++) await guess('192.0.2.7');
    expect(await guess('192.0.2.7')).toEqual(refusal('too_many_attempts'));
    expect(await guess('192.0.2.8')).toEqual(refusal('credentials_wrong'));
  });

  it('has to wait, while keys that are known to work go on, and other addresses too', async () => {
    await authenticate(keyHeaders(pair));
    for (let i = 0; i < FAILURES_MAX; i++)
      expect(await wrong()).toEqual(refusal('credentials_wrong'));
    expect(await wrong()).toEqual(refusal('too_many_attempts'));
    expect(await authenticate(keyHeaders(pair))).toEqual(principal('api_key'));
    const unknown = newKeyPair(systemRandom);
    await store.addKey(unknown, { userId, accountId });
    expect(await authenticate(keyHeaders(unknown))).toEqual(refusal('too_many_attempts'));
    expect(await authenticate(keyHeaders(unknown), { remoteAddress: '198.51.100.1' })).toEqual(
      principal('api_key'),
    );
  });

  it('does not bar a key that has worked, however long ago', async () => {
    await authenticate(keyHeaders(pair));
    for (let i = 0; i <= FAILURES_MAX; i++) await wrong();
    clock.now += FRESH_FOR_MS + 1;
    expect(await authenticate(keyHeaders(pair))).toEqual(principal('api_key'));
    expect(await wrong()).toEqual(refusal('too_many_attempts'));
  });

  it('may send one more after three seconds', async () => {
    for (let i = 0; i <= FAILURES_MAX; i++) await wrong();
    clock.now += FAILURE_FORGOTTEN_AFTER_MS;
    expect(await wrong()).toEqual(refusal('credentials_wrong'));
    expect(await wrong()).toEqual(refusal('too_many_attempts'));
  });
});

describe('a sign-in link', () => {
  it('signs in once: the cookie is for this site only and out of reach of scripts', async () => {
    const token = await store.createLink(userId);
    const first = await app.inject({ url: `/sign-in/${token}` });
    expect([first.statusCode, first.headers.location]).toEqual([303, '/']);
    expect(first.headers['set-cookie']).toMatch(
      /^rialto_session=rst_[0-9A-Za-z]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    );
    const second = await app.inject({ url: `/sign-in/${token}` });
    expect([second.statusCode, second.headers['set-cookie']]).toEqual([410, undefined]);
    expect(second.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(second.body).toContain('used already or has expired');
  });

  it('signs in one of many that open it at once', async () => {
    const token = await store.createLink(userId);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => app.inject({ url: `/sign-in/${token}` })),
    );
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([
      303, 410, 410, 410, 410, 410, 410, 410,
    ]);
  });

  it('is not used up by a browser that loads ahead, nor by HEAD', async () => {
    const token = await store.createLink(userId);
    const ahead = await app.inject({
      url: `/sign-in/${token}`,
      headers: { 'sec-purpose': 'prefetch;prerender' },
    });
    expect(ahead.statusCode).toBe(503);
    expect((await app.inject({ method: 'HEAD', url: `/sign-in/${token}` })).statusCode).toBe(405);
    expect((await app.inject({ url: `/sign-in/${token}` })).statusCode).toBe(303);
  });

  it('that has expired, is unknown or is no token at all is refused in words', async () => {
    const expired = await store.createLink(userId);
    await database.sql`
      update sign_in_link set expires_at = now() where token_hash = ${hashCredential(expired)}`;
    const unknown = newToken(systemRandom, 'rsl');
    for (const token of [expired, unknown, 'x', '<script>', '%00', "'--"]) {
      const answer = await app.inject({ url: `/sign-in/${encodeURIComponent(token)}` });
      expect(answer.statusCode).toBe(410);
      expect(answer.body).not.toContain(token === 'x' ? 'rst_' : token);
    }
  });

  it('is stored as a hash only', async () => {
    const token = await store.createLink(userId);
    const rows = await database.sql`select encode(token_hash, 'hex') as hash from sign_in_link`;
    expect(rows.map(({ hash }) => hash as string)).toContain(hashCredential(token).toString('hex'));
  });
});

describe('a session', () => {
  const page = { 'x-rialto-page': '1', host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' };

  it('says who is signed in', async () => {
    const cookie = await signInCookie();
    const answer = await app.inject({ url: '/api/v1/session', headers: { cookie } });
    const [oldest] = await database.sql`
      select key_id from api_key where revoked_at is null order by created_at limit 1`;
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        user: { id: userId, name: 'Owner' },
        account: { id: accountId, account_number: accountNumber },
        venue_id: VENUE,
        key_id: oldest?.['key_id'],
      },
    ]);
  });

  it('is refused to everyone else with 401 not_signed_in', async () => {
    const cookies = [
      undefined,
      '',
      'rialto_session=',
      `rialto_session=${newToken(systemRandom, 'rst')}`,
    ];
    for (const cookie of cookies) {
      const headers = cookie === undefined ? {} : { cookie };
      const answer = await app.inject({ url: '/api/v1/session', headers });
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
        401,
        'not_signed_in',
      ]);
    }
  });

  it('ends with signing out, everywhere and for its streams', async () => {
    const cookie = await signInCookie();
    const headers = { cookie, ...page };
    await app.inject({ url: '/api/v1/session', headers });
    const answer = await app.inject({ method: 'DELETE', url: '/api/v1/session', headers });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(answer.headers['set-cookie']).toMatch(/^rialto_session=; .*Max-Age=0$/);
    expect((await app.inject({ url: '/api/v1/session', headers })).statusCode).toBe(401);
    expect(
      (await app.inject({ method: 'DELETE', url: '/api/v1/session', headers })).statusCode,
    ).toBe(401);
    expect(signedOut.at(-1)).toEqual(principal('session').principal);
  });

  it('cannot be signed out by an API key', async () => {
    const answer = await app.inject({
      method: 'DELETE',
      url: '/api/v1/session',
      headers: keyHeaders(pair),
    });
    expect(answer.statusCode).toBe(401);
  });

  it('ends when it is not used for a week, and after thirty days in any case', async () => {
    const cookie = await signInCookie();
    const hash = hashCredential(cookie.slice('rialto_session='.length));
    const status = async () => {
      authenticator.forget();
      return (await app.inject({ url: '/api/v1/session', headers: { cookie } })).statusCode;
    };
    const daysLeft = async () => {
      const [row] = await database.sql`
        select extract(epoch from expires_at - now()) / 86400 as days from session where token_hash = ${hash}`;
      return Math.round(Number(row?.['days']));
    };
    await database.sql`update session set expires_at = now() + interval '1 day' where token_hash = ${hash}`;
    expect([await status(), await daysLeft()]).toEqual([200, 7]);
    await database.sql`
      update session set created_at = now() - interval '28 days', expires_at = now() + interval '1 day'
      where token_hash = ${hash}`;
    expect([await status(), await daysLeft()]).toEqual([200, 2]);
    await database.sql`update session set expires_at = now() where token_hash = ${hash}`;
    expect(await status()).toBe(401);
  });

  it('follows its account to the next run of the replay', async () => {
    const cookie = await signInCookie();
    const venueOf = async () => {
      const answer = await app.inject({ url: '/api/v1/session', headers: { cookie } });
      return answer.json<{ venue_id: string }>().venue_id;
    };
    expect(await venueOf()).toBe(VENUE);
    await openVenue(NEXT_VENUE, VENUE);
    authenticator.forget();
    expect(await venueOf()).toBe(NEXT_VENUE);
    await database.sql`delete from account where venue_id = ${NEXT_VENUE}`;
    await database.sql`update account set is_current = true where venue_id = ${VENUE}`;
  });

  it.each<[string, Record<string, string | undefined>, number]>([
    ['from our page', {}, 200],
    ['from our page by TLS', { origin: 'https://127.0.0.1:8080' }, 200],
    [
      'from our page, host in capitals',
      { host: 'LOCALHOST:8080', origin: 'http://localhost:8080' },
      200,
    ],
    ['without the page header', { 'x-rialto-page': undefined }, 403],
    ['with another page header', { 'x-rialto-page': 'yes' }, 403],
    ['without Origin', { origin: undefined }, 403],
    ['with Origin null', { origin: 'null' }, 403],
    ['from another site', { origin: 'http://evil.example' }, 403],
    ['from another port', { origin: 'http://127.0.0.1:8081' }, 403],
    ['from a name that begins like ours', { origin: 'http://127.0.0.1:8080.evil.example' }, 403],
    [
      'from our name as the user of another site',
      { origin: 'http://127.0.0.1:8080@evil.example' },
      403,
    ],
    ['from an extension', { origin: 'chrome-extension://127.0.0.1:8080' }, 403],
  ])('may write %s only as the rule says', async (_what, changed, status) => {
    const cookie = await signInCookie();
    const headers = Object.fromEntries(
      Object.entries({ cookie, ...page, ...changed }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;
    const answer = await app.inject({ method: 'POST', url: '/api/v1/write', headers });
    expect(answer.statusCode).toBe(status);
    if (status === 403) expect(answer.json<{ code: string }>().code).toBe('not_from_page');
  });

  it('needs none of that to write with a key', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/write',
      headers: { ...keyHeaders(pair), origin: 'http://evil.example' },
    });
    expect(answer.statusCode).toBe(200);
  });
});

describe('the credentials of the first start', () => {
  it('are the same at every start, readable by their owner only, and new when they stop working', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'rialto-credentials-'));
    const ensure = () =>
      ensureFirstCredentials({
        dataDir,
        store,
        random: systemRandom,
        owner: { userId, accountId },
      });
    const path = join(dataDir, 'credentials.json');
    try {
      const first = await ensure();
      expect(await ensure()).toEqual(first);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
        key_id: first.keyId,
        secret: first.secret,
      });
      expect(await authenticate(keyHeaders(first))).toEqual(principal('api_key'));
      await store.revokeKey(first.keyId);
      const second = await ensure();
      expect(second.keyId).not.toBe(first.keyId);
      for (const damage of [
        '',
        '{}',
        '{"key_id":1}',
        `{"key_id":"${second.keyId}","secret":"x"}`,
      ]) {
        await writeFile(path, damage);
        const next = await ensure();
        expect(await authenticate(keyHeaders(next))).toEqual(principal('api_key'));
      }
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });
});
