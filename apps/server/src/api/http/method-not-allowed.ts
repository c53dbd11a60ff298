/**
 * 405 with `allow` for a path that exists under other methods.
 *
 * The router knows only pairs of method and path, so when all routes are registered the missing
 * methods of each path get a route of their own that refuses.
 */
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { ApiError } from './api-error.ts';

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Watches the routes registered from here on; the returned function adds the refusals. */
export function watchMethods(app: FastifyInstance): () => void {
  const taken = new Map<string, Set<string>>();
  let complete = false;
  app.addHook('onRoute', (route) => {
    if (complete || route.url.includes('*')) return;
    const methods = taken.get(route.url) ?? new Set();
    for (const method of [route.method].flat()) methods.add(method);
    taken.set(route.url, methods);
  });
  return () => {
    complete = true;
    for (const [url, methods] of taken) refuseOtherMethods(app, url, methods);
  };
}

function refuseOtherMethods(app: FastifyInstance, url: string, taken: ReadonlySet<string>): void {
  const missing = METHODS.filter((method) => !taken.has(method));
  if (missing.length === 0) return;
  const allow = [...taken].join(', ');
  app.route({
    method: missing,
    url,
    schema: { hide: true },
    handler: (_request, reply) => {
      reply.header('allow', allow);
      throw new ApiError('method_not_allowed');
    },
  });
}
