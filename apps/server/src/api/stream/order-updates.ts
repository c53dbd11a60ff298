/**
 * What happened to orders in one command, each event with the order as it stood then.
 *
 * The state machine shows orders as the whole command left them. One command may accept an order
 * and fill it three times, so the views are walked back: from the last event to the first, each
 * fill is taken off the order and the position again.
 */
import type { EventBuffer } from '@rialto/engine/events/event-buffer';
import { EVENT_WORDS } from '@rialto/engine/events/event-buffer';
import { EventType, HEAD, ORDER, ORDER_SELLS } from '@rialto/engine/events/event-layout';
import type { OrderStatus } from '@rialto/engine/orders/order-terms';
import type { Money } from '@rialto/engine/values/money';
import type { Price } from '@rialto/engine/values/price';
import { joinNanos, type Quantity } from '@rialto/engine/values/quantity';
import type { Micros } from '@rialto/engine/values/time';
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

/** What still has to be taken off an order and its position while walking back. */
interface Walked {
  order: OrderView;
  /** Whether the order went to work in this command. */
  worked: boolean;
}

/** The updates of the command whose events stand in `venue.events`, in order, for accounts wanted. */
export function orderUpdates(
  venue: VenueApi,
  isWanted: (account: number) => boolean,
): readonly OrderUpdate[] {
  const { events } = venue;
  const walked = new Map<number, Walked>();
  const positions = new Map<string, bigint>();
  const updates: OrderUpdate[] = [];
  for (let index = events.count - 1; index >= 0; index--) {
    const word = index * EVENT_WORDS;
    if (!isOrderEvent(events.i32[word] ?? 0)) continue;
    if (!isWanted(events.i32[word + ORDER.account] ?? -1)) continue;
    const update = stepBack({ venue, word, seq: events.firstSeq + index, walked, positions });
    if (update !== undefined) updates.push(update);
  }
  return updates.reverse();
}

function isOrderEvent(type: number): boolean {
  return type >= EventType.orderAccepted && type <= EventType.orderExpired;
}

interface Step {
  readonly venue: VenueApi;
  readonly word: number;
  readonly seq: number;
  readonly walked: Map<number, Walked>;
  readonly positions: Map<string, bigint>;
}

function stepBack(step: Step): OrderUpdate | undefined {
  const { venue, word, seq, walked } = step;
  const { i32, f64 } = venue.events;
  const number = f64[(word + ORDER.number) >> 1] ?? 0;
  const known = walked.get(number) ?? firstSight(venue, number, i32[word + ORDER.slot] ?? 0);
  if (known === undefined) return undefined;
  walked.set(number, known);
  const time = (f64[(word + HEAD.time) >> 1] ?? 0) as Micros;
  const filledQty = (known.order.qty - pair(venue.events, word + ORDER.leavesWhole)) as Quantity;
  switch (i32[word]) {
    case EventType.orderAccepted: {
      const event = known.worked || known.order.status !== 'accepted' ? 'new' : 'accepted';
      return {
        event,
        seq,
        time,
        order: view(known, event, 0n as Quantity, time),
        execution: undefined,
      };
    }
    case EventType.orderWorking: {
      known.worked = true;
      // An order that works at once is `new` when it is accepted, and told once.
      if (isAcceptedBefore(venue.events, word, number)) return undefined;
      return {
        event: 'new',
        seq,
        time,
        order: view(known, 'new', filledQty, time),
        execution: undefined,
      };
    }
    case EventType.orderFilled:
      return fillStep(step, known, time);
    case EventType.orderCanceled:
    case EventType.orderExpired: {
      const event = i32[word] === EventType.orderCanceled ? 'canceled' : 'expired';
      return {
        event,
        seq,
        time,
        order: { ...known.order, status: event, updatedAt: time },
        execution: undefined,
      };
    }
    default:
      return undefined;
  }
}

function fillStep({ venue, word, seq, positions }: Step, known: Walked, time: Micros): OrderUpdate {
  const { events } = venue;
  const { account, instrument } = known.order;
  const qty = pair(events, word + ORDER.qtyWhole) as Quantity;
  const price = (events.i32[word + ORDER.price] ?? 0) as Price;
  const isLast = pair(events, word + ORDER.leavesWhole) === 0n;
  const sells = ((events.i32[word + ORDER.detail] ?? 0) & ORDER_SELLS) !== 0;
  const key = `${account}/${instrument}`;
  const positionQty = positions.get(key) ?? venue.position(account, instrument)?.qty ?? 0n;
  positions.set(key, sells ? positionQty + qty : positionQty - qty);

  const after: OrderView = {
    ...known.order,
    status: isLast ? 'filled' : 'partially_filled',
    updatedAt: time,
  };
  const { filledQty, filledCost } = after;
  known.order = {
    ...after,
    filledQty: (filledQty - qty) as Quantity,
    filledCost: (filledCost - costOf(price, qty, sells)) as Money,
  };
  known.worked = true;
  return {
    event: isLast ? 'fill' : 'partial_fill',
    seq,
    time,
    order: after,
    execution: { price, qty, positionQty: positionQty as Quantity },
  };
}

function firstSight(venue: VenueApi, number: number, slot: number): Walked | undefined {
  const order = venue.order({ number, slot });
  return order === undefined ? undefined : { order, worked: false };
}

function view(
  known: Walked,
  event: 'accepted' | 'new',
  filledQty: Quantity,
  time: Micros,
): OrderView {
  const status: OrderStatus = filledQty > 0n ? 'partially_filled' : event;
  return { ...known.order, status, updatedAt: time };
}

function isAcceptedBefore(events: EventBuffer, word: number, number: number): boolean {
  for (let at = word - EVENT_WORDS; at >= 0; at -= EVENT_WORDS) {
    if (events.i32[at] !== EventType.orderAccepted) continue;
    if (events.f64[(at + ORDER.number) >> 1] === number) return true;
  }
  return false;
}

/** Cost of a fill as the ledger booked it: a buyer's rounded up, a seller's down. */
function costOf(price: Price, qty: Quantity, sells: boolean): bigint {
  const exact = BigInt(price) * qty;
  return sells
    ? exact / COST_UNITS_PER_MONEY
    : (exact + COST_UNITS_PER_MONEY - 1n) / COST_UNITS_PER_MONEY;
}

function pair(events: EventBuffer, word: number): bigint {
  return joinNanos(events.i32[word] ?? 0, events.i32[word + 1] ?? 0);
}
