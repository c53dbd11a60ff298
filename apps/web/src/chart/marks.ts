/** The account's own orders and fills, as the chart shows them. */
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';
import type { Fill } from '@rialto/contracts/platform/platform-api';
import { sideWord } from '../blotter/order-words.ts';
import { formatQty } from '../format/number.ts';
import { bucketStart } from './bars.ts';
import type { Timeframe } from './bars.ts';

/** All fills of one side within one bar. */
export interface FillMark {
  readonly timeMs: number;
  readonly side: 'buy' | 'sell';
  readonly text: string;
}

/** A working limit order. */
export interface OrderLine {
  readonly id: string;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly text: string;
}

/** Fills of a symbol, one mark per bar and side, ascending. */
export function fillMarks(
  fills: readonly Fill[],
  symbol: string,
  timeframe: Timeframe,
): FillMark[] {
  const totals = new Map<string, { timeMs: number; side: 'buy' | 'sell'; qty: number }>();
  for (const fill of fills) {
    if (fill.symbol !== symbol) continue;
    const timeMs = bucketStart(Date.parse(fill.time), timeframe);
    const key = `${timeMs} ${fill.side}`;
    const total = totals.get(key) ?? { timeMs, side: fill.side, qty: 0 };
    total.qty += Number(fill.qty);
    totals.set(key, total);
  }
  return [...totals.values()]
    .toSorted((a, b) => a.timeMs - b.timeMs)
    .map(({ timeMs, side, qty }) => ({
      timeMs,
      side,
      text: `${sideWord(side)} ${formatQty(String(qty))}`,
    }));
}

/** A line for every working limit order of a symbol. */
export function orderLines(orders: readonly AlpacaOrder[], symbol: string): OrderLine[] {
  return orders
    .filter((order) => order.symbol === symbol && order.limit_price !== null)
    .map((order) => ({
      id: order.id,
      side: order.side,
      price: Number(order.limit_price),
      text: `${sideWord(order.side)} ${formatQty(order.qty)}`,
    }));
}
