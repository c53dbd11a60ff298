/**
 * The price ladder: for each instrument, the queue at every price level and the next level that
 * has one, in constant time.
 *
 * A radix tree over the 25 bits of a level index: a root of 128 places per instrument, nodes of
 * 256 leaves, leaves of 1,024 levels with a bitmap (32 words and a summary word). Nodes and
 * leaves live in one Int32Array; an empty one goes back to a free list at once, so memory is
 * bounded by the open orders: an order at $0.0001 and one at $200,000 cost two leaves and two
 * nodes, 19 kB. Both sides share the ladder, because a level never holds both.
 *
 * Nothing here is written to snapshots: the ladder follows from the order records.
 */
import * as priceLevel from './price-level.ts';

const { LEVEL_BITS } = priceLevel;
const LEAF_BITS = 10;
const NODE_BITS = 8;
const ROOT_PLACES = 1 << (LEVEL_BITS - LEAF_BITS - NODE_BITS);
const NODE_PLACES = 1 << NODE_BITS;
const LEAF_LEVELS = 1 << LEAF_BITS;
const BITMAP = 1;
/** Words before the levels of a leaf: summary, 32 bitmap words, padding to a cache line. */
const LEAF_HEAD = 48;
const LEAF_WORDS = LEAF_HEAD + 2 * LEAF_LEVELS;
/** Words before the children of a node: count of children, padding. */
const NODE_HEAD = 16;
const NODE_WORDS = NODE_HEAD + NODE_PLACES;

export class PriceLadder {
  /** Leaves and nodes. Offset 0 is unused, so that 0 means "absent". */
  private words: Int32Array = new Int32Array(1 << 15);
  private used = 16;
  private freeLeaf = 0;
  private freeNode = 0;
  /** Offsets of nodes: ROOT_PLACES per instrument. */
  private roots: Int32Array = new Int32Array(ROOT_PLACES);
  private instruments = 0;

  addInstrument(): void {
    this.instruments++;
    if (this.instruments * ROOT_PLACES > this.roots.length) {
      const larger = new Int32Array(this.roots.length * 2);
      larger.set(this.roots);
      this.roots = larger;
    }
  }

  /** First order queued at the level; 0: none. */
  head(instrument: number, level: number): number {
    const leaf = this.leafAt(instrument, level);
    return leaf === 0 ? 0 : (this.words[cell(leaf, level)] as number);
  }

  /** Last order queued at the level; 0: none. */
  tail(instrument: number, level: number): number {
    const leaf = this.leafAt(instrument, level);
    return leaf === 0 ? 0 : (this.words[cell(leaf, level) + 1] as number);
  }

  /** Puts an order at the end of the level's queue; returns the one before it, or 0. */
  push(instrument: number, level: number, slot: number): number {
    const leaf = this.leafAt(instrument, level) || this.addLeaf(instrument, level);
    const { words } = this;
    const at = cell(leaf, level);
    const tail = words[at + 1] as number;
    words[at + 1] = slot;
    if (tail === 0) {
      words[at] = slot;
      const word = (level >> 5) & 31;
      words[leaf + BITMAP + word] = (words[leaf + BITMAP + word] as number) | (1 << (level & 31));
      words[leaf] = (words[leaf] as number) | (1 << word);
    }
    return tail;
  }

  /** Sets the first order of a level that has others. */
  setHead(instrument: number, level: number, slot: number): void {
    this.words[cell(this.leafAt(instrument, level), level)] = slot;
  }

  /** Sets the last order of a level that has others. */
  setTail(instrument: number, level: number, slot: number): void {
    this.words[cell(this.leafAt(instrument, level), level) + 1] = slot;
  }

  /** Empties a level. */
  clear(instrument: number, level: number): void {
    const leaf = this.leafAt(instrument, level);
    const { words } = this;
    const at = cell(leaf, level);
    words[at] = 0;
    words[at + 1] = 0;
    const word = (level >> 5) & 31;
    const bits = (words[leaf + BITMAP + word] as number) & ~(1 << (level & 31));
    words[leaf + BITMAP + word] = bits;
    if (bits !== 0) return;
    const summary = (words[leaf] as number) & ~(1 << word);
    words[leaf] = summary;
    if (summary === 0) this.dropLeaf(instrument, level, leaf);
  }

  /** The highest level below `level` that has orders; -1: none. */
  below(instrument: number, level: number): number {
    const leaf = this.leafAt(instrument, level);
    if (leaf !== 0) {
      const found = this.belowInLeaf(leaf, level & (LEAF_LEVELS - 1));
      if (found >= 0) return (level & -LEAF_LEVELS) | found;
    }
    return this.belowLeaf(instrument, level >> LEAF_BITS);
  }

  /** The lowest level above `level` that has orders; -1: none. */
  above(instrument: number, level: number): number {
    const leaf = this.leafAt(instrument, level);
    if (leaf !== 0) {
      const found = this.aboveInLeaf(leaf, level & (LEAF_LEVELS - 1));
      if (found >= 0) return (level & -LEAF_LEVELS) | found;
    }
    return this.aboveLeaf(instrument, level >> LEAF_BITS);
  }

