/** Bars as the market-data API gives them, and longer ones made of them by hand. */
import type { AlpacaBar } from '@rialto/contracts/alpaca/market-data';
import type { RialtoProcess } from './rialto-process.ts';

const PAGE_ROWS = 10_000;

interface BarPage {
  readonly bars: Readonly<Record<string, readonly AlpacaBar[] | undefined>>;
  readonly next_page_token: string | null;
}

/** All bars of a symbol on a day (YYYY-MM-DD, New York), page after page. */
export async function apiBars(
  server: RialtoProcess,
  query: { readonly symbol: string; readonly timeframe: string; readonly day: string },
): Promise<readonly AlpacaBar[]> {
  const { symbol, timeframe, day } = query;
  const found: AlpacaBar[] = [];
  let token: string | null = null;
  do {
    const url = new URL('/v2/stocks/bars', server.url);
    const next = new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    const parameters = { symbols: symbol, timeframe, start: day, end: `${next}T03:59:59Z` };
    url.search = new URLSearchParams({ ...parameters, limit: String(PAGE_ROWS) }).toString();
    if (token !== null) url.searchParams.set('page_token', token);
    const response = await fetch(url, { headers: server.headers });
    if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
    const page = (await response.json()) as BarPage;
    found.push(...(page.bars[symbol] ?? []));
    token = page.next_page_token;
  } while (token !== null);
  return found;
}

/** What a bar of an hour must say, without the average price. */
export type Hour = Omit<AlpacaBar, 'vw'>;

/** Hours made of minutes in time order; New York hours begin when UTC hours do. */
export function hoursOf(minutes: readonly AlpacaBar[]): readonly Hour[] {
  const hours = new Map<string, Hour>();
  for (const { t, o, h, l, c, v, n } of minutes) {
    const start = `${t.slice(0, 13)}:00:00Z`;
    const hour = hours.get(start) ?? { t: start, o, h, l, c, v: 0, n: 0 };
    hours.set(start, {
      ...hour,
      h: Math.max(hour.h, h),
      l: Math.min(hour.l, l),
      c,
      v: hour.v + v,
      n: hour.n + n,
    });
  }
  return [...hours.values()];
}
