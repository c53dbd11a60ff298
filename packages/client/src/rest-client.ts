/**
 * Calls to the server: the platform API (`/api/v1`) and the trading and market-data API (`/v2`).
 *
 * Every method gives a `Result`; none throws for an answer or a missing one. Nothing is
 * repeated here: only the caller knows whether its intent still stands.
 */
import type { AlpacaAccount } from '@rialto/contracts/alpaca/account';
import type { AlpacaAsset } from '@rialto/contracts/alpaca/asset';
import type { AlpacaBar, AlpacaTrade } from '@rialto/contracts/alpaca/market-data';
import type { AlpacaCalendarDay } from '@rialto/contracts/alpaca/market-hours';
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';
import type { CanceledOrder } from '@rialto/contracts/alpaca/order-entry';
import type { AlpacaPosition } from '@rialto/contracts/alpaca/position';
import type {
  ClockChange,
  FillPage,
  Restart,
  Session,
  Venue,
} from '@rialto/contracts/platform/platform-api';
import { readApiError } from './api-error.ts';
import type { Result } from './api-error.ts';
import type { OrderRequest } from './order-request.ts';

const ANSWER_TIMEOUT_MS = 10_000;
const BARS_PER_PAGE = 10_000;
/** A bound on following `next_page_token`: 20 pages are 200,000 bars. */
const BAR_PAGES_MAX = 20;

/** How to reach the server. */
export interface RestClientOptions {
  /** Origin without a trailing slash; '' for the page's own origin. */
  readonly origin: string;
  /** Sent with every request: API key headers outside a browser; the page needs none. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
}

/** Which bars: RFC 3339 times, both ends inclusive. */
export interface BarsQuery {
  readonly symbol: string;
  readonly timeframe: '1Min' | '1Day';
  readonly start: string;
  readonly end: string;
}

interface BarsPage {
  readonly bars: Readonly<Record<string, readonly AlpacaBar[]>> | null;
  readonly next_page_token: string | null;
}

interface TradesPage {
  readonly trades: Readonly<Record<string, readonly AlpacaTrade[]>> | null;
}

interface RequestParts {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly body?: string;
}

type Query = Readonly<Record<string, string | number>>;

/** A client of one server, with one identity (cookie or API key). */
export class RestClient {
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: typeof fetch;

  constructor(options: RestClientOptions) {
    this.#origin = options.origin;
    this.#headers = options.headers ?? {};
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  }

  /** Who is signed in; refused with `not_signed_in` (401) otherwise. */
  session(): Promise<Result<Session>> {
    return this.#get('/api/v1/session');
  }

  /** Ends the session of this browser. */
  signOut(): Promise<Result<void>> {
    return this.#send('DELETE', '/api/v1/session');
  }

  /** One venue: its tape, clock and symbols. */
  venue(id: string): Promise<Result<Venue>> {
    return this.#get(`/api/v1/venues/${encodeURIComponent(id)}`);
  }

  /** Changes the speed of a venue's clock, or pauses it. */
  changeClock(venueId: string, change: ClockChange): Promise<Result<Venue>> {
    return this.#send('POST', `/api/v1/venues/${encodeURIComponent(venueId)}/clock`, change);
  }

  /** Starts the next run of the same recording; the account's orders start afresh. */
  restart(venueId: string, restart: Restart): Promise<Result<Venue>> {
    return this.#send('POST', `/api/v1/venues/${encodeURIComponent(venueId)}/restart`, restart);
  }

  /** The account's fills, newest first. */
  fills(query: { readonly limit: number; readonly cursor?: string }): Promise<Result<FillPage>> {
    return this.#get('/api/v1/fills', query);
  }

  /** The account of this identity. */
  account(): Promise<Result<AlpacaAccount>> {
    return this.#get('/v2/account');
  }

  /** Orders, newest first; at most 500. */
  orders(query: {
    readonly status: 'open' | 'all';
    readonly limit: number;
  }): Promise<Result<readonly AlpacaOrder[]>> {
    return this.#get('/v2/orders', query);
  }

