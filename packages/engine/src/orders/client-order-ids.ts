/**
 * Which client order ids an account has used: for the venue's life, in about 40 bytes each.
 *
 * Entry k belongs to order number k + 1 and holds a 63-bit hash of (account, id), a 64-bit
 * fingerprint of the order's terms, account and slot. An index finds it.
 * That is an extendible hash table: it grows by splitting one small segment at a time, so
 * no insert ever pauses to rehash everything. A hash is no proof: two ids of one account that
 * share all 63 bits would be taken for the same one (chance 2e-10 at 60,000,000 orders).
 * An order without a client order id has an entry of account and slot alone, and no place in
 * the index. Entries stand in chunks, because doubling one array would pause to copy it.
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';

const ENTRY_WORDS = 6;
const Entry = { low: 0, high: 1, termsLow: 2, termsHigh: 3, account: 4, slot: 5 } as const;
const CHUNK_BITS = 14;
const CHUNK_ENTRIES: number = 1 << CHUNK_BITS;
const LAST_OF_CHUNK: number = CHUNK_ENTRIES - 1;

/** Places in one index segment, and how many of them fill it. */
const PLACES = 4_096;
const LAST_PLACE: number = PLACES - 1;
const SEGMENT_FULL = 2_867;

export class ClientOrderIds {
  /** Entries, which is the number of orders entered so far. */
  count = 0;
  private readonly chunks: Int32Array[] = [];
  /** The chunk that is being filled. */
  private newest: Int32Array = new Int32Array(0);
  /**
   * The index, segment after segment: at each place a byte of the hash (0: free), and apart from
   * it the pair (low hash, order number). A new id, the common case, reads bytes only.
   */
  private tags: Uint8Array = new Uint8Array(16 * PLACES);
  private pairs: Int32Array = new Int32Array(2 * 16 * PLACES);
  private segmentCount = 1;
  /** Ids in each segment, and how many hash bits it stands for. */
  private fills: number[] = [0];
  private depths: number[] = [0];
  /** Segments by the top `depth` bits of the low hash; one may stand several times. */
  private directory: Int32Array = new Int32Array(1);
  private depth = 0;
  private low = 0;
  private high = 0;
  private termsLow = 0;
  private termsHigh = 0;

  /** Order number that used this id, or 0. Leaves the hash for `add`. */
  find(account: number, clientOrderId: string): number {
    this.hashId(account, clientOrderId);
    const { low, tags } = this;
    const tag = tagOf(this.high);
    const first = this.segmentOf(low) * PLACES;
    for (let place = low & LAST_PLACE; ; place = (place + 1) & LAST_PLACE) {
      const found = tags[first + place] as number;
      if (found === 0) return 0;
      if (found !== tag) continue;
      const number = this.pairs[2 * (first + place) + 1] as number;
      if (this.matches(number, account)) return number;
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
    const at = (this.count & LAST_OF_CHUNK) * ENTRY_WORDS;
    const number = this.addWithoutId(account, slot);
    const { newest } = this;
    newest[at + Entry.low] = this.low;
    newest[at + Entry.high] = this.high;
    newest[at + Entry.termsLow] = this.termsLow;
    newest[at + Entry.termsHigh] = this.termsHigh;
    this.index(this.low, this.high, number);
    return number;
  }

  /** Enters a new order that has no client order id; returns its number. */
  addWithoutId(account: number, slot: number): number {
    const place = this.count & LAST_OF_CHUNK;
    if (place === 0) this.addChunk();
    const { newest } = this;
    const at = place * ENTRY_WORDS;
    newest[at + Entry.account] = account;
    newest[at + Entry.slot] = slot;
    return ++this.count;
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
    w.u32(this.count);
    let left = this.count;
    for (const chunk of this.chunks) {
      w.i32s(chunk.subarray(0, Math.min(left, CHUNK_ENTRIES) * ENTRY_WORDS));
      left -= CHUNK_ENTRIES;
    }
  }

  static read(r: ByteReader): ClientOrderIds {
    const ids = new ClientOrderIds();
    const count = r.u32();
    while (ids.chunks.length * CHUNK_ENTRIES < count) {
      ids.addChunk();
      ids.newest.set(r.i32s());
    }
    for (let number = 1; number <= count; number++) {
      const high = ids.word(number, Entry.high);
      if (high !== 0) ids.index(ids.word(number, Entry.low), high, number);
    }
    ids.count = count;
    return ids;
  }

  private addChunk(): void {
    this.newest = new Int32Array(CHUNK_ENTRIES * ENTRY_WORDS);
    this.chunks.push(this.newest);
  }

  private matches(number: number, account: number): boolean {
    return (
      this.word(number, Entry.high) === this.high && this.word(number, Entry.account) === account
    );
  }

  private word(number: number, field: number): number {
    const chunk = this.chunks[(number - 1) >> CHUNK_BITS] as Int32Array;
    return chunk[((number - 1) & LAST_OF_CHUNK) * ENTRY_WORDS + field] as number;
  }

  private segmentOf(low: number): number {
    return this.directory[this.depth === 0 ? 0 : low >>> (32 - this.depth)] as number;
  }

  private index(low: number, high: number, number: number): void {
    let segment = this.segmentOf(low);
    while ((this.fills[segment] as number) >= SEGMENT_FULL) {
      this.split(segment, low);
      segment = this.segmentOf(low);
    }
    this.enter(segment, low, tagOf(high), number);
  }

  private enter(segment: number, low: number, tag: number, number: number): void {
    const { tags, pairs, fills } = this;
    const first = segment * PLACES;
    let place = low & LAST_PLACE;
    while (tags[first + place] !== 0) place = (place + 1) & LAST_PLACE;
    tags[first + place] = tag;
    pairs[2 * (first + place)] = low;
    pairs[2 * (first + place) + 1] = number;
    fills[segment] = (fills[segment] as number) + 1;
  }

  /** Splits a full segment in two that tell their ids apart by one more bit of the hash. */
  private split(segment: number, low: number): void {
    const depth = this.depths[segment] as number;
    if (depth === this.depth) this.widenDirectory();
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
    this.directory.fill(other, start + span / 2, start + span);
  }

  private grow(): void {
    const tags = new Uint8Array(this.tags.length * 2);
    tags.set(this.tags);
    this.tags = tags;
    this.pairs = doubled(this.pairs);
  }

  private widenDirectory(): void {
    const wider = new Int32Array(this.directory.length * 2);
    for (let i = 0; i < wider.length; i++) wider[i] = this.directory[i >> 1] as number;
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
    // Never 0, which stands for "no client order id".
    this.high = finish(high ^ (low >>> 13)) | 1;
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
