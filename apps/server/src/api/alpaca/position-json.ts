/**
 * The position object, valued at the last trade.
 *
 * Intraday profit equals the whole profit: a position in a replayed day was opened on that day.
 */
import type { AlpacaPosition } from '@rialto/contracts/alpaca/position';
import type { Instrument } from '@rialto/engine/instruments/instrument';
import { formatMoney, type Money } from '@rialto/engine/values/money';
import { formatPrice } from '@rialto/engine/values/price';
import { formatQuantity, type Quantity } from '@rialto/engine/values/quantity';
import type { MarketView, PositionView } from '@rialto/engine/venue/views';
import { formatRatio } from './decimal-ratio.ts';
import { currentPrice, lastdayPrice, valueOf } from './valuation.ts';

const AVERAGE_PRICE_DECIMALS = 6;
const FRACTION_DECIMALS = 8;

/** Writes a position that is not empty. */
export function positionJson(
  position: PositionView,
  instrument: Instrument,
  market: MarketView,
): AlpacaPosition {
  return {
    asset_id: instrument.id,
    symbol: instrument.symbol,
    exchange: instrument.exchange,
    asset_class: 'us_equity',
    asset_marginable: false,
    side: 'long',
    qty: formatQuantity(position.qty),
    qty_available: formatQuantity((position.qty - position.held) as Quantity),
    avg_entry_price: formatRatio(position.cost, position.qty, AVERAGE_PRICE_DECIMALS),
    cost_basis: formatMoney(position.cost),
    ...prices(market),
    ...profit(position, market),
  };
}

function prices(
  market: MarketView,
): Pick<AlpacaPosition, 'current_price' | 'lastday_price' | 'change_today'> {
  const current = currentPrice(market);
  const lastday = lastdayPrice(market);
  return {
    current_price: current === undefined ? null : formatPrice(current),
    lastday_price: lastday === undefined ? null : formatPrice(lastday),
    change_today:
      current === undefined || lastday === undefined || lastday === 0
        ? null
        : formatRatio(BigInt(current - lastday), BigInt(lastday), FRACTION_DECIMALS),
  };
}

function profit(
  position: PositionView,
  market: MarketView,
): Pick<
  AlpacaPosition,
  | 'market_value'
  | 'unrealized_pl'
  | 'unrealized_plpc'
  | 'unrealized_intraday_pl'
  | 'unrealized_intraday_plpc'
> {
  const price = currentPrice(market);
  if (price === undefined) {
    return {
      market_value: null,
      unrealized_pl: null,
      unrealized_plpc: null,
      unrealized_intraday_pl: null,
      unrealized_intraday_plpc: null,
    };
  }
  const value = valueOf(position.qty, price);
  const gain = formatMoney((value - position.cost) as Money);
  const gainFraction =
    position.cost === 0n
      ? '0'
      : formatRatio(value - position.cost, position.cost, FRACTION_DECIMALS);
  return {
    market_value: formatMoney(value),
    unrealized_pl: gain,
    unrealized_plpc: gainFraction,
    unrealized_intraday_pl: gain,
    unrealized_intraday_plpc: gainFraction,
  };
}
