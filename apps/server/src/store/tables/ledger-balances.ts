/**
 * The ledger read back from its transfers, and whether orders, fills and positions agree with it.
 * Proofs and `rialto verify` use it: these sums are made by Postgres, not by the engine.
 */
import type { AnySql } from './any-sql.ts';
import { nanosOfText } from './numerics.ts';

/** What an account has of an asset: all that was put in less all that was taken out. */
export interface LedgerBalance {
  /** account.account_index as text, or a house account: market, funding, rounding. */
  readonly account: string;
  /** "cash" or a symbol. */
  readonly asset: string;
  /** Units of 1e-9 dollar or share; house accounts may be below zero. */
  readonly balance: bigint;
}

/** Balances of all accounts of a venue, summed from its first transfer on. */
export async function readLedgerBalances(
  sql: AnySql,
  venueId: string,
): Promise<readonly LedgerBalance[]> {
  const rows = await sql<{ account: string; asset: string; balance: string }[]>`
    select account, asset, sum(amount) as balance
    from (
      select to_account as account, asset, amount from transfer where venue_id = ${venueId}
      union all
      select from_account, asset, -amount from transfer where venue_id = ${venueId}
    ) as entry
    group by account, asset
    order by account, asset`;
  return rows.map((row) => ({ ...row, balance: nanosOfText(row.balance) }));
}

/** What does not add up in a venue's tables, one line each; empty when all does. */
export async function findBrokerageFaults(
  sql: AnySql,
  venueId: string,
): Promise<readonly string[]> {
  const balances = await readLedgerBalances(sql, venueId);
  return [
    ...unbalancedAssets(balances),
    ...(await ordersAgainstFills(sql, venueId)),
    ...(await positionsAgainstLedger(sql, venueId, balances)),
  ];
}

function unbalancedAssets(balances: readonly LedgerBalance[]): string[] {
  const sums = new Map<string, bigint>();
  for (const { asset, balance } of balances) sums.set(asset, (sums.get(asset) ?? 0n) + balance);
  return [...sums]
    .filter(([, sum]) => sum !== 0n)
    .map(([asset, sum]) => `the balances of ${asset} sum to ${sum}e-9, not to zero`);
}

async function ordersAgainstFills(sql: AnySql, venueId: string): Promise<string[]> {
  const rows = await sql<{ number: number; filled_qty: string; fills: string }[]>`
    select number, filled_qty, coalesce(sum(fill.qty), 0)::numeric(38,9) as fills
    from customer_order as o
    left join fill on fill.venue_id = o.venue_id and fill.order_number = o.number
    where o.venue_id = ${venueId}
    group by o.venue_id, o.number
    having o.filled_qty <> coalesce(sum(fill.qty), 0)
    order by number`;
  return rows.map(
    (row) => `order ${row.number} is filled to ${row.filled_qty}, its fills sum to ${row.fills}`,
  );
}

async function positionsAgainstLedger(
  sql: AnySql,
  venueId: string,
  balances: readonly LedgerBalance[],
): Promise<string[]> {
  const rows = await sql<{ account: number; symbol: string; qty: string }[]>`
    select account, symbol, qty from position where venue_id = ${venueId}`;
  const positions = new Map<string, bigint>(
    rows.map((row) => [`${row.account}/${row.symbol}`, nanosOfText(row.qty)]),
  );
  const faults: string[] = [];
  for (const { account, asset, balance } of balances) {
    if (asset === 'cash' || !/^\d+$/.test(account)) continue;
    const qty = positions.get(`${account}/${asset}`) ?? 0n;
    positions.delete(`${account}/${asset}`);
    if (qty !== balance) {
      faults.push(`account ${account} has ${qty}e-9 ${asset}, its transfers say ${balance}e-9`);
    }
  }
  for (const [name, qty] of positions) {
    if (qty !== 0n) faults.push(`position ${name} of ${qty}e-9 has no transfer`);
  }
  return faults;
}
