/** What the trading API's words mean to a person. */
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';
import { formatPriceText, formatQty } from '../format/number.ts';
import { formatMillis } from '../format/time.ts';
import type { ZoneChoice } from '../format/time.ts';

const STATUS_WORDS: Readonly<Record<AlpacaOrder['status'], string>> = {
  accepted: 'Waits for open',
  new: 'Working',
  partially_filled: 'Partly filled',
  filled: 'Filled',
  canceled: 'Canceled',
  expired: 'Expired',
};

const CLOSED: ReadonlySet<string> = new Set(['filled', 'canceled', 'expired']);

/** The status in one or two words. */
export function statusWords(status: AlpacaOrder['status']): string {
  return STATUS_WORDS[status];
}

/** Whether an order can still be filled or canceled. */
export function isWorking(order: AlpacaOrder): boolean {
  return !CLOSED.has(order.status);
}

/** "Buy 100 BAC at limit 13.90": how an order is named in a label. */
export function orderWords(
  order: Pick<AlpacaOrder, 'side' | 'qty' | 'symbol' | 'limit_price'>,
): string {
  const at = order.limit_price === null ? 'at market' : `at ${formatPriceText(order.limit_price)}`;
  return `${sideWord(order.side)} ${formatQty(order.qty)} ${order.symbol} ${at}`;
}

/** "Buy" or "Sell". */
export function sideWord(side: 'buy' | 'sell'): string {
  return side === 'buy' ? 'Buy' : 'Sell';
}

/** What a message of the stream says to a listener; `undefined` when it is no fill. */
export function orderNews(
  event: string,
  order: AlpacaOrder,
  fill: { readonly price?: string; readonly qty?: string },
): string | undefined {
  if (event !== 'fill' && event !== 'partial_fill') return undefined;
  const verb = order.side === 'buy' ? 'Bought' : 'Sold';
  const rest = event === 'partial_fill' ? ', part of the order' : '';
  return `${verb} ${formatQty(fill.qty)} ${order.symbol} at ${formatPriceText(fill.price)}${rest}.`;
}

const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** The reason of a fill as a sentence, its times in the reader's zone like the others here. */
export function reasonWords(reason: string, zone: ZoneChoice): string {
  const told = reason.replaceAll(INSTANT, (text) => formatMillis(Date.parse(text), zone));
  return told.charAt(0).toUpperCase() + told.slice(1);
}
