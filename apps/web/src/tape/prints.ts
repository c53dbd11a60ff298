/** Prints of one symbol: what was read and what the stream brings meet without doubles. */
import type { PrintTick } from '@rialto/contracts/stream/platform-stream';

/** Prints later than an instant, in the order given. */
export function printsAfter(prints: readonly PrintTick[], timeMs: number): readonly PrintTick[] {
  return prints.filter((print) => Date.parse(print.t) > timeMs);
}
