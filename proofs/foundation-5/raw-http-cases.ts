/** Bytes that are no good HTTP: written to the socket as they are. */
import { connect } from 'node:net';
import { alpacaError } from '../../packages/contracts/src/alpaca/errors.ts';
import type { Target } from './operations.ts';
import type { Random } from './random.ts';

export interface RawCase {
  readonly label: string;
  readonly bytes: string | Uint8Array;
  /** Statuses that refuse it; 0: closed without an answer. */
  readonly statuses: readonly number[];
  /** The text that must stand in the answer. */
  readonly text?: string;
}

const { message: MALFORMED } = alpacaError('request_malformed');
const { message: TOO_LARGE } = alpacaError('headers_too_large');
const RANDOM_CASES = 60;
const CLOSED_WITHIN_MS = 10_000;

/** All cases. A half-closed socket ends each, so that truncated requests end too. */
export function rawCases(target: Target, random: Random): readonly RawCase[] {
  const key = Object.entries(target.key)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const post = (headers: string, body: string): string =>
    `POST /v2/orders HTTP/1.1\r\nHost: x\r\n${key}Content-Type: application/json\r\n${headers}\r\n${body}`;
  const get = (headers: string): string => `GET /v2/account HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
  const malformed = (label: string, bytes: string | Uint8Array): RawCase => ({
    ...{ label, bytes, statuses: [400], text: MALFORMED },
  });
  // Closing a connection with unread bytes may reset it before the answer is read.
  const tooLarge = (label: string, bytes: string): RawCase => ({
    ...{ label, bytes, statuses: [431, 0], text: TOO_LARGE },
  });
  const chunked = 'Transfer-Encoding: chunked\r\n';
  return [
    malformed('no HTTP', 'hello\r\n\r\n'),
    malformed('TLS', Buffer.from([0x16, 3, 1, 0, 0xc8, 1, 0, 0, 0xc4, 3, 3])),
    malformed('unknown method', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n'),
    malformed('lower-case method', 'get / HTTP/1.1\r\nHost: x\r\n\r\n'),
    malformed('HTTP/9.9', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'),
    malformed('blank in the path', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n'),
    malformed('NUL in a header', get('X-A: a\0b\r\n')),
    malformed('blank before the colon', get('X-A : b\r\n')),
    malformed('header without a colon', get('nope\r\n')),
    malformed('bare CR', get('X-A: a\rX-B: b\r\n')),
    malformed('length and chunks', post(`Content-Length: 4\r\n${chunked}`, '0\r\n\r\n')),
    malformed('chunks and length', post(`${chunked}Content-Length: 4\r\n`, '0\r\n\r\n')),
    malformed('two lengths', post('Content-Length: 4\r\nContent-Length: 5\r\n', '{"a"}')),
    malformed('negative length', post('Content-Length: -1\r\n', '')),
    malformed('length of letters', post('Content-Length: abc\r\n', '')),
    malformed('length in hex', post('Content-Length: 0x10\r\n', '')),
    malformed('length with a sign', post('Content-Length: +5\r\n', '')),
    malformed('length beyond 2^64', post('Content-Length: 99999999999999999999999\r\n', '')),
    malformed('bad chunk size', post(chunked, 'zz\r\n{}\r\n0\r\n\r\n')),
    malformed('huge chunk size', post(chunked, 'fffffffffffffffff\r\n{}\r\n0\r\n\r\n')),
    malformed('chunk without its end', post(chunked, '2\r\n{}xx0\r\n\r\n')),
    tooLarge('one long header', get(`X-A: ${'a'.repeat(64 * 1024)}\r\n`)),
    tooLarge('many headers', get('X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(2_000))),
    tooLarge('long path', `GET /${'a'.repeat(64 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n`),
    { label: 'no Host', bytes: 'GET /healthz HTTP/1.1\r\n\r\n', statuses: [400] },
    {
      label: 'truncated body',
      bytes: post('Content-Length: 100\r\n', '{"a":'),
      statuses: [400, 0],
    },
    { label: 'truncated chunk', bytes: post(chunked, 'ff\r\n{"a":'), statuses: [400, 0] },
    { label: 'truncated headers', bytes: 'GET / HTTP/1.1\r\nHost: x\r\nX-', statuses: [400, 0] },
    {
      label: 'unknown coding',
      bytes: post('Transfer-Encoding: x\r\n', '{}'),
      statuses: [400, 501],
    },
    { label: 'huge body', bytes: post('Content-Length: 1000000000\r\n', '{}'), statuses: [413] },
    { label: 'CONNECT', bytes: 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', statuses: [404, 400, 0] },
    {
      label: 'TRACE',
      bytes: 'TRACE /v2/account HTTP/1.1\r\nHost: x\r\n\r\n',
      statuses: [404, 405],
    },
    {
      label: 'OPTIONS *',
      bytes: 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
      statuses: [404, 405, 400],
    },
    { label: 'two keys', bytes: get(`${key}${key}`), statuses: [401] },
    ...Array.from({ length: RANDOM_CASES }, () => ({
      label: 'noise',
      bytes: Buffer.concat([Buffer.from([0]), random.bytes(1 + random.below(200))]),
      statuses: [400],
      text: MALFORMED,
    })),
  ];
}

/** Sends the bytes and says what was wrong with the answer; undefined when nothing was. */
export async function runRawCase(origin: string, one: RawCase): Promise<string | undefined> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (data: Buffer) => (answer += data.toString('latin1')));
  // The server may close while this side still writes.
  socket.on('error', () => undefined);
  socket.setTimeout(CLOSED_WITHIN_MS, () => socket.destroy());
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.end(one.bytes);
  await closed;
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
  const shown = answer.slice(0, 200);
  if (!one.statuses.includes(status)) return `expected ${one.statuses.join(' or ')}, got ${shown}`;
  return status === 0 || one.text === undefined || answer.includes(one.text)
    ? undefined
    : `no text: ${shown}`;
}
