/**
 * The trading core of a venue: orders in, fills out, every balance moved. Numbers only, nothing
 * allocated per command; the venue (venue/apply) calls it and sets `time` before each call.
 *
 * A command either changes state and writes events, or returns a negative refusal code
 * (refusals.ts) and does neither. The same commands give the same events and the same bytes
 * of `write`, on every machine. Reading order: order-life.ts, take-liquidity.ts, settle.ts.
 */
import type { EventBuffer } from '../events/event-buffer.ts';
import { EndReason } from '../events/event-layout.ts';
import { DOLLARS, NANOS } from '../ledger/notional.ts';
import { SELLS } from '../orders/order-flags.ts';
import type { OrderRef, Side } from '../orders/order-terms.ts';
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import type { Money } from '../values/money.ts';
import { joinNanos } from '../values/quantity.ts';
import type { Micros } from '../values/time.ts';
import type { OrderView, PositionView } from '../venue/views.ts';
import { enterOrder, refuseTerms } from './enter-order.ts';
import { ACCOUNTS_MAX, INSTRUMENTS_MAX } from './limits.ts';
import { writeAccountOpened } from './order-events.ts';
import { acceptOrder, cancelWith, leaveQueue, startWorking } from './order-life.ts';
import { applyQuote, applyTrade } from './outside-events.ts';
import { Refused } from './refusals.ts';
import { replaceOrder } from './replace-order.ts';
import { closeSession, endAll, openSession } from './sessions.ts';
import { FRACTIONABLE, TRADABLE, TradingState } from './trading-state.ts';
import { verifyTrading } from './verify.ts';
import { orderView, positionView } from './trading-views.ts';

export class MatchingEngine {
  /** Slot of the order that the last `submit` entered or found. */
  slot = 0;
  /** Whether the last `submit` found the same client order id with the same terms. */
  replayed = false;
  private readonly state: TradingState;

  constructor(events: EventBuffer, state: TradingState = new TradingState(events)) {
    this.state = state;
  }

  /** Venue time in microseconds, stamped on events. */
  get time(): number {
    return this.state.time;
  }

  set time(time: number) {
    this.state.time = time;
  }

  /** Whether the session trades; changed by `openSession` and `closeSession`. */
  get isOpen(): boolean {
    return this.state.isOpen;
  }

  get accountCount(): number {
    return this.state.ledger.accountCount;
  }

  get instrumentCount(): number {
    return this.state.instrumentFlags.length;
  }

  /** Orders entered in the venue's life, which is the number of the newest one. */
  get orderCount(): number {
    return this.state.directory.count;
  }

  /** Adds an instrument; returns its index or a refusal. */
  addInstrument(fractionable: boolean, tradable: boolean): number {
    if (this.instrumentCount >= INSTRUMENTS_MAX) return Refused.instrumentsLimit;
    return this.state.addInstrument((fractionable ? FRACTIONABLE : 0) | (tradable ? TRADABLE : 0));
  }

  /** Opens an account with a deposit; returns its index or a refusal. Emits accountOpened. */
  openAccount(dollars: number, nanos: number): number {
    const { state } = this;
    if (this.accountCount >= ACCOUNTS_MAX) return Refused.accountsLimit;
    const account = state.ledger.openAccount(dollars, nanos, state.time);
    state.accountOrders.addAccount();
    state.positions.addAccount();
    writeAccountOpened(state, account, dollars, nanos);
    return account;
  }

  /** A new best bid and offer of the tape; price or size 0: that side is absent. */
  setOutsideQuote(
    instrument: number,
    bidPrice: number,
    bidSize: number,
    askPrice: number,
    askSize: number,
    position: number,
  ): void {
    applyQuote(this.state, instrument, bidPrice, bidSize, askPrice, askSize, position);
  }

  /** A trade of the tape that updates the last price: it may reach resting orders. */
  outsideTrade(instrument: number, price: number, size: number, position: number): void {
    applyTrade(this.state, instrument, price, size, position);
  }

