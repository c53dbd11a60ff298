/** Tapes and their instruments: the short keys that ticks and bars are stored under. */
import type { TapeSpec } from '@rialto/engine/venue/command';
import type { AnySql } from './any-sql.ts';

/** A data set whose content is not the one whose rows are stored under its name. */
export class TapeChangedError extends Error {
  readonly code = 'tape_changed';
  override readonly name = 'TapeChangedError';
}

/**
 * The keys of the given symbols, in their order; a tape or symbol that is new is entered.
 * Rejects with TapeChangedError.
 */
export async function enterTapeInstruments(
  sql: AnySql,
  tape: TapeSpec,
  symbols: readonly string[],
): Promise<readonly number[]> {
  await sql`
    insert into tape (id, hash) values (${tape.dataset}, ${tape.hash}) on conflict do nothing`;
  const [stored] = await sql<{ hash: string }[]>`
    select hash from tape where id = ${tape.dataset}`;
  if (stored?.hash !== tape.hash) {
    throw new TapeChangedError(
      `data set ${tape.dataset} (${tape.hash}) is not the one in the tables ` +
        `(${String(stored?.hash)}): give it another name`,
    );
  }
  await sql`
    insert into tape_instrument (tape_id, symbol)
    select ${tape.dataset}, wanted.symbol
    from unnest(${[...symbols]}::text[]) as wanted (symbol)
    where not exists (
      select from tape_instrument as known
      where known.tape_id = ${tape.dataset} and known.symbol = wanted.symbol)
    on conflict (tape_id, symbol) do nothing`;
  const keys = await readTapeInstruments(sql, tape.dataset);
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
