/** Clock and calendar of the trading API. */
import { Type } from 'typebox';
import type { TUnsafe } from 'typebox';
import { objectSchema, oneOf } from '../object-schema.ts';
import { calendarDate, timestamp } from './scalars.ts';

/** Times carry the New York offset, never `Z`: some clients cut the offset out of the text. */
export interface AlpacaClock {
  readonly timestamp: string;
  readonly is_open: boolean;
  readonly next_open: string;
  readonly next_close: string;
}

/** One trading day. Times are New York wall-clock times. */
export interface AlpacaCalendarDay {
  readonly date: string;
  /** "09:30" */
  readonly open: string;
  /** "16:00", on half days "13:00" */
  readonly close: string;
  /** "0400" */
  readonly session_open: string;
  /** "2000" */
  readonly session_close: string;
  readonly settlement_date: string;
}

/** A market of the v3 routes; all of them keep the hours of US equities. */
export interface AlpacaMarket {
  /** Market identifier code (ISO 10383): "XNYS" */
  readonly mic: string;
  /** "NYSE" */
  readonly acronym: string;
  readonly name: string;
  /** "America/New_York" */
  readonly timezone: string;
}

/** GET /v3/clock: one clock per market that was asked for. */
export interface AlpacaMarketClocks {
  readonly clocks: readonly AlpacaMarketClock[];
}

export interface AlpacaMarketClock {
  readonly market: AlpacaMarket;
  readonly timestamp: string;
  readonly is_market_day: boolean;
  readonly phase: AlpacaMarketPhase;
  readonly phase_until: string;
  readonly next_market_open: string;
  readonly next_market_close: string;
}

/** `core` is the regular session. */
export type AlpacaMarketPhase = 'closed' | 'pre' | 'core' | 'post';

/** GET /v3/calendar/{market} */
export interface AlpacaMarketCalendar {
  readonly market: AlpacaMarket;
  readonly calendar: readonly AlpacaMarketDay[];
}

/** The sessions of a trading day, as instants. */
export interface AlpacaMarketDay {
  readonly date: string;
  readonly pre_start: string;
  readonly pre_end: string;
  readonly core_start: string;
  readonly core_end: string;
  readonly post_start: string;
  readonly post_end: string;
  readonly settlement_date: string;
}

export const alpacaClockSchema: TUnsafe<AlpacaClock> = objectSchema<AlpacaClock>(
  'Clock',
  'Where venue time stands, and when the market opens and closes next.',
  { timestamp, is_open: Type.Boolean(), next_open: timestamp, next_close: timestamp },
);

export const alpacaCalendarDaySchema: TUnsafe<AlpacaCalendarDay> = objectSchema<AlpacaCalendarDay>(
  'CalendarDay',
  'A trading day.',
  {
    date: calendarDate,
    open: Type.String(),
    close: Type.String(),
    session_open: Type.String(),
    session_close: Type.String(),
    settlement_date: calendarDate,
  },
);

const alpacaMarketSchema: TUnsafe<AlpacaMarket> = objectSchema<AlpacaMarket>(
  'Market',
  'An exchange.',
  { mic: Type.String(), acronym: Type.String(), name: Type.String(), timezone: Type.String() },
);

const alpacaMarketClockSchema: TUnsafe<AlpacaMarketClock> = objectSchema<AlpacaMarketClock>(
  'MarketClock',
  'Venue time as the session of a market.',
  {
    market: alpacaMarketSchema,
    timestamp,
    is_market_day: Type.Boolean(),
    phase: oneOf(['closed', 'pre', 'core', 'post']),
    phase_until: timestamp,
    next_market_open: timestamp,
    next_market_close: timestamp,
  },
);

export const alpacaMarketClocksSchema: TUnsafe<AlpacaMarketClocks> =
  objectSchema<AlpacaMarketClocks>('MarketClocks', 'One clock per market.', {
    clocks: Type.Array(alpacaMarketClockSchema),
  });

const alpacaMarketDaySchema: TUnsafe<AlpacaMarketDay> = objectSchema<AlpacaMarketDay>(
  'MarketDay',
  'The sessions of a trading day.',
  {
    date: calendarDate,
    pre_start: timestamp,
    pre_end: timestamp,
    core_start: timestamp,
    core_end: timestamp,
    post_start: timestamp,
    post_end: timestamp,
    settlement_date: calendarDate,
  },
);

export const alpacaMarketCalendarSchema: TUnsafe<AlpacaMarketCalendar> =
  objectSchema<AlpacaMarketCalendar>('MarketCalendar', 'Trading days of a market.', {
    market: alpacaMarketSchema,
    calendar: Type.Array(alpacaMarketDaySchema),
  });
