/** Time of single commands, and what they leave on the heap. */
import { spreadOf } from '../support/ratio.ts';
import type { OrderStream } from './order-streams.ts';
import type { RialtoContender } from './rialto-contender.ts';

export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** `undefined` without --expose-gc. */
  readonly bytesPerCommand: number | undefined;
}

/** Commands timed one by one, after half of the stream has warmed the code up. */
const TIMED = 200_000;
/** Commands between two heap readings: short enough that no collection falls between. */
const HEAP_WINDOW = 20_000;
const HEAP_WINDOWS = 5;

export function latencyOf(contender: RialtoContender, stream: OrderStream): Latency {
  const middle = stream.prefill + ((stream.length - stream.prefill) >> 1);
  contender.run(0, middle);
  const bytesPerCommand = heapPerCommand(contender, middle);
  const first = middle + HEAP_WINDOW * HEAP_WINDOWS;
  const times = new Float64Array(Math.min(TIMED, stream.length - first));
  for (let k = 0; k < times.length; k++) {
    const start = performance.now();
    contender.step(first + k);
    times[k] = performance.now() - start;
  }
  times.sort();
  const at = (share: number): number =>
    Math.round((times[Math.floor(times.length * share)] ?? Number.NaN) * 1e6);
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), bytesPerCommand };
}

/**
 * Growth of the used heap a command; typed arrays are not on it. The median of some windows, so
 * that one-time growth of a pool in one of them does not count.
 */
function heapPerCommand(contender: RialtoContender, from: number): number | undefined {
  const collect = globalThis.gc;
  if (collect === undefined) return undefined;
  const growths: number[] = [];
  for (let window = 0; window < HEAP_WINDOWS; window++) {
    const first = from + window * HEAP_WINDOW;
    collect();
    const before = process.memoryUsage().heapUsed;
    contender.run(first, first + HEAP_WINDOW);
    growths.push((process.memoryUsage().heapUsed - before) / HEAP_WINDOW);
  }
  return spreadOf(growths).median;
}
