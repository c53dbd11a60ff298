/**
 * `npm run proof foundation-1`: the shipped day, played whole through log, engine and store, is
 * in Postgres tick by tick and bar by bar; played again it gives the same state and no new row.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { BarView } from '@rialto/engine/venue/views';
import type { Sql } from '../apps/server/src/store/database.ts';
import { createMarketDataReader } from '../apps/server/src/store/tables/market-data-reader.ts';
import { recomputeBars } from '../apps/server/src/store/tables/recompute-bars.ts';
import { readTapeInstruments } from '../apps/server/src/store/tables/tape-instruments.ts';
import { apiBars, hoursOf } from './support/api-bars.ts';
import { inspect } from './support/inspection.ts';
import { restart, runningVenue, setSpeed, untilPlayed } from './support/replay-run.ts';
import { Report } from './support/report.ts';
import { type RialtoProcess, startRialto } from './support/rialto-process.ts';

const TAPE = 'us-equities-2013-10-07';
const DAY = '2013-10-07';

/** What the shipped day consists of. */
const ROWS = {
  AIG: { trade: 25_351, quote: 539_968 },
  BAC: { trade: 88_172, quote: 238_428 },
  IBM: { trade: 24_293, quote: 54_534 },
} as const;
const SYMBOLS = ['AIG', 'BAC', 'IBM'] as const;

const ALL_TIME = { start: 0, end: 4_102_444_800_000_000 } as const;

/** What a play of the day left behind. */
interface Left {
  readonly hash: string;
  readonly counts: Readonly<Record<string, number>>;
}

const report = new Report('foundation-1', 'the whole recorded day in Postgres, played twice');

/** Plays the running venue to its end at full speed. */
async function playDay(server: RialtoProcess): Promise<void> {
  const { id, run } = await runningVenue(server);
  const before = await setSpeed(server, id, 0);
  const startMs = performance.now();
  const after = await untilPlayed(server, id);
  const seconds = (performance.now() - startMs) / 1_000;
  const events = after.seq - before.seq;
  const rate = Math.round(events / seconds);
  report.note(
    `run ${run}: up to ${after.time}, ${events} events in ${seconds.toFixed(1)} s, ${rate} events/s`,
  );
}

/** Hours as the API gives them against minutes as the API gives them, folded by hand. */
async function checkHours(server: RialtoProcess): Promise<void> {
  for (const symbol of SYMBOLS) {
    const minutes = await apiBars(server, { symbol, timeframe: '1Min', day: DAY });
    const hours = await apiBars(server, { symbol, timeframe: '1Hour', day: DAY });
    const folded = hoursOf(minutes);
    const different = folded.filter((hour, k) => {
      const { vw: _vw, ...shown } = hours[k] ?? { vw: 0 };
      return !isDeepStrictEqual(shown, hour);
    }).length;
    const label = `${symbol}: hours other than the fold of ${minutes.length} minutes`;
    report.exactly(label, different + Math.abs(hours.length - folded.length), 0);
    report.check(`${symbol}: hours from the API`, hours.length, '> 0', hours.length > 0);
  }
}

async function checkTicks(sql: Sql): Promise<void> {
  for (const kind of ['trade', 'quote'] as const) {
    const rows = await sql<{ symbol: string; count: number }[]>`
      select symbol, count(tick.position) from tape_instrument as i
      left join ${sql(kind)} as tick on tick.instrument_id = i.id
      where tape_id = ${TAPE} group by symbol`;
    const counts = new Map(rows.map(({ symbol, count }) => [symbol, count]));
    for (const symbol of SYMBOLS) {
      report.exactly(`${symbol} ${kind}s stored`, counts.get(symbol) ?? 0, ROWS[symbol][kind]);
    }
  }
}

async function checkBars(sql: Sql): Promise<void> {
  const reader = createMarketDataReader(sql);
  for (const [symbol, key] of await readTapeInstruments(sql, TAPE)) {
    const query = { tapeId: TAPE, symbol, ...ALL_TIME };
    const made = await recomputeBars(sql, key);
    const minutes = differing(await reader.minuteBars(query), made.minutes);
    const days = differing(await reader.dayBars(query), made.days);
    report.exactly(
      `${symbol}: stored minute bars other than the trades' ${made.minutes.length}`,
      minutes,
      0,
    );
    report.exactly(
      `${symbol}: stored day bars other than the trades' ${made.days.length}`,
      days,
      0,
    );
  }
}

/** Bars that stand in one list only, or differ. */
function differing(stored: readonly BarView[], made: readonly BarView[]): number {
  const byStart = new Map(stored.map((bar) => [bar.start, bar]));
  const same = made.filter((bar) => isDeepStrictEqual({ ...byStart.get(bar.start) }, { ...bar }));
  return stored.length + made.length - 2 * same.length;
}

async function countRows(sql: Sql): Promise<Readonly<Record<string, number>>> {
  const [counts] = await sql<Record<string, number>[]>`
    select (select count(*) from trade) as trades, (select count(*) from quote) as quotes,
      (select count(*) from bar_day) as bar_days, (select count(*) from day_bar) as day_bars,
      (select coalesce(sum(length(bars)), 0) from bar_day) as minute_bar_bytes`;
  return { ...counts };
}

async function firstPlay(dataDir: string): Promise<Left> {
  const server = await startRialto({ dataDir });
  try {
    await playDay(server);
    await checkHours(server);
  } finally {
    await server.stop();
  }
  return inspect(dataDir, report, async (sql, { hash }) => {
    await checkTicks(sql);
    await checkBars(sql);
    return { hash, counts: await countRows(sql) };
  });
}

async function secondPlay(dataDir: string): Promise<Left> {
  const server = await startRialto({ dataDir });
  try {
    await restart(server, (await runningVenue(server)).id);
    await playDay(server);
  } finally {
    await server.stop();
  }
  return inspect(dataDir, report, async (sql, { hash }) => ({
    hash,
    counts: await countRows(sql),
  }));
}

const dataDir = await mkdtemp(join(tmpdir(), 'rialto-proof-'));
try {
  const first = await firstPlay(dataDir);
  const second = await secondPlay(dataDir);
  report.exactly('state hash of the second play', second.hash, first.hash);
  for (const [table, count] of Object.entries(first.counts)) {
    report.exactly(`${table} after the second play`, second.counts[table] ?? 0, count);
  }
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
report.finish();
