/**
 * Writes ticks and bars of a tape, each once, whichever runs play it.
 *
 * The row of the tape in `tape_checkpoint` is locked first: ticks at positions it has passed
 * are there already, and bars are merged into what is there. Every run of a tape begins at its
 * first row, so the stored rows are always the tape's beginning without a hole.
 */
import { decodeBarDay, encodeBarDay } from '@rialto/engine/bars/day-codec';
import type { TapeSpec } from '@rialto/engine/venue/command';
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

/** A data set whose content is not the one whose rows are stored under its name. */
export class TapeChangedError extends Error {
  readonly code = 'tape_changed';
  override readonly name = 'TapeChangedError';
}

/** Writes the market data of a batch. `keys`: tape_instrument.id by instrument index. */
export async function writeMarketData(
  tx: AnySql,
  tape: TapeSpec,
  keys: readonly number[],
  batch: EventBatch,
): Promise<void> {
  const { trades, quotes, minuteBars, dayBars } = batch;
  if (trades.count + quotes.count + minuteBars.length + dayBars.length === 0) return;
  const stored = await lockTape(tx, tape);
  await copyTicks(tx, trades, keys, stored);
  await copyTicks(tx, quotes, keys, stored);
  const position = Math.max(trades.lastPosition(), quotes.lastPosition());
  if (position > stored) {
    await tx`
      update tape_checkpoint set position = ${position} where tape_id = ${tape.dataset}`;
  }
  if (minuteBars.length > 0) await mergeMinuteBars(tx, keys, minuteBars);
  if (dayBars.length > 0) await insertDayBars(tx, keys, dayBars);
}

/** Locks the tape until the transaction ends; the last position that is stored. */
async function lockTape(tx: AnySql, tape: TapeSpec): Promise<number> {
  await tx`
    insert into tape_checkpoint (tape_id, hash, position)
    values (${tape.dataset}, ${tape.hash}, -1)
    on conflict (tape_id) do nothing`;
  const [row] = await tx<{ hash: string; position: number }[]>`
    select hash, position from tape_checkpoint where tape_id = ${tape.dataset} for update`;
  if (row?.hash !== tape.hash) {
    throw new TapeChangedError(
      `data set ${tape.dataset} has another content than the one in the tables ` +
        `(${tape.hash}, stored ${String(row?.hash)}): give it another name`,
    );
  }
  return row.position;
}

async function copyTicks(
  tx: AnySql,
  rows: TickRows,
  keys: readonly number[],
  stored: number,
): Promise<void> {
  const first = rows.countUpTo(stored);
  if (first === rows.count) return;
  const { table } = rows;
  const statement = `copy ${table.name} (${tickColumns(table)}) from stdin (format binary)`;
  await copyIn(tx, statement, rows.toCopy(first, keys));
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
  return [...stored, ...missing].sort((a, b) => a.start - b.start);
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
