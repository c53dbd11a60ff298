/**
 * All open orders of a venue: records of 16 words in one Int32Array, addressed by slot.
 *
 * A record is one cache line. Free slots form a stack linked through `next`, so a slot is
 * reused soonest; the stack is part of the state, because slots stand in public order ids.
 * Slot 0 is no order. The record of a closed order stays readable until its slot is reused.
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import { isOpenState } from './order-flags.ts';

/** 32-bit words in one order record. */
export const ORDER_WORDS = 16;

/** Words of an order record; `number` is a float64 in words 12 and 13. */
export const Word = {
  /** Neighbors in the level's queue, in the queue of waiting orders, or in the free stack. */
  prev: 0,
  next: 1,
  /** Limit; of a market buy the highest price it may pay, of a market sell 0. */
  price: 2,
  /** orders/order-flags.ts */
  flags: 3,
  leavesWhole: 4,
  leavesNanos: 5,
  qtyWhole: 6,
  qtyNanos: 7,
  account: 8,
  instrument: 9,
  /** Neighbors among the open orders of the account, in order of number. */
  olderOfAccount: 10,
  newerOfAccount: 11,
  number: 12 /* F */,
  /** Outside shares queued before it at its price; -1: not known (matching/outside-market.ts). */
  ahead: 14,
  /** Record of (account, instrument) in positions/positions.ts. */
  position: 15,
} as const;

/** Float64 fields kept beside the record of an order, read by views only. */
export const COLD_STRIDE = 4;
export const Cold = { submittedAt: 0, updatedAt: 1, filledDollars: 2, filledNanos: 3 } as const;

const INITIAL_SLOTS = 1_024;

// V8 folds constants that the module keeps to itself (docs/adr/0002-numbers.md).
const STRIDE = ORDER_WORDS;
const W = Word;

export class OrderPool {
  /** All records; the one of a slot starts at `slot * STRIDE`. */
  words: Int32Array = new Int32Array(INITIAL_SLOTS * STRIDE);
  /** The same bytes as float64. */
  doubles: Float64Array = new Float64Array(this.words.buffer);
  /** `Cold` fields; those of a slot start at `slot * COLD_STRIDE`. */
  cold: Float64Array = new Float64Array(INITIAL_SLOTS * COLD_STRIDE);
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
      this.firstFree = this.words[slot * STRIDE + W.next] as number;
      return slot;
    }
    if (this.top * STRIDE === this.words.length) this.grow();
    return this.top++;
  }

  /** Gives a slot back. Its record stays readable until `take` returns the slot again. */
  release(slot: number): void {
    this.count--;
    this.words[slot * STRIDE + W.next] = this.firstFree;
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
      for (let i = 0; i < COLD_STRIDE; i++) w.f64(this.cold[slot * COLD_STRIDE + i] as number);
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
      for (let i = 0; i < COLD_STRIDE; i++) pool.cold[slot * COLD_STRIDE + i] = r.f64();
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
    return this.words[slot * STRIDE + W.next] as number;
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(words.buffer);
    const cold = new Float64Array(this.cold.length * 2);
    cold.set(this.cold);
    this.cold = cold;
    while (this.clientOrderIds.length * STRIDE < words.length) this.clientOrderIds.push('');
  }
}
