/**
 * What the API reads from the tables. Implementations: tables/*.ts over Postgres.
 *
 * Closed orders leave the state machine and are found here. A reader that must see its own
 * write first awaits `checkpoint.reached(venueId, seq)`.
 */
import type { OrderView } from '@rialto/engine/venue/views';
import type { BarView, QuoteView, TradeView } from '@rialto/engine/venue/views';

/** An order in the tables: the engine's view plus stamps of its end. */
export interface StoredOrder extends OrderView {
  readonly filledAt: number | undefined;
  readonly canceledAt: number | undefined;
  readonly expiredAt: number | undefined;
}

/** One execution in the tables. */
export interface StoredFill {
  readonly seq: number;
  readonly venueId: string;
  readonly account: number;
  readonly orderNumber: number;
  readonly orderSlot: number;
  readonly instrument: number;
  readonly side: 'buy' | 'sell';
  /** Units of $0.0001. */
  readonly price: number;
  /** Units of 1e-9 share. */
  readonly qty: bigint;
  /** Still open after this fill, units of 1e-9 share. */
  readonly leavesQty: bigint;
  readonly maker: boolean;
  /** FillReason of the engine's event layout. */
  readonly reason: number;
  /** Tape position of the quote or trade, or the other order's number. */
  readonly cause: number;
  readonly time: number;
}

export interface OrderQuery {
  readonly venueId: string;
  readonly account: number;
  readonly status: 'open' | 'closed' | 'all';
  /** submitted_at strictly after / before, microseconds. */
  readonly after?: number;
  readonly until?: number;
  /** Order numbers to page by: strictly before / after. */
  readonly beforeNumber?: number;
  readonly afterNumber?: number;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly instruments?: readonly number[];
  readonly side?: 'buy' | 'sell';
}

export interface OrdersReader {
  byNumber(venueId: string, number: number): Promise<StoredOrder | undefined>;
  byClientId(
    venueId: string,
    account: number,
    clientOrderId: string,
  ): Promise<StoredOrder | undefined>;
  list(query: OrderQuery): Promise<readonly StoredOrder[]>;
  /** Fills of an account, newest first; `beforeSeq` pages. */
  fills(query: {
    readonly venueId: string;
    readonly account: number;
    readonly limit: number;
    readonly beforeSeq?: number;
  }): Promise<readonly StoredFill[]>;
}

/**
 * A slice of a tape's history for one instrument, both ends inclusive, microseconds.
 * `after` continues behind a row already given (paging): its time and tape position.
 */
export interface HistoryQuery {
  readonly tapeId: string;
  readonly symbol: string;
  readonly start: number;
  readonly end: number;
  readonly sort: 'asc' | 'desc';
  readonly limit: number;
  readonly after?: { readonly time: number; readonly position: number };
}

export interface MarketDataReader {
  trades(query: HistoryQuery): Promise<readonly TradeView[]>;
  quotes(query: HistoryQuery): Promise<readonly QuoteView[]>;
  /** Final one-minute bars with start in [start, end], ascending. */
  minuteBars(query: Omit<HistoryQuery, 'sort' | 'limit' | 'after'>): Promise<readonly BarView[]>;
  /** Final daily bars with start in [start, end], ascending. */
  dayBars(query: Omit<HistoryQuery, 'sort' | 'limit' | 'after'>): Promise<readonly BarView[]>;
}

/** How far the `store` role has written a venue's events. */
export interface CheckpointReader {
  /** Resolves when the tables hold all events up to `seq`; rejects after `timeoutMs`. */
  reached(venueId: string, seq: number, timeoutMs: number): Promise<void>;
  /** The last stored event number. */
  current(venueId: string): Promise<number>;
}
