/**
 * The page: static files of the built web app, on the same origin as the API.
 *
 * File names below `assets/` carry a hash of their content and may be kept for ever; the rest is
 * asked for again each time. The files are listed once at start: a request can only name one of
 * the list, so no path of a request ever reaches the file system.
 */
import { readdirSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Scripts and data from our own origin only; charts set inline styles. */
const PAGE_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const FOR_EVER = 'public, max-age=31536000, immutable';

/** Serves the files below `root`; `/` is the page itself. */
export async function addPage(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, { root, serve: false });
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const folder = entry.parentPath.slice(root.length).replaceAll('\\', '/').replace(/^\//, '');
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const url = path === 'index.html' ? '/' : `/${path}`;
    const cache = path.startsWith('assets/') ? FOR_EVER : 'no-cache';
    app.get(url, { schema: { hide: true } }, (_request, reply) =>
      reply
        .header('content-security-policy', PAGE_POLICY)
        .header('cache-control', cache)
        .sendFile(path, { cacheControl: false }),
    );
  }
}
