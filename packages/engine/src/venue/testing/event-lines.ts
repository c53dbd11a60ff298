/** Events as lines that a trader can read, for tests: `09:30:01 fill #1 100 @ 13.92 quoteTaken`. */
import { formatNewYork } from '../../calendar/new-york.ts';
import type { EventBuffer } from '../../events/event-buffer.ts';
import { EndReason, EventType, FillReason } from '../../events/event-layout.ts';
import { formatMoney } from '../../values/money.ts';
import { formatPrice } from '../../values/price.ts';
import { formatQuantity } from '../../values/quantity.ts';
import {
  eventType,
  readAccountEvent,
  readBarEvent,
  readClockEvent,
  readHead,
  readOrderEvent,
  readQuoteEvent,
  readSessionEvent,
  readTradeEvent,
} from '../events-reader.ts';
import { INSTRUMENTS } from './tape-builder.ts';

/** All events of the last command. */
export function eventLines(events: EventBuffer): string[] {
  return Array.from({ length: events.count }, (_, k) => eventLine(events, k));
}

function eventLine(events: EventBuffer, k: number): string {
  const { time, instrument } = readHead(events, k);
  const symbol = INSTRUMENTS[instrument]?.symbol ?? '';
  const clock = formatNewYork(time).slice(11, -6);
  const words = WORDS[eventType(events, k)] ?? orderWords;
  return [clock, ...words(events, k, symbol)].join(' ');
}

type Words = (events: EventBuffer, k: number, symbol: string) => string[];

const WORDS: Readonly<Partial<Record<EventType, Words>>> = {
  [EventType.accountOpened]: (events, k) => {
    const { account, amount } = readAccountEvent(events, k);
    return ['account', String(account), 'opened', formatMoney(amount)];
  },
  [EventType.trade]: (events, k, symbol) => {
    const { trade } = readTradeEvent(events, k);
    return [symbol, 'trade', String(trade.size), '@', formatPrice(trade.price)];
  },
  [EventType.quote]: (events, k, symbol) => {
    const { quote } = readQuoteEvent(events, k);
    const bid = `${quote.bidSize} ${formatPrice(quote.bidPrice)}`;
    return [symbol, 'quote', bid, '|', formatPrice(quote.askPrice), String(quote.askSize)];
  },
  [EventType.barClosed]: (events, k, symbol) => [symbol, 'bar', ...barWords(events, k)],
  [EventType.dayBarClosed]: (events, k, symbol) => [symbol, 'day bar', ...barWords(events, k)],
  [EventType.sessionChanged]: (events, k) => {
    const { session, date } = readSessionEvent(events, k);
    return ['session', session, String(date)];
  },
  [EventType.clockSet]: (events, k) => {
    const { speed, paused } = readClockEvent(events, k);
    return ['clock', `x${speed}`, paused ? 'paused' : 'running'];
  },
  [EventType.tapeEnded]: () => ['tape ended'],
};

function barWords(events: EventBuffer, k: number): string[] {
  const { open, high, low, close, volume, tradeCount } = readBarEvent(events, k).bar;
  const prices = [open, high, low, close].map(formatPrice).join('/');
  return [prices, `v${volume}`, `n${tradeCount}`];
}

function orderWords(events: EventBuffer, k: number): string[] {
  const type = eventType(events, k);
  const event = readOrderEvent(events, k);
  const words = [`#${event.ref.number}`, nameOf(EventType, type)];
  if (type === EventType.orderFilled) {
    words.push(formatQuantity(event.qty), '@', formatPrice(event.price));
    words.push(nameOf(FillReason, event.reason), event.maker ? 'maker' : 'taker');
    words.push(`cause ${event.cause}`, `leaves ${formatQuantity(event.leaves)}`);
  } else if (event.reason !== 0) {
    words.push(nameOf(EndReason, event.reason));
  }
  return words;
}

function nameOf(names: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(names).find((name) => names[name] === value) ?? String(value);
}
