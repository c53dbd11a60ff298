/** Bar timeframes as the wire names them. How bars are folded: the engine's bars/fold.ts. */
import type { Timeframe } from '@rialto/engine/bars/fold';

const TIMEFRAME = /^([1-9]\d?)(Min|T|Hour|H|Day|D|Week|W|Month|M)$/;
const MINUTES_PER_HOUR = 60;

/** A unit of the wire: what it is made of, and which counts of it there are. */
interface WireUnit {
  readonly unit: Timeframe['unit'];
  /** Engine units in one wire unit. */
  readonly each: number;
  allows(count: number): boolean;
}

const MINUTE: WireUnit = { unit: 'minute', each: 1, allows: (count) => count <= 59 };
const HOUR: WireUnit = { unit: 'minute', each: MINUTES_PER_HOUR, allows: (count) => count <= 23 };
const DAY: WireUnit = { unit: 'day', each: 1, allows: (count) => count === 1 };
const WEEK: WireUnit = { unit: 'week', each: 1, allows: (count) => count === 1 };
const MONTH: WireUnit = { unit: 'month', each: 1, allows: (count) => 12 % count === 0 };

const UNITS: ReadonlyMap<string, WireUnit> = new Map([
  ['Min', MINUTE],
  ['T', MINUTE],
  ['Hour', HOUR],
  ['H', HOUR],
  ['Day', DAY],
  ['D', DAY],
  ['Week', WEEK],
  ['W', WEEK],
  ['Month', MONTH],
  ['M', MONTH],
]);

/** Reads "5Min", "1H", "1Day", "3M" …; `undefined` when the text is no timeframe. */
export function parseTimeframe(text: string): Timeframe | undefined {
  const match = TIMEFRAME.exec(text);
  const wire = UNITS.get(match?.[2] ?? '');
  const count = Number(match?.[1]);
  if (wire === undefined || !wire.allows(count)) return undefined;
  return { unit: wire.unit, count: count * wire.each };
}