  /** Enters an order. The same request with the same client order id enters it once. */
  submitOrder(order: OrderRequest): Promise<Result<AlpacaOrder>> {
    return this.#send('POST', '/v2/orders', order);
  }

  /** Cancels one open order. */
  cancelOrder(orderId: string): Promise<Result<void>> {
    return this.#send('DELETE', `/v2/orders/${encodeURIComponent(orderId)}`);
  }

  /** Cancels all open orders of the account. */
  cancelAllOrders(): Promise<Result<readonly CanceledOrder[]>> {
    return this.#send('DELETE', '/v2/orders');
  }

  /** Open positions. */
  positions(): Promise<Result<readonly AlpacaPosition[]>> {
    return this.#get('/v2/positions');
  }

  /** All instruments of the venue, with their names. */
  assets(): Promise<Result<readonly AlpacaAsset[]>> {
    return this.#get('/v2/assets', { status: 'active' });
  }

  /** Trading days between two New York dates, both inclusive. */
  calendar(start: string, end: string): Promise<Result<readonly AlpacaCalendarDay[]>> {
    return this.#get('/v2/calendar', { start, end });
  }

  /** All bars of one symbol in a range, oldest first, over as many pages as it takes. */
  async bars(query: BarsQuery): Promise<Result<readonly AlpacaBar[]>> {
    const bars: AlpacaBar[] = [];
    let pageToken = '';
    for (let page = 0; page < BAR_PAGES_MAX; page += 1) {
      const { symbol, ...range } = query;
      const answer = await this.#get<BarsPage>('/v2/stocks/bars', {
        symbols: symbol,
        ...range,
        limit: BARS_PER_PAGE,
        ...(pageToken === '' ? {} : { page_token: pageToken }),
      });
      if (!answer.ok) return answer;
      bars.push(...(answer.value.bars?.[symbol] ?? []));
      pageToken = answer.value.next_page_token ?? '';
      if (pageToken === '') break;
    }
    return { ok: true, value: bars };
  }

  /** The newest trades of one symbol of the day, newest first. */
  async latestTrades(query: {
    readonly symbol: string;
    readonly limit: number;
  }): Promise<Result<readonly AlpacaTrade[]>> {
    const { symbol, limit } = query;
    const parameters = { symbols: symbol, limit, sort: 'desc' };
    const answer = await this.#get<TradesPage>('/v2/stocks/trades', parameters);
    if (!answer.ok) return answer;
    return { ok: true, value: answer.value.trades?.[symbol] ?? [] };
  }

  #get<T>(path: string, query: Query = {}): Promise<Result<T>> {
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    return this.#call<T>(search === '' ? path : `${path}?${search}`, { method: 'GET' });
  }

  #send<T>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<Result<T>> {
    if (body === undefined) return this.#call<T>(path, { method });
    return this.#call<T>(path, { method, body: JSON.stringify(body) });
  }

  async #call<T>(path: string, request: RequestParts): Promise<Result<T>> {
    const { method, body } = request;
    try {
      const response = await this.#fetch(`${this.#origin}${path}`, {
        ...request,
        headers: {
          accept: 'application/json',
          // The page's mark on writes: a form on another site cannot send it.
          ...(method === 'GET' ? {} : { 'x-rialto-page': '1' }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...this.#headers,
        },
        credentials: 'same-origin',
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      return await readAnswer<T>(response);
    } catch (cause) {
      return { ok: false, error: missingAnswer(cause) };
    }
  }
}

async function readAnswer<T>(response: Response): Promise<Result<T>> {
  const text = await response.text();
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    const error = { code: 'bad_answer', message: 'The server sent an answer that is not JSON.' };
    return { ok: false, error: { ...error, status: response.status } };
  }
  if (!response.ok) return { ok: false, error: readApiError(response.status, body) };
  // The server's answers are checked against the contracts by its own tests.
  return { ok: true, value: body as T };
}

function missingAnswer(cause: unknown): { code: string; message: string; status: 0 } {
  const isTimeout = cause instanceof Error && cause.name === 'TimeoutError';
  return isTimeout
    ? { code: 'timeout', message: 'The server did not answer in time.', status: 0 }
    : { code: 'network', message: 'The server cannot be reached.', status: 0 };
}
