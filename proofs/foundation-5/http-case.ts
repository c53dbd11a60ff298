/** One HTTP request that must be answered in one way. */
import { isDeepStrictEqual } from 'node:util';
import { Agent, request as httpRequest } from 'node:http';
import type { Expected } from './expected.ts';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Send the body in chunks, without its length. */
  readonly chunked?: boolean;
  /** The client's address. */
  readonly from?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface HttpCase {
  readonly label: string;
  readonly request: HttpRequest;
  readonly expected: Expected;
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const ANSWER_WITHIN_MS = 15_000;

/** Sends a request as it is: paths and headers are not tidied. */
export function send(origin: string, request: HttpRequest): Promise<HttpAnswer> {
  const { method, path, headers, body, from, chunked } = request;
  const { hostname, port } = new URL(origin);
  const plain = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const length = chunked === true ? { 'transfer-encoding': 'chunked' } : plain;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      ...{ hostname, port, method, path },
      headers: { ...length, ...headers },
      ...(from === undefined ? { agent } : { localAddress: from, agent: false }),
    });
    outgoing.setTimeout(ANSWER_WITHIN_MS, () => outgoing.destroy(new Error('no answer in time')));
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0 } = response;
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ status: statusCode, headers: response.headers, body: text });
      });
    });
    outgoing.end(body);
  });
}

const REQUEST_ID = /^[0-9a-f-]{36}$/;

/** Why an answer is not the expected one; undefined when it is. */
export function differenceOf(answer: HttpAnswer, expected: Expected): string | undefined {
  const shown = `${answer.status} ${answer.body.slice(0, 300)}`;
  if (answer.status !== expected.status) return `expected ${expected.status}, got ${shown}`;
  if (expected.allow !== undefined) {
    const allow = String(answer.headers['allow']).split(', ').sort();
    if (!isDeepStrictEqual(allow, [...expected.allow].sort())) return `allow: ${allow.join()}`;
  }
  if (expected.body === 'any' || answer.body === '') return undefined;
  if (!/^application\/(problem\+)?json/.test(String(answer.headers['content-type']))) {
    return `content-type ${String(answer.headers['content-type'])}`;
  }
  const { request_id: id, ...body } = JSON.parse(answer.body) as Record<string, unknown>;
  if ('type' in expected.body && !REQUEST_ID.test(String(id))) return `no request_id: ${shown}`;
  if (isDeepStrictEqual(body, expected.body)) return undefined;
  return `expected ${JSON.stringify(expected.body)}, got ${shown}`;
}
