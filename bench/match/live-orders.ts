/**
 * Which orders of a stream are live, in the plainest way: a list to pick from, and per symbol,
 * side and price a queue of orders that takes use up from the middle outwards.
 */
import { DEPTH_CENTS, Field, MIDDLE } from './stream-layout.ts';

const CENT = 100;
/** Half of the picks fall on about this many newest orders. */
const RECENT = 64;

interface Live {
  readonly order: number;
  readonly record: number;
  leaves: number;
  /** Place in the list of live orders. */
  place: number;
  price: number;
}

/** An order that joined a queue at a price; void when it has left or moved. */
interface Queued {
  readonly live: Live;
  isGone: boolean;
}

export class LiveOrders {
  private readonly words: Int32Array;
  private readonly live: Live[] = [];
  private readonly byOrder = new Map<number, Live>();
  private readonly places = new Map<Live, Queued>();
  private readonly queues = new Map<number, Queued[]>();
  private orders = 0;

  constructor(words: Int32Array) {
    this.words = words;
  }

  get count(): number {
    return this.live.length;
  }

  /** The add at `record` rests. */
  add(record: number): void {
    const order = this.orders++;
    const leaves = this.field(record, Field.qty);
    const price = this.field(record, Field.price);
    const live: Live = { order, record, leaves, place: this.live.length, price };
    this.live.push(live);
    this.byOrder.set(order, live);
    this.join(live);
  }

  /** The take at `record` uses up what stands nearest to the middle. */
  take(record: number): void {
    this.orders++;
    const symbol = this.field(record, Field.symbol);
    const far = this.field(record, Field.side) ^ 1;
    let left = this.field(record, Field.qty);
    for (let away = 1; away <= DEPTH_CENTS && left > 0; away++) {
      const queue = this.queues.get(keyOf(symbol, far, away));
      if (queue === undefined) continue;
      while (queue.length > 0 && left > 0) {
        const first = queue[0];
        if (first === undefined) break;
        if (first.isGone) {
          queue.shift();
          continue;
        }
        const filled = Math.min(left, first.live.leaves);
        left -= filled;
        first.live.leaves -= filled;
        if (first.live.leaves === 0) this.remove(first.live.order);
      }
    }
  }

  /** A live order: half of the time one of the newest, else any. */
  pick(next: () => number): number {
    const recent = Math.min(RECENT, this.count);
    const place = next() % 2 === 0 ? this.count - 1 - (next() % recent) : next() % this.count;
    return this.live[place]?.order ?? 0;
  }

  /** The record that added a live order. */
  recordOf(order: number): number {
    return this.byOrder.get(order)?.record ?? 0;
  }

  /** The order goes to the end of the queue at another price; at the same one it stays. */
  move(order: number, price: number): void {
    const live = this.byOrder.get(order);
    if (live === undefined || live.price === price) return;
    this.leave(live);
    live.price = price;
    this.join(live);
  }

  remove(order: number): void {
    const live = this.byOrder.get(order);
    const last = this.live.pop();
    if (live === undefined || last === undefined) return;
    this.leave(live);
    this.byOrder.delete(order);
    if (last === live) return;
    this.live[live.place] = last;
    last.place = live.place;
  }

  private join(live: Live): void {
    const { record, price } = live;
    const away = Math.abs(price - MIDDLE) / CENT;
    const key = keyOf(this.field(record, Field.symbol), this.field(record, Field.side), away);
    const queued: Queued = { live, isGone: false };
    this.places.set(live, queued);
    const queue = this.queues.get(key);
    if (queue === undefined) this.queues.set(key, [queued]);
    else queue.push(queued);
  }

  private leave(live: Live): void {
    const queued = this.places.get(live);
    if (queued !== undefined) queued.isGone = true;
    this.places.delete(live);
  }

  private field(record: number, field: number): number {
    return this.words[record + field] ?? 0;
  }
}

function keyOf(symbol: number, side: number, away: number): number {
  return (symbol * 2 + side) * (DEPTH_CENTS + 1) + away;
}
