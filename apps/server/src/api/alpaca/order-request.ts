/**
 * The body of POST /v2/orders: read and checked without any state.
 *
 * What is refused here never reaches the log. Empty text and null mean absent, because some
 * clients send every field; unknown fields are ignored. Whether the symbol exists and the
 * account can pay is the engine's to say.
 */
import type { OrderType, Side, TimeInForce } from '@rialto/engine/orders/order-terms';
import {
  parsePrice,
  PRICE_MAX,
  PRICE_UNITS_PER_DOLLAR,
  type Price,
} from '@rialto/engine/values/price';
import {
  NANOS_PER_UNIT,
  ORDER_QUANTITY_MAX,
  parseQuantity,
  type Quantity,
} from '@rialto/engine/values/quantity';
import { ApiError } from '../http/api-error.ts';
import { decimalInput, decimalsOf } from './decimal-input.ts';

/** Longest client order id, in characters. */
const CLIENT_ORDER_ID_MAX = 128;

const QTY_DECIMALS = 9;
const NO_PRICE = 0 as Price;

/** A checked order request. */
export interface OrderRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly qty: Quantity;
  /** 0 for market orders. */
  readonly limitPrice: Price;
  /** Absent: the server makes one. */
  readonly clientOrderId: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Fields of the wire that must be absent until the venue knows what they ask for. */
const UNSUPPORTED = ['trail_price', 'trail_percent', 'take_profit', 'stop_loss', 'legs'] as const;

/** Words of the wire that other versions of the API know and this venue does not take. */
const UNSUPPORTED_TYPES: ReadonlySet<unknown> = new Set(['stop', 'stop_limit', 'trailing_stop']);
const UNSUPPORTED_TIMES: ReadonlySet<unknown> = new Set(['opg', 'cls']);
const UNSUPPORTED_CLASSES: ReadonlySet<unknown> = new Set(['bracket', 'oco', 'oto', 'mleg']);

/** Reads the body of an order; throws `ApiError` with the entry of the catalogue. */
export function parseOrderRequest(body: unknown): OrderRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError('body_invalid');
  }
  const fields = body as Fields;
  const symbol = textField(fields, 'symbol');
  if (symbol === undefined) throw new ApiError('symbol_required');
  const side = sideField(fields);
  const orderType = typeField(fields);
  const timeInForce = timeInForceField(fields);
  refuseUnsupported(fields);
  const qty = qtyField(fields);
  const limitPrice = limitPriceField(fields, orderType);
  if (qty % BigInt(NANOS_PER_UNIT) !== 0n && timeInForce !== 'day') {
    throw new ApiError('fractional_not_day');
  }
  checkPositionIntent(fields, side);
  const clientOrderId = clientOrderIdField(fields);
  return { symbol, side, orderType, timeInForce, qty, limitPrice, clientOrderId };
}

/** Text, or undefined when absent; any other type is a malformed body. */
function textField(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw malformed(name);
  return value;
}

function malformed(field: string): ApiError {
  return new ApiError('body_invalid', {}, { field });
}

function sideField(fields: Fields): Side {
  const { side } = fields;
  if (side === 'buy' || side === 'sell') return side;
  throw new ApiError('side_invalid');
}

function typeField(fields: Fields): OrderType {
  const { type } = fields;
  if (type === 'market' || type === 'limit') return type;
  if (UNSUPPORTED_TYPES.has(type)) throw unsupported(`order type "${String(type)}"`);
  throw new ApiError('order_type_invalid');
}

function timeInForceField(fields: Fields): TimeInForce {
  const value = fields['time_in_force'];
  if (value === 'day' || value === 'gtc' || value === 'ioc' || value === 'fok') return value;
  if (UNSUPPORTED_TIMES.has(value)) throw unsupported(`time_in_force "${String(value)}"`);
  throw new ApiError('time_in_force_invalid');
}

function unsupported(field: string): ApiError {
  return new ApiError('field_unsupported', { field });
}

