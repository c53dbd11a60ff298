/**
 * What every data socket is held to while the clock runs at ×60: each trade and quote of the
 * recording between two instants, once and in order, and the bars that REST shows.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Venue } from '@rialto/contracts/platform/platform-api';
import { setTimeout as delay } from 'node:timers/promises';
import type { Report } from '../support/report.ts';
import type { RialtoProcess } from '../support/rialto-process.ts';
import type { Bar, Bot, Quote, Trade } from './bot.ts';
import { utc } from './bot.ts';
import type { RecordedDay } from './recorded-day.ts';
import { changeClock } from './venue-clock.ts';
import { until } from './waiting.ts';

const SPEED = 60;
const BARS = 3;
/** Time for what was sent before the pause to arrive. */
const ARRIVE_MS = 500;

/** What arrived; a socket of another process hands it over as a copy. */
export interface Arrived {
  readonly trades: readonly Trade[];
  readonly quotes: readonly Quote[];
  readonly bars: readonly Bar[];
}

/** A data socket that is subscribed, and what it got so far. */
export interface LiveSocket {
  readonly name: string;
  arrived(): Promise<Arrived>;
}

/** Lets the clock run until bars came, stops it, and compares what each socket got. */
export async function runLive(options: {
  readonly server: RialtoProcess;
  readonly venue: Venue;
  readonly bot: Bot;
  readonly bac: RecordedDay;
  readonly sockets: readonly LiveSocket[];
  readonly report: Report;
}): Promise<void> {
  const { server, venue, bot, bac, sockets, report } = options;
  const start = utc(venue.time);
  await changeClock(server, venue.id, { speed: SPEED, paused: false });
  await until(async () => {
    const got = await Promise.all(sockets.map((socket) => socket.arrived()));
    return got.every(({ bars }) => bars.length >= BARS);
  }, `${BARS} live bars`);
  const { time } = await changeClock(server, venue.id, { paused: true });
  await delay(ARRIVE_MS);
  const span = { start, end: utc(time) };
  const trades = bac.tradesIn(span);
  const quotes = bac.quotesIn(span);
  for (const socket of sockets) {
    const got = await socket.arrived();
    compare(report, `${socket.name} live trades`, got.trades, trades);
    compare(report, `${socket.name} live quotes`, got.quotes, quotes);
    const [first, last] = [got.bars[0], got.bars.at(-1)];
    if (first === undefined || last === undefined) throw new Error('no bar arrived');
    const bars = await bot.bars('BAC', { start: first.time, end: last.time }, 1_000);
    compare(report, `${socket.name} live bars`, got.bars, bars);
  }
}

function compare(
  report: Report,
  label: string,
  got: readonly object[],
  goal: readonly object[],
): void {
  const ok = goal.length > 0 && isDeepStrictEqual(got, goal);
  report.check(label, got.length, `${goal.length}, the same in the same order`, ok);
}
