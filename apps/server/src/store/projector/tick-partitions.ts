/**
 * Partitions of `trade` and `quote`, one a UTC day, made when the first tick of a day comes.
 *
 * They are made before the transaction that fills them, because making one locks the table
 * against readers for as long as its transaction lasts.
 */
import type { Sql } from '../database.ts';
import { QUOTE_TABLE, TRADE_TABLE } from '../tables/tick-rows.ts';
import { dateText } from '../tables/timestamps.ts';

/** Two processes that make the same partition at once wait for each other on this lock. */
const LOCK_KEY = 0x7261_7274;

/** Makes the partitions of a UTC day where they are missing. */
export async function createTickPartitions(sql: Sql, utcDay: number): Promise<void> {
  const from = dateText(utcDay);
  const to = dateText(utcDay + 1);
  const suffix = from.replaceAll('-', '');
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK_KEY})`;
    for (const { name } of [TRADE_TABLE, QUOTE_TABLE]) {
      await tx.unsafe(
        `create table if not exists ${name}_${suffix} partition of ${name} ` +
          `for values from ('${from}T00:00:00Z') to ('${to}T00:00:00Z')`,
      );
    }
  });
}
