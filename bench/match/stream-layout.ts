/**
 * The records of an order stream: [kind, symbol, side, price, qty, account, target] as int32.
 * `target` is the index of the order that a cancel or move means: the n-th add or take of the
 * stream. Prices are units of $0.0001 on whole cents.
 */

export const RECORD_WORDS = 8;
export const Field = {
  kind: 0,
  symbol: 1,
  side: 2,
  price: 3,
  qty: 4,
  account: 5,
  target: 6,
} as const;
export const Kind = { add: 0, cancel: 1, take: 2, move: 3 } as const;

/** Middle price: $100. Resting orders stand within this many cents of it. */
export const MIDDLE = 1_000_000;
export const DEPTH_CENTS = 200;
