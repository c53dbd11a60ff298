/** A quote as the market-data API and its socket write it. */
import type { AlpacaQuote } from '@rialto/contracts/alpaca/market-data';
import { quoteConditionLetters } from '@rialto/engine/market/quote-conditions';
import { priceToDollars } from '@rialto/engine/values/price';
import type { QuoteView } from '@rialto/engine/venue/views';
import { formatTime } from './rfc3339.ts';

/** Writes a quote; `tape` as `consolidatedTape` gives it. */
export function quoteJson(quote: QuoteView, tape: string): AlpacaQuote {
  return {
    t: formatTime(quote.time),
    ax: quote.askVenue,
    ap: priceToDollars(quote.askPrice),
    as: quote.askSize,
    bx: quote.bidVenue,
    bp: priceToDollars(quote.bidPrice),
    bs: quote.bidSize,
    c: quoteConditionLetters(quote.conditions),
    z: tape,
  };
}
