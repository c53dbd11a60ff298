/**
 * Random commands as plain numbers, so that a seed reproduces them and fast-check can shrink
 * them: `decodeCommand` gives any five numbers a meaning.
 */

/** Five numbers from 0 to 2^31 - 1. */
export type RawCommand = readonly [kind: number, a: number, b: number, c: number, d: number];

export interface SubmitCommand {
  readonly kind: 'submit';
  readonly account: number;
  readonly instrument: number;
  readonly side: 'buy' | 'sell';
  readonly type: 'market' | 'limit';
  readonly tif: 'day' | 'gtc' | 'ioc' | 'fok';
  readonly price: number;
  readonly whole: number;
  readonly nanos: number;
  /** Index of the client order id: small numbers repeat on purpose. */
  readonly cid: number;
}

export type TestCommand =
  | SubmitCommand
  | { readonly kind: 'cancel'; readonly account: number; readonly number: number }
  | {
      readonly kind: 'replace';
      readonly account: number;
      readonly number: number;
      readonly price: number;
      readonly whole: number;
      readonly nanos: number;
    }
  | { readonly kind: 'cancelAll'; readonly account: number }
  | {
      readonly kind: 'quote';
      readonly instrument: number;
      readonly bid: number;
      readonly bidSize: number;
      readonly ask: number;
      readonly askSize: number;
    }
  | {
      readonly kind: 'trade';
      readonly instrument: number;
      readonly price: number;
      readonly size: number;
    }
  | { readonly kind: 'setLast'; readonly instrument: number; readonly price: number }
  | { readonly kind: 'toggleSession' }
  | { readonly kind: 'end' };

export const TEST_ACCOUNTS = 3;
/** Middle prices: a plain share, one at the change of tick size, and an expensive one. */
const MIDDLES = [100_000, 10_000, 5_003_300] as const;
export const FRACTIONABLE_INSTRUMENTS = [true, true, false] as const;

const TIFS = ['day', 'gtc', 'ioc', 'fok'] as const;

/** What the numbers mean; `orders` is how many orders were entered so far. */
export function decodeCommand(raw: RawCommand, orders: number): TestCommand {
  const [kind, a, b, c, d] = raw;
  const account = a % TEST_ACCOUNTS;
  const instrument = (a >> 3) % MIDDLES.length;
  const number = orders === 0 ? 1 : Math.max(1, orders - (b % Math.min(12, orders + 1)));
  const roll = kind % 200;
  if (roll < 88) return decodeSubmit(raw, account, instrument, orders);
  if (roll < 108) return { kind: 'cancel', account: c % 9 === 0 ? account : -1, number };
  if (roll < 124) {
    const { whole, nanos } = decodeQty(c, d, instrument);
    const price = priceNear(instrument, b >> 8);
    return { kind: 'replace', account: c % 17 === 0 ? account : -1, number, price, whole, nanos };
  }
  if (roll < 158) return decodeQuote(raw, instrument);
  if (roll < 184) {
    const size = c % 31 === 0 ? 0 : c % 200;
    const near = c % 5 === 0 ? b : 7 + (b % 7);
    return { kind: 'trade', instrument, price: priceNear(instrument, near), size };
  }
  if (roll < 189) return { kind: 'setLast', instrument, price: priceNear(instrument, b) };
  if (roll < 196) return { kind: 'toggleSession' };
  if (roll < 199 || d % 200 !== 0) return { kind: 'cancelAll', account };
  return { kind: 'end' };
}

function decodeSubmit(
  [, a, b, c, d]: RawCommand,
  account: number,
  instrument: number,
  orders: number,
): SubmitCommand {
  const type = (a >> 8) % 4 === 0 ? 'market' : 'limit';
  const isOdd = (b >> 20) % 50 === 0;
  const price = type === 'market' ? 0 : priceNear(instrument, b) + (isOdd ? 37 : 0);
  const { whole, nanos } = decodeQty(c, d, instrument);
  const isDay = (a >> 12) % 8 > 3 || (nanos !== 0 && d % 9 !== 0);
  const tif = isDay ? 'day' : (TIFS[(a >> 12) % 4] ?? 'day');
  const cid = orders - ((b >> 10) % 20 === 0 ? 1 + ((b >> 12) % 3) : 0);
  const side = (a >> 6) % 2 === 0 ? 'buy' : 'sell';
  return { kind: 'submit', account, instrument, side, type, tif, price, whole, nanos, cid };
}

/** Mostly near the middle, so that the same price is shown again; now and then anywhere. */
function decodeQuote([, , b, c, d]: RawCommand, instrument: number): TestCommand {
  const isWild = c % 10 === 0;
  const spread = (1 + (d % (isWild ? 7 : 3)) - (c % 41 === 0 ? 2 : 0)) * 100;
  const offCent = c % 29 === 0 ? 13 : 0;
  const bid = c % 23 === 0 ? 0 : priceNear(instrument, isWild ? b : 8 + (b % 3)) + offCent;
  const ask = c % 19 === 0 ? 0 : Math.max(1, priceNear(instrument, 9 + (b % 3)) + spread);
  return { kind: 'quote', instrument, bid, bidSize: (b >> 8) % 101, ask, askSize: (d >> 8) % 101 };
}

function decodeQty(c: number, d: number, instrument: number): { whole: number; nanos: number } {
  const roll = c % 100;
  if (roll === 0) return { whole: 0, nanos: 0 };
  if (roll === 1) return { whole: 2_000_000_000, nanos: d % 2 };
  const isFraction = roll < (FRACTIONABLE_INSTRUMENTS[instrument] ? 35 : 5);
  if (isFraction) return { whole: (c >> 7) % 4, nanos: d % 1_000_000_000 };
  return { whole: ((c >> 7) % 120) + 1, nanos: 0 };
}

/** A price within ten steps of the instrument's middle. */
function priceNear(instrument: number, roll: number): number {
  const middle = MIDDLES[instrument] ?? MIDDLES[0];
  const steps = (roll % 21) - 10;
  return middle + steps * (steps < 0 && middle === 10_000 ? 1 : 100);
}

/** An endless, reproducible source of raw commands (mulberry32). */
export function rawCommandsFrom(seed: number): () => RawCommand {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 1;
  };
  return () => [next(), next(), next(), next(), next()];
}
