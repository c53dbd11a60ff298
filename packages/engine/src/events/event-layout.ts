/**
 * What stands in which word of an event record.
 *
 * Words 0–3 are the same in every record: type, instrument index (-1: none), venue time in
 * microseconds as float64 (words 2–3). Below, `F(n)` is a float64 in words n and n+1. Prices
 * are units of $0.0001. A share quantity is two words: whole shares, then billionths.
 */

/** Event types. The numbers are part of the log format: never reuse one. */
export const EventType = {
  accountOpened: 1,
  cashMoved: 2,
  orderAccepted: 10,
  orderWorking: 11,
  orderFilled: 12,
  orderCanceled: 13,
  orderExpired: 14,
  orderReplaced: 15,
  trade: 20,
  quote: 21,
  barClosed: 22,
  dayBarClosed: 23,
  sessionChanged: 30,
  clockSet: 31,
  tapeEnded: 32,
} as const;
export type EventType = (typeof EventType)[keyof typeof EventType];

/** Words shared by all records. */
export const HEAD = { type: 0, instrument: 1, time: 2 /* F */ } as const;

/** accountOpened, cashMoved: amount is signed for cashMoved (withdrawals are negative). */
export const ACCOUNT = { account: 4, code: 5, dollars: 6 /* F */, nanos: 8 } as const;

/**
 * order* events. `price`: the limit (0: market), or for orderFilled the fill price.
 * `qty*`: the order's quantity, or for orderFilled the filled quantity.
 * `leaves*`: what is still open after the event; 0 when the order has ended.
 * `detail`: orderFilled: FillReason | FILL_MAKER | FILL_ROUNDED_UP; orderCanceled/Expired:
 * EndReason; all: ORDER_SELLS, ORDER_LIMIT, time in force. One event names each new status:
 * orderAccepted: waits for the open (or ends at once); orderWorking: in the market. A new order's
 * first event is orderAccepted when the session is closed, orderWorking when it is open.
 * `cause` F: orderFilled: tape position of the quote or trade, or the other order's number.
 */
export const ORDER = {
  account: 4,
  slot: 5,
  number: 6 /* F */,
  price: 8,
  qtyWhole: 9,
  qtyNanos: 10,
  leavesWhole: 11,
  leavesNanos: 12,
  detail: 13,
  cause: 14 /* F */,
} as const;

/** Why a fill happened, in bits 0–7 of `ORDER.detail` of an orderFilled record. */
export const FillReason = {
  /** It met another account's order in the book; cause = that order's number. */
  order: 1,
  /** It took the displayed outside quote; cause = tape position of the quote. */
  quoteTaken: 2,
  /** Resting, and the outside quote came to or through its limit; cause = the quote. */
  quoteCrossed: 3,
  /** Resting, and the tape traded through its limit; cause = the trade. */
  tradedThrough: 4,
  /** Resting, and the tape traded at its limit after the queue ahead was used up; cause = the trade. */
  queueReached: 5,
} as const;
export type FillReason = (typeof FillReason)[keyof typeof FillReason];

/** Bit 8 of `ORDER.detail` of orderFilled: this side was resting. */
export const FILL_MAKER: number = 1 << 8;
/** Bit 9 of `ORDER.detail` of every order event: the order sells. */
export const ORDER_SELLS: number = 1 << 9;
/**
 * Bit 10 of `ORDER.detail` of orderFilled of a buy: it paid one unit (1e-9 dollar) more than the
 * notional rounded down, into the `rounding` account (ledger/notional.ts, ledger/transfers.ts).
 */
export const FILL_ROUNDED_UP: number = 1 << 10;
/** Bit 12 of `ORDER.detail` of every order event: the order has a limit price. */
export const ORDER_LIMIT: number = 1 << 12;
/** Bits 13–14 of `ORDER.detail` of every order event: 0 day, 1 gtc, 2 ioc, 3 fok. */
export const ORDER_TIF_SHIFT = 13;

/** Why an order ended without being filled, in bits 0–7 of `ORDER.detail`. */
export const EndReason = {
  requested: 1,
  immediateRemainder: 2,
  notFillableWhole: 3,
  dayEnded: 4,
  noLiquidity: 5,
  venueEnded: 6,
} as const;
export type EndReason = (typeof EndReason)[keyof typeof EndReason];

/**
 * trade: one print. `conditions`: bits of market/trade-conditions.ts; `position` F: place on the
 * tape; `flags`: TradeEffect bits (what the print changed) and TRADE_SUSPICIOUS.
 */
export const TRADE = {
  price: 4,
  size: 5,
  venue: 6,
  conditions: 7,
  position: 8 /* F */,
  flags: 10,
} as const;

/** quote: the best bid and offer after a change. Sizes in whole shares, 0 = side absent. */
export const QUOTE = {
  bidPrice: 4,
  bidSize: 5,
  askPrice: 6,
  askSize: 7,
  venues: 8 /* bid letter code | ask letter code << 8 */,
  conditions: 9,
  position: 10 /* F */,
} as const;

/**
 * barClosed, dayBarClosed: time (head) is when it closed; `start` F; volume F in whole shares;
 * notional F = sum of price × size in $0.0001 over the trades that count for volume.
 * `position`: rows of the tape applied when the bar closed (an integer below 2^31).
 */
export const BAR = {
  start: 4 /* F */,
  open: 6,
  high: 7,
  low: 8,
  close: 9,
  volume: 10 /* F */,
  notional: 12 /* F */,
  tradeCount: 14,
  position: 15,
} as const;

/** sessionChanged: the session that begins (SessionKind) and the trading date as yyyymmdd. */
export const SESSION = { kind: 4, date: 5 } as const;

/** clockSet: speed F (1 = real time, 0 = as fast as possible), paused 0/1. */
export const CLOCK = { speed: 4 /* F */, paused: 6 } as const;
