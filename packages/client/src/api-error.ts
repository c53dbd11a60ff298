/**
 * How a call to the server can fail, as a value.
 *
 * A call never throws for something the server or the network did: it gives `{ ok: false }`
 * with an `ApiError`. `status` 0 means that no answer came (`network`, `timeout`): the request
 * may or may not have been carried out, so a write is safe to repeat only with the same
 * client order id.
 */

/** A refusal of the server, or the absence of an answer. */
export interface ApiError {
  /**
   * The server's stable code (`not_signed_in`, or the trading API's number as text, such as
   * `40310000`), or one of `network`, `timeout`, `bad_answer` made here.
   */
  readonly code: string;
  /** The server's words, fit to be shown to a person. */
  readonly message: string;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
}

/** What a call gives: the value, or why there is none. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ApiError };

/**
 * Whether it is unknown if the server carried the request out (no answer, or a broken one).
 * Such a write may be repeated with the same client order id and nothing else.
 */
export function isOutcomeUnknown(error: ApiError): boolean {
  return error.status === 0 || error.status >= 500 || error.code === 'bad_answer';
}

/**
 * Reads an error answer in any of the server's three shapes: RFC 9457 problem (`code`,
 * `detail`), trading API (`code` number, `message`), market data API (`message` only).
 */
export function readApiError(status: number, body: unknown): ApiError {
  const fields = isRecord(body) ? body : {};
  const code = fields['code'];
  const message = fields['message'] ?? fields['detail'] ?? fields['title'];
  return {
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : `http_${status}`,
    message: typeof message === 'string' ? message : `The server answered ${status}.`,
    status,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
