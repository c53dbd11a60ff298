/**
 * What the proof asks of an SDK, in one form. Each adapter calls the SDK's own methods and only
 * renames what they answer, so that one scenario can hold every SDK to the same goals.
 */

/** Times are RFC 3339 in UTC with milliseconds; the recording has no finer ones. */
export interface Trade {
  readonly time: string;
  readonly price: number;
  readonly size: number;
  readonly exchange: string;
}

export interface Quote {
  readonly time: string;
  readonly bid: number;
  readonly bidSize: number;
  readonly bidExchange: string;
  readonly ask: number;
  readonly askSize: number;
  readonly askExchange: string;
}

export interface Bar {
  readonly time: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface Order {
  readonly id: string;
  readonly clientOrderId: string;
  readonly status: string;
  readonly filledQty: string;
  /** Empty while nothing filled. */
  readonly filledAvgPrice: string;
}

export interface NewOrder {
  readonly symbol: string;
  readonly qty: number;
  /** A market order when absent. */
  readonly limit?: number;
  readonly clientOrderId?: string;
}

export interface OrderEvent {
  readonly event: string;
  readonly orderId: string;
  readonly time: string;
  readonly price: string;
  readonly qty: string;
  readonly positionQty: string;
}

export interface Snapshot {
  readonly latestTrade: Trade;
  readonly latestQuote: Quote;
  readonly minuteBar: Bar;
  readonly dailyBar: Bar;
}

/** First and last instant, inclusive. */
export interface Span {
  readonly start: string;
  readonly end: string;
}

/** How the SDK shows a refusal: status is empty where it drops it. */
export interface Refusal {
  readonly status: number | undefined;
  readonly code: number;
  readonly message: string;
}

/** What came over the data socket, in the order of arrival. */
export interface MarketData {
  readonly trades: Trade[];
  readonly quotes: Quote[];
  readonly bars: Bar[];
  close(): void;
}

export interface OrderEvents {
  readonly events: OrderEvent[];
  close(): void;
}

/** An SDK's sockets; each resolves once the server has confirmed the subscription. */
export interface Sockets {
  orderEvents(): Promise<OrderEvents>;
  marketData(symbol: string): Promise<MarketData>;
}

export interface Bot {
  readonly name: string;
  readonly sockets?: Sockets;
  account(): Promise<{ readonly status: string; readonly cash: string }>;
  clock(): Promise<{ readonly time: string; readonly isOpen: boolean }>;
  /** "2013-10-07 09:30-16:00" for each trading day. */
  calendar(first: string, last: string): Promise<readonly string[]>;
  /** The same from the older routes, where the SDK has both. */
  legacyClock?(): Promise<{ readonly time: string; readonly isOpen: boolean }>;
  legacyCalendar?(first: string, last: string): Promise<readonly string[]>;
  assets(): Promise<readonly string[]>;
  assetName(symbol: string): Promise<string>;
  buy(order: NewOrder): Promise<Order>;
  order(id: string): Promise<Order>;
  orderByClientId?(id: string): Promise<Order>;
  openOrders(): Promise<readonly Order[]>;
  cancel(id: string): Promise<void>;
  /** "BAC 200 @ 13.92" for each position. */
  positions(): Promise<readonly string[]>;
  position(symbol: string): Promise<string>;
  closePosition(symbol: string): Promise<Order>;
  refusal(error: unknown): Refusal;
  /** Minute bars, through the SDK's own paging where it has one. */
  bars(symbol: string, span: Span, pageSize: number): Promise<readonly Bar[]>;
  trades(symbol: string, span: Span): Promise<readonly Trade[]>;
  quotes(symbol: string, span: Span): Promise<readonly Quote[]>;
  latestTrade(symbol: string): Promise<Trade>;
  latestQuote(symbol: string): Promise<Quote>;
  latestBar(symbol: string): Promise<Bar>;
  snapshots(symbols: readonly string[]): Promise<ReadonlyMap<string, Snapshot>>;
}

/** An instant in the one form that all comparisons use. */
export function utc(time: string | Date): string {
  return new Date(time).toISOString();
}
