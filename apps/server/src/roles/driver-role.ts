/**
 * The `driver` role: leads every running venue.
 *
 * It looks at the registry four times a second, so a restarted replay moves within that time.
 */
import { newYorkDay } from '@rialto/engine/calendar/new-york';
import { tradingHours } from '@rialto/engine/calendar/exchange-calendar';
import type { RecordedTape } from '@rialto/engine/market/recorded-tape';
import type { Micros } from '@rialto/engine/values/time';
import { sleep } from '../runtime/clock.ts';
import { createCheckpointReader } from '../store/tables/checkpoint-reader.ts';
import { Driver } from '../venues/driver.ts';
import { SnapshotKeeper } from '../venues/snapshot-keeper.ts';
import type { VenueRow } from '../venues/venue-registry.ts';
import type { RoleDeps } from './role-deps.ts';
import { runningVenues } from './running-venues.ts';

const LOOK_MS = 250;

/** Starts to lead the running venues; disposal stops all drivers. */
export function startDriverRole(deps: RoleDeps): AsyncDisposable {
  const stopping = new AbortController();
  const drivers = new Map<string, Driver>();
  const running = look(deps, drivers, stopping.signal).catch((error: unknown) => {
    deps.onFailure(error instanceof Error ? error : new Error(String(error)));
  });
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      stopping.abort();
      await running;
      await Promise.all([...drivers.values()].map((driver) => driver[Symbol.asyncDispose]()));
    },
  };
}

async function look(
  deps: RoleDeps,
  drivers: Map<string, Driver>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const rows = await runningVenues(deps, signal);
    if (rows === undefined) return;
    for (const row of rows) {
      if (drivers.has(row.id) || signal.aborted) continue;
      drivers.set(row.id, await lead(deps, row));
    }
    for (const [id, driver] of drivers) {
      if (rows.some((row) => row.id === id)) continue;
      drivers.delete(id);
      await driver[Symbol.asyncDispose]();
    }
    await sleep(deps.clock, LOOK_MS, signal);
  }
}

async function lead(deps: RoleDeps, row: VenueRow): Promise<Driver> {
  const { clock, logger, onFailure } = deps;
  const replica = await deps.host.replica(row.id);
  const partition = await deps.log.open(row.id);
  const { tape } = await deps.tapes.load(row.template.dataset);
  const snapshots = new SnapshotKeeper({
    venueId: row.id,
    store: deps.snapshots,
    tables: createCheckpointReader(deps.sql),
    partition,
    clock,
  });
  logger.info({ venue_id: row.id, run: row.run }, 'driver leads');
  return new Driver(
    {
      replica,
      partition,
      tape,
      openAt: row.template.openAt as Micros,
      closesAt: lastDayEnd(tape),
      snapshots,
      clock,
      logger,
    },
    onFailure,
  );
}

/** When the sessions of the last recorded day are over: the clock stops there. */
function lastDayEnd(tape: RecordedTape): Micros {
  if (tape.length === 0) return 0 as Micros;
  const last = tape.time(tape.length - 1);
  return Math.max(last, tradingHours(newYorkDay(last)).end) as Micros;
}
