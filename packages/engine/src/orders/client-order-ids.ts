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
const INITIAL_ENTRIES = 16_384;

/** Pairs (low hash, order number) in one index segment, and how many fill it. */
const SEGMENT_PAIRS = 4_096;
const SEGMENT_WORDS: number = 2 * SEGMENT_PAIRS;
const SEGMENT_FULL = 2_867;

export class ClientOrderIds {
  /** Entries, which is the number of orders entered so far. */
  count = 0;
  private entries: Int32Array = new Int32Array(INITIAL_ENTRIES * ENTRY_WORDS);
  /** All segments. Pair 0 of a segment holds its fill and how many hash bits it stands for. */
  private segments: Int32Array = new Int32Array(16 * SEGMENT_WORDS);
  private segmentCount = 1;
  /** Offsets of segments by the top `depth` bits of the low hash; one may stand several times. */
  private directory: Int32Array = new Int32Array(1);
  private depth = 0;
  private low = 0;
  private high = 0;
  private termsLow = 0;
  private termsHigh = 0;

  /** Order number that used this id, or 0. Leaves the hash for `add`. */
  find(account: number, clientOrderId: string): number {
    this.hashId(account, clientOrderId);
    const { low, segments } = this;
    const segment = this.segmentOf(low);
    for (let i = firstPair(low); ; i = nextPair(i)) {
      const number = segments[segment + 2 * i + 1] ?? 0;
      if (number === 0) return 0;
      if (segments[segment + 2 * i] === low && this.matches(number, account)) return number;
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
    const at = (number - 1) * ENTRY_WORDS;
    if (at === this.entries.length) this.entries = doubled(this.entries);
    const { entries } = this;
    entries[at + Entry.low] = this.low;
    entries[at + Entry.high] = this.high;
    entries[at + Entry.termsLow] = this.termsLow;
    entries[at + Entry.termsHigh] = this.termsHigh;
    entries[at + Entry.account] = account;
    entries[at + Entry.slot] = slot;
    this.index(this.low, number);
    return number;
  }

  /** Account of order `number`, or -1 when no such order was entered. */
  accountOf(number: number): number {
    const isKnown = Number.isInteger(number) && number >= 1 && number <= this.count;
    return isKnown ? this.word(number, Entry.account) : -1;
  }

  /** Slot that order `number` was given. */
  slotOf(number: number): number {
    return this.word(number, Entry.slot);
  }

  write(w: ByteWriter): void {
    w.i32s(this.entries.subarray(0, this.count * ENTRY_WORDS));
  }

  static read(r: ByteReader): ClientOrderIds {
    const ids = new ClientOrderIds();
    const entries = r.i32s();
    ids.count = entries.length / ENTRY_WORDS;
    while (ids.entries.length < entries.length) ids.entries = doubled(ids.entries);
    ids.entries.set(entries);
    for (let number = 1; number <= ids.count; number++) {
      ids.index(ids.word(number, Entry.low), number);
    }
    return ids;
  }

  private matches(number: number, account: number): boolean {
    return (
      this.word(number, Entry.high) === this.high && this.word(number, Entry.account) === account
    );
  }

  private word(number: number, field: number): number {
    return this.entries[(number - 1) * ENTRY_WORDS + field] ?? 0;
  }

  private segmentOf(low: number): number {
    return this.directory[this.depth === 0 ? 0 : low >>> (32 - this.depth)] ?? 0;
  }

  private index(low: number, number: number): void {
    let segment = this.segmentOf(low);
    while ((this.segments[segment] ?? 0) >= SEGMENT_FULL) {
      this.split(segment, low);
      segment = this.segmentOf(low);
    }
    this.place(segment, low, number);
  }

  private place(segment: number, low: number, number: number): void {
    const { segments } = this;
    let i = firstPair(low);
    while (segments[segment + 2 * i + 1] !== 0) i = nextPair(i);
    segments[segment + 2 * i] = low;
    segments[segment + 2 * i + 1] = number;
    segments[segment] = (segments[segment] ?? 0) + 1;
  }

  /** Splits a full segment in two that tell its pairs apart by one more bit of the hash. */
  private split(segment: number, low: number): void {
    const localDepth = this.segments[segment + 1] ?? 0;
    if (localDepth === this.depth) this.widenDirectory();
    const other = this.segmentCount++ * SEGMENT_WORDS;
    if (other === this.segments.length) this.segments = doubled(this.segments);
    const { segments } = this;
    const old = segments.slice(segment, segment + SEGMENT_WORDS);
    segments.fill(0, segment, segment + SEGMENT_WORDS);
    segments[segment + 1] = localDepth + 1;
    segments[other + 1] = localDepth + 1;
    const bit = 31 - localDepth;
    for (let i = 1; i < SEGMENT_PAIRS; i++) {
      const number = old[2 * i + 1] ?? 0;
      if (number === 0) continue;
      const hash = old[2 * i] ?? 0;
      this.place(((hash >>> bit) & 1) === 0 ? segment : other, hash, number);
    }
    const span = 1 << (this.depth - localDepth);
    const first = localDepth === 0 ? 0 : (low >>> (32 - localDepth)) * span;
    this.directory.fill(other, first + span / 2, first + span);
  }

  private widenDirectory(): void {
    const wider = new Int32Array(this.directory.length * 2);
    for (let i = 0; i < wider.length; i++) wider[i] = this.directory[i >> 1] ?? 0;
    this.directory = wider;
    this.depth++;
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

/** First pair to look at: 1 … SEGMENT_PAIRS - 1. */
function firstPair(low: number): number {
  return low & (SEGMENT_PAIRS - 1) || 1;
}

function nextPair(pair: number): number {
  return pair === SEGMENT_PAIRS - 1 ? 1 : pair + 1;
}

function doubled(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
