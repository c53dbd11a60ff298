/**
 * Time in the engine: microseconds of venue time since the Unix epoch, UTC.
 *
 * A number holds them exactly until the year 2255. The engine never asks for the time: every
 * instant arrives in a command or on the tape.
 */
import type { Brand } from './brand.ts';

/** Microseconds since 1970-01-01T00:00:00Z; an integer. */
export type Micros = Brand<number, 'Micros'>;

export const MICROS_PER_MS = 1_000;
export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_MINUTE = 60_000_000;
export const MICROS_PER_HOUR = 3_600_000_000;
export const MICROS_PER_DAY = 86_400_000_000;
