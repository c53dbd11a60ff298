/** The state of a venue in the shapes of the platform stream. */
import type { QuoteTick, VenueClock } from '@rialto/contracts/stream/platform-stream';
import { priceToDollars } from '@rialto/engine/values/price';
import type { Micros } from '@rialto/engine/values/time';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { QuoteView } from '@rialto/engine/venue/views';
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
  const reference = previousDayBar?.close ?? dayBar?.open;
  return {
    t: formatTime(Math.max(lastQuote?.time ?? 0, lastTrade?.time ?? 0) as Micros),
    ...quoteSides(lastQuote),
    ...(lastTrade && { p: priceToDollars(lastTrade.price) }),
    ...(reference !== undefined && { pc: priceToDollars(reference) }),
    v: dayBar?.volume ?? 0,
  };
}

function quoteSides(quote: QuoteView | undefined): Pick<QuoteTick, 'bp' | 'bs' | 'ap' | 'as'> {
  if (quote === undefined) return { bp: 0, bs: 0, ap: 0, as: 0 };
  return {
    bp: priceToDollars(quote.bidPrice),
    bs: quote.bidSize,
    ap: priceToDollars(quote.askPrice),
    as: quote.askSize,
  };
}