  private leafAt(instrument: number, level: number): number {
    const node = this.roots[
      instrument * ROOT_PLACES + (level >> (LEAF_BITS + NODE_BITS))
    ] as number;
    if (node === 0) return 0;
    return this.words[node + NODE_HEAD + ((level >> LEAF_BITS) & (NODE_PLACES - 1))] as number;
  }

  /** Highest non-empty place below `place` in a leaf; -1: none. */
  private belowInLeaf(leaf: number, place: number): number {
    const { words } = this;
    const word = place >> 5;
    const bits = (words[leaf + BITMAP + word] as number) & ((1 << (place & 31)) - 1);
    if (bits !== 0) return (word << 5) | highest(bits);
    const summary = (words[leaf] as number) & ((1 << word) - 1);
    if (summary === 0) return -1;
    const lower = highest(summary);
    return (lower << 5) | highest(words[leaf + BITMAP + lower] as number);
  }

  /** Lowest non-empty place above `place` in a leaf; -1: none. */
  private aboveInLeaf(leaf: number, place: number): number {
    const { words } = this;
    const word = place >> 5;
    const bits = (words[leaf + BITMAP + word] as number) & (-2 << (place & 31));
    if (bits !== 0) return (word << 5) | lowest(bits);
    const summary = (words[leaf] as number) & (-2 << word);
    if (summary === 0) return -1;
    const upper = lowest(summary);
    return (upper << 5) | lowest(words[leaf + BITMAP + upper] as number);
  }

  /** The highest level in leaves before `leafIndex`. Leaves that exist are never empty. */
  private belowLeaf(instrument: number, leafIndex: number): number {
    let index = leafIndex - 1;
    while (index >= 0) {
      const node = this.roots[instrument * ROOT_PLACES + (index >> NODE_BITS)] as number;
      if (node === 0) {
        index = (index & -NODE_PLACES) - 1;
        continue;
      }
      const leaf = this.words[node + NODE_HEAD + (index & (NODE_PLACES - 1))] as number;
      if (leaf !== 0) {
        const word = highest(this.words[leaf] as number);
        const bit = highest(this.words[leaf + BITMAP + word] as number);
        return (index << LEAF_BITS) | (word << 5) | bit;
      }
      index--;
    }
    return -1;
  }

  /** The lowest level in leaves after `leafIndex`. */
  private aboveLeaf(instrument: number, leafIndex: number): number {
    let index = leafIndex + 1;
    while (index < ROOT_PLACES * NODE_PLACES) {
      const node = this.roots[instrument * ROOT_PLACES + (index >> NODE_BITS)] as number;
      if (node === 0) {
        index = (index | (NODE_PLACES - 1)) + 1;
        continue;
      }
      const leaf = this.words[node + NODE_HEAD + (index & (NODE_PLACES - 1))] as number;
      if (leaf !== 0) {
        const word = lowest(this.words[leaf] as number);
        const bit = lowest(this.words[leaf + BITMAP + word] as number);
        return (index << LEAF_BITS) | (word << 5) | bit;
      }
      index++;
    }
    return -1;
  }

  private addLeaf(instrument: number, level: number): number {
    const root = instrument * ROOT_PLACES + (level >> (LEAF_BITS + NODE_BITS));
    let node = this.roots[root] as number;
    if (node === 0) {
      node = this.freeNode;
      if (node === 0) node = this.allocate(NODE_WORDS);
      else this.freeNode = this.words[node] as number;
      this.words[node] = 0;
      this.roots[root] = node;
    }
    let leaf = this.freeLeaf;
    if (leaf === 0) leaf = this.allocate(LEAF_WORDS);
    else this.freeLeaf = this.words[leaf + LEAF_HEAD] as number;
    this.words[leaf + LEAF_HEAD] = 0;
    this.words[node] = (this.words[node] as number) + 1;
    this.words[node + NODE_HEAD + ((level >> LEAF_BITS) & (NODE_PLACES - 1))] = leaf;
    return leaf;
  }

  /** Frees an empty leaf, and its node when that was the last one. All its words are zero. */
  private dropLeaf(instrument: number, level: number, leaf: number): void {
    const { words } = this;
    const root = instrument * ROOT_PLACES + (level >> (LEAF_BITS + NODE_BITS));
    const node = this.roots[root] as number;
    words[node + NODE_HEAD + ((level >> LEAF_BITS) & (NODE_PLACES - 1))] = 0;
    words[leaf + LEAF_HEAD] = this.freeLeaf;
    this.freeLeaf = leaf;
    const children = (words[node] as number) - 1;
    words[node] = children;
    if (children !== 0) return;
    words[node] = this.freeNode;
    this.freeNode = node;
    this.roots[root] = 0;
  }

  private allocate(size: number): number {
    const at = this.used;
    if (at + size > this.words.length) {
      const larger = new Int32Array(this.words.length * 2);
      larger.set(this.words);
      this.words = larger;
    }
    this.used = at + size;
    return at;
  }
}

function cell(leaf: number, level: number): number {
  return leaf + LEAF_HEAD + 2 * (level & (LEAF_LEVELS - 1));
}

function highest(bits: number): number {
  return 31 - Math.clz32(bits);
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
