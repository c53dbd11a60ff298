/**
 * The tables in memory: what the store role would have written of one venue's events.
 *
 * `hold()` stops them as a slow database would; `release()` lets them catch up.
 */
import { EventType } from '@rialto/engine/events/event-layout';
import {
  eventType,
  readBarEvent,
  readOrderEvent,
  readQuoteEvent,
  readTradeEvent,
} from '@rialto/engine/venue/events-reader';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { BarView, OrderView, QuoteView, TradeView } from '@rialto/engine/venue/views';
import type {
  CheckpointReader,
  HistoryQuery,
  MarketDataReader,
  OrderQuery,
  OrdersReader,
  StoredFill,
  StoredOrder,
} from '../../store/readers.ts';
import type { VenueListener } from '../../venues/venue-host.ts';

interface Row {
  readonly time: number;
  readonly position: number;
}

export class MemoryTables
  implements VenueListener, OrdersReader, MarketDataReader, CheckpointReader
{
  private readonly venueId: string;
  private readonly rows = new Map<number, StoredOrder>();
  private readonly fillRows: StoredFill[] = [];
  private readonly ticks = {
    trades: new Map<string, TradeView[]>(),
    quotes: new Map<string, QuoteView[]>(),
  };
  private readonly bars = {
    minute: new Map<string, BarView[]>(),
    day: new Map<string, BarView[]>(),
  };
  private seq = 0;
  private held = false;
  private pending: (() => void)[] = [];
  private waiting: { readonly seq: number; readonly resolve: () => void }[] = [];

  constructor(venueId: string) {
    this.venueId = venueId;
  }

  /** From now on nothing is stored. */
  hold(): void {
    this.held = true;
  }

  /** Stores what came since `hold()`. */
  release(): void {
    this.held = false;
    for (const store of this.pending) store();
    this.pending = [];
    this.wake();
  }

  /** Adds a bar that an earlier run of the same recording has left. */
  addBar(kind: 'minute' | 'day', symbol: string, bar: BarView): void {
    listOf(this.bars[kind], symbol).push(bar);
  }

  onEvents(venue: VenueApi): void {
    const { events } = venue;
    for (let k = 0; k < events.count; k++) {
      const store = this.writeOf(venue, k);
      if (this.held) this.pending.push(store);
      else store();
    }
    this.wake();
  }

  async byNumber(venueId: string, number: number): Promise<StoredOrder | undefined> {
    return venueId === this.venueId ? this.rows.get(number) : undefined;
  }

  async byClientId(
    _venueId: string,
    account: number,
    id: string,
  ): Promise<StoredOrder | undefined> {
    return [...this.rows.values()].find(
      (row) => row.account === account && row.clientOrderId === id,
    );
  }

  async list(query: OrderQuery): Promise<readonly StoredOrder[]> {
    const found = [...this.rows.values()].filter((row) => isListed(row, query));
    found.sort((a, b) => a.ref.number - b.ref.number);
    if (query.direction === 'desc') found.reverse();
    return found.slice(0, query.limit);
  }

  async fills(query: {
    readonly account: number;
    readonly limit: number;
    readonly beforeSeq?: number;
  }): Promise<readonly StoredFill[]> {
    return this.fillRows
      .filter(({ account }) => account === query.account)
      .filter(({ seq }) => query.beforeSeq === undefined || seq < query.beforeSeq)
      .toReversed()
      .slice(0, query.limit);
  }

  async trades(query: HistoryQuery): Promise<readonly TradeView[]> {
    return slice(listOf(this.ticks.trades, query.symbol), query);
  }

  async quotes(query: HistoryQuery): Promise<readonly QuoteView[]> {
    return slice(listOf(this.ticks.quotes, query.symbol), query);
  }

  async minuteBars(query: { symbol: string; start: number; end: number }): Promise<BarView[]> {
    return barsIn(listOf(this.bars.minute, query.symbol), query);
  }

  async dayBars(query: { symbol: string; start: number; end: number }): Promise<BarView[]> {
    return barsIn(listOf(this.bars.day, query.symbol), query);
  }

  reached(_venueId: string, seq: number, timeoutMs: number): Promise<void> {
    if (seq <= this.seq) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.waiting.push({ seq, resolve });
      setTimeout(() => reject(new Error(`not at ${seq} in ${timeoutMs} ms`)), timeoutMs).unref();
    });
  }

  async current(): Promise<number> {
    return this.seq;
  }

  /** What record `k` changes, read now and written when the returned function runs. */
  private writeOf(venue: VenueApi, k: number): () => void {
    const { events } = venue;
    const type = eventType(events, k);
    const seq = events.firstSeq + k;
    const write = isOrderEvent(type) ? this.orderWrite(venue, k) : this.marketWrite(venue, k, type);
    return () => {
      write();
      this.seq = seq;
    };
  }

  private orderWrite(venue: VenueApi, k: number): () => void {
    const event = readOrderEvent(venue.events, k);
    const order = venue.order(event.ref);
    return () => {
      if (order !== undefined) this.rows.set(order.ref.number, storedOrder(order));
      if (event.type !== EventType.orderFilled) return;
      this.fillRows.push({
        seq: event.seq,
        venueId: this.venueId,
        account: event.account,
        orderNumber: event.ref.number,
        orderSlot: event.ref.slot,
        instrument: event.instrument,
        side: event.side,
        price: event.price,
        qty: event.qty,
        leavesQty: event.leaves,
        maker: event.maker,
        reason: event.reason,
        cause: event.cause,
        time: event.time,
      });
    };
  }

  private marketWrite(venue: VenueApi, k: number, type: number): () => void {
    const { events, instruments } = venue;
    switch (type) {
      case EventType.trade: {
        const { instrument, trade } = readTradeEvent(events, k);
        return () => listOf(this.ticks.trades, instruments[instrument]?.symbol ?? '').push(trade);
      }
      case EventType.quote: {
        const { instrument, quote } = readQuoteEvent(events, k);
        return () => listOf(this.ticks.quotes, instruments[instrument]?.symbol ?? '').push(quote);
      }
      case EventType.barClosed:
      case EventType.dayBarClosed: {
        const { instrument, bar } = readBarEvent(events, k);
        const kind = type === EventType.barClosed ? 'minute' : 'day';
        return () => this.addBar(kind, instruments[instrument]?.symbol ?? '', bar);
      }
      default:
        return () => undefined;
    }
  }

  private wake(): void {
    const ready = this.waiting.filter(({ seq }) => seq <= this.seq);
    this.waiting = this.waiting.filter(({ seq }) => seq > this.seq);
    for (const { resolve } of ready) resolve();
  }
}

