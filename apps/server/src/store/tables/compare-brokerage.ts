/**
 * Compares a venue's tables with its state: balances summed from transfers, positions and open
 * orders. `rialto verify` and the proofs use it.
 */
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { AnySql } from './any-sql.ts';
import { readLedgerBalances } from './ledger-balances.ts';
import { nanosOfText } from './numerics.ts';

/** What differs, one line each; empty when the tables say what the state says. */
export async function findBalanceFaults(
  sql: AnySql,
  venueId: string,
  venue: VenueApi,
): Promise<readonly string[]> {
  const ledger = new Map<string, bigint>();
  for (const { account, asset, balance } of await readLedgerBalances(sql, venueId)) {
    ledger.set(`${account}/${asset}`, balance);
  }
  const faults: string[] = [];
  for (let account = 0; account < venue.accountCount(); account++) {
    const assets: (readonly [string, bigint])[] = [['cash', venue.account(account)?.cash ?? 0n]];
    venue.instruments.forEach(({ symbol }, instrument) => {
      assets.push([symbol, venue.position(account, instrument)?.qty ?? 0n]);
    });
    for (const [asset, balance] of assets) {
      const summed = ledger.get(`${account}/${asset}`) ?? 0n;
      if (summed === balance) continue;
      faults.push(`account ${account}: ${balance}e-9 ${asset}, by its transfers ${summed}e-9`);
    }
  }
  return faults;
}

/** Orders and positions that differ from the state, or exist twice, one line each. */
export async function findOrderFaults(
  sql: AnySql,
  venueId: string,
  venue: VenueApi,
): Promise<readonly string[]> {
  const open = await sql<{ number: number; status: string; filled_qty: string }[]>`
    select number, status, filled_qty from customer_order
    where venue_id = ${venueId} and status in ('accepted', 'new', 'partially_filled')`;
  const stored = new Map(
    open.map((row) => [row.number, `${row.status}, filled ${nanosOfText(row.filled_qty)}e-9`]),
  );
  const faults: string[] = [];
  for (let account = 0; account < venue.accountCount(); account++) {
    for (const { ref, status, filledQty } of venue.openOrders(account)) {
      const [is, was] = [`${status}, filled ${filledQty}e-9`, stored.get(ref.number)];
      stored.delete(ref.number);
      if (is !== was) faults.push(`order ${ref.number} is ${is}, in the tables ${was ?? 'closed'}`);
    }
  }
  for (const number of stored.keys()) faults.push(`order ${number} is open in the tables only`);
  const [count] = await sql<{ orders: number; newest: number }[]>`
    select count(*) as orders, coalesce(max(number), 0) as newest
    from customer_order where venue_id = ${venueId}`;
  if (count?.orders !== count?.newest) {
    faults.push(`${count?.orders} orders are stored, the newest has number ${count?.newest}`);
  }
  const twice = await sql<{ client_order_id: string; orders: number }[]>`
    select client_order_id, count(*) as orders from customer_order where venue_id = ${venueId}
    group by account, client_order_id having count(*) > 1 limit 10`;
  for (const row of twice) faults.push(`${row.orders} orders have id ${row.client_order_id}`);
  return faults;
}
