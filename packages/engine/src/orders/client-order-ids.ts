/**
 * Which client order ids an account has used: for the venue's life, in 24 + about 12 bytes each.
 *
 * Entry k belongs to order number k + 1 and holds a 64-bit hash of (account, id), a 64-bit
 * fingerprint of the order's terms, account and slot. An index of (hash, number) pairs finds it.
 * The index is an extendible hash table: it grows by splitting one small segment at a time, so
 * no insert ever pauses to rehash everything. A hash is no proof: two ids of one account that
 * share all 64 bits would be taken for the same one (chance 1e-10 at 60,000,000 orders).
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';

const ENTRY_WORDS = 6;
const Entry = { low: 0, high: 1, termsLow: 2, termsHigh: 3, account: 4, slot: 5 } as const;
const CHUNK_SHIFT = 13;
const CHUNK_ENTRIES = 1 << CHUNK_SHIFT;

/** Pairs (hash low, order number) in one index segment, and how many fill it. */
const SEGMENT_PAIRS = 4_096;
const SEGMENT_FULL = 2_867;

export class ClientOrderIds {
  /** Entries, which is the number of orders entered so far. */
  count = 0;
  private readonly chunks: Int32Array[] = [];
  /** Segments by the top `depth` bits of the high hash; a segment may stand in several places. */
  private directory: Int32Array[] = [new Int32Array(SEGMENT_PAIRS * 2)];
  private depth = 0;
  /** Fill and local depth of a segment stand in its pair 0: (fill, depth). */
  private low = 0;
  private high = 0;
  private termsLow = 0;
  private termsHigh = 0;

  /** Order number that used this id, or 0. Leaves the hash for `add`. */
  find(account: number, clientOrderId: string): number {
    this.hashId(account, clientOrderId);
    const { low } = this;
    const segment = this.segmentOf(this.high);
    for (let i = this.start(low); ; i = i === SEGMENT_PAIRS - 1 ? 1 : i + 1) {
      const number = segment[2 * i + 1] ?? 0;
      if (number === 0) return 0;
      if (segment[2 * i] === low && this.matches(number, account)) return number;
    }
  }

  /** Whether order `number` was entered with the terms last given to `setTerms`. */
  hasTerms(number: number): boolean {
    return (
      this.word(number, Entry.termsLow) === this.termsLow &&
      this.word(number, Entry.termsHigh) === this.termsHigh
    );
  }

  /** Takes the fingerprint of an order's terms, for `hasTerms` and `add`. */
  setTerms(instrument: number, terms: number, price: number, whole: number, nanos: number): void {
    let low = mix(0x243f6a88, instrument);
    low = mix(low, terms);
    low = mix(low, price);
    low = mix(low, whole);
    low = mix(low, nanos);
    let high = mix(0x13198a2e, nanos);
    high = mix(high, whole);
    high = mix(high, price);
    high = mix(high, terms ^ (instrument << 4));
    this.termsLow = finish(low);
    this.termsHigh = finish(high);
  }

  /** Enters the id last looked up as that of a new order; returns the order's number. */
  add(account: number, slot: number): number {
    const number = ++this.count;
    const at = (number - 1) & (CHUNK_ENTRIES - 1);
    if (at === 0) this.chunks.push(new Int32Array(CHUNK_ENTRIES * ENTRY_WORDS));
    const chunk = this.chunkOf(number);
    const word = at * ENTRY_WORDS;
    chunk[word + Entry.low] = this.low;
    chunk[word + Entry.high] = this.high;
    chunk[word + Entry.termsLow] = this.termsLow;
    chunk[word + Entry.termsHigh] = this.termsHigh;
    chunk[word + Entry.account] = account;
    chunk[word + Entry.slot] = slot;
    this.index(this.low, this.high, number);
    return number;
  }

  /** Account of order `number`, or -1 when no such order was entered. */
  accountOf(number: number): number {
    return this.isKnown(number) ? this.word(number, Entry.account) : -1;
  }

  /** Slot that order `number` was given. */
  slotOf(number: number): number {
    return this.word(number, Entry.slot);
  }

