/**
 * Commands: all that can happen to a venue, in the order the log gives them.
 *
 * Each carries the time of its append. Venue time becomes max(previous, carried), but never passes
 * what has not happened yet: in a recording venue only advance_clock plays rows of the tape,
 * changes sessions and ends minutes. Codec: venue/command-codec.ts.
 */
import type { Instrument } from '../instruments/instrument.ts';
import type { OrderRef, OrderType, Side, TimeInForce } from '../orders/order-terms.ts';
import type { Money } from '../values/money.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { Micros } from '../values/time.ts';

/** Where outside market events come from; `recording` is a packed data set read by position. */
export interface TapeSpec {
  readonly kind: 'recording';
  /** Name of the data set, for example "us-equities-2013-10-07". */
  readonly dataset: string;
  /** SHA-256 (hex) of the packed data set: a replay is a function of this hash and the commands. */
  readonly hash: string;
}

/** First record of every log: what the venue is before anything happens. */
export interface OpenVenue {
  readonly type: 'open_venue';
  /** Where venue time begins: here, or at the first row of the tape when that is earlier. */
  readonly at: Micros;
  /** Mixed into order ids; no other randomness exists in a recording venue. */
  readonly seed: number;
  readonly instruments: readonly Instrument[];
  readonly tape: TapeSpec;
}

/** Opens an account with an opening balance; refused (`account_exists`) when the id is known. */
export interface OpenAccount {
  readonly type: 'open_account';
  readonly at: Micros;
  /** UUID text. */
  readonly accountId: string;
  readonly cash: Money;
}

/** Enters an order. Idempotent by (account, clientOrderId). */
export interface SubmitOrder {
  readonly type: 'submit_order';
  readonly at: Micros;
  readonly account: number;
  readonly instrument: number;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly qty: Quantity;
  /** 0 for market orders. */
  readonly limitPrice: Price;
  /** 1–128 characters. */
  readonly clientOrderId: string;
}

/** Cancels one open order of the account. */
export interface CancelOrder {
  readonly type: 'cancel_order';
  readonly at: Micros;
  readonly account: number;
  readonly order: OrderRef;
}

/** Cancels all open orders of the account. */
export interface CancelAllOrders {
  readonly type: 'cancel_all_orders';
  readonly at: Micros;
  readonly account: number;
}

/** Sells (a part of) a position at the market. Exactly one of qty and fraction, or neither: all. */
export interface ClosePosition {
  readonly type: 'close_position';
  readonly at: Micros;
  readonly account: number;
  readonly instrument: number;
  readonly qty: Quantity | undefined;
  /** Billionths of the position: 500_000_000 is one half. */
  readonly fractionNanos: number | undefined;
  readonly clientOrderId: string;
}

/**
 * Moves venue time forward and plays the tape up to and including `to`. Only the leader's.
 * Refused when that is more than 4,096 rows or 1,000 days (`tape_slice_too_long`).
 */
export interface AdvanceClock {
  readonly type: 'advance_clock';
  readonly at: Micros;
  readonly epoch: number;
  readonly to: Micros;
}

/** Sets the speed of the venue clock: 1 is real time, 0 as fast as possible. */
export interface SetClock {
  readonly type: 'set_clock';
  readonly at: Micros;
  readonly speed: number;
  readonly paused: boolean;
}

/** A driver takes the lead; commands of a smaller epoch are refused from here on (fencing). */
export interface Lead {
  readonly type: 'lead';
  readonly at: Micros;
  readonly epoch: number;
}

/** Ends the venue: open orders are canceled, nothing trades any more. Reads go on. */
export interface EndVenue {
  readonly type: 'end_venue';
  readonly at: Micros;
}

export type Command =
  | OpenVenue
  | OpenAccount
  | SubmitOrder
  | CancelOrder
  | CancelAllOrders
  | ClosePosition
  | AdvanceClock
  | SetClock
  | Lead
  | EndVenue;
