/** The error codes of the market-data sockets, with the words clients know them by. */

/** Code and text, as sent in `[{"T":"error","code":…,"msg":…}]`. */
export const MARKET_DATA_ERRORS = {
  400: 'invalid syntax',
  401: 'not authenticated',
  402: 'auth failed',
  403: 'already authenticated',
  404: 'auth timeout',
  405: 'symbol limit exceeded',
  406: 'connection limit exceeded',
  407: 'slow client',
  410: 'invalid subscribe action for this feed',
  500: 'internal error',
} as const;

export type MarketDataErrorCode = keyof typeof MARKET_DATA_ERRORS;
