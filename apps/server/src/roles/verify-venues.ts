/**
 * Proves from the log that the state, the ledger and the tables are what they should be.
 *
 * Used by `rialto verify` and by the proofs, on an installation that nothing else runs on. The
 * tables may lack the last events of a killed process: they are brought up to the log first,
 * just as the next start would do it.
 */
import type { RecordedTape } from '@rialto/engine/market/recorded-tape';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import { createCheckpointReader } from '../store/tables/checkpoint-reader.ts';
import { findBalanceFaults, findOrderFaults } from '../store/tables/compare-brokerage.ts';
import { compareTicks } from '../store/tables/compare-ticks.ts';
import { findBrokerageFaults } from '../store/tables/ledger-balances.ts';
import { findBarFaults } from '../store/tables/recompute-bars.ts';
import { compareReplays } from '../venues/replay-log.ts';
import type { VenueRow } from '../venues/venue-registry.ts';
import type { RoleDeps } from './role-deps.ts';
import { startStoreRole } from './store-role.ts';

/** One thing that was checked; without problems it holds. */
export interface VerifiedCheck {
  readonly what: string;
  readonly problems: readonly string[];
}

/** All that was found out about one running venue. */
export interface VerifiedVenue {
  readonly venueId: string;
  readonly events: number;
  /** State hash after a start; checked against the replays. */
  readonly hash: string;
  /** State hash of a replay from the first command; undefined when the log was cut. */
  readonly hashFromZero: string | undefined;
  /** State hash of a replay from the newest snapshot; undefined when there is none. */
  readonly hashFromSnapshot: string | undefined;
  readonly checks: readonly VerifiedCheck[];
}

/** Checks every running venue and its tape. */
export async function* verifyVenues(deps: RoleDeps): AsyncGenerator<VerifiedVenue> {
  const rows = await deps.registry.running();
  const store = startStoreRole(deps);
  try {
    for (const row of rows) await deps.host.replica(row.id);
  } finally {
    // Writes what is queued.
    await store[Symbol.asyncDispose]();
  }
  for (const row of rows) yield await verifyVenue(deps, row);
}

async function verifyVenue(deps: RoleDeps, row: VenueRow): Promise<VerifiedVenue> {
  const { tape } = await deps.tapes.load(row.template.dataset);
  const partition = await deps.log.open(row.id);
  const hash = (await deps.host.replica(row.id)).venue.stateHash();
  const snapshot = await deps.snapshots.newest(row.id);
  const replays = await compareReplays(partition, tape, snapshot);
  const { commands, events, hashFromZero, hashFromSnapshot, broken, venue } = replays;
  const name = `${row.name}, run ${row.run}`;
  const checks: VerifiedCheck[] = [
    checkHash(`${name}: ${commands} commands replayed from zero`, hash, hashFromZero),
    checkHash(`${name}: newest snapshot and the log behind it`, hash, hashFromSnapshot),
    { what: `${name}: the state keeps its invariants`, problems: broken },
    ...(await verifyTables(deps, name, { venueId: row.id, venue })),
    ...(await verifyTape(deps, row, { tape, played: venue.clock().tapePosition })),
  ];
  return { venueId: row.id, events, hash, hashFromZero, hashFromSnapshot, checks };
}

/** Without a replay there is nothing to hold against the state, and the line says so. */
function checkHash(what: string, hash: string, replayed: string | undefined): VerifiedCheck {
  if (replayed === undefined) return { what: `${what}: not there`, problems: [] };
  const problems = replayed === hash ? [] : [`give the state ${replayed}, a start gives ${hash}`];
  return { what: `${what} give the state ${hash}`, problems };
}

async function verifyTables(
  { sql }: RoleDeps,
  name: string,
  { venueId, venue }: { readonly venueId: string; readonly venue: VenueApi },
): Promise<readonly VerifiedCheck[]> {
  const stored = await createCheckpointReader(sql).current(venueId);
  return [
    {
      what: `${name}: the tables hold all ${venue.seq} events`,
      problems: stored === venue.seq ? [] : [`they hold events up to ${stored}`],
    },
    {
      what: `${name}: the transfers add up to the balances of the state`,
      problems: [
        ...(await findBalanceFaults(sql, venueId, venue)),
        ...(await findBrokerageFaults(sql, venueId)),
      ],
    },
    {
      what: `${name}: every order is stored once, as the state knows it`,
      problems: await findOrderFaults(sql, venueId, venue),
    },
  ];
}

async function verifyTape(
  { sql }: RoleDeps,
  row: VenueRow,
  tape: { readonly tape: RecordedTape; readonly played: number },
): Promise<readonly VerifiedCheck[]> {
  const { dataset } = row.template;
  const { trades, quotes, faults } = await compareTicks(sql, dataset, tape);
  return [
    {
      what: `${dataset}: ${trades} trades and ${quotes} quotes are those of the tape, each once`,
      problems: faults,
    },
    {
      what: `${dataset}: stored bars are those of the stored trades`,
      problems: await findBarFaults(sql, dataset),
    },
  ];
}
