/**
 * Ticks and bars of tapes. A recording is a fact of its data set: rows are keyed by tape, and
 * all runs of the tape share them.
 *
 * Ticks are integers in fixed columns (written by COPY BINARY); bars of a day are one packed
 * row, because reading 390 rows costs ten times one row of the same bytes.
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { describeTable } from './describe-table.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tape (
      id   text primary key,
      hash text not null
    );
    create table tape_instrument (
      id       integer generated always as identity primary key,
      tape_id  text not null references tape,
      symbol   text not null,
      position bigint not null default -1,
      unique (tape_id, symbol)
    );
    create table trade (
      ts            timestamptz not null,
      position      bigint not null,
      instrument_id integer not null,
      price         integer not null,
      size          integer not null,
      conditions    integer not null,
      flags         integer not null,
      venue         "char" not null,
      primary key (instrument_id, ts, position)
    ) partition by range (ts);
    create table quote (
      ts            timestamptz not null,
      position      bigint not null,
      instrument_id integer not null,
      bid_price     integer not null,
      bid_size      integer not null,
      ask_price     integer not null,
      ask_size      integer not null,
      conditions    integer not null,
      bid_venue     "char" not null,
      ask_venue     "char" not null,
      primary key (instrument_id, ts, position)
    ) partition by range (ts);
    create table bar_day (
      instrument_id integer not null references tape_instrument,
      timeframe     text not null check (timeframe in ('1Min')),
      date          date not null,
      bars          bytea not null,
      primary key (instrument_id, timeframe, date)
    );
    create table day_bar (
      instrument_id integer not null references tape_instrument,
      start         timestamptz not null,
      open          integer not null,
      high          integer not null,
      low           integer not null,
      close         integer not null,
      volume        bigint not null,
      notional      bigint not null,
      trade_count   integer not null,
      primary key (instrument_id, start)
    );
  `.execute(db);
  await describeTicks(db);
  await describeBars(db);
}

async function describeTicks(db: Kysely<unknown>): Promise<void> {
  await describeTable(db, 'tape', 'Tapes whose rows are stored.', {
    id: 'Name of the data set.',
    hash: 'SHA-256 (hex) of the data set: another content under the same name is refused.',
  });
  await describeTable(db, 'tape_instrument', 'Short keys for the instruments of a tape.', {
    position: 'Ticks up to this position are stored, whichever run played them; -1: none.',
  });
  const shared = {
    ts: 'Venue time, to the microsecond.',
    position: 'Place on the tape: rows of one tape are ordered by it.',
    instrument_id: 'tape_instrument.id.',
    conditions: 'Bit set of the tick codes.',
  };
  await describeTable(db, 'trade', 'Prints of a tape; one partition a UTC day.', {
    ...shared,
    price: 'In $0.0001: 139100 is $13.91.',
    size: 'Whole shares.',
    flags: 'What the print changed in bars, and 64: the vendor doubts it (TRADE.flags).',
    venue: 'One-letter venue code.',
  });
  await describeTable(
    db,
    'quote',
    'Best bid and offer after each change; one partition a UTC day.',
    {
      ...shared,
      bid_price: 'In $0.0001; 0: no bid.',
      bid_size: 'Whole shares.',
      ask_price: 'In $0.0001; 0: no offer.',
      ask_size: 'Whole shares.',
      bid_venue: 'One-letter venue code.',
      ask_venue: 'One-letter venue code.',
    },
  );
}

async function describeBars(db: Kysely<unknown>): Promise<void> {
  await describeTable(db, 'bar_day', 'Final minute bars, one row a day.', {
    date: 'UTC date of the start of the bars.',
    bars: 'All bars of the day, packed (day-codec of the engine).',
  });
  await describeTable(db, 'day_bar', 'Final daily bars.', {
    start: 'Start of the trading day.',
    open: 'In $0.0001, as high, low and close.',
    volume: 'Whole shares.',
    notional: 'Sum of price × size in $0.0001.',
  });
}
