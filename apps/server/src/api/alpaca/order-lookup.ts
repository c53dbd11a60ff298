/**
 * Finds the orders of a venue wherever they stand: open ones in the replica, those closed a
 * moment ago in a short memory here, older ones in the tables.
 *
 * So an order can be read the moment its POST was answered, although the tables are a little
 * behind. Lists of closed orders wait until the tables hold the account's last order event.
 */
import { EVENT_WORDS } from '@rialto/engine/events/event-buffer';
import { EventType, HEAD, ORDER } from '@rialto/engine/events/event-layout';
import type { OrderRef } from '@rialto/engine/orders/order-terms';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { OrderView } from '@rialto/engine/venue/views';
import type { OrderQuery, OrdersReader } from '../../store/readers.ts';
import type { Replica, VenueListener } from '../../venues/venue-host.ts';
import type { StoredHistory } from './stored-history.ts';

/** Closed orders remembered per venue: several seconds of the tables' lag at full load. */
const CLOSED_KEPT = 8_192;

export interface OrderLookupDeps {
  readonly orders: OrdersReader;
  readonly history: StoredHistory;
}

/** A list request without what the caller may not choose. */
export type OrderListQuery = Omit<OrderQuery, 'venueId' | 'account'>;

/** Looks orders up in one venue. */
export class OrderLookup implements VenueListener {
  private readonly replica: Replica;
  private readonly deps: OrderLookupDeps;
  /** By order number, oldest first. */
  private readonly closed = new Map<number, OrderView>();
  private readonly lastEventSeq = new Map<number, number>();
  private readonly seqAtStart: number;

  constructor(replica: Replica, deps: OrderLookupDeps) {
    this.replica = replica;
    this.deps = deps;
    this.seqAtStart = replica.seq;
    replica.subscribe(this);
  }

  onEvents(venue: VenueApi): void {
    const { i32, f64, count, firstSeq } = venue.events;
    for (let k = 0; k < count; k++) {
      const word = k * EVENT_WORDS;
      const type = i32[word + HEAD.type] ?? 0;
      if (type < EventType.orderAccepted || type > EventType.orderReplaced) continue;
      this.lastEventSeq.set(i32[word + ORDER.account] ?? 0, firstSeq + k);
      if (type === EventType.orderAccepted || type === EventType.orderWorking) continue;
      // Only the ref is read: this runs for every order event of the venue.
      const number = f64[(word + ORDER.number) >> 1] ?? 0;
      const order = venue.order({ number, slot: i32[word + ORDER.slot] ?? 0 });
      if (order !== undefined && isTerminal(order)) this.remember(order);
    }
  }

  /** An order of the account; `undefined` when there is none, or when it is someone else's. */
  async find(account: number, ref: OrderRef): Promise<OrderView | undefined> {
    const order = this.inMemory(ref) ?? (await this.stored(account, ref));
    return order?.account === account ? order : undefined;
  }

  /** A page of the account's orders. */
  async list(account: number, query: OrderListQuery): Promise<readonly OrderView[]> {
    if (query.status === 'open') return this.listOpen(account, query);
    await this.waitForTables(account);
    const { venueId } = this.replica;
    const rows = await this.deps.orders.list({ ...query, venueId, account });
    // A row of an open order is as old as the checkpoint; memory knows how it stands now.
    return rows.map((row) => (isTerminal(row) ? row : (this.inMemory(row.ref) ?? row)));
  }

  private listOpen(account: number, query: OrderListQuery): readonly OrderView[] {
    const found = this.replica.venue.openOrders(account).filter((order) => matches(order, query));
    const ascending = query.direction === 'asc' ? 1 : -1;
    found.sort((a, b) => (a.ref.number - b.ref.number) * ascending);
    return found.slice(0, query.limit);
  }

  private inMemory(ref: OrderRef): OrderView | undefined {
    const order = this.replica.venue.order(ref) ?? this.closed.get(ref.number);
    return order?.ref.slot === ref.slot ? order : undefined;
  }

  private async stored(account: number, ref: OrderRef): Promise<OrderView | undefined> {
    await this.waitForTables(account);
    const order = await this.deps.orders.byNumber(this.replica.venueId, ref.number);
    return order?.ref.slot === ref.slot ? order : undefined;
  }

  private waitForTables(account: number): Promise<void> {
    const seq = this.lastEventSeq.get(account) ?? this.seqAtStart;
    return this.deps.history.upTo(this.replica.venueId, seq);
  }

  private remember(order: OrderView): void {
    this.closed.set(order.ref.number, order);
    if (this.closed.size <= CLOSED_KEPT) return;
    for (const oldest of this.closed.keys()) {
      this.closed.delete(oldest);
      return;
    }
  }
}

/** The lookups of the replicas seen so far. */
export class OrderLookups {
  private readonly deps: OrderLookupDeps;
  private readonly lookups = new WeakMap<Replica, OrderLookup>();

  constructor(deps: OrderLookupDeps) {
    this.deps = deps;
  }

  of(replica: Replica): OrderLookup {
    let lookup = this.lookups.get(replica);
    if (lookup === undefined) {
      lookup = new OrderLookup(replica, this.deps);
      this.lookups.set(replica, lookup);
    }
    return lookup;
  }
}

function isTerminal({ status }: OrderView): boolean {
  return status === 'filled' || status === 'canceled' || status === 'expired';
}

function matches(order: OrderView, query: OrderListQuery): boolean {
  const { number } = order.ref;
  return (
    (query.after === undefined || order.submittedAt > query.after) &&
    (query.until === undefined || order.submittedAt < query.until) &&
    (query.beforeNumber === undefined || number < query.beforeNumber) &&
    (query.afterNumber === undefined || number > query.afterNumber) &&
    (query.side === undefined || order.side === query.side) &&
    (query.instruments?.includes(order.instrument) ?? true)
  );
}
