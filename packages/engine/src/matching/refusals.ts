/**
 * Refusal codes of the engine: negative numbers that `submit`, `cancel` and `replace` return in
 * place of an order number. Names as in orders/order-terms.ts.
 */
import type { RefusalCode } from '../orders/order-terms.ts';

export const Refused = {
  accountUnknown: -1,
  instrumentUnknown: -2,
  clientOrderIdReused: -3,
  venueEnded: -4,
  instrumentNotTradable: -5,
  qtyInvalid: -6,
  instrumentNotFractionable: -7,
  fractionalNotDay: -8,
  priceInvalid: -9,
  openOrdersLimit: -10,
  noPrice: -11,
  insufficientBuyingPower: -12,
  insufficientQty: -13,
  orderUnknown: -14,
  orderNotOpen: -15,
  accountsLimit: -16,
  instrumentsLimit: -17,
} as const;

const CODES: Readonly<Record<number, RefusalCode>> = {
  [Refused.accountUnknown]: 'account_unknown',
  [Refused.instrumentUnknown]: 'instrument_unknown',
  [Refused.clientOrderIdReused]: 'client_order_id_reused',
  [Refused.venueEnded]: 'venue_ended',
  [Refused.instrumentNotTradable]: 'instrument_not_tradable',
  [Refused.qtyInvalid]: 'qty_invalid',
  [Refused.instrumentNotFractionable]: 'instrument_not_fractionable',
  [Refused.fractionalNotDay]: 'fractional_not_day',
  [Refused.priceInvalid]: 'price_invalid',
  [Refused.openOrdersLimit]: 'limit_exceeded',
  [Refused.noPrice]: 'no_price',
  [Refused.insufficientBuyingPower]: 'insufficient_buying_power',
  [Refused.insufficientQty]: 'insufficient_qty',
  [Refused.orderUnknown]: 'order_unknown',
  [Refused.orderNotOpen]: 'order_not_open',
  [Refused.accountsLimit]: 'limit_exceeded',
  [Refused.instrumentsLimit]: 'limit_exceeded',
};

/** The stable code of a negative result. */
export function refusalCode(result: number): RefusalCode {
  const code = CODES[result];
  if (code === undefined) throw new RangeError(`${result} is no refusal`);
  return code;
}
