/** What the trading API's words mean to a person. */
import type { TradingOrder } from '@rialto/client/trading-objects';
import { formatPriceText, formatQty } from '../format/number.ts';

const STATUS_WORDS: Readonly<Record<string, string>> = {
  accepted: 'Waits for open',
  pending_new: 'Sent',
  new: 'Working',
  partially_filled: 'Partly filled',
  filled: 'Filled',
  pending_cancel: 'Canceling',
  canceled: 'Canceled',
  expired: 'Expired',
  rejected: 'Rejected',
  replaced: 'Replaced',
  pending_replace: 'Replacing',
};

const CLOSED = new Set(['filled', 'canceled', 'expired', 'rejected', 'replaced']);

/** The status in one or two words. */
export function statusWords(status: string): string {
  return STATUS_WORDS[status] ?? status.replaceAll('_', ' ');
}

/** Whether an order can still be filled or canceled. */
export function isWorking(order: TradingOrder): boolean {
  return !CLOSED.has(order.status);
}

/** "Buy 100 BAC at limit 13.90": how an order is named in a label. */
export function orderWords(
  order: Pick<TradingOrder, 'side' | 'qty' | 'symbol' | 'limit_price'>,
): string {
  const at = order.limit_price === null ? 'at market' : `at ${formatPriceText(order.limit_price)}`;
  return `${sideWord(order.side)} ${formatQty(order.qty)} ${order.symbol} ${at}`;
}

/** "Buy" or "Sell". */
export function sideWord(side: 'buy' | 'sell'): string {
  return side === 'buy' ? 'Buy' : 'Sell';
}

/** What a message of the stream says to a listener, or nothing when it is no news. */
export function orderNews(
  event: string,
  order: TradingOrder,
  fill: { readonly price?: string; readonly qty?: string },
): { readonly kind: 'fill' | 'refusal'; readonly text: string } | undefined {
  if (event === 'fill' || event === 'partial_fill') {
    const verb = order.side === 'buy' ? 'Bought' : 'Sold';
    const rest = event === 'partial_fill' ? ', part of the order' : '';
    const words = `${formatQty(fill.qty)} ${order.symbol} at ${formatPriceText(fill.price)}`;
    return { kind: 'fill', text: `${verb} ${words}${rest}.` };
  }
  if (event === 'rejected') return { kind: 'refusal', text: `Rejected: ${orderWords(order)}.` };
  return undefined;
}
