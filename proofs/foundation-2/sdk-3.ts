/** `@alpacahq/alpaca-trade-api` 3.1.3, unmodified, behind the form of the scenario. */
import Alpaca from 'alpaca-sdk-3';
import { setTimeout as delay } from 'node:timers/promises';
import { clientLines } from '../../apps/server/src/cli/client-lines.ts';
import type { Bar, Bot, MarketData, NewOrder, OrderEvents, Quote, Sockets, Trade } from './bot.ts';
import { utc } from './bot.ts';
import { runLines } from './run-lines.ts';
import { until } from './waiting.ts';
import {
  dayOf,
  orderOf,
  positionOf,
  type WireDay,
  type WireOrder,
  type WirePosition,
} from './wire.ts';

/** The SDK reads `/stream` without telling when its subscription is confirmed. */
const LISTENING_MS = 250;

/** What is used of the SDK; its own declarations say `any` nearly everywhere. */
interface Sdk {
  getAccount(): Promise<{ readonly status: string; readonly cash: string }>;
  getClock(): Promise<{ readonly timestamp: string; readonly is_open: boolean }>;
  getCalendar(range: { readonly start: Date; readonly end: Date }): Promise<WireDay[]>;
  getAssets(query: { readonly status: string }): Promise<{ readonly symbol: string }[]>;
  getAsset(symbol: string): Promise<{ readonly name: string }>;
  createOrder(order: object): Promise<WireOrder>;
  getOrder(id: string): Promise<WireOrder>;
  getOrderByClientId(id: string): Promise<WireOrder>;
  getOrders(query: object): Promise<WireOrder[]>;
  cancelOrder(id: string): Promise<unknown>;
  getPositions(): Promise<WirePosition[]>;
  getPosition(symbol: string): Promise<WirePosition>;
  closePosition(symbol: string): Promise<WireOrder>;
  getBarsV2(symbol: string, options: object): AsyncIterable<SdkBar>;
  getTradesV2(symbol: string, options: object): AsyncIterable<SdkTrade>;
  getQuotesV2(symbol: string, options: object): AsyncIterable<SdkQuote>;
  getLatestTrade(symbol: string): Promise<SdkTrade>;
  getLatestQuote(symbol: string): Promise<SdkQuote>;
  getLatestBar(symbol: string): Promise<SdkBar>;
  getSnapshots(symbols: readonly string[]): Promise<SdkSnapshot[]>;
  readonly trade_ws: {
    onConnect(then: () => void): void;
    onOrderUpdate(then: (update: SdkUpdate) => void): void;
    subscribe(streams: readonly string[]): void;
    connect(): void;
    disconnect(): void;
  };
  readonly data_stream_v2: {
    onConnect(then: () => void): void;
    onError(then: (error: string) => void): void;
    onStockTrade(then: (trade: SdkTrade) => void): void;
    onStockQuote(then: (quote: SdkQuote) => void): void;
    onStockBar(then: (bar: SdkBar) => void): void;
    subscribeForTrades(symbols: readonly string[]): void;
    subscribeForQuotes(symbols: readonly string[]): void;
    subscribeForBars(symbols: readonly string[]): void;
    getSubscriptions(): { readonly corrections: readonly string[] };
    connect(): void;
    disconnect(): void;
  };
}

interface SdkTrade {
  readonly Timestamp: string | Date;
  readonly Price: number;
  readonly Size: number;
  readonly Exchange: string;
}

interface SdkQuote {
  readonly Timestamp: string | Date;
  readonly BidPrice: number;
  readonly BidSize: number;
  readonly BidExchange: string;
  readonly AskPrice: number;
  readonly AskSize: number;
  readonly AskExchange: string;
}

interface SdkBar {
  readonly Timestamp: string | Date;
  readonly OpenPrice: number;
  readonly HighPrice: number;
  readonly LowPrice: number;
  readonly ClosePrice: number;
  readonly Volume: number;
}

interface SdkSnapshot {
  readonly symbol: string;
  readonly LatestTrade: SdkTrade;
  readonly LatestQuote: SdkQuote;
  readonly MinuteBar: SdkBar;
  readonly DailyBar: SdkBar;
}

interface SdkUpdate {
  readonly event: string;
  readonly timestamp: string;
  readonly price?: string;
  readonly qty?: string;
  readonly position_qty?: string;
  readonly order: { readonly id: string };
}

interface Keys {
  readonly keyId: string;
  readonly secretKey: string;
}

/** A bot made by the lines that `npm start` prints for this SDK. */
export function sdk3Bot(url: string, keys: Keys): Bot {
  const lines = clientLines(url)['@alpacahq/alpaca-trade-api 3.x'];
  return botOf(runLines(lines, { Alpaca, ...keys }, ['alpaca'])['alpaca'] as Sdk);
}

/** The data socket of a bot that is made by the printed environment variables alone. */
export function sdk3EnvironmentMarketData(symbol: string): Promise<MarketData> {
  // Its declarations export the class in a form that TypeScript can't construct.
  const Client = Alpaca as unknown as new () => Sdk;
  return socketsOf(new Client()).marketData(symbol);
}

