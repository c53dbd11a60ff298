/** A trade as the market-data API and its socket write it. */
import type { AlpacaTrade } from '@rialto/contracts/alpaca/market-data';
import { tradeConditionLetters } from '@rialto/engine/market/trade-conditions';
import { priceToDollars } from '@rialto/engine/values/price';
import type { TradeView } from '@rialto/engine/venue/views';
import { formatTime } from './rfc3339.ts';

/** Writes a trade; its id is its place on the venue's tape. `tape` as in `consolidatedTape`. */
export function tradeJson(trade: TradeView, tape: string): AlpacaTrade {
  return {
    t: formatTime(trade.time),
    x: trade.venue,
    p: priceToDollars(trade.price),
    s: trade.size,
    c: tradeConditionLetters(trade.conditions),
    i: trade.position,
    z: tape,
  };
}
