/**
 * How far the store has come, for readers that must see their own write.
 *
 * All waiters of a venue share one poll, which runs only while someone waits. (LISTEN would
 * need a NOTIFY in each transaction of the store, and those commit one at a time in the whole
 * database, log appends included.)
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from '../database.ts';
import type { CheckpointReader } from '../readers.ts';

/** Name of the store role in consumer_checkpoint. */
export const STORE_CONSUMER = 'store';

const POLL_MS = 4;

/** The tables did not reach an event in time. */
export class CheckpointTimeoutError extends Error {
  readonly code = 'checkpoint_timeout';
  override readonly name = 'CheckpointTimeoutError';
}

interface Waiter {
  readonly seq: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Watch {
  /** The highest checkpoint seen. */
  seq: number;
  waiters: Set<Waiter>;
  isPolling: boolean;
}

/** Reads the checkpoint of the store over `sql`. */
export function createCheckpointReader(sql: Sql): CheckpointReader {
  const watches = new Map<string, Watch>();

  const current = async (venueId: string): Promise<number> => {
    const [row] = await sql<{ seq: number }[]>`
      select seq from consumer_checkpoint
      where consumer = ${STORE_CONSUMER} and venue_id = ${venueId}`;
    return row === undefined ? 0 : row.seq;
  };

  const poll = async (venueId: string, watch: Watch): Promise<void> => {
    watch.isPolling = true;
    try {
      while (watch.waiters.size > 0) {
        watch.seq = await current(venueId);
        for (const waiter of watch.waiters) if (waiter.seq <= watch.seq) waiter.resolve();
        if (watch.waiters.size > 0) await delay(POLL_MS);
      }
    } catch (error) {
      for (const waiter of watch.waiters) waiter.reject(error);
    } finally {
      watch.isPolling = false;
    }
  };

  const wait = (venueId: string, watch: Watch, seq: number, timeoutMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (answer: () => void): void => {
        clearTimeout(timer);
        watch.waiters.delete(waiter);
        answer();
      };
      const waiter: Waiter = {
        seq,
        resolve: () => settle(resolve),
        reject: (error) => settle(() => reject(error)),
      };
      const timer = setTimeout(() => {
        const message = `the tables hold events up to ${watch.seq}, not ${seq}, after ${timeoutMs} ms`;
        waiter.reject(new CheckpointTimeoutError(message));
      }, timeoutMs);
      watch.waiters.add(waiter);
      if (!watch.isPolling) void poll(venueId, watch);
    });

  return {
    current,
    async reached(venueId, seq, timeoutMs) {
      let watch = watches.get(venueId);
      if (watch === undefined) {
        watch = { seq: 0, waiters: new Set(), isPolling: false };
        watches.set(venueId, watch);
      }
      if (seq > watch.seq) await wait(venueId, watch, seq, timeoutMs);
    },
  };
}
