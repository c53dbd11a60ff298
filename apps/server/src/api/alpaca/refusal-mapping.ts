/**
 * Refusals of the engine as errors of the catalogue: the one place where they meet.
 *
 * Bots and ccxt tell errors apart by these texts and fields.
 */
import { orderUuid } from '@rialto/engine/orders/order-id';
import type { Refusal } from '@rialto/engine/orders/order-terms';
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

/** The error that a refused command is answered with. */
export function refusalError(refusal: Refusal, context: RefusalContext): ApiError {
  const { symbol } = context;
  switch (refusal.code) {
    case 'insufficient_buying_power':
      return new ApiError(
        'insufficient_buying_power',
        {},
        {
          buying_power: formatMoney(refusal.buyingPower),
          cost_basis: formatMoney(refusal.costBasis),
        },
      );
    case 'insufficient_qty':
      return insufficientQty(refusal, context);
    case 'client_order_id_reused':
      return new ApiError('client_order_id_reused');
    case 'instrument_unknown':
      return new ApiError('order_asset_not_found', { symbol });
    case 'instrument_not_tradable':
      return new ApiError('asset_not_tradable', { symbol: refusal.symbol });
    case 'instrument_not_fractionable':
      return new ApiError('asset_not_fractionable', { symbol: refusal.symbol });
    case 'fractional_not_day':
      return new ApiError('fractional_not_day');
    case 'no_price':
      return new ApiError('no_price', { symbol: refusal.symbol });
    case 'qty_invalid':
      return new ApiError('qty_not_positive');
    case 'price_invalid':
      return new ApiError('sub_penny', { price: formatPrice(refusal.price) });
    case 'position_unknown':
      return new ApiError('position_not_found');
    case 'account_unknown':
      return new ApiError('account_not_found');
    case 'venue_ended':
      return new ApiError('venue_ended');
    case 'limit_exceeded':
      return new ApiError('too_many_open_orders');
    case 'order_unknown':
    case 'order_not_open':
    case 'account_exists':
    case 'cash_invalid':
    case 'venue_exists':
    case 'venue_not_open':
    case 'stale_epoch':
    case 'time_backwards':
    case 'tape_slice_too_long':
      // Of no command that comes through here, or answered by the route before.
      return new ApiError('internal');
  }
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
