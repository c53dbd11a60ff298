/**
 * Orders that wait for the session to open, first come first: a queue through `prev` and
 * `next` of their links.
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import { LINK_WORDS, Link } from './order-pool.ts';
import type { OrderPool } from './order-pool.ts';

export class WaitingOrders {
  /** Slot of the order that waits longest; 0: none. */
  first = 0;
  private last = 0;
  private readonly pool: OrderPool;

  constructor(pool: OrderPool) {
    this.pool = pool;
  }

  append(slot: number): void {
    const { links } = this.pool;
    links[slot * LINK_WORDS + Link.prev] = this.last;
    links[slot * LINK_WORDS + Link.next] = 0;
    if (this.last === 0) this.first = slot;
    else links[this.last * LINK_WORDS + Link.next] = slot;
    this.last = slot;
  }

  remove(slot: number): void {
    const { links } = this.pool;
    const prev = links[slot * LINK_WORDS + Link.prev] as number;
    const next = links[slot * LINK_WORDS + Link.next] as number;
    if (prev === 0) this.first = next;
    else links[prev * LINK_WORDS + Link.next] = next;
    if (next === 0) this.last = prev;
    else links[next * LINK_WORDS + Link.prev] = prev;
  }

  write(w: ByteWriter): void {
    w.i32(this.first);
    w.i32(this.last);
  }

  static read(r: ByteReader, pool: OrderPool): WaitingOrders {
    const waiting = new WaitingOrders(pool);
    waiting.first = r.i32();
    waiting.last = r.i32();
    return waiting;
  }
}
