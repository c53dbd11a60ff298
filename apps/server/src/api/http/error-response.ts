/**
 * Errors as responses: the one place where a catalogue entry becomes a status and a body.
 *
 * Trading routes `{"code", "message", …}`, data routes `{"message"}`, everything else an RFC
 * 9457 problem. An error that stands in no catalogue is a bug: it is logged whole and answered
 * with `internal`, so nothing of the inside leaks.
 */
import {
  alpacaError,
  dataErrors,
  fillMessage,
  tradingErrors,
} from '@rialto/contracts/alpaca/errors';
import type { AlpacaErrorName, TradingErrorName } from '@rialto/contracts/alpaca/errors';
import type { Problem } from '@rialto/contracts/platform/platform-api';
import { type ProblemCode, problems } from '@rialto/contracts/platform/problems';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import { surfaceOf } from './surface.ts';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Fastify's own refusals, by their code. */
const FRAMEWORK_ERRORS: ReadonlyMap<string, ProblemCode & AlpacaErrorName> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'body_too_large'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'media_type_unsupported'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'body_invalid'],
  ['FST_ERR_BAD_URL', 'url_invalid'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'url_too_long'],
  ['FST_ERR_ROUTE_MISSING_CONTENT_TYPE', 'media_type_unsupported'],
  ['ECONNRESET', 'body_invalid'],
]);

/** Refusals of log and tables that pass by themselves; a command the log refused was not recorded. */
const STORAGE_ERRORS: ReadonlyMap<unknown, ProblemCode & AlpacaErrorName> = new Map([
  ['log_overloaded', 'storage_unavailable'],
  ['log_storage_failed', 'storage_unavailable'],
  ['log_storage_full', 'storage_unavailable'],
  ['log_unavailable', 'storage_unavailable'],
  ['checkpoint_timeout', 'store_behind'],
]);

/** Answers a request with whatever went wrong. */
export function sendError(
  error: FastifyError | ApiError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  return sendApiError(apiErrorOf(error, request), request, reply);
}

function apiErrorOf(error: FastifyError | Error, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) return error;
  if ('validation' in error && error.validation !== undefined) {
    const [first] = error.validation;
    const where = `${error.validationContext ?? 'body'}${first?.instancePath ?? ''}`;
    const reason = first?.message ?? 'is invalid';
    return new ApiError('field_invalid', { pointer: where, reason });
  }
  const known = 'code' in error ? FRAMEWORK_ERRORS.get(error.code) : undefined;
  if (known !== undefined) return new ApiError(known);
  const passing = 'code' in error ? STORAGE_ERRORS.get(error.code) : undefined;
  if (passing !== undefined) {
    request.log.warn({ err: error, request_id: request.id }, 'storage refused');
    return new ApiError(passing);
  }
  request.log.error({ err: error, request_id: request.id }, 'request failed');
  return new ApiError('internal');
}

function sendApiError(error: ApiError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const surface = surfaceOf(request.url);
  if (surface === 'platform') return sendProblem(error, request, reply);
  const { status, body } = tradingErrorBody(error);
  reply.status(status).type('application/json; charset=utf-8');
  return reply.send(surface === 'data' ? { message: body['message'] } : body);
}

/** Status and body of a trading error; also one part of a response with many statuses. */
export function tradingErrorBody(error: ApiError): {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
} {
  const { status, code, message } = alpacaError(alpacaName(error));
  return {
    status,
    body: { code, message: fillMessage(message, error.values), ...error.details },
  };
}

function sendProblem(error: ApiError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const code = error.error in problems ? (error.error as ProblemCode) : 'internal';
  const entry = problems[code];
  const problem: Problem = {
    type: 'about:blank',
    title: entry.title,
    status: entry.status,
    code,
    detail: fillMessage(entry.detail, error.values),
    request_id: request.id,
  };
  return reply.status(entry.status).type(PROBLEM_TYPE).send(problem);
}

/** The entry of an Alpaca route; of the problem codes it only knows its twins. */
function alpacaName({ error }: ApiError): AlpacaErrorName {
  return error in tradingErrors || error in dataErrors
    ? (error as AlpacaErrorName)
    : 'body_invalid';
}

/** Refusals of Node's HTTP parser, by their code; any other one is `request_malformed`. */
const PARSER_ERRORS: ReadonlyMap<string | undefined, TradingErrorName> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request_timeout'],
  ['HPE_HEADER_OVERFLOW', 'headers_too_large'],
]);

/** The bytes of a whole response for bytes that are no HTTP request: no route knows its shape. */
export function rawErrorResponse(parserCode: string | undefined): string {
  const entry = tradingErrors[PARSER_ERRORS.get(parserCode) ?? 'request_malformed'];
  const body = JSON.stringify({ code: entry.code, message: entry.message });
  return [
    `HTTP/1.1 ${entry.status} Error`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${body.length}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
