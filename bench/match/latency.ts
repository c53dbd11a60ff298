/** Time of single commands, and what they leave on the heap. */
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
const HEAP_COMMANDS = 100_000;

export function latencyOf(contender: RialtoContender, stream: OrderStream): Latency {
  const middle = stream.prefill + ((stream.length - stream.prefill) >> 1);
  contender.run(0, middle);
  const bytesPerCommand = heapPerCommand(contender, middle);
  const first = middle + HEAP_COMMANDS;
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

/** Growth of the used heap over many commands; typed arrays are not on it. */
function heapPerCommand(contender: RialtoContender, from: number): number | undefined {
  const collect = globalThis.gc;
  if (collect === undefined) return undefined;
  collect();
  const before = process.memoryUsage().heapUsed;
  contender.run(from, from + HEAP_COMMANDS);
  return (process.memoryUsage().heapUsed - before) / HEAP_COMMANDS;
}
