/**
 * The records of the market-data API. Numbers are JSON numbers; times are RFC 3339 in UTC.
 * Sizes are shares.
 */
import { Type } from 'typebox';
import type { TUnsafe } from 'typebox';
import { nullable, objectSchema } from '../object-schema.ts';
import { timestamp } from './scalars.ts';

/** `t` is the start of the bar; daily bars start at midnight in New York. */
export interface AlpacaBar {
  readonly t: string;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
  /** Number of trades. */
  readonly n: number;
  /** Volume-weighted average price. */
  readonly vw: number;
}

export interface AlpacaTrade {
  readonly t: string;
  /** Exchange letter. */
  readonly x: string;
  readonly p: number;
  readonly s: number;
  /** Condition letters. */
  readonly c: readonly string[];
  readonly i: number;
  /** Tape of the consolidated feed: A (NYSE), B (regional), C (NASDAQ). */
  readonly z: string;
}

export interface AlpacaQuote {
  readonly t: string;
  readonly ax: string;
  readonly ap: number;
  readonly as: number;
  readonly bx: string;
  readonly bp: number;
  readonly bs: number;
  readonly c: readonly string[];
  readonly z: string;
}

/** Parts that have not happened yet are null. */
export interface AlpacaSnapshot {
  readonly latestTrade: AlpacaTrade | null;
  readonly latestQuote: AlpacaQuote | null;
  readonly minuteBar: AlpacaBar | null;
  readonly dailyBar: AlpacaBar | null;
  readonly prevDailyBar: AlpacaBar | null;
}

const price = Type.Number({ minimum: 0 });
const count = Type.Integer({ minimum: 0 });

export const alpacaBarSchema: TUnsafe<AlpacaBar> = objectSchema<AlpacaBar>(
  'Bar',
  'Prices and volume of a span of time.',
  { t: timestamp, o: price, h: price, l: price, c: price, v: count, n: count, vw: price },
);

export const alpacaTradeSchema: TUnsafe<AlpacaTrade> = objectSchema<AlpacaTrade>(
  'Trade',
  'A print.',
  {
    t: timestamp,
    x: Type.String(),
    p: price,
    s: count,
    c: Type.Array(Type.String()),
    i: count,
    z: Type.String(),
  },
);

export const alpacaQuoteSchema: TUnsafe<AlpacaQuote> = objectSchema<AlpacaQuote>(
  'Quote',
  'The best bid and offer. A price of 0 means that the side is absent.',
  {
    t: timestamp,
    ax: Type.String(),
    ap: price,
    as: count,
    bx: Type.String(),
    bp: price,
    bs: count,
    c: Type.Array(Type.String()),
    z: Type.String(),
  },
);

export const alpacaSnapshotSchema: TUnsafe<AlpacaSnapshot> = objectSchema<AlpacaSnapshot>(
  'Snapshot',
  'The newest of everything known of one symbol.',
  {
    latestTrade: nullable(alpacaTradeSchema),
    latestQuote: nullable(alpacaQuoteSchema),
    minuteBar: nullable(alpacaBarSchema),
    dailyBar: nullable(alpacaBarSchema),
    prevDailyBar: nullable(alpacaBarSchema),
  },
);
