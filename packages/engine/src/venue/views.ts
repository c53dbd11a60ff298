/** What a reader of the state sees. Plain values, made on request, safe to keep. */
import type {
  OrderRef,
  OrderStatus,
  OrderType,
  Refusal,
  Side,
  TimeInForce,
} from '../orders/order-terms.ts';
import type { Money } from '../values/money.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { Micros } from '../values/time.ts';

/** The answer to one command. */
export type Outcome =
  | {
      readonly ok: true;
      /** The order that was entered (or, when `replayed`, the one entered before). */
      readonly order?: OrderRef;
      /** The same client order id with the same terms came before: nothing was done again. */
      readonly replayed?: boolean;
      readonly canceled?: readonly OrderRef[];
      readonly account?: number;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** An account at one event number. */
export interface AccountView {
  readonly index: number;
  readonly id: string;
  readonly openedAt: Micros;
  readonly cash: Money;
  /** Cash reserved by open buy orders. */
  readonly held: Money;
  /** cash − held: what a cash account may still spend. */
  readonly buyingPower: Money;
  readonly openingCash: Money;
}

/** An order as clients know it. For a closed order only `apply`'s caller sees it, once. */
export interface OrderView {
  readonly ref: OrderRef;
  readonly account: number;
  readonly instrument: number;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly qty: Quantity;
  /** 0 for market orders. */
  readonly limitPrice: Price;
  readonly clientOrderId: string;
  readonly status: OrderStatus;
  readonly filledQty: Quantity;
  /** Sum of price × quantity over the fills; the average price is this by filledQty. */
  readonly filledCost: Money;
  readonly submittedAt: Micros;
  readonly updatedAt: Micros;
}

export interface PositionView {
  readonly account: number;
  readonly instrument: number;
  readonly qty: Quantity;
  /** Reserved by open sell orders. */
  readonly held: Quantity;
  /** What the shares now held have cost (average cost method). */
  readonly cost: Money;
}

/** A trade: as the last trade of an instrument, the newest that updates its last price. */
export interface TradeView {
  readonly time: Micros;
  readonly price: Price;
  readonly size: number;
  /** One-letter venue code. */
  readonly venue: string;
  readonly conditions: number;
  readonly position: number;
}

/** The best outside bid and offer. A price of 0 means that side is absent. */
export interface QuoteView {
  readonly time: Micros;
  readonly bidPrice: Price;
  readonly bidSize: number;
  readonly bidVenue: string;
  readonly askPrice: Price;
  readonly askSize: number;
  readonly askVenue: string;
  readonly conditions: number;
  readonly position: number;
}

/** A bar over [start, start + length). Volume in whole shares, notional in $0.0001. */
export interface BarView {
  readonly start: Micros;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: number;
  readonly notional: number;
  readonly tradeCount: number;
}

export type SessionKind = 'closed' | 'pre' | 'regular' | 'post';

/** What is known of one instrument's market now; absent parts have not happened yet. */
export interface MarketView {
  readonly instrument: number;
  readonly lastTrade: TradeView | undefined;
  readonly lastQuote: QuoteView | undefined;
  /** The minute in progress, absent before its first trade. */
  readonly minuteBar: BarView | undefined;
  /** The last minute that closed. */
  readonly lastMinuteBar: BarView | undefined;
  /** The trading day: in progress to the end of the post-market, then final until the next day. */
  readonly dayBar: BarView | undefined;
  /** The newest day before that one on which it traded. */
  readonly previousDayBar: BarView | undefined;
}
