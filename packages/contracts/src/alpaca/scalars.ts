/** The scalar values of the Alpaca wire: decimal text, times, ids. */
import { Type } from 'typebox';
import type { TSchema } from 'typebox';

/** A decimal number as text: "13.91", "-0.5". */
export const decimalText: TSchema = Type.String({ pattern: '^-?\\d+(\\.\\d+)?$' });

/** RFC 3339 with up to nine fraction digits, trailing zeros trimmed. */
export const timestamp: TSchema = Type.String({ format: 'date-time' });

/** A calendar date: "2013-10-07". */
export const calendarDate: TSchema = Type.String({ format: 'date' });

export const uuid: TSchema = Type.String({ format: 'uuid' });

/** A number as the trading API takes it: a JSON number or decimal text; empty text is absent. */
export const decimalInput: TSchema = Type.Union([Type.Number(), Type.String(), Type.Null()]);
