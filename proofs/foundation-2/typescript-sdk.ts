/** `@alpacahq/typescript-sdk`, unmodified, behind the form of the scenario. REST only. */
import { createClient } from '@alpacahq/typescript-sdk';
import { clientLines } from '../../apps/server/src/cli/client-lines.ts';
import type { Bar, Bot, Snapshot } from './bot.ts';
import { utc } from './bot.ts';
import { runLines } from './run-lines.ts';
import * as wire from './wire.ts';

/** What is used of the SDK; history comes page by page. */
interface Sdk {
  getAccount(): Promise<{ readonly status: string; readonly cash: string }>;
  getClock(): Promise<{ readonly timestamp: string; readonly is_open: boolean }>;
  getCalendar(range: { readonly start: string; readonly end: string }): Promise<wire.WireDay[]>;
  getAssets(): Promise<{ readonly symbol: string }[]>;
  getAsset(of: { readonly symbol_or_asset_id: string }): Promise<{ readonly name: string }>;
  createOrder(order: object): Promise<wire.WireOrder>;
  getOrder(of: { readonly order_id: string }): Promise<wire.WireOrder>;
  getOrders(query: object): Promise<wire.WireOrder[]>;
  cancelOrder(of: { readonly order_id: string }): Promise<unknown>;
  getPositions(): Promise<wire.WirePosition[]>;
  getPosition(of: { readonly symbol_or_asset_id: string }): Promise<wire.WirePosition>;
  closePosition(of: { readonly symbol_or_asset_id: string }): Promise<wire.WireOrder>;
  getStocksBars(query: object): Promise<Page<'bars', wire.WireBar>>;
  getStocksTrades(query: object): Promise<Page<'trades', wire.WireTrade>>;
  getStocksQuotes(query: object): Promise<Page<'quotes', wire.WireQuote>>;
  getStocksBarsLatest(query: object): Promise<Latest<'bars', wire.WireBar>>;
  getStocksTradesLatest(query: object): Promise<Latest<'trades', wire.WireTrade>>;
  getStocksQuotesLatest(query: object): Promise<Latest<'quotes', wire.WireQuote>>;
  getStocksSnapshots(query: object): Promise<Readonly<Record<string, wire.WireSnapshot>>>;
}

type Latest<Kind extends string, Row> = Readonly<Record<Kind, Readonly<Record<string, Row>>>>;
type Page<Kind extends string, Row> = Latest<Kind, Row[]> & {
  readonly next_page_token: string | null;
};

/** A bot made by the line that `npm start` prints for this SDK. */
export function typescriptSdkBot(
  url: string,
  keys: { readonly key: string; readonly secret: string },
): Bot {
  const lines = clientLines(url)['@alpacahq/typescript-sdk'];
  const client = runLines(lines, { createClient, ...keys }, ['client'])['client'] as Sdk;
  return {
    name: 'typescript-sdk 0.0.32',
    ...accountOf(client),
    ...ordersOf(client),
    ...historyOf(client),
  };
}

function accountOf(
  client: Sdk,
): Pick<Bot, 'account' | 'clock' | 'calendar' | 'assets' | 'assetName'> {
  return {
    account: () => client.getAccount(),
    async clock() {
      const { timestamp, is_open } = await client.getClock();
      return { time: utc(timestamp), isOpen: is_open };
    },
    calendar: async (start, end) => (await client.getCalendar({ start, end })).map(wire.dayOf),
    assets: async () => (await client.getAssets()).map(({ symbol }) => symbol),
    assetName: async (symbol) => (await client.getAsset({ symbol_or_asset_id: symbol })).name,
  };
}

type OrdersPart = Pick<
  Bot,
  'buy' | 'order' | 'openOrders' | 'cancel' | 'positions' | 'position' | 'closePosition' | 'refusal'
>;

function ordersOf(client: Sdk): OrdersPart {
  return {
    async buy({ symbol, qty, limit, clientOrderId }) {
      const order = {
        symbol,
        qty: String(qty),
        side: 'buy',
        type: limit === undefined ? 'market' : 'limit',
        time_in_force: 'day',
        ...(limit !== undefined && { limit_price: String(limit) }),
        ...(clientOrderId && { client_order_id: clientOrderId }),
      };
      return wire.orderOf(await client.createOrder(order));
    },
    order: async (order_id) => wire.orderOf(await client.getOrder({ order_id })),
    openOrders: async () => (await client.getOrders({ status: 'open' })).map(wire.orderOf),
    async cancel(order_id) {
      await client.cancelOrder({ order_id });
    },
    positions: async () => (await client.getPositions()).map(wire.positionOf),
    async position(symbol_or_asset_id) {
      return wire.positionOf(await client.getPosition({ symbol_or_asset_id }));
    },
    async closePosition(symbol_or_asset_id) {
      return wire.orderOf(await client.closePosition({ symbol_or_asset_id }));
    },
    refusal(error) {
      const { code, message } = JSON.parse((error as Error).message) as {
        readonly code: number;
        readonly message: string;
      };
      return { status: undefined, code, message };
    },
  };
}

type HistoryPart = Pick<
  Bot,
  'bars' | 'trades' | 'quotes' | 'latestTrade' | 'latestQuote' | 'latestBar' | 'snapshots'
>;

function historyOf(client: Sdk): HistoryPart {
  return {
    async bars(symbols, span, limit) {
      const found: Bar[] = [];
      let next: string | null = null;
      do {
        const page_token: { readonly page_token?: string } =
          next === null ? {} : { page_token: next };
        const query = { symbols, ...span, timeframe: '1Min', limit, ...page_token };
        const page: Page<'bars', wire.WireBar> = await client.getStocksBars(query);
        found.push(...(page.bars[symbols] ?? []).map(wire.barOf));
        next = page.next_page_token;
      } while (next !== null);
      return found;
    },
    async trades(symbols, span) {
      const { trades } = await client.getStocksTrades({ symbols, ...span });
      return (trades[symbols] ?? []).map(wire.tradeOf);
    },
    async quotes(symbols, span) {
      const { quotes } = await client.getStocksQuotes({ symbols, ...span });
      return (quotes[symbols] ?? []).map(wire.quoteOf);
    },
    async latestTrade(symbols) {
      return wire.tradeOf(only((await client.getStocksTradesLatest({ symbols })).trades, symbols));
    },
    async latestQuote(symbols) {
      return wire.quoteOf(only((await client.getStocksQuotesLatest({ symbols })).quotes, symbols));
    },
    async latestBar(symbols) {
      return wire.barOf(only((await client.getStocksBarsLatest({ symbols })).bars, symbols));
    },
    async snapshots(symbols) {
      const found = await client.getStocksSnapshots({ symbols: symbols.join(',') });
      return new Map<string, Snapshot>(
        Object.entries(found).map(([symbol, snapshot]) => [symbol, wire.snapshotOf(snapshot)]),
      );
    },
  };
}

function only<Row>(rows: Readonly<Record<string, Row>>, symbol: string): Row {
  const row = rows[symbol];
  if (row === undefined) throw new Error(`nothing of ${symbol}`);
  return row;
}