  /** Last trade price, for market buys while there is no quote. */
  setLastPrice(instrument: number, price: number): void {
    this.state.outside.setLastPrice(instrument, price);
  }

  /** The session opens: resting orders take quotes that cross them, waiting ones start working. */
  openSession(): void {
    openSession(this.state);
  }

  /** The session closes: day orders expire. */
  closeSession(): void {
    closeSession(this.state);
  }

  /** The venue ends: all open orders are canceled, no order is taken any more. */
  endAll(): void {
    endAll(this.state);
  }

  /**
   * Enters an order. `terms`: bits 0–3 of orders/order-flags.ts; `price` 0 for market orders.
   * Returns the order's number (its slot in `slot`; `replayed` when it was entered before), or
   * a refusal: `refusedCost`, `slot` and `existingNumber` tell more.
   *
   * `clientOrderId` '': the order has none, and can neither be replayed nor found by one. It
   * costs no hashing and no place in the table of ids. Requests from outside always carry one;
   * orders that are made inside the venue's process need none.
   */
  submit(
    account: number,
    instrument: number,
    terms: number,
    price: number,
    whole: number,
    nanos: number,
    clientOrderId: string,
  ): number {
    const { state } = this;
    this.replayed = false;
    this.existingNumber = 0;
    if (!this.isAccount(account)) return Refused.accountUnknown;
    if (!isIndex(instrument, state.instrumentFlags.length)) return Refused.instrumentUnknown;
    const ids = state.clientOrderIds;
    if (clientOrderId !== '') {
      ids.setTerms(instrument, terms, price, whole, nanos);
      const known = ids.find(account, clientOrderId);
      if (known !== 0) {
        this.slot = state.directory.slotOf(known);
        this.existingNumber = known;
        this.replayed = ids.hasTerms();
        return this.replayed ? known : Refused.clientOrderIdReused;
      }
    }
    const refusal = refuseTerms(state, account, instrument, terms, price, whole, nanos);
    if (refusal !== 0) return refusal;
    const slot = enterOrder(state, account, instrument, terms, price, whole, nanos, clientOrderId);
    if (slot < 0) return slot;
    this.slot = slot;
    const number = state.directory.count;
    if (state.isOpen) startWorking(state, slot);
    else acceptOrder(state, slot);
    return number;
  }

  /** Number of the order that used the client order id of the last `submit` before; else 0. */
  existingNumber = 0;

  /** After `insufficient_buying_power`: what the refused order would have held. */
  refusedCost(): Money {
    const { holdAmount } = this.state;
    return joinNanos(holdAmount[DOLLARS] as number, holdAmount[NANOS] as number) as Money;
  }

  /** Cancels an open order of the account; returns its number or a refusal. */
  cancel(account: number, number: number, slot: number): number {
    const refusal = this.refuseOrder(account, number, slot);
    if (refusal !== 0) return refusal;
    leaveQueue(this.state, slot);
    cancelWith(this.state, slot, EndReason.requested);
    return number;
  }

  /** Cancels all open orders of the account, oldest first, and adds them to `out`. */
  cancelAll(account: number, out: OrderRef[]): void {
    const { state } = this;
    if (!this.isAccount(account)) return;
    let slot = state.accountOrders.oldest(account);
    while (slot !== 0) {
      const newer = state.accountOrders.newer(slot);
      out.push({ number: state.pool.numberAt(slot), slot });
      leaveQueue(state, slot);
      cancelWith(state, slot, EndReason.requested);
      slot = newer;
    }
  }

  /**
   * Gives an open limit order a new limit and quantity; returns its number or a refusal. It loses
   * its place in the queue when the price changes or the quantity grows.
   */
  replace(
    account: number,
    number: number,
    slot: number,
    price: number,
    whole: number,
    nanos: number,
  ): number {
    const refusal =
      this.refuseOrder(account, number, slot) ||
      replaceOrder(this.state, slot, price, whole, nanos);
    return refusal === 0 ? number : refusal;
  }

