/**
 * Commands about orders: from bigint amounts to the numbers of the trading core, and from its
 * refusal numbers to refusals that say all a client is told.
 */
import { refusalCode } from '../matching/refusals.ts';
import { packTerms } from '../orders/order-flags.ts';
import type { OrderRef, Refusal } from '../orders/order-terms.ts';
import type { Money } from '../values/money.ts';
import type { Price } from '../values/price.ts';
import { NANOS_PER_UNIT, nanosOf, wholeOf } from '../values/quantity.ts';
import type { Quantity } from '../values/quantity.ts';
import type { CancelAllOrders, CancelOrder, ClosePosition, SubmitOrder } from './command.ts';
import type { VenueState } from './venue-state.ts';
import type { Outcome } from './views.ts';

const NANOS = BigInt(NANOS_PER_UNIT);

/** Enters an order. */
export function submitOrder(state: VenueState, command: SubmitOrder): Outcome {
  const { engine } = state;
  const { account, instrument, qty } = command;
  const number = engine.submit(
    account,
    instrument,
    packTerms(command.side, command.orderType, command.timeInForce),
    command.limitPrice,
    wholeOf(qty),
    nanosOf(qty),
    command.clientOrderId,
  );
  if (number < 0) return refused(refusalOfSubmit(state, command, number));
  const order: OrderRef = { number, slot: engine.slot };
  return engine.replayed ? { ok: true, order, replayed: true } : { ok: true, order };
}

/** Sells a position, or a part of it, at the market. */
export function closePosition(state: VenueState, command: ClosePosition): Outcome {
  const { account, instrument, clientOrderId, at } = command;
  if (state.accountIds[account] === undefined) return refused({ code: 'account_unknown' });
  const facts = state.facts.instruments[instrument];
  if (facts === undefined) return refused({ code: 'instrument_unknown' });
  const position = state.engine.position(account, instrument);
  if (position === undefined) return refused({ code: 'position_unknown' });
  const qty = closedQty(command, position.qty, facts.fractionable);
  if (qty === undefined) return refused({ code: 'qty_invalid' });
  return submitOrder(state, {
    type: 'submit_order',
    at,
    account,
    instrument,
    side: 'sell',
    orderType: 'market',
    timeInForce: 'day',
    qty,
    limitPrice: 0 as Price,
    clientOrderId,
  });
}

/** How much of a position a command closes; `undefined` when it does not say so. */
function closedQty(
  { qty, fractionNanos }: ClosePosition,
  held: Quantity,
  fractionable: boolean,
): Quantity | undefined {
  if (qty !== undefined) return fractionNanos === undefined ? qty : undefined;
  if (fractionNanos === undefined) return held;
  if (fractionNanos > NANOS_PER_UNIT) return undefined;
  const part = (held * BigInt(fractionNanos)) / NANOS;
  // Of shares that cannot be divided the whole ones are sold.
  return (fractionable ? part : part - (part % NANOS)) as Quantity;
}

/** Cancels an order. */
export function cancelOrder(state: VenueState, command: CancelOrder): Outcome {
  const { account, order } = command;
  const number = state.engine.cancel(account, order.number, order.slot);
  if (number < 0) return refused(refusalOfCancel(number));
  return { ok: true, order, canceled: [order] };
}

/** Cancels all orders of an account. */
export function cancelAllOrders(state: VenueState, command: CancelAllOrders): Outcome {
  if (state.accountIds[command.account] === undefined) return refused({ code: 'account_unknown' });
  const canceled: OrderRef[] = [];
  state.engine.cancelAll(command.account, canceled);
  return { ok: true, canceled };
}

/** The outcome of a command that changes nothing. */
export function refused(refusal: Refusal): Outcome {
  return { ok: false, refusal };
}

function refusalOfCancel(result: number): Refusal {
  const code = refusalCode(result);
  return code === 'account_unknown' || code === 'order_not_open'
    ? { code }
    : { code: 'order_unknown' };
}

function refusalOfSubmit(state: VenueState, command: SubmitOrder, result: number): Refusal {
  const { engine } = state;
  const { account, instrument, qty, limitPrice } = command;
  const code = refusalCode(result);
  const symbol = state.facts.instruments[instrument]?.symbol ?? '';
  if (code === 'client_order_id_reused') {
    return { code, existing: { number: engine.existingNumber, slot: engine.slot } };
  }
  if (code === 'insufficient_buying_power') {
    const buyingPower = (engine.cash(account) - engine.heldCash(account)) as Money;
    return { code, buyingPower, costBasis: engine.refusedCost() };
  }
  if (code === 'insufficient_qty') {
    const position = engine.position(account, instrument);
    const existing = position?.qty ?? (0n as Quantity);
    const held = position?.held ?? (0n as Quantity);
    const available = (existing - held) as Quantity;
    return { code, symbol, requested: qty, available, existing, held };
  }
  if (code === 'price_invalid') return { code, price: limitPrice };
  if (code === 'limit_exceeded') return { code, what: 'open_orders' };
  const namesInstrument =
    code === 'instrument_not_tradable' ||
    code === 'instrument_not_fractionable' ||
    code === 'no_price';
  // The other codes of the trading core say all there is to say.
  return namesInstrument ? { code, symbol } : ({ code } as Refusal);
}
