/** A small market for scenario tests: names for accounts, events as lines a trader can read. */
import { EVENT_WORDS, EventBuffer } from '../../events/event-buffer.ts';
import {
  EndReason,
  EventType,
  FILL_MAKER,
  FillReason,
  HEAD,
  ORDER,
} from '../../events/event-layout.ts';
import { packTerms } from '../../orders/order-flags.ts';
import type { OrderRef, OrderType, Side, TimeInForce } from '../../orders/order-terms.ts';
import {
  nanosOf,
  parseQuantity,
  formatQuantity,
  joinNanos,
  wholeOf,
} from '../../values/quantity.ts';
import { formatPrice, parsePrice } from '../../values/price.ts';
import type { Price } from '../../values/price.ts';
import { MatchingEngine } from '../matching-engine.ts';
import { refusalCode } from '../refusals.ts';

const NAMES: Readonly<Record<number, string>> = {
  [EventType.orderAccepted]: 'accepted',
  [EventType.orderWorking]: 'working',
  [EventType.orderFilled]: 'filled',
  [EventType.orderCanceled]: 'canceled',
  [EventType.orderExpired]: 'expired',
  [EventType.orderReplaced]: 'replaced',
};

/** One instrument (index 0, fractionable), accounts by index, session open. */
export class TradingDay {
  readonly events: EventBuffer = new EventBuffer();
  readonly engine: MatchingEngine = new MatchingEngine(this.events);
  private orders = 0;
  private position = 0;

  /** Opens an account with whole dollars; returns its index. */
  account(dollars: number): number {
    return this.engine.openAccount(dollars, 0);
  }

  constructor() {
    this.engine.addInstrument(true, true);
    this.engine.openSession();
  }

  /** Gives an account shares out of the outside market at $10. */
  give(account: number, shares: number): void {
    this.engine.setOutsideQuote(0, 0, 0, 100_000, shares, 0);
    this.submit(account, 'buy', 'market', 'day', '0', String(shares));
    this.engine.setOutsideQuote(0, 0, 0, 0, 0, 0);
  }

  /** Shows an outside quote such as ('9.99', 300, '10.01', 500); its position is 1, 2, 3 … */
  quote(bid: string, bidSize: number, ask: string, askSize: number): string[] {
    this.events.reset(1);
    this.engine.setOutsideQuote(0, price(bid), bidSize, price(ask), askSize, ++this.position);
    return this.told();
  }

  trade(at: string, size: number): string[] {
    this.events.reset(1);
    this.engine.outsideTrade(0, price(at), size, ++this.position);
    return this.told();
  }

  limit(account: number, side: Side, qty: string, at: string, tif: TimeInForce = 'gtc'): string[] {
    return this.submit(account, side, 'limit', tif, at, qty);
  }

  market(account: number, side: Side, qty: string, tif: TimeInForce = 'day'): string[] {
    return this.submit(account, side, 'market', tif, '0', qty);
  }

  /** The order's events, or its refusal as the only line. */
  submit(
    account: number,
    side: Side,
    type: OrderType,
    tif: TimeInForce,
    at: string,
    qty: string,
    id = `order ${++this.orders}`,
  ): string[] {
    this.events.reset(1);
    const amount = parseQuantity(qty) ?? 0n;
    const terms = packTerms(side, type, tif);
    const { engine } = this;
    const whole = wholeOf(amount);
    const result = engine.submit(account, 0, terms, price(at), whole, nanosOf(amount), id);
    return result < 0 ? [refusalCode(result)] : this.told();
  }

  cancel(account: number, number: number): string[] {
    this.events.reset(1);
    const result = this.engine.cancel(account, number, this.ref(account, number).slot);
    return result < 0 ? [refusalCode(result)] : this.told();
  }

  replace(account: number, number: number, qty: string, at: string): string[] {
    this.events.reset(1);
    const amount = parseQuantity(qty) ?? 0n;
    const { slot } = this.ref(account, number);
    const { engine } = this;
    const whole = wholeOf(amount);
    const result = engine.replace(account, number, slot, price(at), whole, nanosOf(amount));
    return result < 0 ? [refusalCode(result)] : this.told();
  }

  close(): string[] {
    this.events.reset(1);
    this.engine.closeSession();
    return this.told();
  }

  open(): string[] {
    this.events.reset(1);
    this.engine.openSession();
    return this.told();
  }

  private ref(account: number, number: number): OrderRef {
    const view = this.engine.openOrders(account).find((order) => order.ref.number === number);
    return view?.ref ?? { number, slot: 0 };
  }

  /** "#3 filled 100 @ 10.01 quoteTaken", one line an event. */
  private told(): string[] {
    const { count, i32, f64 } = this.events;
    return Array.from({ length: count }, (_, k) => {
      const word = k * EVENT_WORDS;
      const field = (index: number): number => i32[word + index] ?? 0;
      const number = f64[(word + ORDER.number) >> 1] ?? 0;
      const type = field(HEAD.type);
      const name = NAMES[type] ?? `event ${type}`;
      const qty = formatQuantity(joinNanos(field(ORDER.qtyWhole), field(ORDER.qtyNanos)) as never);
      const at = field(ORDER.price) === 0 ? 'market' : formatPrice(field(ORDER.price) as Price);
      const detail = field(ORDER.detail);
      const names = type === EventType.orderFilled ? FillReason : EndReason;
      const reason = Object.entries(names).find(([, value]) => value === (detail & 0xff));
      const words = [`#${number} ${name} ${qty} @ ${at}`];
      if (reason !== undefined) words.push(reason[0]);
      if ((detail & FILL_MAKER) !== 0) words.push('maker');
      return words.join(' ');
    });
  }
}

function price(text: string): Price {
  const parsed = parsePrice(text);
  if (parsed === undefined) throw new Error(`${text} is no price`);
  return parsed;
}
