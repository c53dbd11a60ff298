/** Clock and calendar: /v2/clock in venue time, /v2/calendar for any trading day. */
import {
  type AlpacaCalendarDay,
  alpacaCalendarDaySchema,
  alpacaClockSchema,
} from '@rialto/contracts/alpaca/market-hours';
import { dayOf, type Day, formatDay } from '@rialto/engine/calendar/civil-date';
import {
  isHalfDay,
  isTradingDay,
  nextClose,
  nextOpen,
  tradingDayFrom,
} from '@rialto/engine/calendar/exchange-calendar';
import { formatNewYork, newYorkDay } from '@rialto/engine/calendar/new-york';
import { CALENDAR_FIRST_YEAR, CALENDAR_LAST_YEAR } from '@rialto/engine/calendar/us-equities-data';
import { MICROS_PER_DAY, type Micros } from '@rialto/engine/values/time';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { type CallerDeps, withCaller } from '../http/caller.ts';
import { QueryFields } from './query-fields.ts';
import { parseDate, parseTime } from './rfc3339.ts';
import { queryOf, tradingResponses } from './route-schemas.ts';

const tags = ['trading'];
/** The days the calendar knows. */
export const FIRST_DAY: Day = dayOf(CALENDAR_FIRST_YEAR, 1, 1);
export const LAST_DAY: Day = dayOf(CALENDAR_LAST_YEAR, 12, 31);

/** The first trading days on which trades settled two days, and one day, later. */
const TWO_DAY_SETTLEMENT = dayOf(2017, 9, 5);
const ONE_DAY_SETTLEMENT = dayOf(2024, 5, 28);

/** Adds clock and calendar. */
export function addMarketHoursRoutes(app: FastifyInstance, deps: CallerDeps): void {
  app.get(
    '/v2/clock',
    {
      schema: { tags, summary: 'Venue time', response: tradingResponses(alpacaClockSchema) },
    },
    withCaller(deps, 'read', ({ replica }) => {
      const { time, session } = replica.venue.clock();
      return {
        timestamp: formatNewYork(time),
        is_open: session === 'regular',
        next_open: formatNewYork(nextOpen(time)),
        next_close: formatNewYork(nextClose(time)),
      };
    }),
  );
  app.get(
    '/v2/calendar',
    {
      schema: {
        tags,
        summary: 'Trading days from 1998 to 2028',
        querystring: queryOf({
          start: 'first date, inclusive',
          end: 'last date, inclusive',
          date_type: 'TRADING (default)',
        }),
        response: tradingResponses(Type.Array(alpacaCalendarDaySchema)),
      },
    },
    withCaller(deps, 'read', (_caller, request) => {
      const fields = new QueryFields(request.query, 'parameter_invalid');
      fields.word('date_type', ['TRADING'], 'TRADING');
      const start = Math.max(dateField(fields, 'start') ?? FIRST_DAY, FIRST_DAY);
      const end = Math.min(dateField(fields, 'end') ?? LAST_DAY, LAST_DAY);
      const days: AlpacaCalendarDay[] = [];
      for (let day = start as Day; day <= end; day++) {
        if (isTradingDay(day)) days.push(calendarDay(day));
      }
      return days;
    }),
  );
}

/**
 * A date, or the New York date of an instant. Midnight UTC is its date: clients write dates so.
 */
export function dateField(fields: QueryFields, name: string): Day | undefined {
  const text = fields.text(name);
  if (text === undefined) return undefined;
  const time = parseTime(text);
  const day = time === undefined ? parseDate(text) : dayOfInstant(time);
  if (day === undefined) throw fields.refuse(name);
  return day;
}

function dayOfInstant(time: Micros): Day {
  return time % MICROS_PER_DAY === 0 ? ((time / MICROS_PER_DAY) as Day) : newYorkDay(time);
}

function calendarDay(day: Day): AlpacaCalendarDay {
  const half = isHalfDay(day);
  return {
    date: formatDay(day),
    open: '09:30',
    close: half ? '13:00' : '16:00',
    session_open: '0400',
    session_close: half ? '1700' : '2000',
    settlement_date: formatDay(settlementDay(day)),
  };
}

/** Trades settled three trading days later until 2017-09-05, then two, since 2024-05-28 one. */
export function settlementDay(day: Day): Day {
  const days = day >= ONE_DAY_SETTLEMENT ? 1 : day >= TWO_DAY_SETTLEMENT ? 2 : 3;
  let found = day;
  for (let i = 0; i < days; i++) found = tradingDayFrom((found + 1) as Day);
  return found;
}
