/** A bar as the market-data API and its socket write it. */
import type { AlpacaBar } from '@rialto/contracts/alpaca/market-data';
import { PRICE_UNITS_PER_DOLLAR, priceToDollars } from '@rialto/engine/values/price';
import type { BarView } from '@rialto/engine/venue/views';
import { formatTime } from './rfc3339.ts';

const VWAP_SCALE = 1_000_000;

/** Writes a bar; `vw` is rounded to six decimals, and the close when no volume was traded. */
export function barJson(bar: BarView): AlpacaBar {
  return {
    t: formatTime(bar.start),
    o: priceToDollars(bar.open),
    h: priceToDollars(bar.high),
    l: priceToDollars(bar.low),
    c: priceToDollars(bar.close),
    v: bar.volume,
    n: bar.tradeCount,
    vw: vwap(bar),
  };
}

function vwap(bar: BarView): number {
  if (bar.volume === 0) return priceToDollars(bar.close);
  const dollars = bar.notional / bar.volume / PRICE_UNITS_PER_DOLLAR;
  return Math.round(dollars * VWAP_SCALE) / VWAP_SCALE;
}
