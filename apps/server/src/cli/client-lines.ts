/**
 * How the official JavaScript clients are pointed here, as lines of code. The terminal prints
 * them, the README shows them, and `npm run proof foundation-2` runs them as they stand.
 */

/** The clients, by the names of their packages. */
export type Client =
  '@alpacahq/alpaca-trade-api 3.x' | '@alpacahq/alpaca-trade-api 4.x' | '@alpacahq/typescript-sdk';

/** For each client the lines that make one that talks to `url` ("http://127.0.0.1:8080"). */
export function clientLines(url: string): Readonly<Record<Client, readonly string[]>> {
  const socket = url.replace(/^http/, 'ws');
  return {
    '@alpacahq/alpaca-trade-api 3.x': [
      'const alpaca = new Alpaca({',
      '  keyId,',
      '  secretKey,',
      `  baseUrl: '${url}',`,
      `  dataBaseUrl: '${url}',`,
      '});',
      `alpaca.data_stream_v2.session.url = '${socket}/v2/iex'; // before connect()`,
    ],
    '@alpacahq/alpaca-trade-api 4.x': [
      'const pre = async ({ url, init }) => ({',
      `  url: url.replace(/^https:..[^/]+/, '${url}'),`,
      '  init,',
      '});',
      'const alpaca = new Alpaca({ keyId, secret, middleware: [{ pre }] });',
      `const orderEvents = alpaca.trading.stream({ url: '${socket}/stream' });`,
      `const marketData = alpaca.marketData.stockStream({ url: '${socket}/v2/iex' });`,
    ],
    '@alpacahq/typescript-sdk': [
      `const client = createClient({ key, secret, baseURL: '${url}' });`,
    ],
  };
}
