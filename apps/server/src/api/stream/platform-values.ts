/** The state of a venue in the shapes of the platform stream. */
import type { QuoteTick, VenueClock } from '@rialto/contracts/stream/platform-stream';
import { priceToDollars } from '@rialto/engine/values/price';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import { formatTime } from '../alpaca/rfc3339.ts';

/** Where the venue's clock stands. A recording played to its end counts as ended. */
export function venueClock(venue: VenueApi): VenueClock {
  const clock = venue.clock();
  return {
    time: formatTime(clock.time),
    speed: clock.speed,
    status: clock.ended || clock.tapeEnded ? 'ended' : clock.paused ? 'paused' : 'running',
    session: clock.session,
    progress: clock.tapeLength === 0 ? 0 : clock.tapePosition / clock.tapeLength,
  };
}

/** An instrument's quote and last trade; `undefined` before the first of either. */
export function quoteTick(venue: VenueApi, instrument: number): QuoteTick | undefined {
  const { lastQuote, lastTrade, dayBar, previousDayBar } = venue.market(instrument);
  if (lastQuote === undefined && lastTrade === undefined) return undefined;
  const newest =
    lastTrade === undefined || (lastQuote !== undefined && lastQuote.time >= lastTrade.time)
      ? lastQuote
      : lastTrade;
  const reference = previousDayBar?.close ?? dayBar?.open;
  return {
    t: formatTime(newest?.time ?? venue.clock().time),
    bp: lastQuote === undefined ? 0 : priceToDollars(lastQuote.bidPrice),
    bs: lastQuote?.bidSize ?? 0,
    ap: lastQuote === undefined ? 0 : priceToDollars(lastQuote.askPrice),
    as: lastQuote?.askSize ?? 0,
    ...(lastTrade && { p: priceToDollars(lastTrade.price) }),
    ...(reference !== undefined && { pc: priceToDollars(reference) }),
    v: dayBar?.volume ?? 0,
  };
}
