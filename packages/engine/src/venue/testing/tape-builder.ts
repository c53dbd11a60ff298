/**
 * Small recordings and the commands to play them, for tests: times as New York clock time of
 * Monday 2013-10-07, prices as text, rows in the order a person would write them.
 */
import { dayOf } from '../../calendar/civil-date.ts';
import { newYorkInstant } from '../../calendar/new-york.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import { RecordedTape } from '../../market/recorded-tape.ts';
import { TapeWriter } from '../../market/tape-writer.ts';
import { dollars } from '../../values/money.ts';
import { parsePrice } from '../../values/price.ts';
import type { Price } from '../../values/price.ts';
import { parseQuantity } from '../../values/quantity.ts';
import { MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND } from '../../values/time.ts';
import type { Micros } from '../../values/time.ts';
import type { Command, SubmitOrder } from '../command.ts';

/** The instruments of these recordings: BAC is 0, IBM is 1. */
export const INSTRUMENTS: readonly Instrument[] = [
  {
    symbol: 'BAC',
    name: 'Bank of America',
    id: 'b0b6dd9d-8b9b-48a9-ba46-b9d54906e415',
    exchange: 'NYSE',
    fractionable: true,
    tradable: true,
  },
  {
    symbol: 'IBM',
    name: 'International Business Machines',
    id: 'b0b6dd9d-8b9b-48a9-ba46-b9d54906e416',
    exchange: 'NYSE',
    fractionable: false,
    tradable: true,
  },
];

export const BAC = 0;
export const IBM = 1;

/** An instant of a day (yyyy-mm-dd, 2013-10-07 when left out) by New York clock: "09:30:00.25". */
export function ny(clock: string, date = '2013-10-07'): Micros {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const timeOfDay =
    hours * MICROS_PER_HOUR + minutes * MICROS_PER_MINUTE + Math.round(seconds * MICROS_PER_SECOND);
  return newYorkInstant(dayOf(year, month, day), timeOfDay);
}

/** A price from text, which must be one. */
export function price(text: string): Price {
  const parsed = parsePrice(text);
  if (parsed === undefined) throw new Error(`${text} is no price`);
  return parsed;
}

/** One row: `[time, instrument, price, size, condition bits?]`. */
export type TradeRow = readonly [string, number, string, number, number?];

/** One row: `[time, instrument, bid, bid size, ask, ask size, condition bits?]`; '' is no side. */
export type QuoteRow = readonly [string, number, string, number, string, number, number?];

interface Rows {
  readonly date?: string;
  readonly trades?: readonly TradeRow[];
  readonly quotes?: readonly QuoteRow[];
}

/** Packs rows of one or several days; trades of an instant come before its quotes. */
export function tapeOf(...days: readonly Rows[]): RecordedTape {
  const writes: { readonly time: Micros; readonly write: (w: TapeWriter) => void }[] = [];
  for (const { date, trades = [], quotes = [] } of days) {
    for (const [clock, instrument, at, size, conditions = 1] of trades) {
      const time = ny(clock, date);
      const row = { time, instrument, price: price(at), size, venue: 'N', conditions };
      writes.push({ time, write: (w) => w.trade({ ...row, suspicious: false }) });
    }
    for (const [clock, instrument, bid, bidSize, ask, askSize, conditions = 1] of quotes) {
      const time = ny(clock, date);
      const row = { time, instrument, conditions, suspicious: false, bidSize, askSize };
      const bidPrice = bid === '' ? 0 : price(bid);
      const askPrice = ask === '' ? 0 : price(ask);
      const venues = { bidVenue: bid === '' ? '' : 'P', askVenue: ask === '' ? '' : 'Q' };
      writes.push({ time, write: (w) => w.quote({ ...row, ...venues, bidPrice, askPrice }) });
    }
  }
  // The sort keeps the order of rows of one instant: trades were pushed first.
  writes.sort((a, b) => a.time - b.time);
  const writer = new TapeWriter(INSTRUMENTS.map(({ symbol }) => symbol));
  for (const { write } of writes) write(writer);
  return new RecordedTape(writer.finish());
}

/** The first command of every venue of these tests. */
export function openVenue(at: Micros): Command {
  const tape = { kind: 'recording', dataset: 'test', hash: '00' } as const;
  return { type: 'open_venue', at, seed: 7, instruments: INSTRUMENTS, tape };
}

/** Opens an account with $100,000, or the cash given in whole dollars. */
export function openAccount(accountId: string, cash = 100_000, at: Micros = 0 as Micros): Command {
  return { type: 'open_account', at, accountId, cash: dollars(cash) };
}

/** Moves the clock to a New York time. */
export function advance(clock: string, date?: string): Command {
  return { type: 'advance_clock', at: 0 as Micros, epoch: 0, to: ny(clock, date) };
}

/** An order as one line: `buy 100 BAC` or `sell 1.5 BAC 13.91 gtc`; of account 0 by default. */
export function order(line: string, clientOrderId: string, account = 0): SubmitOrder {
  const [side, quantity = '', symbol, ...terms] = line.split(' ');
  const qty = parseQuantity(quantity);
  const instrument = INSTRUMENTS.findIndex((one) => one.symbol === symbol);
  if ((side !== 'buy' && side !== 'sell') || qty === undefined || instrument < 0) {
    throw new Error(`"${line}" is no order`);
  }
  const limit = terms.find((term) => parsePrice(term) !== undefined);
  const timeInForce =
    (['gtc', 'ioc', 'fok'] as const).find((term) => terms.includes(term)) ?? 'day';
  return {
    type: 'submit_order',
    at: 0 as Micros,
    account,
    instrument,
    side,
    orderType: limit === undefined ? 'market' : 'limit',
    timeInForce,
    qty,
    limitPrice: limit === undefined ? (0 as Price) : price(limit),
    clientOrderId,
  };
}
