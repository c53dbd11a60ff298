/**
 * Fields of a tick row, parsed from bytes without making strings: this is what lets a first
 * start read a million rows in about a second.
 *
 * Each parser returns -1 for text it does not accept; tick-explanations.ts then says why.
 * Accepted is exactly what packages/engine/src/values accepts: plain digits, no exponent, no
 * sign, no blanks.
 */
import { PRICE_MAX } from '@rialto/engine/values/price';
import { MICROS_PER_DAY } from '@rialto/engine/values/time';

const ZERO = 0x30;
const NINE = 0x39;
const DOT = 0x2e;
const PRICE_DIGITS = 4;

/** By the number of digits after the point of a second. */
const MICROS_PER_LAST_DIGIT = [0, 100_000, 10_000, 1_000, 100, 10, 1];

/** An integer of plain digits in [0, max], or -1. */
export function parseInteger(bytes: Uint8Array, start: number, end: number, max: number): number {
  if (end === start || end - start > 10) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < ZERO || byte > NINE) return -1;
    value = value * 10 + (byte - ZERO);
  }
  return value > max ? -1 : value;
}

/** A decimal price in units of $0.0001, in [0, PRICE_MAX], or -1. */
export function parsePriceUnits(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let i = start;
  for (; i < end && bytes[i] !== DOT; i++) {
    const byte = bytes[i] as number;
    if (byte < ZERO || byte > NINE || value > PRICE_MAX) return -1;
    value = value * 10 + (byte - ZERO);
  }
  if (i === start || i === end - 1) return -1;
  let digits = 0;
  for (i += 1; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < ZERO || byte > NINE) return -1;
    if (digits === PRICE_DIGITS) {
      if (byte !== ZERO) return -1;
      continue;
    }
    value = value * 10 + (byte - ZERO);
    digits += 1;
  }
  for (; digits < PRICE_DIGITS; digits++) value *= 10;
  return value > PRICE_MAX ? -1 : value;
}

/** One to eight hexadecimal digits, in [0, 2^32), or -1. */
export function parseHex(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > 8) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    const letter = byte | 0x20;
    if (byte >= ZERO && byte <= NINE) value = value * 16 + (byte - ZERO);
    else if (letter >= 0x61 && letter <= 0x66) value = value * 16 + (letter - 0x57);
    else return -1;
  }
  return value;
}

/** One capital letter as its code, or -1. */
export function parseVenue(bytes: Uint8Array, start: number, end: number): number {
  const byte = bytes[start] as number;
  return end - start === 1 && byte >= 0x41 && byte <= 0x5a ? byte : -1;
}

/** Parses times of one file; keeps the last date, which nearly every row repeats. */
export class TimeParser {
  private readonly date = new Uint8Array(10);
  private dayStart = -1;

  /** `2013-10-07T08:00:00.054Z` as microseconds since 1970, or -1. */
  parse(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length < 20 || length > 27 || bytes[end - 1] !== 0x5a || bytes[start + 10] !== 0x54) {
      return -1;
    }
    if (!this.sameDate(bytes, start) && !this.takeDate(bytes, start)) return -1;
    if (bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return -1;
    const hours = parseInteger(bytes, start + 11, start + 13, 23);
    const minutes = parseInteger(bytes, start + 14, start + 16, 59);
    const seconds = parseInteger(bytes, start + 17, start + 19, 59);
    const micros = length === 20 ? 0 : parseFraction(bytes, start + 19, end - 1);
    if (hours < 0 || minutes < 0 || seconds < 0 || micros < 0) return -1;
    return this.dayStart + (hours * 3600 + minutes * 60 + seconds) * 1_000_000 + micros;
  }

  private sameDate(bytes: Uint8Array, start: number): boolean {
    for (let i = 0; i < 10; i++) if (bytes[start + i] !== this.date[i]) return false;
    return this.dayStart >= 0;
  }

  private takeDate(bytes: Uint8Array, start: number): boolean {
    this.dayStart = -1;
    if (bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return false;
    const year = parseInteger(bytes, start, start + 4, 9999);
    const month = parseInteger(bytes, start + 5, start + 7, 12);
    const day = parseInteger(bytes, start + 8, start + 10, 31);
    if (year < 1970 || month < 1 || day < 1) return false;
    const date = new Date(Date.UTC(year, month - 1, day));
    if (date.getUTCDate() !== day) return false;
    this.date.set(bytes.subarray(start, start + 10));
    this.dayStart = (date.getTime() / 86_400_000) * MICROS_PER_DAY;
    return true;
  }
}

function parseFraction(bytes: Uint8Array, dot: number, end: number): number {
  if (bytes[dot] !== DOT || end - dot < 2 || end - dot > 7) return -1;
  const value = parseInteger(bytes, dot + 1, end, 999_999);
  return value < 0 ? -1 : value * (MICROS_PER_LAST_DIGIT[end - dot - 1] ?? 0);
}
