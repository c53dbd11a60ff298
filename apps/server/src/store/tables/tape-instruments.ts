/** Keys of a tape's instruments in the tables of ticks and bars. */
import type { AnySql } from './any-sql.ts';

/** The keys of the given symbols, in their order; new ones are entered. */
export async function enterTapeInstruments(
  sql: AnySql,
  tapeId: string,
  symbols: readonly string[],
): Promise<readonly number[]> {
  await sql`
    insert into tape_instrument (tape_id, symbol)
    select ${tapeId}, symbol from unnest(${[...symbols]}::text[]) as symbol
    where not exists (
      select from tape_instrument as known
      where known.tape_id = ${tapeId} and known.symbol = symbol.symbol)
    on conflict (tape_id, symbol) do nothing`;
  const keys = await readTapeInstruments(sql, tapeId);
  return symbols.map((symbol) => {
    const key = keys.get(symbol);
    if (key === undefined) throw new Error(`instrument ${symbol} was not entered`);
    return key;
  });
}

/** Symbol → key, of all instruments of a tape. */
export async function readTapeInstruments(
  sql: AnySql,
  tapeId: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ id: number; symbol: string }[]>`
    select id, symbol from tape_instrument where tape_id = ${tapeId}`;
  return new Map(rows.map((row) => [row.symbol, row.id]));
}
