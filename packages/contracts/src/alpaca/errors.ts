/**
 * The error catalogue of the Alpaca-compatible surface, as data.
 *
 * Trading routes answer `{"code", "message", …details}`, market-data routes `{"message"}`. The
 * wording matters: bots and ccxt classify errors by their text. `{name}` in a message is filled
 * in. docs/reference/errors.md lists the same entries; a test holds both equal.
 */

/** One error: HTTP status, eight-digit code (class and number) and the text with its blanks. */
export interface AlpacaErrorEntry {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** Errors of trading routes, and those that any route may answer. */
export const tradingErrors = {
  // Any route.
  unauthorized: { status: 401, code: 40110000, message: 'request is not authorized' },
  scope_missing: { status: 403, code: 40310000, message: 'this API key may only read' },
  not_from_page: { status: 403, code: 40310000, message: 'the header x-rialto-page is missing' },
  route_unknown: { status: 404, code: 40410000, message: 'endpoint not found' },
  venue_unknown: { status: 404, code: 40410000, message: 'venue not found' },
  method_not_allowed: { status: 405, code: 40510000, message: 'method not allowed' },
  request_timeout: { status: 408, code: 40810000, message: 'request took too long to arrive' },
  body_too_large: { status: 413, code: 41310000, message: 'request body is larger than 256 KiB' },
  url_too_long: { status: 414, code: 41410000, message: 'request path is too long' },
  media_type_unsupported: { status: 415, code: 41510000, message: 'content type is not JSON' },
  rate_limited: { status: 429, code: 42910000, message: 'rate limit exceeded' },
  internal: { status: 500, code: 50010000, message: 'internal server error occurred' },
  store_behind: { status: 503, code: 50310000, message: 'history is catching up, try again' },
  storage_unavailable: { status: 503, code: 50310001, message: 'nothing was done, try again' },
  headers_too_large: { status: 431, code: 43110000, message: 'request headers are too large' },
  request_malformed: { status: 400, code: 40010000, message: 'request is malformed' },
  url_invalid: { status: 400, code: 40010000, message: 'request path is malformed' },
  body_invalid: { status: 400, code: 40010000, message: 'request body format is invalid' },
  parameter_invalid: { status: 422, code: 40010001, message: 'invalid {name}: {value}' },

  // Order entry: what the body says.
  symbol_required: { status: 422, code: 40010001, message: 'symbol is required' },
  qty_required: { status: 422, code: 40010001, message: 'qty or notional is required' },
  qty_and_notional: {
    status: 422,
    code: 40010001,
    message: 'only one of qty or notional is accepted',
  },
  qty_not_positive: { status: 422, code: 40010001, message: 'qty must be > 0' },
  qty_too_precise: {
    status: 422,
    code: 40010001,
    message: 'qty must have no more than 9 decimal places',
  },
  qty_too_large: { status: 422, code: 40010001, message: 'qty must be <= 2000000000' },
  side_invalid: { status: 422, code: 40010001, message: 'invalid side' },
  order_type_invalid: { status: 422, code: 40010001, message: 'invalid order type' },
  order_class_invalid: { status: 422, code: 40010001, message: 'invalid order_class' },
  time_in_force_invalid: { status: 422, code: 40010001, message: 'invalid time_in_force' },
  limit_price_required: {
    status: 422,
    code: 40010001,
    message: 'limit orders require a limit price',
  },
  limit_price_not_positive: { status: 422, code: 40010001, message: 'limit price must be > 0' },
  limit_price_too_high: {
    status: 422,
    code: 40010001,
    message: 'limit price must be <= 214748.3647',
  },
  market_price_given: {
    status: 422,
    code: 40010001,
    message: 'market orders require no stop or limit price',
  },
  stop_price_given: { status: 422, code: 40010001, message: 'limit orders require no stop price' },
  client_order_id_too_long: {
    status: 422,
    code: 40010001,
    message: 'client_order_id must be no more than 128 characters',
  },
  client_order_id_invalid: {
    status: 422,
    code: 40010001,
    message: 'client_order_id must not hold control characters',
  },
  client_order_id_missing: { status: 422, code: 40010001, message: 'client_order_id is missing' },
  sub_penny: {
    status: 422,
    code: 42210000,
    message:
      'invalid limit_price {price}. sub-penny increment does not fulfill minimum pricing criteria',
  },
  fractional_not_day: {
    status: 422,
    code: 42210000,
    message: 'fractional orders must be DAY orders',
  },
  position_intent_mismatch: {
    status: 422,
    code: 42210000,
    message: 'position intent mismatch, inferred: {inferred}, specified: {specified}',
  },
  field_unsupported: { status: 422, code: 42210000, message: '{field} is not supported' },

  // Order entry: what the venue says.
  client_order_id_reused: {
    status: 409,
    code: 40010001,
    message: 'client_order_id must be unique',
  },
  insufficient_buying_power: { status: 403, code: 40310000, message: 'insufficient buying power' },
  insufficient_qty: {
    status: 403,
    code: 40310000,
    message:
      'insufficient qty available for order (requested: {requested}, available: {available})',
  },
  asset_not_fractionable: {
    status: 403,
    code: 40310000,
    message: 'asset "{symbol}" is not fractionable',
  },
  too_many_open_orders: { status: 403, code: 40310000, message: 'too many open orders' },
  order_asset_not_found: { status: 422, code: 42210000, message: 'asset "{symbol}" not found' },
  asset_not_tradable: { status: 422, code: 42210000, message: 'asset "{symbol}" is not tradable' },
  no_price: {
    status: 422,
    code: 42210000,
    message: 'asset "{symbol}" has no price yet, only limit orders are accepted',
  },
  venue_ended: { status: 422, code: 42210000, message: 'the venue has ended' },
  order_ended: { status: 422, code: 42210000, message: 'order is already in "{status}" state' },

  // Reads and closing.
  account_not_found: { status: 404, code: 40410000, message: 'account not found' },
  order_not_found: { status: 404, code: 40410000, message: 'order not found for {id}' },
  position_not_found: { status: 404, code: 40410000, message: 'position does not exist' },
  asset_not_found: { status: 404, code: 40410000, message: 'asset not found for {symbol}' },
  qty_and_percentage: {
    status: 422,
    code: 40010001,
    message: 'only one of qty or percentage is accepted',
  },
  percentage_invalid: {
    status: 422,
    code: 40010001,
    message: 'percentage must be > 0 and <= 100',
  },
} as const;

/** Errors that only market-data routes answer. Their code never leaves the server. */
export const dataErrors = {
  symbols_required: { status: 400, code: 40010001, message: 'symbols is required' },
  too_many_symbols: { status: 400, code: 40010001, message: 'more than {limit} symbols' },
  symbol_invalid: { status: 400, code: 40010001, message: 'invalid symbol: {symbol}' },
  timeframe_invalid: { status: 400, code: 40010001, message: 'invalid timeframe: {value}' },
  range_invalid: { status: 400, code: 40010001, message: 'end should not be before start' },
  limit_invalid: {
    status: 400,
    code: 40010001,
    message: 'invalid limit: {value}. limit must be between 1 and {limit}',
  },
  page_token_invalid: { status: 400, code: 40010001, message: 'invalid page_token' },
  data_parameter_invalid: { status: 400, code: 40010001, message: 'invalid {name}: {value}' },
  no_data_found: { status: 404, code: 40410000, message: 'no {what} found for {symbol}' },
} as const;

export type TradingErrorName = keyof typeof tradingErrors;
export type DataErrorName = keyof typeof dataErrors;
export type AlpacaErrorName = TradingErrorName | DataErrorName;

/** The entry of a name. */
export function alpacaError(name: AlpacaErrorName): AlpacaErrorEntry {
  return name in tradingErrors
    ? tradingErrors[name as TradingErrorName]
    : dataErrors[name as DataErrorName];
}

/** A message with its `{blanks}` filled in. */
export function fillMessage(
  template: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return template.replace(/\{(\w+)\}/g, (blank, name: string) => String(values[name] ?? blank));
}
