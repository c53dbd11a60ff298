/** Pages over several symbols: symbol by symbol, each in time order, `limit` rows in all. */
import type { HistoryRequest } from './history-query.ts';
import { formatPageToken, type PagePlace } from './page-token.ts';

/** Gives at most `limit` rows of a symbol, behind `after` when that is given. */
export type RowSource<Row> = (
  symbol: string,
  limit: number,
  after: PagePlace | undefined,
) => Promise<readonly Row[]>;

/** One page; the token is null on the last one. */
export interface HistoryPage<Row> {
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly nextPageToken: string | null;
}

/** Reads one page. `placeOf` says where a row stands. Symbols without rows are left out. */
export async function readPage<Row>(
  request: HistoryRequest,
  source: RowSource<Row>,
  placeOf: (row: Row) => Omit<PagePlace, 'symbol'>,
): Promise<HistoryPage<Row>> {
  const { symbols, after, limit } = request;
  const rows = new Map<string, readonly Row[]>();
  let left = limit;
  let last = after;
  for (const symbol of symbols) {
    if (after !== undefined && symbol < after.symbol) continue;
    // One row more than wanted tells whether another page follows.
    const found = await source(symbol, left + 1, symbol === after?.symbol ? after : undefined);
    const taken = found.slice(0, left);
    const lastTaken = taken.at(-1);
    if (lastTaken !== undefined) {
      rows.set(symbol, taken);
      last = { symbol, ...placeOf(lastTaken) };
    }
    if (found.length > left) {
      return { rows, nextPageToken: last === undefined ? null : formatPageToken(last) };
    }
    left -= taken.length;
  }
  return { rows, nextPageToken: null };
}
