import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Micros } from '@rialto/engine/values/time';
import type { Price } from '@rialto/engine/values/price';
import type { Quantity } from '@rialto/engine/values/quantity';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSettings } from '../config/settings.ts';
import { DataSetLibrary } from '../feeds/recording/dataset-library.ts';
import { requestFiles } from '../feeds/recording/import-request.ts';
import type { Sql } from '../store/database.ts';
import { type Installation, openInstallation } from './installation.ts';
import { startStoreRole } from './store-role.ts';
import { verifyInstallation } from './verify-installation.ts';
import { type VerifiedVenue, verifyVenues } from './verify-venues.ts';

const TRADES = `symbol,ts,price,size,exchange,condition,suspicious
BAC,2013-10-07T13:30:01Z,13.9,100,P,1,0
BAC,2013-10-07T13:31:01Z,13.91,300,Q,1,0
BAC,2013-10-07T13:32:01Z,13.92,200,Q,1,0
`;
const QUOTES = `symbol,ts,bid,bid_size,bid_exchange,ask,ask_size,ask_exchange,condition,suspicious
BAC,2013-10-07T13:30:00Z,13.89,100,P,13.92,400,Q,1,0
BAC,2013-10-07T13:31:00Z,13.90,100,P,13.92,400,Q,1,0
`;
const CLOSE = Date.UTC(2013, 9, 7, 20) * 1_000;

let dataDir = '';
let installation: Installation;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rialto-verify-'));
  const files = [join(dataDir, 'trades.csv'), join(dataDir, 'quotes.csv')];
  await writeFile(files[0] ?? '', TRADES);
  await writeFile(files[1] ?? '', QUOTES);
  const directory = join(dataDir, 'datasets');
  await mkdir(directory);
  await new DataSetLibrary({ directory, shipped: directory }).import(requestFiles('day', files));
  installation = await open();
  await tradeOneDay(installation);
  await installation[Symbol.asyncDispose]();
  installation = await open();
});
afterAll(async () => {
  await installation[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true });
});

const settings = () => parseSettings({ RIALTO_DATA_DIR: dataDir });
const open = () =>
  openInstallation({
    settings: settings(),
    logger: pino({ level: 'silent' }),
    onProgress: () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });

/** A day with a filled and an open order, and a snapshot in the middle of it. */
async function tradeOneDay({ deps }: Installation): Promise<void> {
  const store = startStoreRole(deps);
  const account = { id: deps.random.uuid(), accountNumber: '1', accountIndex: 0, userId: '' };
  const userId = deps.random.uuid();
  await deps.sql`insert into app_user (id, display_name) values (${userId}, 'a')`;
  const template = { dataset: 'day', openAt: 0 };
  const venueId = await deps.lifecycle.open('day', template, [{ ...account, userId }]);
  const partition = await deps.log.open(venueId);
  const replica = await deps.host.replica(venueId);
  const { venue } = replica;
  const epoch = await partition.takeEpoch();
  const advance = (to: number) =>
    replica.submit({ type: 'advance_clock', at: venue.clock().time, epoch, to: to as Micros });
  const buy = (clientOrderId: string, limitPrice: number) =>
    replica.submit({
      type: 'submit_order',
      at: venue.clock().time,
      account: 0,
      instrument: 0,
      side: 'buy',
      orderType: 'limit',
      timeInForce: 'gtc',
      qty: 5_000_000_000n as Quantity,
      limitPrice: limitPrice as Price,
      clientOrderId,
    });
  await replica.submit({ type: 'lead', at: venue.clock().time, epoch });
  await advance(CLOSE - 6 * 3_600_000_000);
  await buy('filled', 140_000);
  const { seq, commandSeq } = venue;
  const hash = venue.stateHash();
  await deps.snapshots.save({ venueId, seq, commandSeq, hash, bytes: venue.snapshot() });
  await buy('open', 100_000);
  await advance(CLOSE + 4 * 3_600_000_000);
  await store[Symbol.asyncDispose]();
}

async function verified(): Promise<readonly VerifiedVenue[]> {
  const venues: VerifiedVenue[] = [];
  for await (const venue of verifyVenues(installation.deps)) venues.push(venue);
  return venues;
}