function botOf(alpaca: Sdk): Bot {
  return {
    name: 'alpaca-trade-api 3.1.3',
    sockets: socketsOf(alpaca),
    account: () => alpaca.getAccount(),
    async clock() {
      const { timestamp, is_open } = await alpaca.getClock();
      return { time: utc(timestamp), isOpen: is_open };
    },
    async calendar(first, last) {
      const range = { start: new Date(first), end: new Date(last) };
      return (await alpaca.getCalendar(range)).map(dayOf);
    },
    async assets() {
      return (await alpaca.getAssets({ status: 'active' })).map(({ symbol }) => symbol);
    },
    assetName: async (symbol) => (await alpaca.getAsset(symbol)).name,
    buy: async (order) => orderOf(await alpaca.createOrder(entryOf(order))),
    order: async (id) => orderOf(await alpaca.getOrder(id)),
    orderByClientId: async (id) => orderOf(await alpaca.getOrderByClientId(id)),
    openOrders: async () => (await alpaca.getOrders({ status: 'open' })).map(orderOf),
    async cancel(id) {
      await alpaca.cancelOrder(id);
    },
    positions: async () => (await alpaca.getPositions()).map(positionOf),
    position: async (symbol) => positionOf(await alpaca.getPosition(symbol)),
    closePosition: async (symbol) => orderOf(await alpaca.closePosition(symbol)),
    refusal(error) {
      const { response } = error as {
        readonly response: {
          readonly status: number;
          readonly data: { code: number; message: string };
        };
      };
      return { status: response.status, code: response.data.code, message: response.data.message };
    },
    ...historyOf(alpaca),
  };
}

function entryOf({ symbol, qty, limit, clientOrderId }: NewOrder): object {
  return {
    symbol,
    qty,
    side: 'buy',
    type: limit === undefined ? 'market' : 'limit',
    time_in_force: 'day',
    limit_price: limit,
    client_order_id: clientOrderId,
  };
}

type History = Pick<
  Bot,
  'bars' | 'trades' | 'quotes' | 'latestTrade' | 'latestQuote' | 'latestBar' | 'snapshots'
>;

function historyOf(alpaca: Sdk): History {
  return {
    bars: (symbol, span, pageLimit) =>
      collect(
        alpaca.getBarsV2(symbol, { ...span, timeframe: '1Min', pageLimit, limit: 1_000 }),
        bar,
      ),
    trades: (symbol, span) => collect(alpaca.getTradesV2(symbol, { ...span }), trade),
    quotes: (symbol, span) => collect(alpaca.getQuotesV2(symbol, { ...span }), quote),
    latestTrade: async (symbol) => trade(await alpaca.getLatestTrade(symbol)),
    latestQuote: async (symbol) => quote(await alpaca.getLatestQuote(symbol)),
    latestBar: async (symbol) => bar(await alpaca.getLatestBar(symbol)),
    async snapshots(symbols) {
      const found = await alpaca.getSnapshots(symbols);
      return new Map(
        found.map((snapshot) => [
          snapshot.symbol,
          {
            latestTrade: trade(snapshot.LatestTrade),
            latestQuote: quote(snapshot.LatestQuote),
            minuteBar: bar(snapshot.MinuteBar),
            dailyBar: bar(snapshot.DailyBar),
          },
        ]),
      );
    },
  };
}

async function collect<From, To>(
  items: AsyncIterable<From>,
  map: (item: From) => To,
): Promise<To[]> {
  const collected: To[] = [];
  for await (const item of items) collected.push(map(item));
  return collected;
}

function socketsOf(alpaca: Sdk): Sockets {
  return {
    async orderEvents(): Promise<OrderEvents> {
      const socket = alpaca.trade_ws;
      const events: OrderEvents['events'] = [];
      let isConnected = false;
      socket.onConnect(() => {
        socket.subscribe(['trade_updates']);
        isConnected = true;
      });
      socket.onOrderUpdate(
        ({ event, order, timestamp, price = '', qty = '', position_qty = '' }) => {
          const time = utc(timestamp);
          events.push({ event, orderId: order.id, time, price, qty, positionQty: position_qty });
        },
      );
      socket.connect();
      await until(() => isConnected, 'the order events of SDK 3');
      await delay(LISTENING_MS);
      return { events, close: () => socket.disconnect() };
    },
    async marketData(symbol): Promise<MarketData> {
      const socket = alpaca.data_stream_v2;
      const trades: Trade[] = [];
      const quotes: Quote[] = [];
      const bars: Bar[] = [];
      let problem: string | undefined;
      socket.onError((error) => (problem = error));
      socket.onStockTrade((message) => trades.push(trade(message)));
      socket.onStockQuote((message) => quotes.push(quote(message)));
      socket.onStockBar((message) => bars.push(bar(message)));
      socket.onConnect(() => {
        socket.subscribeForQuotes([symbol]);
        socket.subscribeForBars([symbol]);
        socket.subscribeForTrades([symbol]);
      });
      socket.connect();
      // The SDK notes a subscription when it asks; corrections follow trades by the answer only.
      await until(() => {
        if (problem !== undefined) throw new Error(`the data socket of SDK 3: ${problem}`);
        return socket.getSubscriptions().corrections.includes(symbol);
      }, 'the subscription of SDK 3');
      return { trades, quotes, bars, close: () => socket.disconnect() };
    },
  };
}

function trade({ Timestamp, Price, Size, Exchange }: SdkTrade): Trade {
  return { time: utc(Timestamp), price: Price, size: Size, exchange: Exchange };
}

function quote(from: SdkQuote): Quote {
  return {
    time: utc(from.Timestamp),
    bid: from.BidPrice,
    bidSize: from.BidSize,
    bidExchange: from.BidExchange,
    ask: from.AskPrice,
    askSize: from.AskSize,
    askExchange: from.AskExchange,
  };
}

function bar(from: SdkBar): Bar {
  return {
    time: utc(from.Timestamp),
    open: from.OpenPrice,
    high: from.HighPrice,
    low: from.LowPrice,
    close: from.ClosePrice,
    volume: from.Volume,
  };
}
