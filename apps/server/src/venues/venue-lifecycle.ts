/**
 * The life of a venue: opened from a template, replaced by its next run, ended.
 *
 * Opening writes the first records (`open_venue`, `open_account` …, `set_clock`) to a new log
 * partition and then the row in the registry; a crash in between leaves a partition that
 * nothing refers to. A run is replaced in the registry only when it has ended in the log and the
 * tables hold all of it: until then every start loads it again, and a restart that was cut
 * short may be asked for once more.
 */
import { dollars } from '@rialto/engine/values/money';
import type { Micros } from '@rialto/engine/values/time';
import type { Command } from '@rialto/engine/venue/command';
import { encodeCommand } from '@rialto/engine/venue/command-codec';
import type { Log } from '../log/log.ts';
import type { Random } from '../runtime/random.ts';
import type { CheckpointReader } from '../store/readers.ts';
import type { LoadedTape, TapeLibrary } from './tape-library.ts';
import { VenueUnknownError, type VenueHost } from './venue-host.ts';
import type { AccountRow, VenueRegistry, VenueRow, VenueTemplate } from './venue-registry.ts';

/** Longest wait of a restart for the tables of the old run. */
const TABLES_WAIT_MS = 10_000;

/** What every account of a replay starts with. */
const OPENING_CASH = dollars(100_000);

/** The speed and place a run starts with. */
export interface RunStart {
  /** Venue time to play up to at once; the template's when absent. */
  readonly at?: Micros;
  /** 1 = real time, 0 = as fast as possible. */
  readonly speed?: number;
  readonly paused?: boolean;
}

/** A restart that names a moment outside the recording, or a run that has ended already. */
export class RestartRefusedError extends Error {
  readonly code: 'seek_outside_recording' | 'venue_ended';
  override readonly name = 'RestartRefusedError';

  constructor(code: RestartRefusedError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export class VenueLifecycle {
  private readonly deps: {
    readonly log: Log;
    readonly registry: VenueRegistry;
    readonly tapes: TapeLibrary;
    readonly host: VenueHost;
    readonly tables: Pick<CheckpointReader, 'reached'>;
    readonly random: Random;
  };
  private restarting: Promise<unknown> = Promise.resolve();

  constructor(deps: VenueLifecycle['deps']) {
    this.deps = deps;
  }

  /** Opens the first run of a template; resolves with the venue's id. */
  async open(
    name: string,
    template: VenueTemplate,
    accounts: readonly AccountRow[],
    start: RunStart = {},
  ): Promise<string> {
    const run = await this.writeRun({ name, run: 1, template }, accounts, start);
    await this.deps.registry.open(run, accounts);
    return run.id;
  }

  /**
   * Ends a running replay and opens its next run with the same accounts, fresh; resolves with
   * the id of the new venue. Restarts are made one at a time: of two calls for one venue the
   * second is refused (`venue_ended`).
   */
  restart(venueId: string, start: RunStart = {}): Promise<string> {
    const result = this.restarting.then(() => this.restartNow(venueId, start));
    this.restarting = result.catch(() => undefined);
    return result;
  }

  private async restartNow(venueId: string, start: RunStart): Promise<string> {
    const { registry, tapes, host, tables } = this.deps;
    const row = await registry.get(venueId);
    if (row === undefined) throw new VenueUnknownError(`no venue ${venueId}`);
    if (row.status === 'ended') {
      throw new RestartRefusedError('venue_ended', 'This run has been replaced already.');
    }
    const { tape } = await tapes.load(row.template.dataset);
    if (start.at !== undefined && !isInside(tape, start.at)) {
      throw new RestartRefusedError(
        'seek_outside_recording',
        'That moment is not in the recording.',
      );
    }
    const accounts = await registry.accounts(venueId);
    const next = await this.writeRun({ ...row, run: row.run + 1 }, accounts, start);
    const replica = await host.replica(venueId);
    // Refused when a restart that was cut short has ended the run already, which is as good.
    await replica.submit({ type: 'end_venue', at: replica.venue.clock().time });
    await tables.reached(venueId, replica.seq, TABLES_WAIT_MS);
    await registry.open(next, accounts, venueId);
    return next.id;
  }

  /** Writes the first records of a run; the registry does not know it yet. */
  private async writeRun(
    row: Pick<VenueRow, 'name' | 'run' | 'template'>,
    accounts: readonly AccountRow[],
    start: RunStart,
  ): Promise<Omit<VenueRow, 'status'>> {
    const { log, tapes, random } = this.deps;
    const loaded = await tapes.load(row.template.dataset);
    const id = random.uuid();
    await using partition = await log.open(id);
    await partition.append(genesis(loaded, accounts, start).map(encodeCommand));
    const template = { ...row.template, openAt: start.at ?? row.template.openAt };
    return { id, name: row.name, run: row.run, template };
  }
}

/** The records every venue begins with. The seed is fixed: a run differs by its commands only. */
function genesis(
  { name, hash, tape, instruments }: LoadedTape,
  accounts: readonly AccountRow[],
  start: RunStart,
): readonly Command[] {
  const at = (tape.length === 0 ? 0 : tape.time(0) - 1) as Micros;
  return [
    {
      type: 'open_venue',
      at,
      seed: 1,
      instruments,
      tape: { kind: 'recording', dataset: name, hash },
    },
    ...accounts.map(({ id }): Command => ({
      type: 'open_account',
      at,
      accountId: id,
      cash: OPENING_CASH,
    })),
    { type: 'set_clock', at, speed: start.speed ?? 1, paused: start.paused ?? false },
  ];
}

function isInside(tape: LoadedTape['tape'], at: Micros): boolean {
  return tape.length > 0 && at >= tape.time(0) && at <= tape.time(tape.length - 1);
}
