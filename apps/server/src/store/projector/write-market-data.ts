/**
 * Writes ticks and bars of a tape, each once, whichever runs play it.
 *
 * The tape is locked first. Ticks at positions that their instrument has passed are there
 * already, and bars are merged into what is there. Every run of a tape begins at its first row,
 * so the stored rows of an instrument are always its beginning, without a hole.
 */
import { decodeBarDay, encodeBarDay } from '@rialto/engine/bars/day-codec';
import type { BarEvent } from '@rialto/engine/venue/events-reader';
import type { BarView } from '@rialto/engine/venue/views';
import type { AnySql } from '../tables/any-sql.ts';
import { copyIn } from '../tables/copy-stream.ts';
import { tickColumns } from '../tables/tick-rows.ts';
import type { TickRows } from '../tables/tick-rows.ts';
import { dateText, timestampText, utcDayOf } from '../tables/timestamps.ts';
import type { EventBatch } from './event-batch.ts';

/** Type of bytes: the driver would take an array of them for one. */
const BYTEA = 17;

/** The tape of a venue, as the tables know it. */
export interface TapeTarget {
  readonly tapeId: string;
  /** tape_instrument.id by the venue's index of the instrument. */
  readonly keys: readonly number[];
}

/** Writes the market data of a batch. */
export async function writeMarketData(
  tx: AnySql,
  { tapeId, keys }: TapeTarget,
  batch: EventBatch,
): Promise<void> {
  const { trades, quotes, minuteBars, dayBars } = batch;
  if (trades.count + quotes.count + minuteBars.length + dayBars.length === 0) return;
  await tx`select from tape where id = ${tapeId} for update`;
  if (trades.count + quotes.count > 0) await copyTicks(tx, keys, [trades, quotes]);
  if (minuteBars.length > 0) await mergeMinuteBars(tx, keys, minuteBars);
  if (dayBars.length > 0) await insertDayBars(tx, keys, dayBars);
}

async function copyTicks(
  tx: AnySql,
  keys: readonly number[],
  tables: readonly TickRows[],
): Promise<void> {
  const before = await readPositions(tx, keys);
  const after = [...before];
  for (const rows of tables) {
    const { table } = rows;
    const bytes = rows.toCopy({ keys, before, after });
    if (bytes.length === 0) continue;
    const statement = `copy ${table.name} (${tickColumns(table)}) from stdin (format binary)`;
    await copyIn(tx, statement, bytes);
  }
  const moved = keys.flatMap((key, k) =>
    after[k] === before[k] ? [] : [{ key, position: after[k] ?? -1 }],
  );
  if (moved.length === 0) return;
  await tx`
    update tape_instrument set position = moved.position
    from unnest(
      ${moved.map(({ key }) => key)}::integer[],
      ${moved.map(({ position }) => position)}::bigint[]) as moved (id, position)
    where tape_instrument.id = moved.id`;
}

/** The last stored position of each instrument, in the order of `keys`. */
async function readPositions(tx: AnySql, keys: readonly number[]): Promise<readonly number[]> {
  const rows = await tx<{ id: number; position: number }[]>`
    select id, position from tape_instrument where id = any(${[...keys]}::integer[])`;
  const positions = new Map(rows.map((row) => [row.id, row.position]));
  return keys.map((key) => positions.get(key) ?? -1);
}

/** Bars of one instrument and UTC day. */
interface BarDay {
  readonly key: number;
  readonly date: string;
  readonly bars: BarView[];
}

async function mergeMinuteBars(
  tx: AnySql,
  keys: readonly number[],
  closed: readonly BarEvent[],
): Promise<void> {
  const days = new Map<string, BarDay>();
  for (const { instrument, bar } of closed) {
    const key = keyOf(keys, instrument);
    const date = dateText(utcDayOf(bar.start));
    const name = `${key}/${date}`;
    const day = days.get(name);
    if (day === undefined) days.set(name, { key, date, bars: [bar] });
    else day.bars.push(bar);
  }
  const wanted = [...days.values()];
  const stored = await tx<{ instrument_id: number; date: string; bars: Uint8Array }[]>`
    select instrument_id, date::text, bars from bar_day
    where timeframe = '1Min' and (instrument_id, date) in (
      select * from unnest(
        ${wanted.map((day) => day.key)}::integer[], ${wanted.map((day) => day.date)}::text[]::date[]))`;
  const before = new Map(
    stored.map((row) => [`${row.instrument_id}/${row.date}`, decodeBarDay(row.bars)]),
  );
  const changed: { key: number; date: string; bytes: Buffer }[] = [];
  for (const [name, { key, date, bars }] of days) {
    const merged = mergeBars(before.get(name) ?? [], bars);
    if (merged !== undefined) changed.push({ key, date, bytes: Buffer.from(encodeBarDay(merged)) });
  }
  if (changed.length === 0) return;
  await tx`
    insert into bar_day (instrument_id, timeframe, date, bars)
    select key, '1Min', date, bars from unnest(
      ${changed.map((day) => day.key)}::integer[],
      ${changed.map((day) => day.date)}::text[]::date[],
      ${tx.array(
        changed.map((day) => day.bytes),
        BYTEA,
      )}::bytea[]) as day (key, date, bars)
    on conflict (instrument_id, timeframe, date) do update set bars = excluded.bars`;
}

/** `stored` with those of `closed` that it lacks, by start; undefined when it lacks none. */
function mergeBars(
  stored: readonly BarView[],
  closed: readonly BarView[],
): readonly BarView[] | undefined {
  const starts = new Set<number>(stored.map((bar) => bar.start));
  const missing = closed.filter((bar) => !starts.has(bar.start));
  if (missing.length === 0) return undefined;
  return [...stored, ...missing].toSorted((a, b) => a.start - b.start);
}

async function insertDayBars(
  tx: AnySql,
  keys: readonly number[],
  closed: readonly BarEvent[],
): Promise<void> {
  const bars = closed.map(({ bar }) => bar);
  await tx`
    insert into day_bar
      (instrument_id, start, open, high, low, close, volume, notional, trade_count)
    select * from unnest(
      ${closed.map(({ instrument }) => keyOf(keys, instrument))}::integer[],
      ${bars.map((bar) => timestampText(bar.start))}::text[]::timestamptz[],
      ${bars.map((bar) => bar.open)}::integer[],
      ${bars.map((bar) => bar.high)}::integer[],
      ${bars.map((bar) => bar.low)}::integer[],
      ${bars.map((bar) => bar.close)}::integer[],
      ${bars.map((bar) => bar.volume)}::bigint[],
      ${bars.map((bar) => bar.notional)}::bigint[],
      ${bars.map((bar) => bar.tradeCount)}::integer[])
    on conflict (instrument_id, start) do nothing`;
}

function keyOf(keys: readonly number[], instrument: number): number {
  const key = keys[instrument];
  if (key === undefined) throw new Error(`the venue has no instrument ${instrument}`);
  return key;
}
