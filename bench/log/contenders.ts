/**
 * What the Postgres log is measured against, all with 128-byte records.
 *
 * - a raw preallocated file: one write and one fdatasync per batch, nothing else;
 * - rows: the usual way, one row per record, a prepared multi-row INSERT per batch.
 */
import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../apps/server/src/store/database.ts';
import type { LogPartition } from '../../apps/server/src/log/log.ts';
import type { Contender } from './interleaved-rounds.ts';

/** Bytes of a record. */
export const RECORD_BYTES = 128;

const FILE_BYTES = 67_108_864;

/** Records of pseudo-random bytes: nothing a storage could compress. */
export function records(count: number): Buffer[] {
  let state = 0x9e3779b9;
  return Array.from({ length: count }, () => {
    const record = Buffer.allocUnsafe(RECORD_BYTES);
    for (let at = 0; at < RECORD_BYTES; at += 4) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      record.writeInt32LE(state | 0, at);
    }
    return record;
  });
}

/** Repeats `step`, which writes `batch` records, for about `ms`; records per second. */
export async function rate(
  ms: number,
  batch: number,
  step: () => void | Promise<void>,
): Promise<number> {
  const start = performance.now();
  let written = 0;
  while (performance.now() - start < ms) {
    await step();
    written += batch;
  }
  return (written * 1_000) / (performance.now() - start);
}

/** The limit: synchronous write and fdatasync on a file whose blocks exist. */
export class RawFile implements Disposable {
  private readonly fd: number;
  private position = 0;

  constructor(dir: string) {
    this.fd = openSync(join(dir, 'raw-log'), 'w');
    writeSync(this.fd, Buffer.alloc(FILE_BYTES), 0, FILE_BYTES, 0);
    fsyncSync(this.fd);
  }

  contender(batch: number): Contender {
    const bytes = Buffer.concat(records(batch));
    return {
      name: 'raw file',
      run: (ms) =>
        rate(ms, batch, () => {
          if (this.position + bytes.length > FILE_BYTES) this.position = 0;
          writeSync(this.fd, bytes, 0, bytes.length, this.position);
          fdatasyncSync(this.fd);
          this.position += bytes.length;
        }),
    };
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}

/** One caller that appends batch after batch. */
export function logContender(partition: LogPartition, batch: number): Contender {
  const payloads = records(batch);
  return {
    name: 'log',
    run: (ms) =>
      rate(ms, batch, async () => {
        await partition.append(payloads);
      }),
  };
}

/** Many callers, each appending one record after another. */
export function callersContender(partition: LogPartition, callers: number): Contender {
  const payloads = records(1);
  return {
    name: `${callers} callers`,
    async run(ms) {
      const rates = await Promise.all(
        Array.from({ length: callers }, () =>
          rate(ms, 1, async () => {
            await partition.append(payloads);
          }),
        ),
      );
      return rates.reduce((sum, perCaller) => sum + perCaller, 0);
    },
  };
}

/** One row per record: `insert into … values ($1, $2), ($3, $4), …`, prepared. */
export async function rowsContender(database: Database, batch: number): Promise<Contender> {
  const sql = database.connect({ name: 'bench-rows', max: 1 });
  const table = `bench_row_${batch}`;
  await sql.unsafe(`create table ${table} (seq bigint primary key, payload bytea not null)`);
  let seq = 0;
  const payloads = records(batch);
  const values = payloads.map((_, i) => `($${i * 2 + 1}, $${i * 2 + 2})`).join(', ');
  const statement = `insert into ${table} (seq, payload) values ${values}`;
  return {
    name: 'rows',
    run: (ms) =>
      rate(ms, batch, async () => {
        const parameters: (number | Buffer)[] = [];
        for (const payload of payloads) parameters.push((seq += 1), payload);
        await sql.unsafe(statement, parameters, { prepare: true });
      }),
  };
}
