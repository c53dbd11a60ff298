/**
 * All open orders of a venue: records of 16 words in one Int32Array, addressed by slot.
 *
 * A record is one cache line. The links between orders stand apart from it, 16 bytes a slot: to
 * put an order into its lists or take it out touches up to four neighbors, and so those touch
 * a small array and not their records. Free slots form a stack linked through `next`, so a slot
 * is reused soonest; the stack is part of the state, because slots stand in public order ids.
 * Slot 0 is no order. The record of a closed order stays readable until its slot is reused.
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import { isOpenState } from './order-flags.ts';

/** 32-bit words in one order record. */
export const ORDER_WORDS = 16;

/** Words of an order record; (F): a float64 in this word and the next. */
export const Word = {
  /** Limit; of a market buy the highest price it may pay, of a market sell 0. */
  price: 0,
  /** orders/order-flags.ts */
  flags: 1,
  leavesWhole: 2,
  leavesNanos: 3,
  qtyWhole: 4,
  qtyNanos: 5,
  account: 6,
  instrument: 7,
  number: 8 /* F */,
  /** Outside shares queued before it at its price; -1: not known (matching/outside-market.ts). */
  ahead: 10,
  /** Record of (account, instrument) in positions/positions.ts. */
  position: 11,
  submittedAt: 12 /* F */,
  updatedAt: 14 /* F */,
} as const;

/** 32-bit words of links per order. */
export const LINK_WORDS = 4;

/** The slots an order is linked to; 0: none. */
export const Link = {
  /** Neighbors in the level's queue, in the queue of waiting orders, or in the free stack. */
  prev: 0,
  next: 1,
  /** Neighbors among the open orders of the account, in order of number. */
  older: 2,
  newer: 3,
} as const;

const INITIAL_SLOTS = 1_024;

// V8 folds constants that the module keeps to itself (docs/adr/0002-numbers.md).
const STRIDE = ORDER_WORDS;
const LINKS = LINK_WORDS;
const L = Link;
const W = Word;

export class OrderPool {
  /** All records; the one of a slot starts at `slot * STRIDE`. */
  words: Int32Array = new Int32Array(INITIAL_SLOTS * STRIDE);
  /** The same bytes as float64. */
  doubles: Float64Array = new Float64Array(this.words.buffer);
  /** `Link` fields; those of a slot start at `slot * LINK_WORDS`. */
  links: Int32Array = new Int32Array(INITIAL_SLOTS * LINKS);
  /** Pair per slot: what the fills of the order are worth. */
  filled: Float64Array = new Float64Array(INITIAL_SLOTS * 2);
  /** Client order ids by slot. */
  readonly clientOrderIds: string[] = Array.from({ length: INITIAL_SLOTS }, () => '');
  /** Open orders. */
  count = 0;
  /** Slots below this one have been used. */
  private top = 1;
  private firstFree = 0;

  /** Takes a slot; the caller writes every word of its record. */
  take(): number {
    this.count++;
    const slot = this.firstFree;
    if (slot !== 0) {
      this.firstFree = this.links[slot * LINKS + L.next] as number;
      return slot;
    }
    if (this.top * STRIDE === this.words.length) this.grow();
    return this.top++;
  }

  /** Gives a slot back. Its record stays readable until `take` returns the slot again. */
  release(slot: number): void {
    this.count--;
    this.links[slot * LINKS + L.next] = this.firstFree;
    this.firstFree = slot;
  }

  /** The order's number: 1, 2, 3 … */
  numberAt(slot: number): number {
    return this.doubles[(slot * STRIDE + W.number) >> 1] as number;
  }

  accountAt(slot: number): number {
    return this.words[slot * STRIDE + W.account] as number;
  }

  /** Whether `slot` holds order `number`, open or closed but not yet overwritten. */
  holds(slot: number, number: number): boolean {
    return slot > 0 && slot < this.top && this.numberAt(slot) === number;
  }

  /** Whether `slot` holds order `number` and that is open. */
  holdsOpen(slot: number, number: number): boolean {
    return this.holds(slot, number) && this.isOpenAt(slot);
  }

  isOpenAt(slot: number): boolean {
    return isOpenState(this.words[slot * STRIDE + W.flags] as number);
  }

  /** One past the highest slot ever used: bound of a walk over all records. */
  get end(): number {
    return this.top;
  }

  /** The free slots, next one first. */
  freeSlots(): number[] {
    const slots: number[] = [];
    for (let slot = this.firstFree; slot !== 0; slot = this.nextOf(slot)) slots.push(slot);
    return slots;
  }

  /** Open orders with their records, then the free stack. */
  write(w: ByteWriter): void {
    w.u32(this.top);
    for (let slot = 1; slot < this.top; slot++) {
      const open = this.isOpenAt(slot);
      w.u8(open ? 1 : 0);
      if (!open) continue;
      for (let i = 0; i < STRIDE; i++) w.i32(this.words[slot * STRIDE + i] as number);
      for (let i = 0; i < LINKS; i++) w.i32(this.links[slot * LINKS + i] as number);
      for (let i = 0; i < 2; i++) w.f64(this.filled[2 * slot + i] as number);
      w.text(this.clientOrderIds[slot] ?? '');
    }
    w.i32s(Int32Array.from(this.freeSlots()));
  }

  static read(r: ByteReader): OrderPool {
    const pool = new OrderPool();
    const top = r.u32();
    while (pool.top < top) {
      if (pool.top * STRIDE === pool.words.length) pool.grow();
      const slot = pool.top++;
      if (r.u8() === 0) continue;
      for (let i = 0; i < STRIDE; i++) pool.words[slot * STRIDE + i] = r.i32();
      for (let i = 0; i < LINKS; i++) pool.links[slot * LINKS + i] = r.i32();
      for (let i = 0; i < 2; i++) pool.filled[2 * slot + i] = r.f64();
      pool.clientOrderIds[slot] = r.text();
      pool.count++;
    }
    const free = r.i32s();
    for (let i = free.length - 1; i >= 0; i--) {
      pool.count++;
      pool.release(free[i] as number);
    }
    return pool;
  }

  private nextOf(slot: number): number {
    return this.links[slot * LINKS + L.next] as number;
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(words.buffer);
    const links = new Int32Array(this.links.length * 2);
    links.set(this.links);
    this.links = links;
    const filled = new Float64Array(this.filled.length * 2);
    filled.set(this.filled);
    this.filled = filled;
    while (this.clientOrderIds.length * STRIDE < words.length) this.clientOrderIds.push('');
  }
}
