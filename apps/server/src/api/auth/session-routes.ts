/**
 * Signing in and out: `GET /sign-in/{token}`, `GET` and `DELETE /api/v1/session`.
 *
 * The cookie is HttpOnly and SameSite=Strict: no script reads it and no other site sends it.
 */
import type { Session } from '@rialto/contracts/platform/platform-api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import { authenticated } from '../http/caller.ts';
import type { Authenticator, Principal } from '../principal.ts';
import { isToken } from './credential-format.ts';
import { type CredentialStore, SESSION_MAX_S } from './credential-store.ts';
import { readCredentials, SESSION_COOKIE } from './request-credentials.ts';

export interface SessionRoutesDeps {
  readonly authenticator: Authenticator & { forget(): void };
  readonly credentials: CredentialStore;
  /** A session ended: its streams must end too. */
  readonly onSignedOut?: (principal: Principal) => void;
}

const tags = ['platform'];
const TOKEN_PARAM = '/sign-in/:token';

/** Adds the routes. */
export function addSessionRoutes(app: FastifyInstance, deps: SessionRoutesDeps): void {
  // HEAD would use the link up.
  const hidden = { schema: { hide: true }, exposeHeadRoute: false };
  app.get<{ Params: { token: string } }>(TOKEN_PARAM, hidden, (request, reply) =>
    signIn(deps, request, reply),
  );
  app.get('/api/v1/session', { schema: { tags, summary: 'Who is signed in' } }, (request) =>
    readSession(deps, request),
  );
  app.delete('/api/v1/session', { schema: { tags, summary: 'Sign out' } }, (request, reply) =>
    signOut(deps, request, reply),
  );
}

async function signIn(
  { credentials }: SessionRoutesDeps,
  request: FastifyRequest<{ Params: { token: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (isPrefetch(request)) return page(reply, 503, 'Open the link to sign in.');
  const { token } = request.params;
  const session = isToken(token) ? await credentials.useLink(token) : undefined;
  if (session === undefined) {
    return page(
      reply,
      410,
      'This sign-in link was used already or has expired. Each start of Rialto prints a new one: stop it with Ctrl-C and start it again.',
    );
  }
  return reply.header('set-cookie', cookie(session, SESSION_MAX_S, request)).redirect('/', 303);
}

async function readSession(
  { authenticator, credentials }: SessionRoutesDeps,
  request: FastifyRequest,
): Promise<Session> {
  const principal = await signedIn(authenticator, request);
  const facts = await credentials.sessionFacts(principal);
  if (facts === undefined) throw new ApiError('not_signed_in');
  return {
    user: { id: principal.userId, name: facts.userName },
    account: { id: facts.accountId, account_number: principal.accountNumber },
    venue_id: principal.venueId,
    key_id: facts.keyId,
  };
}

async function signOut(
  { authenticator, credentials, onSignedOut }: SessionRoutesDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const principal = await signedIn(authenticator, request);
  const sent = readCredentials(request.raw.headers);
  if (sent.kind !== 'session') throw new ApiError('not_signed_in');
  await credentials.endSession(sent.token);
  authenticator.forget();
  onSignedOut?.(principal);
  return reply
    .header('set-cookie', cookie('', 0, request))
    .status(204)
    .send();
}

/** The caller; on these routes everyone else is simply not signed in. */
async function signedIn(authenticator: Authenticator, request: FastifyRequest): Promise<Principal> {
  try {
    return await authenticated(authenticator, 'read', request);
  } catch (error) {
    if (error instanceof ApiError && error.error === 'unauthorized') {
      throw new ApiError('not_signed_in');
    }
    throw error;
  }
}

function cookie(token: string, maxAgeS: number, { raw }: FastifyRequest): string {
  const secure = 'encrypted' in raw.socket ? '; Secure' : '';
  return `${SESSION_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${secure}`;
}

/** A browser that loads pages before they are asked for must not use the link up. */
function isPrefetch({ raw }: FastifyRequest): boolean {
  const purpose = raw.headers['sec-purpose'] ?? raw.headers['purpose'] ?? '';
  return String(purpose).includes('prefetch');
}

function page(reply: FastifyReply, status: number, words: string): FastifyReply {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Rialto</title><p>${words}</p><p><a href="/">Rialto</a></p></html>`;
  return reply.status(status).type('text/html; charset=utf-8').send(html);
}
