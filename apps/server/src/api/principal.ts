/**
 * Who is calling: the result of authentication, for every surface (REST, sockets, SSE).
 *
 * api/auth resolves it from API key headers, `Authorization: Basic`, or the session cookie. Nothing else in a request may choose the account: paths and bodies never do.
 */
import type { IncomingMessage } from 'node:http';

/** `trade` may change state, `read` may only look. */
export type Scope = 'read' | 'trade';

/** An authenticated caller and the one account it speaks for. */
export interface Principal {
  readonly userId: string;
  /** The venue in which the account stands now; a restarted replay moves it to the next run. */
  readonly venueId: string;
  /** Index of the account inside that venue. */
  readonly account: number;
  /** What the account holder calls the account, for example "RI0000001". */
  readonly accountNumber: string;
  readonly scope: Scope;
  /** How the caller proved itself; a `session` is a browser. */
  readonly via: 'api_key' | 'session';
}

/**
 * Why a caller is not authenticated. `not_from_page`: a write with a session cookie but without
 * the header `x-rialto-page: 1`, which no other site can send. `too_many_attempts`: the address
 * has sent too many wrong keys.
 */
export type AuthenticationRefusal =
  'credentials_missing' | 'credentials_wrong' | 'not_from_page' | 'too_many_attempts';

export type Authentication =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly reason: AuthenticationRefusal };

/** What authentication reads of a request; the same for HTTP, for socket upgrades and for messages in sockets. */
export type RequestHead = Pick<IncomingMessage, 'headers' | 'method' | 'url'> & {
  /** Where it came from: wrong keys are counted per address. */
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
};

/** Names the caller of a request. Answers at once when the key or session is known already. */
export interface Authenticator {
  authenticate(request: RequestHead): Authentication | Promise<Authentication>;
}