function isOrderEvent(type: number): boolean {
  return type >= EventType.orderAccepted && type <= EventType.orderReplaced;
}

function storedOrder(order: OrderView): StoredOrder {
  const { status, updatedAt } = order;
  return {
    ...order,
    filledAt: status === 'filled' ? updatedAt : undefined,
    canceledAt: status === 'canceled' ? updatedAt : undefined,
    expiredAt: status === 'expired' ? updatedAt : undefined,
  };
}

function isListed(row: StoredOrder, query: OrderQuery): boolean {
  const closed = ['filled', 'canceled', 'expired'].includes(row.status);
  return (
    row.account === query.account &&
    (query.status === 'all' || closed === (query.status === 'closed')) &&
    isBetween(row.submittedAt, query.after, query.until) &&
    isBetween(row.ref.number, query.afterNumber, query.beforeNumber) &&
    (query.side === undefined || row.side === query.side) &&
    (query.instruments?.includes(row.instrument) ?? true)
  );
}

/** Both ends exclusive. */
function isBetween(value: number, low = -Infinity, high = Infinity): boolean {
  return value > low && value < high;
}

function slice<T extends Row>(rows: readonly T[], query: HistoryQuery): readonly T[] {
  const { after, sort, start, end } = query;
  const step = sort === 'asc' ? 1 : -1;
  return rows
    .filter(({ time }) => time >= start && time <= end)
    .toSorted((a, b) => compare(a, b) * step)
    .filter((row) => after === undefined || compare(row, after) * step > 0)
    .slice(0, query.limit);
}

function compare(a: Row, b: Row): number {
  return a.time - b.time || a.position - b.position;
}

function barsIn(
  bars: readonly BarView[],
  { start, end }: { readonly start: number; readonly end: number },
): BarView[] {
  return bars
    .filter((bar) => bar.start >= start && bar.start <= end)
    .toSorted((a, b) => a.start - b.start);
}

function listOf<T>(lists: Map<string, T[]>, key: string): T[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}
