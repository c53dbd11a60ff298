/**
 * The order books of all instruments: price-time queues of resting orders, and the best level of
 * each side. Queues run through `prev` and `next` of the orders' links.
 *
 * Invariant (E1): the best bid is below the best ask; matching sees to it before an order rests.
 */
import * as orderFlags from '../orders/order-flags.ts';
import * as orderPool from '../orders/order-pool.ts';
import type { OrderPool } from '../orders/order-pool.ts';
import { PriceLadder } from './price-ladder.ts';
import { levelOf, priceOfLevel } from './price-level.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { SELLS, STATE_MASK, STATE_WORKING } = orderFlags;
const { LINK_WORDS, Link, ORDER_WORDS, Word } = orderPool;

/** Words per instrument: level of the best bid, level of the best ask. */
const STRIDE = 2;
const NO_LEVEL = -1;

export class OrderBook {
  private readonly pool: OrderPool;
  private readonly ladder: PriceLadder = new PriceLadder();
  private best: Int32Array = new Int32Array(64 * STRIDE);
  private instruments = 0;

  constructor(pool: OrderPool) {
    this.pool = pool;
  }

  addInstrument(): void {
    if (this.instruments * STRIDE === this.best.length) {
      const larger = new Int32Array(this.best.length * 2);
      larger.set(this.best);
      this.best = larger;
    }
    this.best.fill(NO_LEVEL, this.instruments * STRIDE, (this.instruments + 1) * STRIDE);
    this.ladder.addInstrument();
    this.instruments++;
  }

  /** First order in the queue of the best level of a side (0: buy, 1: sell); 0: none. */
  bestOrder(instrument: number, side: number): number {
    const level = this.best[instrument * STRIDE + side] ?? NO_LEVEL;
    return level === NO_LEVEL ? 0 : this.ladder.head(instrument, level);
  }

  /** Price of the best level of a side; 0: none. */
  bestPrice(instrument: number, side: number): number {
    const level = this.best[instrument * STRIDE + side] ?? NO_LEVEL;
    return level === NO_LEVEL ? 0 : priceOfLevel(level);
  }

  /** The order behind this one: next in its queue, else first of the next worse level; 0: none. */
  orderBehind(slot: number): number {
    const { links, words } = this.pool;
    const next = links[slot * LINK_WORDS + Link.next] as number;
    if (next !== 0) return next;
    const record = slot * ORDER_WORDS;
    const instrument = words[record + Word.instrument] as number;
    const level = levelOf(words[record + Word.price] as number);
    const sells = ((words[record + Word.flags] as number) & SELLS) !== 0;
    // Worse than a bid stand only bids, worse than an ask only asks: the book is never crossed.
    const worse = sells
      ? this.ladder.above(instrument, level)
      : this.ladder.below(instrument, level);
    return worse === NO_LEVEL ? 0 : this.ladder.head(instrument, worse);
  }

  /** First and last order in the queue at a price; 0: none. */
  firstAt(instrument: number, price: number): number {
    return this.ladder.head(instrument, levelOf(price));
  }

  lastAt(instrument: number, price: number): number {
    return this.ladder.tail(instrument, levelOf(price));
  }

  /** Queues an order at the end of its price. */
  append(slot: number): void {
    const { links, words } = this.pool;
    const record = slot * ORDER_WORDS;
    const instrument = words[record + Word.instrument] as number;
    const level = levelOf(words[record + Word.price] as number);
    const before = this.ladder.push(instrument, level, slot);
    links[slot * LINK_WORDS + Link.prev] = before;
    links[slot * LINK_WORDS + Link.next] = 0;
    if (before !== 0) {
      links[before * LINK_WORDS + Link.next] = slot;
      return;
    }
    this.improveBest(instrument, (words[record + Word.flags] as number) & SELLS, level);
  }

  /** Takes an order out of its queue. */
  remove(slot: number): void {
    const { links, words } = this.pool;
    const prev = links[slot * LINK_WORDS + Link.prev] as number;
    const next = links[slot * LINK_WORDS + Link.next] as number;
    if (prev !== 0) links[prev * LINK_WORDS + Link.next] = next;
    if (next !== 0) links[next * LINK_WORDS + Link.prev] = prev;
    if (prev !== 0 && next !== 0) return;
    const record = slot * ORDER_WORDS;
    const instrument = words[record + Word.instrument] as number;
    const level = levelOf(words[record + Word.price] as number);
    if (next !== 0) this.ladder.setHead(instrument, level, next);
    else if (prev !== 0) this.ladder.setTail(instrument, level, prev);
    else this.emptyLevel(instrument, (words[record + Word.flags] as number) & SELLS, level);
  }

  /** Rebuilds queues' ends and best levels from the records of a restored pool. */
  restore(): void {
    const { links, words, end } = this.pool;
    for (let slot = 1; slot < end; slot++) {
      const record = slot * ORDER_WORDS;
      const flags = words[record + Word.flags] as number;
      if ((flags & STATE_MASK) !== STATE_WORKING || links[slot * LINK_WORDS + Link.prev] !== 0)
        continue;
      const instrument = words[record + Word.instrument] as number;
      const level = levelOf(words[record + Word.price] as number);
      for (let at = slot; at !== 0; at = links[at * LINK_WORDS + Link.next] as number) {
        this.ladder.push(instrument, level, at);
      }
      this.improveBest(instrument, flags & SELLS, level);
    }
  }

  private improveBest(instrument: number, side: number, level: number): void {
    const at = instrument * STRIDE + side;
    const best = this.best[at] ?? NO_LEVEL;
    if (best === NO_LEVEL || (side === SELLS ? level < best : level > best)) this.best[at] = level;
  }

  private emptyLevel(instrument: number, side: number, level: number): void {
    const at = instrument * STRIDE + side;
    if (this.best[at] === level) {
      const next =
        side === SELLS
          ? this.ladder.above(instrument, level)
          : this.ladder.below(instrument, level);
      this.best[at] = next;
    }
    this.ladder.clear(instrument, level);
  }
}
