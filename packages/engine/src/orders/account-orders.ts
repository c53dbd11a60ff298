/**
 * The open orders of each account, oldest first: an intrusive list through the orders' links,
 * so that "my open orders" and "cancel all" cost what they return.
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import * as orderPool from './order-pool.ts';
import type { OrderPool } from './order-pool.ts';

// V8 folds constants of this module, not imported ones (docs/adr/0002-numbers.md).
const { LINK_WORDS, Link } = orderPool;

/** Words per account: oldest slot, newest slot, count, unused. */
const STRIDE = 4;

export class AccountOrders {
  private lists: Int32Array = new Int32Array(64 * STRIDE);
  private accounts = 0;
  private readonly pool: OrderPool;

  constructor(pool: OrderPool) {
    this.pool = pool;
  }

  addAccount(): void {
    if (this.accounts * STRIDE === this.lists.length) {
      const larger = new Int32Array(this.lists.length * 2);
      larger.set(this.lists);
      this.lists = larger;
    }
    this.accounts++;
  }

  /** Open orders of the account. */
  count(account: number): number {
    return this.lists[account * STRIDE + 2] as number;
  }

  /** Slot of the account's oldest open order; 0: none. */
  oldest(account: number): number {
    return this.lists[account * STRIDE] as number;
  }

  /** Slot of the next newer open order of the same account; 0: none. */
  newer(slot: number): number {
    return this.pool.links[slot * LINK_WORDS + Link.newer] as number;
  }

  /** Adds a new order, which has the highest number of all. */
  append(account: number, slot: number): void {
    const { lists } = this;
    const { links } = this.pool;
    const list = account * STRIDE;
    const newest = lists[list + 1] as number;
    links[slot * LINK_WORDS + Link.older] = newest;
    links[slot * LINK_WORDS + Link.newer] = 0;
    if (newest === 0) lists[list] = slot;
    else links[newest * LINK_WORDS + Link.newer] = slot;
    lists[list + 1] = slot;
    lists[list + 2] = (lists[list + 2] as number) + 1;
  }

  remove(account: number, slot: number): void {
    const { lists } = this;
    const { links } = this.pool;
    const list = account * STRIDE;
    const older = links[slot * LINK_WORDS + Link.older] as number;
    const newer = links[slot * LINK_WORDS + Link.newer] as number;
    if (older === 0) lists[list] = newer;
    else links[older * LINK_WORDS + Link.newer] = newer;
    if (newer === 0) lists[list + 1] = older;
    else links[newer * LINK_WORDS + Link.older] = older;
    lists[list + 2] = (lists[list + 2] as number) - 1;
  }

  write(w: ByteWriter): void {
    w.i32s(this.lists.subarray(0, this.accounts * STRIDE));
  }

  static read(r: ByteReader, pool: OrderPool): AccountOrders {
    const orders = new AccountOrders(pool);
    const lists = r.i32s();
    orders.accounts = lists.length / STRIDE;
    if (lists.length > orders.lists.length) orders.lists = lists;
    else orders.lists.set(lists);
    return orders;
  }
}
