/**
 * The error catalogue of the platform API: RFC 9457 problems with a stable `code`.
 *
 * The key is the code. docs/reference/errors.md lists the same entries; a test holds both equal.
 */

/** One problem. `{name}` in the detail is filled in. */
export interface ProblemEntry {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

export const problems = {
  url_invalid: { status: 400, title: 'Bad request', detail: 'The path is malformed.' },
  body_invalid: { status: 400, title: 'Bad request', detail: 'The body is not valid JSON.' },
  field_invalid: { status: 400, title: 'Bad request', detail: '{pointer} {reason}.' },
  cursor_invalid: { status: 400, title: 'Bad request', detail: 'The cursor was not made here.' },
  unauthorized: {
    status: 401,
    title: 'Not signed in',
    detail: 'A session cookie or an API key is needed.',
  },
  not_signed_in: { status: 401, title: 'Not signed in', detail: 'No session.' },
  scope_missing: { status: 403, title: 'Forbidden', detail: 'This API key may only read.' },
  not_from_page: {
    status: 403,
    title: 'Forbidden',
    detail: 'A write with a session needs the header x-rialto-page: 1.',
  },
  route_unknown: { status: 404, title: 'Not found', detail: 'There is nothing at this path.' },
  venue_unknown: { status: 404, title: 'Not found', detail: 'There is no such venue.' },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'This path does not take this method.',
  },
  request_timeout: {
    status: 408,
    title: 'Request timeout',
    detail: 'The request took too long to arrive.',
  },
  seek_outside_recording: {
    status: 400,
    title: 'Bad request',
    detail: 'That moment is not in the recording.',
  },
  venue_ended: { status: 409, title: 'Conflict', detail: 'The venue has ended.' },
  body_too_large: {
    status: 413,
    title: 'Content too large',
    detail: 'The body is larger than 256 KiB.',
  },
  url_too_long: { status: 414, title: 'URI too long', detail: 'The path is too long.' },
  media_type_unsupported: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'The body must be application/json.',
  },
  rate_limited: { status: 429, title: 'Too many requests', detail: 'Slow down.' },
  internal: { status: 500, title: 'Internal error', detail: 'Something broke on our side.' },
  store_behind: {
    status: 503,
    title: 'Unavailable',
    detail: 'History is catching up, try again.',
  },
  storage_unavailable: {
    status: 503,
    title: 'Unavailable',
    detail: 'Nothing was done, try again.',
  },
} as const;

export type ProblemCode = keyof typeof problems;
