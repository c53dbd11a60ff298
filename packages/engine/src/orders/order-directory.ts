/**
 * Which account and slot each order number was given, for the venue's life, in 8 bytes each.
 *
 * Entries stand in chunks: doubling one array would pause to copy it, and each new page of
 * memory costs a page fault, so little is kept per order.
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';

const ENTRY_WORDS = 2;
const CHUNK_BITS = 15;
const CHUNK_ENTRIES: number = 1 << CHUNK_BITS;
const LAST_OF_CHUNK: number = CHUNK_ENTRIES - 1;

export class OrderDirectory {
  /** Orders entered so far, which is the number of the newest one. */
  count = 0;
  private readonly chunks: Int32Array[] = [];
  /** The chunk that is being filled. */
  private newest: Int32Array = new Int32Array(0);

  /** Enters a new order; returns its number: 1, 2, 3 … */
  add(account: number, slot: number): number {
    const place = this.count & LAST_OF_CHUNK;
    if (place === 0) this.addChunk();
    this.newest[place * ENTRY_WORDS] = account;
    this.newest[place * ENTRY_WORDS + 1] = slot;
    return ++this.count;
  }

  /** Account of order `number`, or -1 when no such order was entered. */
  accountOf(number: number): number {
    const isKnown = Number.isInteger(number) && number >= 1 && number <= this.count;
    return isKnown ? this.word(number, 0) : -1;
  }

  /** Slot that order `number` was given. */
  slotOf(number: number): number {
    return this.word(number, 1);
  }

  write(w: ByteWriter): void {
    w.u32(this.count);
    let left = this.count;
    for (const chunk of this.chunks) {
      w.i32s(chunk.subarray(0, Math.min(left, CHUNK_ENTRIES) * ENTRY_WORDS));
      left -= CHUNK_ENTRIES;
    }
  }

  static read(r: ByteReader): OrderDirectory {
    const directory = new OrderDirectory();
    directory.count = r.u32();
    while (directory.chunks.length * CHUNK_ENTRIES < directory.count) {
      directory.addChunk();
      directory.newest.set(r.i32s());
    }
    return directory;
  }

  private word(number: number, field: number): number {
    const chunk = this.chunks[(number - 1) >> CHUNK_BITS] as Int32Array;
    return chunk[((number - 1) & LAST_OF_CHUNK) * ENTRY_WORDS + field] as number;
  }

  private addChunk(): void {
    this.newest = new Int32Array(CHUNK_ENTRIES * ENTRY_WORDS);
    this.chunks.push(this.newest);
  }
}
