/** `@alpacahq/alpaca-trade-api` 4.0.2, unmodified, behind the form of the scenario. */
import {
  Alpaca,
  errors,
  type marketDataShapes,
  streaming,
  timeFrame,
  TimeFrameUnit,
  type trading,
} from 'alpaca-sdk-4';
import { clientLines } from '../../apps/server/src/cli/client-lines.ts';
import type {
  Bar,
  Bot,
  MarketData,
  Order,
  OrderEvents,
  Quote,
  Snapshot,
  Span,
  Trade,
} from './bot.ts';
import { utc } from './bot.ts';
import { runLines } from './run-lines.ts';
import { until } from './waiting.ts';
import { barOf, quoteOf, snapshotOf, tradeOf, type WireSnapshot } from './wire.ts';

/** What the printed lines define. */
interface Made {
  readonly alpaca: Alpaca;
  readonly orderEvents: streaming.TradingStream;
  readonly marketData: streaming.StockDataStream;
}

/** How the guide of the SDK names the market; its type lists only exchanges. */
const US_EQUITY = 'us_equity' as trading.Market;

const newYork = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'America/New_York',
  hour: '2-digit',
  minute: '2-digit',
});

/** A bot made by the lines that `npm start` prints for this SDK. */
export function sdk4Bot(
  url: string,
  keys: { readonly keyId: string; readonly secret: string },
): Bot {
  const lines = clientLines(url)['@alpacahq/alpaca-trade-api 4.x'];
  const made = runLines(lines, { Alpaca, ...keys }, ['alpaca', 'orderEvents', 'marketData']);
  const { alpaca, orderEvents, marketData } = made as unknown as Made;
  return {
    name: 'alpaca-trade-api 4.0.2',
    sockets: {
      orderEvents: () => openOrderEvents(orderEvents),
      marketData: (symbol) => openMarketData(marketData, symbol),
    },
    ...accountOf(alpaca.trading),
    ...ordersOf(alpaca.trading),
    ...historyOf(alpaca.marketData),
  };
}

type AccountPart = Pick<
  Bot,
  'account' | 'clock' | 'calendar' | 'legacyClock' | 'legacyCalendar' | 'assets' | 'assetName'
>;

function accountOf({ account, clock, calendar, assets }: Alpaca['trading']): AccountPart {
  return {
    async account() {
      const { status, cash = '' } = await account.getAccount();
      return { status, cash };
    },
    async clock() {
      const { clocks } = await clock.clock();
      const [first] = clocks;
      if (first === undefined) throw new Error('no clock');
      return { time: utc(first.timestamp), isOpen: first.phase === 'core' };
    },
    async calendar(first, last) {
      const range = { market: US_EQUITY, start: new Date(first), end: new Date(last) };
      return (await calendar.calendar(range)).calendar.map(
        ({ date, coreStart, coreEnd }) =>
          `${utc(date).slice(0, 10)} ${newYork.format(coreStart)}-${newYork.format(coreEnd)}`,
      );
    },
    async legacyClock() {
      const { timestamp, isOpen } = await clock.legacyClock();
      return { time: utc(timestamp ?? ''), isOpen: isOpen ?? false };
    },
    async legacyCalendar(first, last) {
      const range = { start: new Date(first), end: new Date(last) };
      return (await calendar.legacyCalendar(range)).map(
        ({ date, open, close }) => `${utc(date).slice(0, 10)} ${open}-${close}`,
      );
    },
    assets: async () =>
      (await assets.getV2Assets({ status: 'active' })).map(({ symbol }) => symbol),
    async assetName(symbolOrAssetId) {
      return (await assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId })).name;
    },
  };
}

type OrdersPart = Pick<
  Bot,
  | 'buy'
  | 'order'
  | 'orderByClientId'
  | 'openOrders'
  | 'cancel'
  | 'positions'
  | 'position'
  | 'closePosition'
  | 'refusal'
>;

function ordersOf({ orders, positions }: Alpaca['trading']): OrdersPart {
  return {
    async buy({ symbol, qty, limit, clientOrderId }) {
      const order = { symbol, qty, side: 'buy', ...(clientOrderId && { clientOrderId }) } as const;
      if (limit === undefined) return orderOf(await orders.market(order));
      return orderOf(await orders.limit({ ...order, limitPrice: limit }));
    },
    order: async (orderId) => orderOf(await orders.getOrderByOrderID({ orderId })),
    async orderByClientId(clientOrderId) {
      return orderOf(await orders.getOrderByClientOrderId({ clientOrderId }));
    },
    openOrders: async () => (await orders.getAllOrders({ status: 'open' })).map(orderOf),
    cancel: (orderId) => orders.deleteOrderByOrderID({ orderId }),
    positions: async () => (await positions.getAllOpenPositions()).map(positionOf),
    async position(symbolOrAssetId) {
      return positionOf(await positions.getOpenPosition({ symbolOrAssetId }));
    },
    async closePosition(symbolOrAssetId) {
      return orderOf(await positions.deleteOpenPosition({ symbolOrAssetId }));
    },
    refusal(error) {
      if (!(error instanceof errors.ApiError)) throw error;
      return { status: error.status, code: Number(error.code), message: error.message };
    },
  };
}

