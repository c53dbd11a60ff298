/**
 * A 128-bit hash of bytes: MurmurHash3_x86_128 (Austin Appleby, public domain), seed 0.
 *
 * It tells whether two states are the same; it is no protection against forgery. Chosen because
 * it needs 32-bit multiplication only, so it is the same on every machine and needs no bigint.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/** 32 hex digits over bytes. */
export function hash128(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~15;
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  for (let at = 0; at < whole; at += 16) {
    h1 ^= scramble(view.getInt32(at, true), C1, 15, C2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= scramble(view.getInt32(at + 4, true), C2, 16, C3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= scramble(view.getInt32(at + 8, true), C3, 17, C4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= scramble(view.getInt32(at + 12, true), C4, 18, C1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  const tail = new DataView(new ArrayBuffer(16));
  for (let at = whole; at < bytes.length; at++) tail.setUint8(at - whole, bytes[at] ?? 0);
  h4 ^= scramble(tail.getInt32(12, true), C4, 18, C1);
  h3 ^= scramble(tail.getInt32(8, true), C3, 17, C4);
  h2 ^= scramble(tail.getInt32(4, true), C2, 16, C3);
  h1 ^= scramble(tail.getInt32(0, true), C1, 15, C2);
  return finished(h1 ^ bytes.length, h2 ^ bytes.length, h3 ^ bytes.length, h4 ^ bytes.length);
}

function finished(a: number, b: number, c: number, d: number): string {
  const sum = (a + b + c + d) | 0;
  const h1 = avalanche(sum);
  const h2 = avalanche((sum + b) | 0);
  const h3 = avalanche((sum + c) | 0);
  const h4 = avalanche((sum + d) | 0);
  const all = (h1 + h2 + h3 + h4) | 0;
  return hex(all) + hex(all + h2) + hex(all + h3) + hex(all + h4);
}

function scramble(word: number, before: number, turn: number, after: number): number {
  return Math.imul(rotate(Math.imul(word, before), turn), after);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function avalanche(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
