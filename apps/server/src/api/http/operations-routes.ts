/**
 * Routes for operators: /healthz, /readyz, /metrics.
 *
 * `healthz` says that the process answers; `readyz` that it can serve, with one line per check.
 */
import { Type } from 'typebox';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** A condition for taking traffic: undefined when fine, else what is missing, in words. */
export interface ReadinessCheck {
  readonly name: string;
  check(): Promise<string | undefined> | string | undefined;
}

const health = Type.Object({ status: Type.String() });
const readiness = Type.Object({
  status: Type.String(),
  checks: Type.Record(Type.String(), Type.String()),
});

/** Adds the operations routes. */
export function addOperationsRoutes(
  app: FastifyInstance,
  options: { readonly registry: Registry; readonly checks: readonly ReadinessCheck[] },
): void {
  const tags = ['operations'];
  app.get(
    '/healthz',
    { schema: { tags, summary: 'The process answers', response: { 200: health } } },
    () => ({ status: 'ok' }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        tags,
        summary: 'The process can serve',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const checks: Record<string, string> = {};
      let ready = true;
      for (const check of options.checks) {
        const missing = await check.check();
        checks[check.name] = missing ?? 'ok';
        ready &&= missing === undefined;
      }
      reply.status(ready ? 200 : 503);
      return { status: ready ? 'ready' : 'not ready', checks };
    },
  );
  app.get('/metrics', { schema: { tags, summary: 'Prometheus metrics' } }, async (_req, reply) => {
    reply.type(options.registry.contentType);
    return options.registry.metrics();
  });
}
