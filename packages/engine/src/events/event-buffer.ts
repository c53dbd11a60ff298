/**
 * The events of one command, as fixed records of 64 bytes in one reused buffer.
 *
 * `apply` writes here; whoever follows the venue reads here, before the next command is
 * applied. Records are dense: the k-th record of a command has seq = firstSeq + k. Words are
 * 32-bit integers; a pair of words that starts at an even index may also be read as one
 * float64 (`f64`), which holds integers up to 2^53. Layout per type: event-layout.ts.
 */

/** 32-bit words in one event record (64 bytes, one cache line). */
export const EVENT_WORDS = 16;

// V8 folds constants that a module keeps to itself (docs/adr/0002-numbers.md).
const WORDS = EVENT_WORDS;

/** Records the buffer starts with; it doubles when one command needs more. */
const INITIAL_RECORDS = 8_192;

/** A growable, reusable sequence of event records. */
export class EventBuffer {
  /** Words of all records; record k starts at `k * EVENT_WORDS`. */
  i32: Int32Array;
  /** The same bytes as float64; record k starts at `k * EVENT_WORDS / 2`. */
  f64: Float64Array;
  /** How many records stand in the buffer. */
  count = 0;
  /** Sequence number of record 0. */
  firstSeq = 0;

  constructor(records: number = INITIAL_RECORDS) {
    const bytes = new ArrayBuffer(records * EVENT_WORDS * 4);
    this.i32 = new Int32Array(bytes);
    this.f64 = new Float64Array(bytes);
  }

  /** Forgets all records; the next one gets sequence number `firstSeq`. */
  reset(firstSeq: number): void {
    this.count = 0;
    this.firstSeq = firstSeq;
  }

  /**
   * Adds an empty record of `type` at venue time `time` for `instrument` (-1: none) and returns
   * the index of its first word. Every field that the layout of the type does not name must be
   * left zero by the writer: the record is cleared here.
   */
  add(type: number, instrument: number, time: number): number {
    const word = this.next();
    const { i32, f64 } = this;
    const pair = word >> 1;
    i32[word] = type;
    i32[word + 1] = instrument;
    f64[pair + 1] = time;
    f64[pair + 2] = 0;
    f64[pair + 3] = 0;
    f64[pair + 4] = 0;
    f64[pair + 5] = 0;
    f64[pair + 6] = 0;
    f64[pair + 7] = 0;
    return word;
  }

  /** Adds a record and returns its first word; the caller writes all 16 words. */
  next(): number {
    const word = this.count * WORDS;
    if (word === this.i32.length) this.grow();
    this.count++;
    return word;
  }

  private grow(): void {
    const larger = new ArrayBuffer(this.i32.byteLength * 2);
    const words = new Int32Array(larger);
    words.set(this.i32);
    this.i32 = words;
    this.f64 = new Float64Array(larger);
  }
}
