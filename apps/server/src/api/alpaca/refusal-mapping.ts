/**
 * Refusals of the engine as errors of the catalogue: the one place where they meet.
 *
 * Bots and ccxt tell errors apart by these texts and fields.
 */
import type { TradingErrorName } from '@rialto/contracts/alpaca/errors';
import { orderUuid } from '@rialto/engine/orders/order-id';
import type { Refusal, RefusalCode } from '@rialto/engine/orders/order-terms';
import { formatMoney } from '@rialto/engine/values/money';
import { formatPrice } from '@rialto/engine/values/price';
import { formatQuantity } from '@rialto/engine/values/quantity';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import { ApiError } from '../http/api-error.ts';

/** What a refusal is about, for the fields that the engine does not carry. */
export interface RefusalContext {
  readonly venue: VenueApi;
  readonly account: number;
  /** The symbol of the request, where there is one. */
  readonly symbol: string;
}

/** The catalogue entry of each refusal. `internal`: of no command that comes through here. */
const ERRORS: Readonly<Record<RefusalCode, TradingErrorName>> = {
  account_unknown: 'account_not_found',
  instrument_unknown: 'order_asset_not_found',
  instrument_not_tradable: 'asset_not_tradable',
  instrument_not_fractionable: 'asset_not_fractionable',
  // The routes answer these two themselves: they know the id and the status.
  order_unknown: 'internal',
  order_not_open: 'internal',
  position_unknown: 'position_not_found',
  client_order_id_reused: 'client_order_id_reused',
  insufficient_buying_power: 'insufficient_buying_power',
  insufficient_qty: 'insufficient_qty',
  qty_invalid: 'qty_not_positive',
  price_invalid: 'sub_penny',
  fractional_not_day: 'fractional_not_day',
  no_price: 'no_price',
  venue_ended: 'venue_ended',
  limit_exceeded: 'too_many_open_orders',
  account_exists: 'internal',
  cash_invalid: 'internal',
  venue_exists: 'internal',
  venue_not_open: 'internal',
  stale_epoch: 'internal',
  time_backwards: 'internal',
  tape_slice_too_long: 'internal',
};

/** The error that a refused command is answered with. */
export function refusalError(refusal: Refusal, context: RefusalContext): ApiError {
  if (refusal.code === 'insufficient_qty') return insufficientQty(refusal, context);
  if (refusal.code === 'insufficient_buying_power') {
    const details = {
      buying_power: formatMoney(refusal.buyingPower),
      cost_basis: formatMoney(refusal.costBasis),
    };
    return new ApiError('insufficient_buying_power', {}, details);
  }
  const symbol = 'symbol' in refusal ? refusal.symbol : context.symbol;
  const price = refusal.code === 'price_invalid' ? formatPrice(refusal.price) : '';
  return new ApiError(ERRORS[refusal.code], { symbol, price });
}

function insufficientQty(
  refusal: Extract<Refusal, { code: 'insufficient_qty' }>,
  { venue, account }: RefusalContext,
): ApiError {
  const instrument = venue.instrumentIndex(refusal.symbol);
  const holding = venue
    .openOrders(account)
    .filter((order) => order.side === 'sell' && order.instrument === instrument);
  const available = formatQuantity(refusal.available);
  return new ApiError(
    'insufficient_qty',
    { requested: formatQuantity(refusal.requested), available },
    {
      available,
      existing_qty: formatQuantity(refusal.existing),
      held_for_orders: formatQuantity(refusal.held),
      related_orders: holding.map((order) => orderUuid(venue.seed, order.ref)),
      symbol: refusal.symbol,
    },
  );
}
