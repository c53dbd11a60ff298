/**
 * Query parameters of the Alpaca routes: text, numbers, booleans, times and lists.
 *
 * An empty value means absent. A parameter given twice is refused: nobody knows which one was
 * meant. `true`, `True` and `1` are the same, because the Python client sends `True`.
 */
import { newYorkMidnight } from '@rialto/engine/calendar/new-york';
import type { Micros } from '@rialto/engine/values/time';
import { ApiError } from '../http/api-error.ts';
import { parseDate, parseTime } from './rfc3339.ts';

/** A query as Fastify parses it. */
export type Query = Readonly<Record<string, unknown>>;

/** The catalogue entry for a wrong parameter: trading and data routes have one each. */
export type InvalidParameter = 'parameter_invalid' | 'data_parameter_invalid';

const WHOLE_NUMBER = /^\d{1,9}$/;
const SHOWN_CHARACTERS = 40;

/** Reads the parameters of one request. */
export class QueryFields {
  private readonly query: Query;
  private readonly invalid: InvalidParameter;

  constructor(query: unknown, invalid: InvalidParameter) {
    this.query = query as Query;
    this.invalid = invalid;
  }

  /** Refuses a parameter, quoting at most 40 characters of it. */
  refuse(name: string): ApiError {
    const value = String(this.query[name]).slice(0, SHOWN_CHARACTERS);
    return new ApiError(this.invalid, { name, value });
  }

  text(name: string): string | undefined {
    const value = this.query[name];
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw this.refuse(name);
    return value;
  }

  /** One of the given words, compared as they are. */
  word<Word extends string>(name: string, words: readonly Word[], preset: Word): Word {
    const value = this.text(name);
    if (value === undefined) return preset;
    const found = words.find((word) => word === value);
    if (found === undefined) throw this.refuse(name);
    return found;
  }

  flag(name: string): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined || value === 'false' || value === '0') return false;
    if (value === 'true' || value === '1') return true;
    throw this.refuse(name);
  }

  /** A whole number from 1 to `max`. */
  count(name: string, max: number, preset: number): number {
    const value = this.text(name);
    if (value === undefined) return preset;
    const count = WHOLE_NUMBER.test(value) ? Number(value) : 0;
    if (count < 1 || count > max) throw this.refuse(name);
    return count;
  }

  /** An RFC 3339 instant, or a date, which is its midnight in New York. */
  time(name: string): Micros | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    // A plus sign that was not encoded arrives as a blank.
    const time = parseTime(value.replace(/ (\d\d:\d\d)$/, '+$1'));
    if (time !== undefined) return time;
    const day = parseDate(value);
    if (day === undefined) throw this.refuse(name);
    return newYorkMidnight(day);
  }

  /** Comma-separated words without the empty ones; at most `max`. */
  list(name: string, max: number): readonly string[] | undefined {
    const words = this.text(name)
      ?.split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
    if (words === undefined) return undefined;
    if (words.length > max) throw this.refuse(name);
    return words;
  }
}
