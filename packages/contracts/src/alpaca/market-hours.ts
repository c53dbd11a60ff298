/** Clock and calendar of the trading API. */
import { Type } from 'typebox';
import type { TUnsafe } from 'typebox';
import { objectSchema } from '../object-schema.ts';
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
