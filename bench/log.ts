/**
 * `npm run bench log`: the Postgres log against a raw file, a row per record, and itself with
 * one caller. Ratios within interleaved rounds; exits non-zero when a goal is missed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogPartition } from '../apps/server/src/log/log.ts';
import { createPostgresLog } from '../apps/server/src/log/postgres/postgres-log.ts';
import { createLogger } from '../apps/server/src/runtime/logger.ts';
import { type Database, openDatabase } from '../apps/server/src/store/database.ts';
import { migrate } from '../apps/server/src/store/migrations/migrate.ts';
import { callersContender, logContender, RawFile, rowsContender } from './log/contenders.ts';
import { type Contender, interleave } from './log/interleaved-rounds.ts';
import { formatSpread, ratiosOf, spreadOf } from './support/ratio.ts';

const ROUNDS = 7;
const MS_PER_RUN = 400;

/** One goal: `of` is at least `atLeast` times as fast as `to`. */
interface Goal {
  readonly title: string;
  readonly contenders: readonly Contender[];
  readonly of: string;
  readonly to: string;
  readonly atLeast: number;
}

async function goals(
  database: Database,
  partition: LogPartition,
  file: RawFile,
): Promise<readonly Goal[]> {
  const againstFile = [1, 10, 100].map((batch) => ({
    title: `batch ${batch}: log / raw file with fdatasync`,
    contenders: [file.contender(batch), logContender(partition, batch)],
    of: 'log',
    to: 'raw file',
    atLeast: 0.35,
  }));
  const againstRows: Goal[] = [];
  for (const batch of [100, 1_000]) {
    againstRows.push({
      title: `batch ${batch}: log / row per record`,
      contenders: [await rowsContender(database, batch), logContender(partition, batch)],
      of: 'log',
      to: 'rows',
      atLeast: 2,
    });
  }
  const concurrency = {
    title: 'one record per append: 64 callers / 1 caller',
    contenders: [callersContender(partition, 1), callersContender(partition, 64)],
    of: '64 callers',
    to: '1 callers',
    atLeast: 20,
  };
  return [...againstFile, ...againstRows, concurrency];
}

async function measure(goal: Goal): Promise<boolean> {
  const rounds = await interleave({
    contenders: goal.contenders,
    rounds: ROUNDS,
    msPerRun: MS_PER_RUN,
  });
  const ratesOf = (name: string): readonly number[] => rounds.get(name) ?? [];
  const ratio = ratiosOf(ratesOf(goal.of), ratesOf(goal.to));
  const met = ratio.median >= goal.atLeast;
  const rates = goal.contenders
    .map(({ name }) => `${name} ${Math.round(spreadOf(ratesOf(name)).median)}/s`)
    .join(', ');
  print(
    `${met ? 'ok  ' : 'MISS'} ${goal.title}: ${formatSpread(ratio)}, goal ${goal.atLeast} (${rates})`,
  );
  return met;
}

/**
 * Makes the write-ahead log as long as it gets in use. Its files are made once and then used
 * again; making them is no part of a commit, as the raw file's blocks exist before it is timed.
 */
async function warmWriteAheadLog(database: Database): Promise<void> {
  const { sql } = database;
  await sql`create table bench_filler (payload text)`;
  for (let part = 0; part < 3; part++) {
    await sql`insert into bench_filler select repeat('x', 1000) from generate_series(1, 110000)`;
    await sql`checkpoint`;
  }
  await sql`drop table bench_filler`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const dir = await mkdtemp(join(tmpdir(), 'rialto-bench-'));
try {
  const logger = createLogger({ level: 'silent' });
  await using database = await openDatabase({ dataDir: dir, logger, onProgress: print });
  await migrate(database.sql);
  await warmWriteAheadLog(database);
  await using log = createPostgresLog({ database, logger });
  await using partition = await log.open('bench');
  using file = new RawFile(dir);
  print(`128-byte records, ${ROUNDS} interleaved rounds, ratios as median [min..max]`);
  let met = true;
  for (const goal of await goals(database, partition, file)) met = (await measure(goal)) && met;
  if (!met) process.exitCode = 1;
} finally {
  await rm(dir, { recursive: true, force: true });
}
