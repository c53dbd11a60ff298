/** What must not change: the venue as its API shows it, and its state as the log gives it. */
import { decodeCommand } from '../../packages/engine/src/venue/command-codec.ts';
import { createVenue } from '../../packages/engine/src/venue/venue.ts';
import { parseSettings } from '../../apps/server/src/config/settings.ts';
import { openInstallation } from '../../apps/server/src/roles/installation.ts';
import { createLogger } from '../../apps/server/src/runtime/logger.ts';
import { compareReplays } from '../../apps/server/src/venues/replay-log.ts';
import { send } from './http-case.ts';

type Key = Readonly<Record<string, string>>;

const LOOKED_AT = [
  '/v2/account',
  '/v2/orders?status=all&limit=500',
  '/v2/positions',
  '/api/v1/fills?limit=200',
];

/** The bodies of the account's state, as they are; the first line is the venue with its `seq`. */
export async function shownState(origin: string, key: Key, venueId: string): Promise<string> {
  const bodies: string[] = [];
  for (const path of [`/api/v1/venues/${venueId}`, ...LOOKED_AT]) {
    const { status, body } = await send(origin, { method: 'GET', path, headers: key });
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
    bodies.push(body);
  }
  return bodies.join('\n');
}

export interface LoggedState {
  /** State hash where event `seq` had just happened. */
  readonly before: string;
  /** State hash of the whole log, replayed from its first command. */
  readonly after: string;
  /** Of the newest snapshot with the log behind it; undefined without a snapshot. */
  readonly fromSnapshot: string | undefined;
  /** Commands behind event `seq`: refused ones make no event. */
  readonly refusedCommands: number;
  readonly broken: readonly string[];
}

/** Replays the log of a venue in a data directory that no server runs on. */
export async function loggedState(
  dataDir: string,
  venueId: string,
  seq: number,
): Promise<LoggedState> {
  const settings = parseSettings({ RIALTO_DATA_DIR: dataDir });
  const failures: Error[] = [];
  await using installation = await openInstallation({
    settings,
    logger: createLogger({ level: 'silent' }),
    onProgress: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  const { registry, tapes, log, snapshots } = installation.deps;
  const row = await registry.get(venueId);
  if (row === undefined) throw new Error(`no venue ${venueId}`);
  const { tape } = await tapes.load(row.template.dataset);
  const partition = await log.open(venueId);
  const venue = createVenue(tape);
  let before = '';
  let refusedCommands = 0;
  for await (const records of partition.read(1)) {
    for (const record of records) {
      venue.apply(decodeCommand(record.payload));
      if (venue.seq !== seq) continue;
      if (before === '') before = venue.stateHash();
      else refusedCommands++;
    }
  }
  const replays = await compareReplays(partition, tape, await snapshots.newest(venueId));
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  return {
    before,
    after: replays.hashFromZero ?? 'the log does not begin at its first command',
    fromSnapshot: replays.hashFromSnapshot,
    refusedCommands,
    broken: replays.broken,
  };
}
