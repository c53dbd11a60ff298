import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { redactLine } from './redact.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(createLogger({ level: 'trace', stream: { write: (line) => (text += line) } }));
  return text;
}

it('writes one JSON object per line with time, level, fields and message', () => {
  const line = logged((logger) => {
    logger.child({ role: 'driver' }).info({ venue_id: 'v1', lag_ms: 3 }, 'venue opened');
  });
  expect(line.endsWith('}\n')).toBe(true);
  expect(JSON.parse(line)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    role: 'driver',
    venue_id: 'v1',
    lag_ms: 3,
    msg: 'venue opened',
  });
});

const CANARY = 'CANARY0123456789abcdefghijklmnopqrstuvwxyzABCD';

it.each<[string, (logger: ReturnType<typeof createLogger>) => void]>([
  ['a field named secret', (logger) => logger.info({ secret: CANARY }, 'x')],
  [
    'a nested header',
    (logger) => logger.info({ req: { headers: { 'APCA-API-SECRET-KEY': CANARY } } }, 'x'),
  ],
  ['a cookie', (logger) => logger.info({ cookie: `rialto_session=${CANARY}; a=b` }, 'x')],
  ['a field of a child', (logger) => logger.child({ api_key: CANARY }).info('x')],
  ['a value with quotes in it', (logger) => logger.info({ password: `"${CANARY}"\\` }, 'x')],
  ['a key pair in a message', (logger) => logger.info(`got rsk_${CANARY} from it`)],
  [
    'a session token in an error',
    (logger) => logger.error({ err: new Error(`rst_${CANARY}`) }, 'x'),
  ],
  ['a sign-in link', (logger) => logger.info({ url: `/sign-in/rsl_${CANARY}` }, 'x')],
  ['a database URL', (logger) => logger.info({ url: `postgres://me:${CANARY}@host/db` }, 'x')],
  [
    'an authorization header',
    (logger) => logger.info({ line: `Authorization: Basic ${CANARY}` }, 'x'),
  ],
  ['a bearer token in a stack', (logger) => logger.error(new Error(`Bearer ${CANARY} refused`))],
  [
    'a bot token in a URL',
    (logger) => logger.info({ url: `https://x/bot123456789:${CANARY}/send` }, 'x'),
  ],
  ['a query string', (logger) => logger.info({ url: `/x?a=1&token=${CANARY}&b=2` }, 'x')],
  [
    'JSON inside a text',
    (logger) => logger.info({ body: JSON.stringify({ secret: CANARY }) }, 'x'),
  ],
])('leaves out %s', (_what, write) => {
  const line = logged(write);
  expect(line).not.toContain(CANARY);
  expect(line).toContain('[redacted]');
  expect(() => JSON.parse(line) as unknown).not.toThrow();
});

it('keeps what is no secret', () => {
  const fields = {
    key_id: 'PKABCDEFGHIJKLMNOPQR',
    hash: 'a'.repeat(64),
    url: 'http://127.0.0.1:8080/v2/orders?limit=5',
    error: 'postgres://host/db refused',
    time: '12:30:00',
  };
  expect(JSON.parse(logged((logger) => logger.info(fields, 'x')))).toMatchObject(fields);
});

it('is quick on long lines made to be slow', () => {
  const started = performance.now();
  for (const part of ['token', '"secret":"', '://a:', '1234567:', '\\"', 'password=', 'rsk_']) {
    redactLine(part.repeat(20_000));
  }
  expect(performance.now() - started).toBeLessThan(2_000);
});
