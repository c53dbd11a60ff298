/**
 * Page tokens of market-data history: where the next page goes on.
 *
 * base64url of `symbol|time|position` of the last row given. A token says nothing that its
 * holder may not see, so it needs no signature; anything else than a token is refused.
 */
import type { Micros } from '@rialto/engine/values/time';

/** Behind which row the next page begins. */
export interface PagePlace {
  readonly symbol: string;
  /** Time of the row (start of a bar). */
  readonly time: Micros;
  /** Tape position of a trade or quote; 0 for bars. */
  readonly position: number;
}

const TOKEN = /^[\w-]{1,120}$/;
const PLACE = /^([^|]{1,24})\|(\d{1,16})\|(\d{1,15})$/;

/** Writes a token. */
export function formatPageToken({ symbol, time, position }: PagePlace): string {
  return Buffer.from(`${symbol}|${time}|${position}`).toString('base64url');
}

/** Reads a token; `undefined` when it was not made by `formatPageToken`. */
export function parsePageToken(text: string): PagePlace | undefined {
  if (!TOKEN.test(text)) return undefined;
  const match = PLACE.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (match === null) return undefined;
  const time = Number(match[2]);
  if (!Number.isSafeInteger(time)) return undefined;
  return { symbol: match[1] ?? '', time: time as Micros, position: Number(match[3]) };
}
