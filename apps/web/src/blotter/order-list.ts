/**
 * The list of orders, newest first, fed from three sides: the list read at the start, the
 * answers to the page's own orders, and the stream. They can overtake each other, so of two
 * states of one order the one that is further along stays.
 */
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';
import { isWorking } from './order-words.ts';

/** Whether `next` is the same state of an order as `present`, or a later one. */
export function isLaterState(next: AlpacaOrder, present: AlpacaOrder): boolean {
  // Several states can carry one time: a market order is entered and filled in one instant.
  if (isWorking(next) !== isWorking(present)) return isWorking(present);
  const [filledNext, filledPresent] = [Number(next.filled_qty), Number(present.filled_qty)];
  if (filledNext !== filledPresent) return filledNext > filledPresent;
  return Date.parse(next.updated_at) >= Date.parse(present.updated_at);
}

/** The list with an order put in its place; at most `limit` orders are kept. */
export function putOrder(
  orders: readonly AlpacaOrder[],
  order: AlpacaOrder,
  limit: number,
): readonly AlpacaOrder[] {
  const index = orders.findIndex((each) => each.id === order.id);
  const present = orders[index];
  if (present === undefined) return [order, ...orders].slice(0, limit);
  return isLaterState(order, present) ? orders.with(index, order) : orders;
}

/** A list just read, joined with what became known while it was on its way. */
export function joinOrders(
  read: readonly AlpacaOrder[],
  known: readonly AlpacaOrder[],
  limit: number,
): readonly AlpacaOrder[] {
  return known.toReversed().reduce((list, order) => putOrder(list, order, limit), read);
}
