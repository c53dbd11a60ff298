/** Bar timeframes as the wire names them. How bars are folded: the engine's bars/fold.ts. */
import type { Timeframe } from '@rialto/engine/bars/fold';

const TIMEFRAME = /^([1-9]\d?)(Min|T|Hour|H|Day|D|Week|W|Month|M)$/;
const MONTH_COUNTS: ReadonlySet<number> = new Set([1, 2, 3, 4, 6, 12]);
const MINUTES_PER_HOUR = 60;

/** Reads "5Min", "1H", "1Day", "3M" …; `undefined` when the text is no timeframe. */
export function parseTimeframe(text: string): Timeframe | undefined {
  const match = TIMEFRAME.exec(text);
  if (match === null) return undefined;
  const count = Number(match[1]);
  switch (match[2]) {
    case 'Min':
    case 'T':
      return count <= 59 ? { unit: 'minute', count } : undefined;
    case 'Hour':
    case 'H':
      return count <= 23 ? { unit: 'minute', count: count * MINUTES_PER_HOUR } : undefined;
    case 'Day':
    case 'D':
      return count === 1 ? { unit: 'day', count } : undefined;
    case 'Week':
    case 'W':
      return count === 1 ? { unit: 'week', count } : undefined;
    default:
      return MONTH_COUNTS.has(count) ? { unit: 'month', count } : undefined;
  }
}