function refuseUnsupported(fields: Fields): void {
  const orderClass = textField(fields, 'order_class') ?? 'simple';
  if (orderClass !== 'simple') {
    if (UNSUPPORTED_CLASSES.has(orderClass)) throw unsupported(`order class "${orderClass}"`);
    throw new ApiError('order_class_invalid');
  }
  for (const name of UNSUPPORTED) {
    const value = fields[name];
    if (value !== undefined && value !== null && value !== '') throw unsupported(name);
  }
  const extended = fields['extended_hours'];
  if (extended === true || extended === 'true') throw unsupported('extended_hours');
}

function qtyField(fields: Fields): Quantity {
  const text = decimalInput(fields['qty']);
  const notional = decimalInput(fields['notional']);
  if (text === null) throw malformed('qty');
  if (notional === null) throw malformed('notional');
  if (text === undefined) {
    throw notional === undefined ? new ApiError('qty_required') : unsupported('notional');
  }
  if (notional !== undefined) throw new ApiError('qty_and_notional');
  return parseQty(text);
}

/** Reads the quantity of an order or of a closing; `text` is a plain decimal. */
export function parseQty(text: string): Quantity {
  if (decimalsOf(text) > QTY_DECIMALS) throw new ApiError('qty_too_precise');
  const qty = parseQuantity(text);
  if (qty === undefined || qty <= 0n) throw new ApiError('qty_not_positive');
  if (qty > ORDER_QUANTITY_MAX) throw new ApiError('qty_too_large');
  return qty;
}

function limitPriceField(fields: Fields, orderType: OrderType): Price {
  const limit = decimalInput(fields['limit_price']);
  const stop = decimalInput(fields['stop_price']);
  if (limit === null) throw malformed('limit_price');
  if (stop === null) throw malformed('stop_price');
  if (orderType === 'market') {
    if (limit !== undefined || stop !== undefined) throw new ApiError('market_price_given');
    return NO_PRICE;
  }
  if (limit === undefined) throw new ApiError('limit_price_required');
  if (stop !== undefined) throw new ApiError('stop_price_given');
  return parseLimitPrice(limit);
}

/** At $1 and above a price has whole cents, below it has whole hundredths of a cent. */
function parseLimitPrice(text: string): Price {
  if (text.startsWith('-') || !/[1-9]/.test(text)) throw new ApiError('limit_price_not_positive');
  const belowOneDollar = /^0+(?:\.|$)/.test(text);
  if (decimalsOf(text) > (belowOneDollar ? 4 : 2)) throw new ApiError('sub_penny', { price: text });
  const price = parsePrice(text);
  if (price === undefined) {
    throw new ApiError('limit_price_too_high', { limit: PRICE_MAX / PRICE_UNITS_PER_DOLLAR });
  }
  return price;
}

/** A cash account opens by buying and closes by selling; anything else is a mistake. */
function checkPositionIntent(fields: Fields, side: Side): void {
  const specified = textField(fields, 'position_intent');
  const inferred = side === 'buy' ? 'buy_to_open' : 'sell_to_close';
  if (specified !== undefined && specified !== inferred) {
    throw new ApiError('position_intent_mismatch', { inferred, specified: clipped(specified) });
  }
}

function clientOrderIdField(fields: Fields): string | undefined {
  const id = textField(fields, 'client_order_id');
  return id === undefined ? undefined : checkClientOrderId(id);
}

/** A client order id as it may stand in the log and in the tables; throws `ApiError`. */
export function checkClientOrderId(id: string): string {
  if (id.length > CLIENT_ORDER_ID_MAX * 2 || Array.from(id).length > CLIENT_ORDER_ID_MAX) {
    throw new ApiError('client_order_id_too_long');
  }
  // Control characters and lone surrogates can't be stored as text everywhere.
  if (/[\p{Cc}\p{Cs}]/u.test(id)) throw new ApiError('client_order_id_invalid');
  return id;
}

/** A word of the caller, short enough to be quoted in an answer. */
function clipped(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
