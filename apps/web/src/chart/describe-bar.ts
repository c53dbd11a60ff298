/** A bar in words, for screen readers. */
import { formatCount, formatPrice } from '../format/number.ts';
import { formatDay, formatMinutes } from '../format/time.ts';
import type { ZoneChoice } from '../format/time.ts';
import type { Bar } from './bars.ts';

/** When a bar began: "09:31", or its New York date for daily bars. */
export function barTimeText(bar: Bar, zone: ZoneChoice, isDaily: boolean): string {
  return isDaily ? formatDay(bar.timeMs, 'exchange') : formatMinutes(bar.timeMs, zone);
}

/** "09:31: open 13.90, high 13.95, low 13.90, close 13.92, volume 12,300". */
export function describeBar(bar: Bar, zone: ZoneChoice, isDaily: boolean): string {
  const prices = (['open', 'high', 'low', 'close'] as const).map(
    (name) => `${name} ${formatPrice(bar[name])}`,
  );
  const time = barTimeText(bar, zone, isDaily);
  return `${time}: ${prices.join(', ')}, volume ${formatCount(bar.volume)}`;
}
