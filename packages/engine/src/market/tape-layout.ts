/**
 * The packed recording: byte layout of the header and of a row, shared by reader and writer.
 *
 * Little-endian. A recording is a header followed by rows of 32 bytes.
 *
 * Header
 *   u32   magic "RTAP"
 *   u32   version of this layout
 *   u32   rows
 *   u32   place of row 0 in the file, a multiple of 8
 *   u32   instruments, then the symbol of each as text (u32 byte count, UTF-8)
 *   zeros up to row 0
 *
 * Row (words are 32-bit integers)
 *   0–1  time, microseconds as float64
 *   2    bits 0–13 instrument (place in the header's list); bit 14 quote; bit 15 suspicious;
 *        bits 16–23 venue letter of the trade or of the bid; bits 24–31 venue letter of the ask
 *   3    condition bits (trade-conditions.ts, quote-conditions.ts)
 *   4    trade price or bid price, $0.0001 (0: no bid)
 *   5    trade size or bid size, shares
 *   6    ask price (0: no ask; trades: 0)
 *   7    ask size (trades: 0)
 *
 * Rows are in time order; at one instant trades come before quotes.
 */

/** "RTAP" read as a little-endian u32. */
export const TAPE_MAGIC = 0x50415452;

export const TAPE_VERSION = 1;

export const TAPE_ROW_BYTES = 32;

/** 32-bit words in one row. */
export const TAPE_ROW_WORDS = 8;

export const TAPE_INSTRUMENTS_MAX = 16_384;

/** The most rows at one instant: a slice of this many rows can always be cut between instants. */
export const TAPE_ROWS_PER_INSTANT_MAX = 4_096;

/** Words of a row. */
export const ROW = {
  time: 0 /* F */,
  what: 2,
  conditions: 3,
  price: 4,
  size: 5,
  ask: 6,
  askSize: 7,
};

export const WHAT_INSTRUMENT = 0x3fff;
export const WHAT_QUOTE = 0x4000;
export const WHAT_SUSPICIOUS = 0x8000;

/** A recording that cannot be read, or a row that cannot be written. */
export class TapeError extends Error {
  override readonly name = 'TapeError';
}
