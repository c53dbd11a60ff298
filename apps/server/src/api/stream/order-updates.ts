/**
 * What happened to orders in one command, each event with the order as it stood then.
 *
 * The state machine shows orders as the whole command left them. One command may accept an order
 * and fill it three times, so the views are walked back: from the last event to the first, each
 * fill is taken off the order and the position again.
 */
import type { EventBuffer } from '@rialto/engine/events/event-buffer';
import { EventType } from '@rialto/engine/events/event-layout';
import type { OrderStatus } from '@rialto/engine/orders/order-terms';
import type { Money } from '@rialto/engine/values/money';
import type { Price } from '@rialto/engine/values/price';
import type { Quantity } from '@rialto/engine/values/quantity';
import type { Micros } from '@rialto/engine/values/time';
import { eventType, type OrderEvent, readOrderEvent } from '@rialto/engine/venue/events-reader';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { OrderView } from '@rialto/engine/venue/views';

/** The names of the trading API for what can happen to an order here. */
export type OrderEventName = 'accepted' | 'new' | 'partial_fill' | 'fill' | 'canceled' | 'expired';

/** One execution. */
export interface Execution {
  readonly price: Price;
  readonly qty: Quantity;
  /** The account's position in the instrument after it. */
  readonly positionQty: Quantity;
}

/** One thing that happened to one order. */
export interface OrderUpdate {
  readonly event: OrderEventName;
  /** Event number. */
  readonly seq: number;
  readonly time: Micros;
  /** The order right after this event. */
  readonly order: OrderView;
  /** Only for fills. */
  readonly execution: Execution | undefined;
}

/** A unit of price × quantity is 1e-13 dollar; money is kept in 1e-9. */
const COST_UNITS_PER_MONEY = 10_000n;

/** The updates of the command whose events stand in `venue.events`, in order, for accounts wanted. */
export function orderUpdates(
  venue: VenueApi,
  isWanted: (account: number) => boolean,
): readonly OrderUpdate[] {
  const { events } = venue;
  const accepted = new Set<number>();
  const wanted: OrderEvent[] = [];
  for (let index = 0; index < events.count; index++) {
    if (!isOrderEvent(events, index)) continue;
    const event = readOrderEvent(events, index);
    if (!isWanted(event.account)) continue;
    // An order that works at once is told as `new` when it is accepted, and once.
    if (event.type === EventType.orderAccepted) accepted.add(event.ref.number);
    if (event.type === EventType.orderWorking && accepted.has(event.ref.number)) continue;
    wanted.push(event);
  }
  if (wanted.length === 0) return [];
  const walk = new WalkBack(venue);
  return wanted
    .toReversed()
    .map((event) => walk.updateOf(event))
    .filter((update) => update !== undefined)
    .toReversed();
}

function isOrderEvent(events: EventBuffer, index: number): boolean {
  const type = eventType(events, index);
  return type >= EventType.orderAccepted && type <= EventType.orderExpired;
}

/** The orders and positions of a command, from its end back to its start. */
class WalkBack {
  private readonly venue: VenueApi;
  /** Orders (by number) as they were after the event that is looked at next. */
  private readonly orders = new Map<number, OrderView>();
  private readonly positions = new Map<string, bigint>();

  constructor(venue: VenueApi) {
    this.venue = venue;
  }

  updateOf(event: OrderEvent): OrderUpdate | undefined {
    const order = this.orders.get(event.ref.number) ?? this.venue.order(event.ref);
    if (order === undefined) return undefined;
    const { seq, time } = event;
    const update = { seq, time, execution: undefined };
    switch (event.type) {
      case EventType.orderAccepted: {
        // Outside the session an order waits; inside it is at work from the start.
        const name = order.status === 'accepted' ? 'accepted' : 'new';
        return { ...update, event: name, order: { ...order, status: name, updatedAt: time } };
      }
      case EventType.orderWorking:
        return { ...update, event: 'new', order: { ...order, status: 'new', updatedAt: time } };
      case EventType.orderFilled:
        return this.fill(event, order);
      case EventType.orderCanceled:
        return this.end(event, order, 'canceled');
      case EventType.orderExpired:
        return this.end(event, order, 'expired');
      default:
        return undefined;
    }
  }

  private end(event: OrderEvent, order: OrderView, name: 'canceled' | 'expired'): OrderUpdate {
    const { seq, time } = event;
    const ended = { ...order, status: name, updatedAt: time };
    this.orders.set(event.ref.number, { ...ended, status: liveStatus(order) });
    return { event: name, seq, time, order: ended, execution: undefined };
  }

  private fill(event: OrderEvent, order: OrderView): OrderUpdate {
    const { account, instrument, side, price, qty, seq, time } = event;
    const isWhole = event.leaves === 0n;
    const after: OrderView = {
      ...order,
      status: isWhole ? 'filled' : 'partially_filled',
      updatedAt: time,
    };
    const before: OrderView = {
      ...after,
      filledQty: (after.filledQty - qty) as Quantity,
      filledCost: (after.filledCost - costOf(event)) as Money,
    };
    this.orders.set(event.ref.number, { ...before, status: liveStatus(before) });

    const key = `${account}/${instrument}`;
    const position = this.positions.get(key) ?? this.venue.position(account, instrument)?.qty ?? 0n;
    this.positions.set(key, side === 'buy' ? position - qty : position + qty);
    const execution = { price, qty, positionQty: position as Quantity };
    return { event: isWhole ? 'fill' : 'partial_fill', seq, time, order: after, execution };
  }
}

function liveStatus(order: OrderView): OrderStatus {
  return order.filledQty > 0n ? 'partially_filled' : 'new';
}

/** Cost of a fill as the ledger booked it: a buyer's rounded up, a seller's down. */
function costOf({ price, qty, side }: OrderEvent): bigint {
  const exact = BigInt(price) * qty;
  return side === 'buy'
    ? (exact + COST_UNITS_PER_MONEY - 1n) / COST_UNITS_PER_MONEY
    : exact / COST_UNITS_PER_MONEY;
}
