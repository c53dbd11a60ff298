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
  return [clock, ...wordsOf(events, k, symbol)].join(' ');
}

function wordsOf(events: EventBuffer, k: number, symbol: string): string[] {
  const type = eventType(events, k);
  switch (type) {
    case EventType.accountOpened: {
      const { account, amount } = readAccountEvent(events, k);
      return ['account', String(account), 'opened', formatMoney(amount)];
    }
    case EventType.trade: {
      const { trade } = readTradeEvent(events, k);
      return [symbol, 'trade', String(trade.size), '@', formatPrice(trade.price)];
    }
    case EventType.quote: {
      const { quote } = readQuoteEvent(events, k);
      const bid = `${quote.bidSize} ${formatPrice(quote.bidPrice)}`;
      return [symbol, 'quote', bid, '|', formatPrice(quote.askPrice), String(quote.askSize)];
    }
    case EventType.barClosed:
    case EventType.dayBarClosed: {
      const { bar } = readBarEvent(events, k);
      const { open, high, low, close, volume, tradeCount } = bar;
      const prices = [open, high, low, close].map(formatPrice).join('/');
      const name = type === EventType.barClosed ? 'bar' : 'day bar';
      return [symbol, name, prices, `v${volume}`, `n${tradeCount}`];
    }
    case EventType.sessionChanged: {
      const { session, date } = readSessionEvent(events, k);
      return ['session', session, String(date)];
    }
    case EventType.clockSet: {
      const { speed, paused } = readClockEvent(events, k);
      return ['clock', `x${speed}`, paused ? 'paused' : 'running'];
    }
    case EventType.tapeEnded:
      return ['tape ended'];
    default:
      return orderWords(events, k, type);
  }
}

function orderWords(events: EventBuffer, k: number, type: EventType): string[] {
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
