/**
 * The platform API, `/api/v1`: session, venues and their clock, fills.
 *
 * JSON, snake_case. Errors are RFC 9457 problems (`application/problem+json`) with a stable
 * `code`. Writes from a browser need the session cookie and the header `x-rialto-page: 1`
 * (which no other site can send).
 */

/** RFC 9457 problem. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly request_id: string;
}

/** GET /api/v1/session; 401 `not_signed_in` otherwise. DELETE signs out (204). */
export interface Session {
  readonly user: { readonly id: string; readonly name: string };
  readonly account: { readonly id: string; readonly account_number: string };
  readonly venue_id: string;
  /** Public id of the first API key, to show how a bot is pointed here; never the secret. */
  readonly key_id: string;
}

/** GET /api/v1/venues/{id}: a running venue, or the caller's own. */
export interface Venue {
  readonly id: string;
  readonly name: string;
  /** 1 for the first run of the recording, 2 after one restart … */
  readonly run: number;
  readonly tape: {
    readonly kind: 'recording';
    readonly dataset: string;
    /** RFC 3339: first and last row of the recording. */
    readonly from: string;
    readonly to: string;
  };
  readonly time: string;
  readonly speed: number;
  readonly status: 'running' | 'paused' | 'ended';
  readonly session: 'closed' | 'pre' | 'regular' | 'post';
  readonly progress: number;
  readonly seq: number;
  readonly symbols: readonly string[];
}

/** GET /api/v1/venues?limit=&cursor= → running venues, newest first. */
export interface VenuePage {
  readonly venues: readonly Venue[];
  readonly next_cursor: string | null;
}

/** POST /api/v1/venues/{id}/clock → Venue. Any subset. `speed` 0 = as fast as possible. */
export interface ClockChange {
  readonly speed?: number;
  readonly paused?: boolean;
}

/**
 * POST /api/v1/venues/{id}/restart → Venue (201): the next run of the same recording, accounts
 * fresh, keys unchanged. `at` (RFC 3339) seeks: the new run plays up to there at once; by
 * default 09:30 New York of the first day.
 */
export interface Restart {
  readonly at?: string;
  readonly speed?: number;
  readonly paused?: boolean;
}

/** GET /api/v1/fills?limit=&cursor= → newest first. */
export interface FillPage {
  readonly fills: readonly Fill[];
  readonly next_cursor: string | null;
}

export interface Fill {
  readonly id: string;
  readonly order_id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly qty: string;
  readonly price: string;
  readonly time: string;
  /** Why it happened, in words: which quote or trade of the tape, or which order. */
  readonly reason: string;
}
