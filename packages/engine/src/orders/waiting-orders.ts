/**
 * Orders that wait for the session to open, first come first: a queue through `prev` and `next`
 * of their records.
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import { ORDER_WORDS, Word } from './order-pool.ts';
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
    const { words } = this.pool;
    words[slot * ORDER_WORDS + Word.prev] = this.last;
    words[slot * ORDER_WORDS + Word.next] = 0;
    if (this.last === 0) this.first = slot;
    else words[this.last * ORDER_WORDS + Word.next] = slot;
    this.last = slot;
  }

  remove(slot: number): void {
    const { words } = this.pool;
    const prev = words[slot * ORDER_WORDS + Word.prev] as number;
    const next = words[slot * ORDER_WORDS + Word.next] as number;
    if (prev === 0) this.first = next;
    else words[prev * ORDER_WORDS + Word.next] = next;
    if (next === 0) this.last = prev;
    else words[next * ORDER_WORDS + Word.prev] = prev;
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
