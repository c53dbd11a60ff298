/**
 * The HTTP server: Fastify with our limits, body parser, error shapes and operations routes.
 *
 * Limits hold before any route sees a request: 256 KiB of body, 32 levels of JSON, 16 KiB of
 * headers, 10 s for the headers and 30 s for the whole request. Official clients send DELETE
 * with an empty content type, or with a JSON type and no body: both are taken.
 */
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Registry } from 'prom-client';
import { ApiError } from './api-error.ts';
import { addApiReference } from './api-reference.ts';
import { rawErrorResponse, sendError } from './error-response.ts';
import { parseJsonBody } from './json-body.ts';
import { watchMethods } from './method-not-allowed.ts';
import { measureResponses } from './metrics.ts';
import { addOperationsRoutes, type ReadinessCheck } from './operations-routes.ts';
import { addResponseHeaders } from './response-headers.ts';
import { surfaceOf } from './surface.ts';

/** Largest request body. */
export const BODY_BYTES_MAX = 256 * 1024;

const HEADER_BYTES_MAX = 16 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
const PARAM_LENGTH_MAX = 200;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i;

export interface HttpServerOptions {
  readonly logger: FastifyBaseLogger;
  readonly registry: Registry;
  readonly checks: readonly ReadinessCheck[];
  readonly version: string;
  /** Adds the routes of one part each: Alpaca, platform, sockets, page. */
  readonly parts: readonly ((app: FastifyInstance) => void | Promise<void>)[];
}

/** Builds the app; the caller listens, upgrades sockets on `app.server` and closes it. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: HEADERS_TIMEOUT_MS },
    genReqId: () => randomUUID(),
    // A child logger per request would serialize its bindings for every order; the few lines
    // that are logged of a request name its id themselves.
    childLoggerFactory: (logger) => logger,
    requestIdHeader: false,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      sendError(error, request, reply);
    },
    clientErrorHandler: refuseRawRequest,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAM_LENGTH_MAX },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
  });
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => {
    return sendError(new ApiError('route_unknown'), request, reply);
  });
  addBodyParser(app);
  addResponseHeaders(app);
  measureResponses(app, options.registry);
  await addApiReference(app, options.version);
  const refuseOtherMethods = watchMethods(app);
  addOperationsRoutes(app, options);
  for (const part of options.parts) await app.register(async (scope) => part(scope));
  refuseOtherMethods();
  return app;
}

/** Reads every body as strict JSON, whatever type is announced; the platform insists on JSON. */
function addBodyParser(app: FastifyInstance): void {
  app.addHook('onRequest', acceptEmptyContentType);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isAcceptedType(request, body.length)) {
      done(new ApiError('media_type_unsupported'));
      return;
    }
    const parsed = parseJsonBody(Buffer.isBuffer(body) ? body : Buffer.from(body));
    if (parsed.ok) done(null, parsed.value);
    else done(new ApiError('body_invalid'));
  });
}

/** A header `content-type:` without a value means that there is none. */
function acceptEmptyContentType(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: () => void,
): void {
  if (request.raw.headers['content-type'] === '') delete request.raw.headers['content-type'];
  done();
}

function isAcceptedType(request: FastifyRequest, length: number): boolean {
  const { headers } = request.raw;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return false;
  if (length === 0 || surfaceOf(request.url) !== 'platform') return true;
  return JSON_TYPE.test(headers['content-type'] ?? '');
}

/** Node keeps the response that is being written on a connection here; there is no public name. */
type ServerSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/**
 * Bytes that are no HTTP request, too long headers, or a request that never ends. A whole request
 * before them on the same connection is answered first: else its sender would take the refusal
 * for the answer to an order that was entered.
 */
function refuseRawRequest(error: Error & { readonly code?: string }, socket: ServerSocket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { _httpMessage: answering } = socket;
  if (answering?.req.complete === true) {
    socket.pause();
    answering.once('close', () => {
      refuseRawRequest(error, socket);
    });
    return;
  }
  if (socket.writable) socket.write(rawErrorResponse(error.code));
  socket.destroy();
}
