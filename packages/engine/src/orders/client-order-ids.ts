/**
 * Which client order ids an account has used: for the venue's life, in about 40 bytes each.
 *
 * An entry holds a 64-bit hash of (account, id), a 64-bit fingerprint of the order's terms and
 * the order's number; an order without a client order id has none. An index finds it.
 * That is an extendible hash table: it grows by splitting one small segment at a time, so
 * no insert ever pauses to rehash everything. A hash is no proof: two ids of one account that
 * share all 64 bits would be taken for the same one (chance 1e-10 at 60,000,000 orders).
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import type { OrderDirectory } from './order-directory.ts';

const ENTRY_WORDS = 5;
const Entry = { low: 0, high: 1, termsLow: 2, termsHigh: 3, number: 4 } as const;
const INITIAL_ENTRIES = 16_384;

/** Places in one index segment, and how many of them fill it. */
const PLACES = 4_096;
const LAST_PLACE: number = PLACES - 1;
const SEGMENT_FULL = 2_867;

export class ClientOrderIds {
  private readonly directory: OrderDirectory;
  private count = 0;
  private entries: Int32Array = new Int32Array(INITIAL_ENTRIES * ENTRY_WORDS);
  /**
   * The index, segment after segment: at each place a byte of the hash (0: free), and apart from
   * it the pair (low hash, entry). A new id, the common case, reads bytes only.
   */
  private tags: Uint8Array = new Uint8Array(16 * PLACES);
  private pairs: Int32Array = new Int32Array(2 * 16 * PLACES);
  private segmentCount = 1;
  /** Ids in each segment, and how many hash bits it stands for. */
  private fills: number[] = [0];
  private depths: number[] = [0];
  /** Segments by the top `depth` bits of the low hash; one may stand several times. */
  private segments: Int32Array = new Int32Array(1);
  private depth = 0;
  private low = 0;
  private high = 0;
  private termsLow = 0;
  private termsHigh = 0;

  /** The entry that `find` found last. */
  private found = 0;

  constructor(directory: OrderDirectory) {
    this.directory = directory;
  }

  /** Order number that used this id, or 0. Leaves the hash for `add`, the entry for `hasTerms`. */
  find(account: number, clientOrderId: string): number {
    this.hashId(account, clientOrderId);
    const { low, tags } = this;
    const tag = tagOf(this.high);
    const first = this.segmentOf(low) * PLACES;
    for (let place = low & LAST_PLACE; ; place = (place + 1) & LAST_PLACE) {
      const tagThere = tags[first + place] as number;
      if (tagThere === 0) return 0;
      if (tagThere !== tag) continue;
      this.found = this.pairs[2 * (first + place) + 1] as number;
      const number = this.word(this.found, Entry.number);
      if (this.word(this.found, Entry.high) !== this.high) continue;
      if (this.directory.accountOf(number) === account) return number;
    }
  }

  /** Whether the order found last was entered with the terms last given to `setTerms`. */
  hasTerms(): boolean {
    return (
      this.word(this.found, Entry.termsLow) === this.termsLow &&
      this.word(this.found, Entry.termsHigh) === this.termsHigh
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

  /** Enters the id last looked up as that of the new order `number`. */
  add(number: number): void {
    const at = this.count * ENTRY_WORDS;
    if (at === this.entries.length) this.entries = doubled(this.entries);
    const { entries } = this;
    entries[at + Entry.low] = this.low;
    entries[at + Entry.high] = this.high;
    entries[at + Entry.termsLow] = this.termsLow;
    entries[at + Entry.termsHigh] = this.termsHigh;
    entries[at + Entry.number] = number;
    this.index(this.low, this.high, this.count++);
  }

  write(w: ByteWriter): void {
    w.i32s(this.entries.subarray(0, this.count * ENTRY_WORDS));
  }

  static read(r: ByteReader, directory: OrderDirectory): ClientOrderIds {
    const ids = new ClientOrderIds(directory);
    const entries = r.i32s();
    ids.count = entries.length / ENTRY_WORDS;
    while (ids.entries.length < entries.length) ids.entries = doubled(ids.entries);
    ids.entries.set(entries);
    for (let entry = 0; entry < ids.count; entry++) {
      ids.index(ids.word(entry, Entry.low), ids.word(entry, Entry.high), entry);
    }
    return ids;
  }

  private word(entry: number, field: number): number {
    return this.entries[entry * ENTRY_WORDS + field] as number;
  }

  private segmentOf(low: number): number {
    return this.segments[this.depth === 0 ? 0 : low >>> (32 - this.depth)] as number;
  }

  private index(low: number, high: number, entry: number): void {
    let segment = this.segmentOf(low);
    while ((this.fills[segment] as number) >= SEGMENT_FULL) {
      this.split(segment, low);
      segment = this.segmentOf(low);
    }
    this.enter(segment, low, tagOf(high), entry);
  }

  private enter(segment: number, low: number, tag: number, entry: number): void {
    const { tags, pairs, fills } = this;
    const first = segment * PLACES;
    let place = low & LAST_PLACE;
    while (tags[first + place] !== 0) place = (place + 1) & LAST_PLACE;
    tags[first + place] = tag;
    pairs[2 * (first + place)] = low;
    pairs[2 * (first + place) + 1] = entry;
    fills[segment] = (fills[segment] as number) + 1;
  }

  /** Splits a full segment in two that tell their ids apart by one more bit of the hash. */
  private split(segment: number, low: number): void {
    const depth = this.depths[segment] as number;
    if (depth === this.depth) this.widenSegments();
    const other = this.segmentCount++;
    if (other * PLACES === this.tags.length) this.grow();
    const first = segment * PLACES;
    const tags = this.tags.slice(first, first + PLACES);
    const pairs = this.pairs.slice(2 * first, 2 * (first + PLACES));
    this.tags.fill(0, first, first + PLACES);
    this.fills[segment] = 0;
    this.fills[other] = 0;
    this.depths[segment] = depth + 1;
    this.depths[other] = depth + 1;
    for (let place = 0; place < PLACES; place++) {
      const tag = tags[place] as number;
      if (tag === 0) continue;
      const hash = pairs[2 * place] as number;
      const half = ((hash >>> (31 - depth)) & 1) === 0 ? segment : other;
      this.enter(half, hash, tag, pairs[2 * place + 1] as number);
    }
    const span = 1 << (this.depth - depth);
    const start = depth === 0 ? 0 : (low >>> (32 - depth)) * span;
    this.segments.fill(other, start + span / 2, start + span);
  }

  private grow(): void {
    const tags = new Uint8Array(this.tags.length * 2);
    tags.set(this.tags);
    this.tags = tags;
    this.pairs = doubled(this.pairs);
  }

  private widenSegments(): void {
    const wider = new Int32Array(this.segments.length * 2);
    for (let i = 0; i < wider.length; i++) wider[i] = this.segments[i >> 1] as number;
    this.segments = wider;
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

/** The byte of a hash that marks its place: 1 … 255. */
function tagOf(high: number): number {
  return (high >>> 24) | 1;
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
