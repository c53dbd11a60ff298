import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseSettings } from '../config/settings.ts';
import { DataSetLibrary } from '../feeds/recording/dataset-library.ts';
import { requestFiles } from '../feeds/recording/import-request.ts';
import { createCheckpointReader } from '../store/tables/checkpoint-reader.ts';
import { type Installation, openInstallation } from './installation.ts';
import { type Roles, startRoles } from './role-table.ts';

const TRADES = `symbol,ts,price,size,exchange,condition,suspicious
BAC,2013-10-07T13:30:01Z,13.9,100,P,1,0
BAC,2013-10-07T19:59:01Z,13.91,300,Q,1,0
`;
const OPEN = Date.UTC(2013, 9, 7, 13, 30) * 1_000;
const PATIENCE = { timeout: 20_000, interval: 50 };

let dataDir = '';
let installation: Installation;
let roles: Roles;
const failures: Error[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rialto-roles-'));
  const file = join(dataDir, 'trades.csv');
  await writeFile(file, TRADES);
  const directory = join(dataDir, 'datasets');
  await mkdir(directory);
  await new DataSetLibrary({ directory, shipped: directory }).import(requestFiles('day', [file]));
  installation = await openInstallation({
    settings: parseSettings({ RIALTO_DATA_DIR: dataDir, RIALTO_ROLES: 'driver,store' }),
    logger: pino({ level: 'silent' }),
    onProgress: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  roles = await startRoles(installation.deps);
});
afterAll(async () => {
  await roles[Symbol.asyncDispose]();
  await installation[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true });
});

/** A run that goes on, led by the driver. */
async function openVenue(): Promise<string> {
  const { deps } = installation;
  const userId = deps.random.uuid();
  await deps.sql`insert into app_user (id, display_name) values (${userId}, 'a')`;
  const account = { id: deps.random.uuid(), accountNumber: '1', accountIndex: 0, userId };
  return deps.lifecycle.open('day', { dataset: 'day', openAt: OPEN }, [account]);
}

async function timeOf(venueId: string): Promise<number> {
  return (await installation.deps.host.replica(venueId)).venue.clock().time;
}

it('a running market outlasts its Postgres, which is started again', async () => {
  const venueId = await openVenue();
  await vi.waitFor(async () => expect(await timeOf(venueId)).toBeGreaterThan(OPEN), PATIENCE);
  const killed = installation.database.embeddedPid ?? 0;
  process.kill(killed, 'SIGKILL');
  await vi.waitFor(() => expect(installation.database.embeddedPid).not.toBe(killed), PATIENCE);
  const before = await timeOf(venueId);
  await vi.waitFor(
    async () => expect(await timeOf(venueId)).toBeGreaterThan(before + 1_000_000),
    PATIENCE,
  );
  expect(failures).toEqual([]);
});

it('a restart leaves the whole old run in the tables and a driver leads the next one', async () => {
  const first = await openVenue();
  await vi.waitFor(async () => expect(await timeOf(first)).toBeGreaterThan(OPEN), PATIENCE);
  const { deps } = installation;
  const second = await deps.lifecycle.restart(first);
  const { seq } = (await deps.host.replica(first)).venue;
  expect(await createCheckpointReader(deps.sql).current(first)).toBe(seq);
  await vi.waitFor(async () => expect(await timeOf(second)).toBeGreaterThan(OPEN), PATIENCE);
  expect((await deps.registry.get(first))?.status).toBe('ended');
  expect(failures).toEqual([]);
});