function orderOf(from: trading.Order): Order {
  return {
    id: from.id ?? '',
    clientOrderId: from.clientOrderId ?? '',
    status: from.status ?? '',
    filledQty: from.filledQty ?? '',
    filledAvgPrice: from.filledAvgPrice ?? '',
  };
}

function positionOf({ symbol, qty, avgEntryPrice }: trading.Position): string {
  return `${symbol} ${qty} @ ${avgEntryPrice}`;
}

type HistoryPart = Pick<
  Bot,
  'bars' | 'trades' | 'quotes' | 'latestTrade' | 'latestQuote' | 'latestBar' | 'snapshots'
>;

function historyOf(data: Alpaca['marketData']): HistoryPart {
  return {
    async bars(symbol, span, limit) {
      const timeframe = timeFrame(1, TimeFrameUnit.Minute);
      return (await data.getStockBarsFor(symbol, { ...datesOf(span), timeframe, limit })).map(bar);
    },
    trades: async (symbol, span) =>
      (await data.getStockTradesFor(symbol, datesOf(span))).map(trade),
    quotes: async (symbol, span) =>
      (await data.getStockQuotesFor(symbol, datesOf(span))).map(quote),
    async latestTrade(symbol) {
      const { trade: latest } = await data.stocks.stockLatestTradeSingle({ symbol });
      return tradeOf(latest);
    },
    async latestQuote(symbol) {
      const { quote: latest } = await data.stocks.stockLatestQuoteSingle({ symbol });
      return quoteOf(latest);
    },
    async latestBar(symbol) {
      const { bar: latest } = await data.stocks.stockLatestBarSingle({ symbol });
      return barOf(latest);
    },
    async snapshots(symbols) {
      const found = await data.stocks.stockSnapshots({ symbols: symbols.join(',') });
      return new Map<string, Snapshot>(
        Object.entries(found).map(([symbol, snapshot]) => [
          symbol,
          snapshotOf(snapshot as WireSnapshot),
        ]),
      );
    },
  };
}

function datesOf({ start, end }: Span): { readonly start: Date; readonly end: Date } {
  return { start: new Date(start), end: new Date(end) };
}

async function openOrderEvents(stream: streaming.TradingStream): Promise<OrderEvents> {
  const events: OrderEvents['events'] = [];
  let isListening = false;
  stream.on(streaming.EVENT.SUBSCRIPTION, () => (isListening = true));
  stream.onTradeUpdate((update) => {
    const { event, order, timestamp = '', price = '', qty = '', positionQty = '' } = update;
    events.push({ event, orderId: order.id ?? '', time: utc(timestamp), price, qty, positionQty });
  });
  stream.subscribeTradeUpdates();
  stream.connect();
  await until(() => isListening, 'the order events of SDK 4');
  return { events, close: () => stream.disconnect() };
}

async function openMarketData(
  stream: streaming.StockDataStream,
  symbol: string,
): Promise<MarketData> {
  const trades: Trade[] = [];
  const quotes: Quote[] = [];
  const bars: Bar[] = [];
  let isSubscribed = false;
  stream.on(streaming.EVENT.SUBSCRIPTION, (set: { readonly bars?: readonly string[] }) => {
    isSubscribed = set.bars?.includes(symbol) ?? false;
  });
  stream.onTrade((message) => trades.push(trade(message)));
  stream.onQuote((message) => quotes.push(quote(message)));
  stream.onBar((message) => bars.push(bar(message)));
  stream.onConnect(() => {
    stream.subscribeForTrades([symbol]);
    stream.subscribeForQuotes([symbol]);
    stream.subscribeForBars([symbol]);
  });
  stream.connect();
  await until(() => isSubscribed, 'the subscription of SDK 4');
  return { trades, quotes, bars, close: () => stream.disconnect() };
}

function trade({ timestamp, price, size, exchange = '' }: marketDataShapes.Trade): Trade {
  return { time: utc(timestamp), price, size, exchange };
}

function quote(from: marketDataShapes.Quote): Quote {
  return {
    time: utc(from.timestamp),
    bid: from.bidPrice,
    bidSize: from.bidSize,
    bidExchange: from.bidExchange ?? '',
    ask: from.askPrice,
    askSize: from.askSize,
    askExchange: from.askExchange ?? '',
  };
}

function bar({ timestamp, open, high, low, close, volume }: marketDataShapes.Bar): Bar {
  return { time: utc(timestamp), open, high, low, close, volume };
}