  write(w: ByteWriter): void {
    w.u32(this.count);
    for (let k = 0; k < this.chunks.length; k++) {
      const used = Math.min(CHUNK_ENTRIES, this.count - k * CHUNK_ENTRIES);
      w.i32s((this.chunks[k] ?? new Int32Array()).subarray(0, used * ENTRY_WORDS));
    }
  }

  static read(r: ByteReader): ClientOrderIds {
    const ids = new ClientOrderIds();
    ids.count = r.u32();
    for (let first = 0; first < ids.count; first += CHUNK_ENTRIES) {
      const chunk = new Int32Array(CHUNK_ENTRIES * ENTRY_WORDS);
      chunk.set(r.i32s());
      ids.chunks.push(chunk);
    }
    for (let number = 1; number <= ids.count; number++) {
      ids.index(ids.word(number, Entry.low), ids.word(number, Entry.high), number);
    }
    return ids;
  }

  private isKnown(number: number): boolean {
    return Number.isInteger(number) && number >= 1 && number <= this.count;
  }

  private matches(number: number, account: number): boolean {
    return (
      this.word(number, Entry.high) === this.high && this.word(number, Entry.account) === account
    );
  }

  private chunkOf(number: number): Int32Array {
    const chunk = this.chunks[(number - 1) >> CHUNK_SHIFT];
    if (chunk === undefined) throw new Error(`no order ${number}`);
    return chunk;
  }

  private word(number: number, field: number): number {
    const at = (number - 1) & (CHUNK_ENTRIES - 1);
    return this.chunkOf(number)[at * ENTRY_WORDS + field] ?? 0;
  }

  private segmentOf(high: number): Int32Array {
    const place = this.depth === 0 ? 0 : high >>> (32 - this.depth);
    const segment = this.directory[place];
    if (segment === undefined) throw new Error('no index segment');
    return segment;
  }

  /** First pair to look at: 1 … SEGMENT_PAIRS - 1. */
  private start(low: number): number {
    return low & (SEGMENT_PAIRS - 1) || 1;
  }

  private index(low: number, high: number, number: number): void {
    let segment = this.segmentOf(high);
    while ((segment[0] ?? 0) >= SEGMENT_FULL) {
      this.split(segment, high);
      segment = this.segmentOf(high);
    }
    this.place(segment, low, number);
  }

  private place(segment: Int32Array, low: number, number: number): void {
    let i = this.start(low);
    while (segment[2 * i + 1] !== 0) i = i === SEGMENT_PAIRS - 1 ? 1 : i + 1;
    segment[2 * i] = low;
    segment[2 * i + 1] = number;
    segment[0] = (segment[0] ?? 0) + 1;
  }

  /** Replaces a full segment by two that tell its pairs apart by one more bit of the hash. */
  private split(segment: Int32Array, high: number): void {
    const localDepth = segment[1] ?? 0;
    if (localDepth === this.depth) {
      this.directory = this.directory.flatMap((one) => [one, one]);
      this.depth++;
    }
    const halves = [new Int32Array(SEGMENT_PAIRS * 2), new Int32Array(SEGMENT_PAIRS * 2)] as const;
    halves[0][1] = localDepth + 1;
    halves[1][1] = localDepth + 1;
    const bit = 31 - localDepth;
    for (let i = 1; i < SEGMENT_PAIRS; i++) {
      const number = segment[2 * i + 1] ?? 0;
      if (number === 0) continue;
      const half = (this.word(number, Entry.high) >>> bit) & 1;
      this.place(half === 0 ? halves[0] : halves[1], segment[2 * i] ?? 0, number);
    }
    const span = 1 << (this.depth - localDepth);
    const first = localDepth === 0 ? 0 : (high >>> (32 - localDepth)) * span;
    for (let i = 0; i < span; i++) {
      this.directory[first + i] = i < span / 2 ? halves[0] : halves[1];
    }
  }

  private hashId(account: number, clientOrderId: string): void {
    let low = mix(0xdeadbeef, account);
    let high = mix(0x41c6ce57, account);
    for (let i = 0; i < clientOrderId.length; i++) {
      const code = clientOrderId.charCodeAt(i);
      low = Math.imul(low ^ code, 0x9e3779b1);
      high = Math.imul(high ^ code, 0x5f356495);
    }
    this.low = finish(low ^ (high >>> 15));
    this.high = finish(high ^ (low >>> 13));
  }
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
