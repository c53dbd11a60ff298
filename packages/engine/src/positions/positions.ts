/**
 * Positions: how many shares of an instrument an account has, how many of them open sell orders
 * reserve, and what they have cost (average cost). Long only.
 *
 * One record of a cache line per (account, instrument) ever ordered, found through an
 * open-addressing table; the records of an account form a list in order of creation.
 */
import { addPair, coversPair, pairValue, subtractPair } from '../ledger/pairs.ts';
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import { splitCost } from './cost-split.ts';

/** Float64 fields of a record: pairs of quantity, held quantity and cost; then three int32. */
const STRIDE = 8;
const Field = { qty: 0, held: 2, cost: 4 } as const;
const Key = { account: 12, instrument: 13, nextOfAccount: 14 } as const;

export class Positions {
  /** Records; number 0 is unused, so that 0 means "none". */
  count = 1;
  private records: Float64Array = new Float64Array(256 * STRIDE);
  private keys: Int32Array = new Int32Array(this.records.buffer);
  /** Record numbers by hash of (account, instrument); twice as many places as records or more. */
  private table: Int32Array = new Int32Array(512);
  /** First and last record of each account. */
  private lists: Int32Array = new Int32Array(128);
  private accounts = 0;

  addAccount(): void {
    this.accounts++;
    if (this.accounts * 2 > this.lists.length) {
      const larger = new Int32Array(this.lists.length * 2);
      larger.set(this.lists);
      this.lists = larger;
    }
  }

  /** The record of (account, instrument), or 0. */
  find(account: number, instrument: number): number {
    const { table, keys } = this;
    const mask = table.length - 1;
    for (let i = hash(account, instrument) & mask; ; i = (i + 1) & mask) {
      const record = table[i] as number;
      if (record === 0) return 0;
      const key = record * 2 * STRIDE;
      if (keys[key + Key.account] === account && keys[key + Key.instrument] === instrument) {
        return record;
      }
    }
  }

  /** The record of (account, instrument), made when there is none. */
  open(account: number, instrument: number): number {
    return this.find(account, instrument) || this.add(account, instrument);
  }

  /** Whether the position has this many shares that no open order reserves. */
  hasFree(record: number, whole: number, nanos: number): boolean {
    const at = record * STRIDE;
    return coversPair(this.records, at + Field.qty, at + Field.held, whole, nanos);
  }

  hold(record: number, whole: number, nanos: number): void {
    addPair(this.records, record * STRIDE + Field.held, whole, nanos);
  }

  release(record: number, whole: number, nanos: number): void {
    subtractPair(this.records, record * STRIDE + Field.held, whole, nanos);
  }

  /** Adds bought shares and what they cost. */
  buy(record: number, whole: number, nanos: number, dollars: number, costNanos: number): void {
    addPair(this.records, record * STRIDE + Field.qty, whole, nanos);
    addPair(this.records, record * STRIDE + Field.cost, dollars, costNanos);
  }

  /** Takes away sold shares, their part of the cost, and their hold. */
  sell(record: number, whole: number, nanos: number): void {
    const { records } = this;
    const at = record * STRIDE;
    splitCost(
      records,
      at + Field.cost,
      records[at] as number,
      records[at + 1] as number,
      whole,
      nanos,
    );
    subtractPair(records, at + Field.qty, whole, nanos);
    subtractPair(records, at + Field.held, whole, nanos);
  }

  qty(record: number): bigint {
    return pairValue(this.records, record * STRIDE + Field.qty);
  }

  held(record: number): bigint {
    return pairValue(this.records, record * STRIDE + Field.held);
  }

  cost(record: number): bigint {
    return pairValue(this.records, record * STRIDE + Field.cost);
  }

  accountOf(record: number): number {
    return this.keys[record * 2 * STRIDE + Key.account] as number;
  }

  instrumentOf(record: number): number {
    return this.keys[record * 2 * STRIDE + Key.instrument] as number;
  }

  /** First record of an account; 0: none. */
  firstOf(account: number): number {
    return this.lists[account * 2] as number;
  }

  /** Next record of the same account; 0: none. */
  nextOf(record: number): number {
    return this.keys[record * 2 * STRIDE + Key.nextOfAccount] as number;
  }

  write(w: ByteWriter): void {
    w.u32(this.accounts);
    w.i32s(this.keys.subarray(0, this.count * 2 * STRIDE));
  }

  static read(r: ByteReader): Positions {
    const positions = new Positions();
    const accounts = r.u32();
    while (positions.accounts < accounts) positions.addAccount();
    const keys = r.i32s();
    const count = keys.length / (2 * STRIDE);
    while (positions.records.length < count * STRIDE) positions.grow();
    positions.keys.set(keys);
    positions.count = 1;
    for (let record = 1; record < count; record++) {
      positions.count++;
      positions.enter(record);
    }
    return positions;
  }

  private add(account: number, instrument: number): number {
    if (this.count * STRIDE === this.records.length) this.grow();
    const record = this.count++;
    const key = record * 2 * STRIDE;
    this.keys[key + Key.account] = account;
    this.keys[key + Key.instrument] = instrument;
    this.enter(record);
    return record;
  }

  /** Enters a record in the table and at the end of its account's list. */
  private enter(record: number): void {
    if (record * 2 >= this.table.length) {
      this.table = new Int32Array(this.table.length * 2);
      for (let k = 1; k < record; k++) this.enterTable(k);
    }
    this.enterTable(record);
    const list = this.accountOf(record) * 2;
    const last = this.lists[list + 1] as number;
    if (last === 0) this.lists[list] = record;
    else this.keys[last * 2 * STRIDE + Key.nextOfAccount] = record;
    this.lists[list + 1] = record;
  }

  private enterTable(record: number): void {
    const mask = this.table.length - 1;
    let i = hash(this.accountOf(record), this.instrumentOf(record)) & mask;
    while (this.table[i] !== 0) i = (i + 1) & mask;
    this.table[i] = record;
  }

  private grow(): void {
    const records = new Float64Array(this.records.length * 2);
    records.set(this.records);
    this.records = records;
    this.keys = new Int32Array(records.buffer);
  }
}

function hash(account: number, instrument: number): number {
  const mixed = Math.imul(account, 0x9e3779b1) ^ Math.imul(instrument, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
