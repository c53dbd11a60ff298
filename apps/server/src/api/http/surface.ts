/** Which of the three API surfaces a path belongs to; it decides the shape of errors. */

/** `trading` and `data` are the two halves of the Alpaca API, `platform` is our own. */
export type Surface = 'trading' | 'data' | 'platform';

/** The surface of a request path (with or without a query). */
export function surfaceOf(url: string): Surface {
  if (url.startsWith('/v2/stocks') || url.startsWith('/v1beta')) return 'data';
  return url.startsWith('/v2/') || url.startsWith('/v3/') ? 'trading' : 'platform';
}
