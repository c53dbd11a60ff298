/**
 * The platform stream: one WebSocket for the page and for tools, at `/api/v1/stream`.
 *
 * JSON text frames. Signed in by the session cookie (same origin only) or by API key headers.
 * The server sends `hello` first. Market data is conflated: at most one frame of each kind per
 * client every 100 ms, holding the newest value per symbol and how many were left out. Order
 * and account messages are never conflated. Every frame carries `seq`, the venue's event number
 * it is true for: REST answers given after it are never older.
 */

/** Client → server. A subscription replaces the one before. Unknown symbols are refused. */
export interface SubscribeMessage {
  readonly action: 'subscribe';
  /** Symbols whose quotes and last trades are wanted (the watchlist). At most 500. */
  readonly quotes: readonly string[];
  /** Symbols whose prints are wanted one by one (newest 50 per frame, the rest counted). */
  readonly trades: readonly string[];
  /** Symbols whose minute bars are wanted, in progress and final. At most 50. */
  readonly bars: readonly string[];
}

/** A JSON number of dollars; times are RFC 3339 in UTC. */
export interface QuoteTick {
  readonly t: string;
  readonly bp: number;
  readonly bs: number;
  readonly ap: number;
  readonly as: number;
  /** Last trade, absent before the first one. */
  readonly p?: number;
  /** Previous day's close, when known; else the first trade of the day. */
  readonly pc?: number;
  /** Volume of the day so far, in shares. */
  readonly v: number;
}

export interface PrintTick {
  readonly t: string;
  readonly p: number;
  readonly s: number;
  readonly x: string;
}

export interface BarTick {
  readonly t: string;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
  readonly n: number;
  readonly vw: number;
}

/** Where the venue's clock stands. Sent at least once a second and at every change. */
export interface VenueClock {
  /** Venue time, RFC 3339. */
  readonly time: string;
  readonly speed: number;
  readonly status: 'running' | 'paused' | 'ended';
  readonly session: 'closed' | 'pre' | 'regular' | 'post';
  /** 0 … 1: how much of the recording has been played. */
  readonly progress: number;
}

/** Server → client. `order` is an order object of the trading API (snake_case, strings). */
export type StreamMessage =
  | {
      readonly type: 'hello';
      readonly seq: number;
      readonly venue: {
        readonly id: string;
        readonly name: string;
        readonly symbols: readonly string[];
      };
      readonly clock: VenueClock;
    }
  | {
      readonly type: 'subscribed';
      readonly seq: number;
      readonly quotes: readonly string[];
      readonly trades: readonly string[];
      readonly bars: readonly string[];
    }
  | { readonly type: 'clock'; readonly seq: number; readonly clock: VenueClock }
  /** `dropped`: quotes and trades of these symbols since the last frame that it leaves out. */
  | {
      readonly type: 'quotes';
      readonly seq: number;
      readonly quotes: Readonly<Record<string, QuoteTick>>;
      readonly dropped: number;
    }
  | {
      readonly type: 'trades';
      readonly seq: number;
      readonly symbol: string;
      readonly trades: readonly PrintTick[];
      readonly dropped: number;
    }
  | {
      readonly type: 'bar';
      readonly seq: number;
      readonly symbol: string;
      readonly bar: BarTick;
      readonly final: boolean;
    }
  | {
      readonly type: 'order';
      readonly seq: number;
      readonly event: string;
      readonly order: Readonly<Record<string, unknown>>;
      readonly price?: string;
      readonly qty?: string;
      readonly position_qty?: string;
    }
  /** The replay was restarted: the account lives in another venue now; connect again. */
  | { readonly type: 'venue_changed'; readonly seq: number; readonly venue_id: string }
  | {
      readonly type: 'error';
      readonly seq: number;
      readonly code: string;
      readonly message: string;
    };