  /** An order that is open, or was closed and whose slot is not used again; else `undefined`. */
  order(ref: OrderRef): OrderView | undefined {
    return this.state.pool.holds(ref.slot, ref.number)
      ? orderView(this.state, ref.slot)
      : undefined;
  }

  /** Which order of the account used a client order id. */
  orderRefByClientId(account: number, clientOrderId: string): OrderRef | undefined {
    const { clientOrderIds, directory } = this.state;
    const number = clientOrderIds.find(account, clientOrderId);
    return number === 0 ? undefined : { number, slot: directory.slotOf(number) };
  }

  /** The order that would trade first on a side of the book; `undefined` when none rests. */
  bestOrder(instrument: number, side: Side): OrderRef | undefined {
    const slot = this.state.book.bestOrder(instrument, side === 'sell' ? SELLS : 0);
    return slot === 0 ? undefined : { number: this.state.pool.numberAt(slot), slot };
  }

  /** Open orders of an account, oldest first. */
  openOrders(account: number): OrderView[] {
    const { state } = this;
    const views: OrderView[] = [];
    if (!this.isAccount(account)) return views;
    let slot = state.accountOrders.oldest(account);
    for (; slot !== 0; slot = state.accountOrders.newer(slot)) views.push(orderView(state, slot));
    return views;
  }

  /** Position of an account in an instrument; `undefined` when it has no shares. */
  position(account: number, instrument: number): PositionView | undefined {
    const record = this.state.positions.find(account, instrument);
    const view = record === 0 ? undefined : positionView(this.state, record);
    return view?.qty === 0n ? undefined : view;
  }

  /** Positions of an account with shares in them, in the order they were first opened. */
  positions(account: number): PositionView[] {
    const { positions } = this.state;
    const views: PositionView[] = [];
    if (!this.isAccount(account)) return views;
    for (let at = positions.firstOf(account); at !== 0; at = positions.nextOf(at)) {
      const view = positionView(this.state, at);
      if (view.qty !== 0n) views.push(view);
    }
    return views;
  }

  cash(account: number): Money {
    return this.state.ledger.cash(account) as Money;
  }

  /** Cash reserved by the account's open buy orders. */
  heldCash(account: number): Money {
    return this.state.ledger.held(account) as Money;
  }

  openingCash(account: number): Money {
    return this.state.ledger.openingCash(account) as Money;
  }

  openedAt(account: number): Micros {
    return this.state.ledger.openedAt(account) as Micros;
  }

  /** Cash of the accounts `market`, `funding` and `rounding` (ledger/ledger.ts). */
  houseCash(): { market: bigint; funding: bigint; rounding: bigint } {
    return this.state.ledger.houseCash();
  }

  /** Recomputes the invariants of the core from scratch; the list of those broken. */
  verify(): string[] {
    return verifyTrading(this.state);
  }

  /** The whole state; `read` is its inverse. */
  write(w: ByteWriter): void {
    this.state.write(w);
  }

  static read(r: ByteReader, events: EventBuffer): MatchingEngine {
    return new MatchingEngine(events, TradingState.read(r, events));
  }

  private isAccount(account: number): boolean {
    return isIndex(account, this.state.ledger.accountCount);
  }

  /** Why an order cannot be canceled or replaced by the account, or 0. */
  private refuseOrder(account: number, number: number, slot: number): number {
    const { pool, directory } = this.state;
    if (pool.holdsOpen(slot, number) && pool.accountAt(slot) === account) return 0;
    if (!this.isAccount(account)) return Refused.accountUnknown;
    if (directory.accountOf(number) !== account) return Refused.orderUnknown;
    return directory.slotOf(number) === slot ? Refused.orderNotOpen : Refused.orderUnknown;
  }
}

function isIndex(value: number, count: number): boolean {
  return (value | 0) === value && value >= 0 && value < count;
}
