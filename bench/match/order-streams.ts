/**
 * Seeded order streams, packed as int32 records, the same for every contender.
 *
 * Layout: stream-layout.ts. Only takes cross the middle, so a plain queue per price tells which
 * orders are still live: every cancel and move means a live one, and the shares of adds, cancels
 * and takes are such that the books keep about the size that the prefill gives them.
 */

import { LiveOrders } from './live-orders.ts';
import { DEPTH_CENTS, Field, Kind, MIDDLE, RECORD_WORDS } from './stream-layout.ts';

export interface OrderStream {
  readonly name: string;
  readonly symbols: number;
  readonly accounts: number;
  /** Records before this one only fill the books and are not timed. */
  readonly prefill: number;
  readonly length: number;
  readonly words: Int32Array;
}

interface Mix {
  readonly name: string;
  readonly symbols: number;
  readonly prefill: number;
  readonly length: number;
  /** Cumulative shares of 100: add, cancel, take; the rest are moves. */
  readonly add: number;
  readonly cancel: number;
  readonly take: number;
}

const ACCOUNTS = 64;
const CENT = 100;

export function mix1(length: number): OrderStream {
  return makeStream({
    name: 'mix1',
    symbols: 1,
    prefill: 10_000,
    length,
    add: 50,
    cancel: 90,
    take: 100,
  });
}

export function mix1000(length: number): OrderStream {
  return makeStream({
    name: 'mix1000',
    symbols: 1_000,
    prefill: 100_000,
    length,
    add: 50,
    cancel: 90,
    take: 100,
  });
}

/** Like the mix of exchange-core's generator: 15 % adds, 13 % cancels, 2 % takes, 70 % moves. */
export function moves(length: number): OrderStream {
  return makeStream({
    name: 'moves',
    symbols: 1,
    prefill: 1_000,
    length,
    add: 15,
    cancel: 28,
    take: 30,
  });
}

function makeStream(mix: Mix): OrderStream {
  const next = randomFrom(0x52696c74);
  const total = mix.prefill + mix.length;
  const words = new Int32Array(total * RECORD_WORDS);
  const pickSymbol = zipfPicker(mix.symbols, next);
  const live = new LiveOrders(words);
  for (let k = 0; k < total; k++) {
    const record = k * RECORD_WORDS;
    const isPrefill = k < mix.prefill;
    const roll = isPrefill || live.count === 0 ? 0 : next() % 100;
    const isTake = roll >= mix.cancel && roll < mix.take;
    if (roll < mix.add || isTake) {
      const side = next() & 1;
      words[record + Field.kind] = isTake ? Kind.take : Kind.add;
      words[record + Field.symbol] = isPrefill ? k % mix.symbols : pickSymbol();
      words[record + Field.side] = side;
      words[record + Field.price] = isTake ? takePrice(side) : restPrice(side, next);
      words[record + Field.qty] = 1 + (next() % 100);
      words[record + Field.account] = next() % ACCOUNTS;
      if (isTake) live.take(record);
      else live.add(record);
    } else {
      words[record + Field.kind] = roll < mix.cancel ? Kind.cancel : Kind.move;
      changeOrder(words, record, live, next);
    }
  }
  const { name, symbols, prefill } = mix;
  return { name, symbols, accounts: ACCOUNTS, prefill, length: total, words };
}

/** Cancels or moves a live order; its account, symbol and side stay, and its open quantity. */
function changeOrder(
  words: Int32Array,
  record: number,
  live: LiveOrders,
  next: () => number,
): void {
  const kind = words[record + Field.kind] ?? Kind.cancel;
  const order = live.pick(next);
  const added = live.recordOf(order);
  words.copyWithin(record, added, added + RECORD_WORDS);
  words[record + Field.kind] = kind;
  words[record + Field.target] = order;
  if (kind === Kind.cancel) {
    live.remove(order);
  } else {
    const price = restPrice(words[record + Field.side] ?? 0, next);
    words[record + Field.price] = price;
    live.move(order, price);
  }
}

/** Sells above the middle, buys below it; more of them near it. */
function restPrice(side: number, next: () => number): number {
  const a = next() % DEPTH_CENTS;
  const b = next() % DEPTH_CENTS;
  const away = 1 + Math.min(a, b);
  return MIDDLE + (side === 1 ? away : -away) * CENT;
}

/** Deep enough to take whatever the best levels hold. */
function takePrice(side: number): number {
  return MIDDLE + (side === 0 ? 1 : -1) * DEPTH_CENTS * CENT;
}

function zipfPicker(symbols: number, next: () => number): () => number {
  const sums = new Float64Array(symbols);
  let sum = 0;
  for (let k = 0; k < symbols; k++) sums[k] = sum += 1 / (k + 1);
  return () => {
    const at = (next() / 2 ** 31) * sum;
    let low = 0;
    let high = symbols - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Numbers from 0 to 2^31 - 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 1;
  };
}
