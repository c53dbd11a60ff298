/**
 * Headers of every response: request id and security.
 *
 * Set by one hook instead of a plugin: helmet alone costs a third of the throughput of a bare
 * route. A route that serves pages sets its own content security policy; the hook keeps it.
 */
import type { FastifyInstance } from 'fastify';

/** Nothing in an API answer may run, be framed or be guessed. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Adds the hook to the app. */
export function addResponseHeaders(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('x-frame-options', 'DENY');
    if (!reply.hasHeader('content-security-policy')) {
      reply.header('content-security-policy', API_POLICY);
    }
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}
