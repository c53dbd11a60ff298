/**
 * What a request says about its caller, and whether a browser sent it from our page.
 *
 * A key outranks a cookie: whoever sends one means it. Header names are lower case here, as
 * Node gives them.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHead } from '../principal.ts';
import type { KeyPair } from './credential-format.ts';

/** The cookie of a session. */
export const SESSION_COOKIE = 'rialto_session';

export type RequestCredentials =
  | { readonly kind: 'key'; readonly pair: KeyPair }
  | { readonly kind: 'session'; readonly token: string }
  | { readonly kind: 'none' };

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const CREDENTIAL_LENGTH_MAX = 512;

/** Reads `APCA-API-KEY-ID` and `-SECRET-KEY`, then `Authorization: Basic`, then the cookie. */
export function readCredentials(headers: IncomingHttpHeaders): RequestCredentials {
  const keyId = headers['apca-api-key-id'];
  const secret = headers['apca-api-secret-key'];
  if (keyId !== undefined || secret !== undefined) {
    return { kind: 'key', pair: { keyId: single(keyId), secret: single(secret) } };
  }
  if (headers.authorization !== undefined) {
    return { kind: 'key', pair: readBasic(headers.authorization) };
  }
  const token = readCookie(headers.cookie, SESSION_COOKIE);
  return token === undefined ? { kind: 'none' } : { kind: 'session', token };
}

/**
 * Whether a request with a cookie may change something: it must carry `x-rialto-page: 1`, which
 * a page of another site cannot send, and an Origin that is the host it was sent to.
 */
export function mayWriteWithCookie({ headers, method }: RequestHead): boolean {
  if (SAFE_METHODS.has(method ?? '')) return true;
  return headers['x-rialto-page'] === '1' && isOwnOrigin(headers);
}

function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: from } = new URL(origin);
  return (protocol === 'http:' || protocol === 'https:') && from === host.toLowerCase();
}

/** An unknown scheme gives an empty pair, which no key matches. */
function readBasic(authorization: string): KeyPair {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(
    authorization.slice(0, CREDENTIAL_LENGTH_MAX),
  );
  const text = Buffer.from(encoded?.[1] ?? '', 'base64').toString('latin1');
  const colon = text.indexOf(':');
  return colon < 0
    ? { keyId: '', secret: '' }
    : { keyId: text.slice(0, colon), secret: text.slice(colon + 1) };
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

function single(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}