const problemsOf = (venues: readonly VerifiedVenue[]) =>
  venues.flatMap(({ checks }) => checks.flatMap((check) => check.problems));

/** Does harm, and what is found then; the tables are as before afterwards. */
async function problemsAfter(harm: (sql: Sql) => Promise<unknown>): Promise<readonly string[]> {
  const { sql } = installation.deps;
  const tables = ['trade', 'quote', 'bar_day', 'day_bar', 'transfer', 'customer_order', 'snapshot'];
  for (const table of tables) {
    await sql.unsafe(`create table kept_${table} as select * from ${table}`);
  }
  try {
    await harm(sql);
    return problemsOf(await verified());
  } finally {
    for (const table of tables) {
      await sql.unsafe(`delete from ${table}`);
      await sql.unsafe(`insert into ${table} select * from kept_${table}`);
      await sql.unsafe(`drop table kept_${table}`);
    }
  }
}

const firstCheckOf = (dir: string) => verifyInstallation({ ...settings(), dataDir: dir }).next();

describe('verifying venues', () => {
  it('finds nothing where nothing is wrong, and says what was compared', async () => {
    const [venue, ...others] = await verified();
    expect(others).toEqual([]);
    expect(problemsOf(venue === undefined ? [] : [venue])).toEqual([]);
    expect(venue?.checks.map((check) => check.what.replace(/[0-9a-f]{32}/, '#'))).toEqual([
      'day, run 1: 8 commands replayed from zero give the state #',
      'day, run 1: newest snapshot and the log behind it give the state #',
      'day, run 1: the state keeps its invariants',
      `day, run 1: the tables hold all ${venue?.events} events`,
      'day, run 1: the transfers add up to the balances of the state',
      'day, run 1: every order is stored once, as the state knows it',
      'day: 3 trades and 2 quotes are those of the tape, each once',
      'day: stored bars are those of the stored trades',
    ]);
    expect([venue?.hashFromZero, venue?.hashFromSnapshot]).toEqual([venue?.hash, venue?.hash]);
  });

  it('finds a tick that is missing', async () => {
    const found = await problemsAfter(
      (sql) => sql`delete from quote where position > 0 and position < 4`,
    );
    expect(found).toEqual([expect.stringMatching(/^BAC quotes: row 2 is missing$/)]);
  });

  it('finds a tick that was changed, and the bars it no longer fits', async () => {
    const found = await problemsAfter(
      (sql) => sql`update trade set price = 139000 where position = 3`,
    );
    expect(found[0]).toBe('BAC trades: row 3 is not the row of the tape');
    expect(found.slice(1).map((text) => text.split(':')[0])).toEqual(['BAC minute', 'BAC day']);
  });

  it('finds a bar that no trades made', async () => {
    const found = await problemsAfter((sql) => sql`update day_bar set volume = volume + 1`);
    expect(found).toEqual([expect.stringMatching(/^BAC day: stored .* recomputed /)]);
  });

  it('finds money that moved without an event', async () => {
    const found = await problemsAfter(
      (sql) =>
        sql`update transfer set amount = amount + 0.000000001 where asset = 'cash' and seq > 3`,
    );
    expect(found).toEqual([
      expect.stringMatching(/^account 0: \d+e-9 cash, by its transfers \d+e-9$/),
    ]);
  });

  it('finds an order that is lost, and one that is doubled', async () => {
    const lost = await problemsAfter((sql) => sql`delete from customer_order where number = 2`);
    expect(lost).toEqual(['order 2 is new, filled 0e-9, in the tables closed']);
    const doubled = await problemsAfter(
      (sql) => sql`update customer_order set client_order_id = 'open'`,
    );
    expect(doubled).toEqual(['2 orders have id open']);
  });

  it('finds a snapshot of another state', async () => {
    const found = await problemsAfter((sql) => sql`update snapshot set hash = repeat('0', 32)`);
    expect(found).toEqual(['the snapshot has another hash']);
  });

  it('refuses a directory that is in use, and one that is not there', async () => {
    await expect(firstCheckOf(dataDir)).rejects.toMatchObject({ code: 'data_dir_in_use' });
    await expect(firstCheckOf(join(dataDir, 'none'))).rejects.toMatchObject({
      code: 'nothing_to_verify',
    });
  });
});
