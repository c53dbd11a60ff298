import type { Command } from '@rialto/engine/venue/command';
import type { Micros } from '@rialto/engine/values/time';
import type { Outcome } from '@rialto/engine/venue/views';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { type LogPartition, LogStorageError } from '../log/log.ts';
import { systemClock } from '../runtime/clock.ts';
import { Driver } from './driver.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import { ACCOUNT, MemoryStorage, OPEN, openMemory, TAPE } from './testing/memory-installation.ts';

const CLOSES_AT = (OPEN + 60_000_000) as Micros;

/** Leads a venue that plays at full speed; `before` each command is appended, things may happen. */
async function lead(before: (command: Command, partition: LogPartition) => Promise<void> | void) {
  const storage = new MemoryStorage();
  const { host, lifecycle, log } = openMemory(storage);
  const template = { dataset: 'day', openAt: OPEN };
  const venueId = await lifecycle.open('day', template, [ACCOUNT], { speed: 0 });
  const replica = await host.replica(venueId);
  const partition = await log.open(venueId);
  const failures: Error[] = [];
  const logged: string[] = [];
  const submit = async (command: Command): Promise<Outcome> => {
    await before(command, partition);
    return replica.submit(command);
  };
  const { venue } = replica;
  const driver = new Driver(
    {
      replica: {
        venueId,
        venue,
        seq: 0,
        lagEvents: 0,
        submit,
        subscribe: (listener) => replica.subscribe(listener),
      },
      partition,
      tape: TAPE.tape,
      openAt: OPEN as Micros,
      closesAt: CLOSES_AT,
      snapshots: new SnapshotKeeper({
        venueId,
        store: storage,
        tables: { current: async () => venue.seq },
        partition,
        clock: systemClock,
      }),
      clock: systemClock,
      logger: pino({}, { write: (line: string) => logged.push(JSON.parse(line).msg) }),
    },
    (error) => failures.push(error),
  );
  return { driver, venue, failures, logged };
}

describe('a driver', () => {
  it('goes on where it stood once the storage takes commands again', async () => {
    let refusals = 1;
    const { driver, venue, failures } = await lead(({ type }) => {
      if (type !== 'advance_clock' || refusals === 0) return;
      refusals -= 1;
      throw new LogStorageError('log_storage_full', 'no space left');
    });
    await vi.waitFor(() => expect(venue.clock().time).toBe(CLOSES_AT), 5_000);
    await driver[Symbol.asyncDispose]();
    expect(refusals).toBe(0);
    expect(venue.clock().tapeEnded).toBe(true);
    expect(failures).toEqual([]);
  });

  it('fails with any other error', async () => {
    const { driver, failures } = await lead(({ type }) => {
      if (type === 'advance_clock') throw new TypeError('a bug');
    });
    await vi.waitFor(() => expect(failures).toHaveLength(1));
    expect(failures[0]?.message).toBe('a bug');
    await driver[Symbol.asyncDispose]();
  });

  it('stops without a failure when another one leads', async () => {
    const { driver, venue, failures, logged } = await lead(async ({ type }, partition) => {
      if (type === 'advance_clock') await partition.takeEpoch();
    });
    await vi.waitFor(() => expect(logged).toContain('driver was replaced'));
    expect(venue.clock().time).toBeLessThan(OPEN);
    expect(failures).toEqual([]);
    await driver[Symbol.asyncDispose]();
  });
});
