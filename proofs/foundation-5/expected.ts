/**
 * What the catalogues say an error looks like: the answers that cases expect.
 *
 * Computed from packages/contracts, never from what the server answers.
 */
import {
  type AlpacaErrorName,
  alpacaError,
  fillMessage,
} from '../../packages/contracts/src/alpaca/errors.ts';
import { type ProblemCode, problems } from '../../packages/contracts/src/platform/problems.ts';

/** An answer: its status and, unless it may be any, its whole JSON body. */
export interface Expected {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> | 'any';
  readonly allow?: readonly string[];
}

export type Values = Readonly<Record<string, string | number>>;

/** Names that stand in both catalogues: any route may answer them. */
export type CommonError = AlpacaErrorName & ProblemCode;

export type Surface = 'trading' | 'data' | 'platform';

/** Which shape errors of a path have; docs/reference/errors.md. */
export function surfaceOf(path: string): Surface {
  if (path.startsWith('/v2/stocks') || path.startsWith('/v1beta')) return 'data';
  return path.startsWith('/v2/') || path.startsWith('/v3/') ? 'trading' : 'platform';
}

/** `{code, message, …details}`. */
export function tradingError(
  name: AlpacaErrorName,
  values: Values = {},
  details: Readonly<Record<string, unknown>> = {},
): Expected {
  const { status, code, message } = alpacaError(name);
  return { status, body: { code, message: fillMessage(message, values), ...details } };
}

/** `{message}`. */
export function dataError(name: AlpacaErrorName, values: Values = {}): Expected {
  const { status, message } = alpacaError(name);
  return { status, body: { message: fillMessage(message, values) } };
}

/** An RFC 9457 problem; `request_id` is looked at apart. */
export function problem(code: ProblemCode, values: Values = {}): Expected {
  const { status, title, detail } = problems[code];
  return {
    status,
    body: { type: 'about:blank', title, status, code, detail: fillMessage(detail, values) },
  };
}

/** A refusal by the schema of a platform route: where and, in the words of the validator, why. */
export function fieldInvalid(pointer: string, reason: string): Expected {
  return problem('field_invalid', { pointer, reason });
}

/** An error that any route may answer, in the shape of the path's surface. */
export function commonError(path: string, name: CommonError): Expected {
  const surface = surfaceOf(path);
  if (surface === 'platform') return problem(name);
  return surface === 'data' ? dataError(name) : tradingError(name);
}

/** At most 40 characters of a caller's text, as answers quote it. */
export function quoted(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Any answer with the status. */
export function status(code: number): Expected {
  return { status: code, body: 'any' };
}
