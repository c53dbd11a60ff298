/** Why a fill happened, in words: which quote or trade of the tape, or which order. */
import { FillReason } from '@rialto/engine/events/event-layout';
import type { RecordedTape } from '@rialto/engine/market/recorded-tape';
import { formatPrice, type Price, priceToDollars } from '@rialto/engine/values/price';
import type { StoredFill } from '../../store/readers.ts';
import { formatTime } from '../alpaca/rfc3339.ts';

const UNITS_PER_CENT = 100;

/** Explains a fill by the tape row, or the order, that caused it. */
export function fillReason(fill: StoredFill, tape: RecordedTape): string {
  if (fill.reason === FillReason.order) {
    return `met order number ${fill.cause} in the book`;
  }
  const { cause } = fill;
  if (cause < 0 || cause >= tape.length) return `tape row ${cause}`;
  const place = `at ${formatTime(tape.time(cause))} (tape row ${cause})`;
  switch (fill.reason) {
    case FillReason.quoteTaken:
      return `took the displayed ${displayed(fill, tape)} ${place}`;
    case FillReason.quoteCrossed:
      return `rested when the ${displayed(fill, tape)} came to its limit ${place}`;
    case FillReason.tradedThrough:
      return `rested when a trade of ${traded(tape, cause)} went through its limit ${place}`;
    case FillReason.queueReached:
      return `rested first in the queue when ${traded(tape, cause)} traded at its limit ${place}`;
    default:
      return `tape row ${cause}`;
  }
}

/** A buyer meets the offer, a seller the bid. */
function displayed({ side, cause }: StoredFill, tape: RecordedTape): string {
  return side === 'buy'
    ? `offer of ${amount(tape.askSize(cause), tape.askPrice(cause))}`
    : `bid of ${amount(tape.size(cause), tape.price(cause))}`;
}

function traded(tape: RecordedTape, position: number): string {
  return amount(tape.size(position), tape.price(position));
}

function amount(size: number, price: number): string {
  return `${size} × ${priceText(price as Price)}`;
}

/** Two decimals, or as many as it takes. */
function priceText(price: Price): string {
  return price % UNITS_PER_CENT === 0 ? priceToDollars(price).toFixed(2) : formatPrice(price);
}
