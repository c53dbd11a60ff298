/**
 * /openapi.json and /docs: the API reference, generated from the schemas of the routes.
 *
 * Swagger UI comes from its package, so the page works offline. Must be added before the routes.
 */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/**
 * The policy of the page, in place of the package's: that one fetches everything by HTTPS, which
 * is not there, and lets styles and images of other hosts in.
 */
const PAGE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Registers the generator, the document and the page. */
export async function addApiReference(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rialto',
        version,
        description:
          'Trading and market data as Alpaca clients speak them, and the platform API of Rialto.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'trading', description: 'Alpaca Trading API' },
        { name: 'market data', description: 'Alpaca Market Data API' },
        { name: 'platform', description: 'Venues, clock, session, fills' },
        { name: 'operations', description: 'Health and metrics' },
      ],
      components: {
        securitySchemes: {
          key_id: { type: 'apiKey', in: 'header', name: 'APCA-API-KEY-ID' },
          secret: { type: 'apiKey', in: 'header', name: 'APCA-API-SECRET-KEY' },
          session: { type: 'apiKey', in: 'cookie', name: 'rialto_session' },
        },
      },
      security: [{ key_id: [], secret: [] }, { session: [] }],
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    transformStaticCSP: () => PAGE_POLICY,
    uiConfig: { docExpansion: 'list', deepLinking: true },
    theme: { title: 'Rialto API' },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
