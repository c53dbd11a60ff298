/**
 * Routes that know their caller.
 *
 * Every route that touches a venue is made by `withCaller`, which wants a scope: there is no
 * way to add one that forgets authentication. The handler gets the replica of the caller's
 * venue; accounts of others are out of its reach.
 */
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { type Replica, type VenueHost, VenueUnknownError } from '../../venues/venue-host.ts';
import type { AuthenticationRefusal, Authenticator, Principal, Scope } from '../principal.ts';
import { ApiError, type ApiErrorName } from './api-error.ts';

/** An authenticated caller and the replica of its venue. */
export interface Caller {
  readonly principal: Principal;
  readonly replica: Replica;
}

export interface CallerDeps {
  readonly authenticator: Authenticator;
  readonly venues: VenueHost;
}

export type CallerHandler = (
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
) => unknown;

const REFUSALS: Readonly<Record<AuthenticationRefusal, ApiErrorName>> = {
  credentials_missing: 'unauthorized',
  credentials_wrong: 'unauthorized',
  not_from_page: 'not_from_page',
  too_many_attempts: 'rate_limited',
};

/** A route handler that runs for authenticated callers of the scope only. */
export function withCaller(
  deps: CallerDeps,
  scope: Scope,
  handle: CallerHandler,
): RouteHandlerMethod {
  return async (request, reply) => {
    const principal = await authenticated(deps.authenticator, scope, request);
    const replica = await venueReplica(deps.venues, principal.venueId);
    return handle({ principal, replica }, request, reply);
  };
}

/** The caller of a request; throws `ApiError` when it is unknown or may not do this. */
export async function authenticated(
  authenticator: Authenticator,
  scope: Scope,
  request: FastifyRequest,
): Promise<Principal> {
  const result = await authenticator.authenticate(request.raw);
  if (!result.ok) throw new ApiError(REFUSALS[result.reason]);
  if (scope === 'trade' && result.principal.scope !== 'trade') throw new ApiError('scope_missing');
  return result.principal;
}

/** The replica of a venue; throws `ApiError` when there is no such venue. */
export async function venueReplica(venues: VenueHost, venueId: string): Promise<Replica> {
  try {
    return await venues.replica(venueId);
  } catch (error) {
    if (error instanceof VenueUnknownError) throw new ApiError('venue_unknown');
    throw error;
  }
}
