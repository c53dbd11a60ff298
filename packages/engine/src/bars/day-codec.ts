/**
 * Bars of a day as bytes: what the tables keep in one row per instrument and day.
 *
 * One bar takes 40 bytes, little-endian: u32 start in minutes since the epoch; i32 open, high,
 * low, close; u32 trade count; float64 volume; float64 notional. Nothing stands before or
 * between bars, so the bytes of later bars may be appended to those of earlier ones.
 */
import { BytesError } from '../values/bytes.ts';
import type { Price } from '../values/price.ts';
import { MICROS_PER_MINUTE } from '../values/time.ts';
import type { Micros } from '../values/time.ts';
import type { BarView } from '../venue/views.ts';

/** Bytes of one bar. */
export const BAR_BYTES = 40;

/**
 * Packs bars in the order given.
 *
 * @throws RangeError when a bar does not start on a whole minute.
 */
export function encodeBarDay(bars: readonly BarView[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(bars.length * BAR_BYTES));
  for (const [k, bar] of bars.entries()) {
    const at = k * BAR_BYTES;
    if (bar.start % MICROS_PER_MINUTE !== 0) throw new RangeError('a bar starts inside a minute');
    view.setUint32(at, bar.start / MICROS_PER_MINUTE, true);
    view.setInt32(at + 4, bar.open, true);
    view.setInt32(at + 8, bar.high, true);
    view.setInt32(at + 12, bar.low, true);
    view.setInt32(at + 16, bar.close, true);
    view.setUint32(at + 20, bar.tradeCount, true);
    view.setFloat64(at + 24, bar.volume, true);
    view.setFloat64(at + 32, bar.notional, true);
  }
  return new Uint8Array(view.buffer);
}

/**
 * Reads what `encodeBarDay` packed.
 *
 * @throws BytesError when the bytes end inside a bar or hold what no bar can be.
 */
export function decodeBarDay(bytes: Uint8Array): BarView[] {
  if (bytes.length % BAR_BYTES !== 0) throw new BytesError('the bars of a day end inside a bar');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bars: BarView[] = [];
  for (let at = 0; at < bytes.length; at += BAR_BYTES) {
    const bar: BarView = {
      start: (view.getUint32(at, true) * MICROS_PER_MINUTE) as Micros,
      open: view.getInt32(at + 4, true) as Price,
      high: view.getInt32(at + 8, true) as Price,
      low: view.getInt32(at + 12, true) as Price,
      close: view.getInt32(at + 16, true) as Price,
      tradeCount: view.getUint32(at + 20, true),
      volume: view.getFloat64(at + 24, true),
      notional: view.getFloat64(at + 32, true),
    };
    if (!isPossible(bar)) throw new BytesError('the bars of a day hold an impossible bar');
    bars.push(bar);
  }
  return bars;
}

function isPossible({ open, high, low, close, volume, notional }: BarView): boolean {
  return (
    low > 0 &&
    low <= Math.min(open, close) &&
    high >= Math.max(open, close) &&
    Number.isSafeInteger(volume) &&
    volume >= 0 &&
    Number.isSafeInteger(notional) &&
    notional >= 0
  );
}
