/**
 * What positions are worth now: quantity × last trade, for display.
 *
 * Amounts below a billionth of a dollar are cut off; nothing here is booked.
 */
import type { Money } from '@rialto/engine/values/money';
import { type Price, PRICE_UNITS_PER_DOLLAR } from '@rialto/engine/values/price';
import type { Quantity } from '@rialto/engine/values/quantity';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { MarketView, PositionView } from '@rialto/engine/venue/views';

/** The price a position is valued at: the last trade; before the first one, the best bid. */
export function currentPrice(market: MarketView): Price | undefined {
  const bid = market.lastQuote?.bidPrice;
  return market.lastTrade?.price ?? (bid === 0 ? undefined : bid);
}

/** The previous close; on the first day of a recording, the first price of the day. */
export function lastdayPrice(market: MarketView): Price | undefined {
  return market.previousDayBar?.close ?? market.dayBar?.open;
}

/** Quantity × price. */
export function valueOf(qty: Quantity, price: Price): Money {
  return ((qty * BigInt(price)) / BigInt(PRICE_UNITS_PER_DOLLAR)) as Money;
}

/** Value of one position; what it cost while there is no price. */
export function positionValue(position: PositionView, market: MarketView): Money {
  const price = currentPrice(market);
  return price === undefined ? position.cost : valueOf(position.qty, price);
}

/** Value of all positions of an account. */
export function positionsValue(venue: VenueApi, account: number): Money {
  let sum = 0n;
  for (const position of venue.positions(account)) {
    sum += positionValue(position, venue.market(position.instrument));
  }
  return sum as Money;
}
