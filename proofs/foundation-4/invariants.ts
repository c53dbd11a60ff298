/**
 * The invariants of matching and ledger, each as a check of what the engine said and shows.
 *
 * The checker keeps a book and balances of its own, from the events alone and by the rules
 * written here in the plainest way, and holds the engine's state against them after each command.
 */
import { EventType, FillReason } from '../../packages/engine/src/events/event-layout.ts';
import type { EngineEvent, Step } from './engine-run.ts';

/** What must hold, as the issue names it. */
export const INVARIANTS = [
  'ledger identity',
  'price-time priority',
  'no crossed book',
  'one terminal state',
  'sum of fills',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

/** A limit is in $0.0001 and a quantity in 1e-9 shares: their product by this is 1e-9 dollars. */
const PRODUCT_PER_NANO_DOLLAR = 10_000n;

interface Order {
  readonly number: number;
  readonly account: number;
  readonly instrument: number;
  readonly sells: boolean;
  /** 0: market. */
  limit: number;
  qty: bigint;
  filled: bigint;
  /** Sum of price × quantity over the fills, unrounded. */
  product: bigint;
  /** Place in time among resting orders. */
  arrival: number;
  state: 'accepted' | 'working' | 'ended';
}

/** Checks one run, step by step. */
export class InvariantChecker {
  /** How often each invariant was looked at. */
  readonly checks: Record<Invariant, number> = newCounts();
  /** What was broken, at most a few of each. */
  readonly violations: { readonly invariant: Invariant; readonly text: string }[] = [];
  private readonly orders = new Map<number, Order>();
  private readonly live = new Map<number, Order>();
  private readonly cash = new Map<number, bigint>();
  private readonly shares = new Map<string, bigint>();
  private readonly house = { market: 0n, funding: 0n, rounding: 0n };
  private arrivals = 0;
  /** The order that takes just now, and the price it has taken at last. */
  private taker: { readonly number: number; readonly price: number } | undefined;

  step(step: Step): void {
    this.taker = undefined;
    for (const event of step.events) this.event(event, step.isOpen);
    this.checkBalances(step);
    this.checkBook();
    this.checkOpen(step);
  }

  /** All orders have ended, each by one event. */
  finish(): void {
    for (const { number } of this.live.values()) {
      this.hold('one terminal state', false, () => `order ${number} never ended`);
    }
  }

  /** The resting orders of a side, best first. */
  resting(instrument: number, sells: boolean): readonly { number: number; limit: number }[] {
    return [...this.live.values()]
      .filter((order) => order.instrument === instrument && order.sells === sells)
      .filter((order) => order.state === 'working')
      .sort((a, b) => (isAhead(a, b) ? -1 : 1));
  }

  private event(event: EngineEvent, isOpen: boolean): void {
    if (event.type === EventType.accountOpened) {
      add(this.cash, event.account, event.qty);
      this.house.funding -= event.qty;
      return;
    }
    const order = this.orders.get(event.number) ?? this.enter(event);
    this.hold('one terminal state', order.state !== 'ended', () => `${show(event)} after its end`);
    const { type } = event;
    if (type === EventType.orderFilled) this.fill(order, event);
    else if (type === EventType.orderReplaced) this.replace(order, event, isOpen);
    else if (type === EventType.orderCanceled || type === EventType.orderExpired) {
      this.hold('sum of fills', event.leaves === 0n, () => `${show(event)}: leaves of an end`);
      this.hold('sum of fills', order.filled < order.qty, () => `${show(event)}: was filled`);
      this.end(order);
    } else {
      order.state = type === EventType.orderAccepted ? 'accepted' : 'working';
      order.arrival = ++this.arrivals;
      order.limit = event.price;
      this.checkLeaves(order, event);
    }
  }

  private enter(event: EngineEvent): Order {
    const isFirst = event.type === EventType.orderAccepted || event.type === EventType.orderWorking;
    this.hold('one terminal state', isFirst, () => `${show(event)} of an order nobody entered`);
    const { number, account, instrument, sells, price, qty } = event;
    const order: Order = {
      ...{ number, account, instrument, sells, qty },
      limit: price,
      filled: 0n,
      product: 0n,
      arrival: 0,
      state: 'accepted',
    };
    this.orders.set(number, order);
    this.live.set(number, order);
    return order;
  }

  /** An order keeps its place when only its quantity falls; else it enters anew, or waits to. */
  private replace(order: Order, event: EngineEvent, isOpen: boolean): void {
    if (event.price !== order.limit || event.qty > order.qty) {
      order.arrival = ++this.arrivals;
      if (!isOpen) order.state = 'accepted';
    }
    order.limit = event.price;
    order.qty = event.qty;
    this.checkLeaves(order, event);
  }

  private fill(order: Order, event: EngineEvent): void {
    this.checkPriority(order, event);
    order.filled += event.qty;
    this.checkLeaves(order, event);
    this.book(order, event);
    if (event.leaves === 0n) this.end(order);
  }

  private end(order: Order): void {
    order.state = 'ended';
    this.live.delete(order.number);
  }

  /** What is open is what was ordered without what was filled. */
  private checkLeaves(order: Order, event: EngineEvent): void {
    const isRight = event.leaves === order.qty - order.filled && event.leaves >= 0n;
    this.hold('sum of fills', isRight, () => `${show(event)}: ${order.filled} filled in all`);
  }

  /**
   * A seller gets each fill's notional rounded down; what a buyer pays for all fills of an order
   * is their notional rounded up once. The residue is the venue's.
   */
  private book(order: Order, event: EngineEvent): void {
    const product = BigInt(event.price) * event.qty;
    const paid = product / PRODUCT_PER_NANO_DOLLAR;
    const charged = roundedUp(order.product + product) - roundedUp(order.product);
    order.product += product;
    const residue = event.sells ? 0n : charged - paid;
    const isSame = event.account === order.account && event.sells === order.sells;
    this.hold('ledger identity', isSame, () => `${show(event)}: not the order's account or side`);
    const isFlagged = event.roundedUp === (residue === 1n);
    this.hold('ledger identity', isFlagged, () => `${show(event)}: the rounding flag`);
    const sign = event.sells ? 1n : -1n;
    add(this.cash, event.account, sign * paid - residue);
    add(this.shares, `${event.account} ${event.instrument}`, -sign * event.qty);
    this.house.market -= sign * paid;
    this.house.rounding += residue;
  }

  private checkPriority(order: Order, event: EngineEvent): void {
    const rests = event.isMaker;
    if (rests) {
      const isAtLimit = event.price === order.limit;
      this.hold('price-time priority', isAtLimit, () => `${show(event)}: limit ${order.limit}`);
      const [first] = this.resting(order.instrument, order.sells);
      const isFirst = first === undefined || first.number === order.number;
      this.hold(
        'price-time priority',
        isFirst,
        () => `${show(event)}: order ${first?.number ?? 0} stands before it`,
      );
      return;
    }
    const { price } = event;
    const isWorse = (a: number, b: number): boolean => (order.sells ? a < b : a > b);
    const isWithin = order.limit === 0 || !isWorse(price, order.limit);
    this.hold('price-time priority', isWithin, () => `${show(event)}: limit ${order.limit}`);
    const before = this.taker?.number === order.number ? this.taker.price : price;
    const isOrdered = !isWorse(before, price);
    this.hold('price-time priority', isOrdered, () => `${show(event)}: took at ${before} before`);
    this.taker = { number: order.number, price };
    if (event.why !== FillReason.quoteTaken) return;
    const [best] = this.resting(order.instrument, !order.sells);
    const isBest = best === undefined || !isWorse(price, best.limit);
    this.hold(
      'price-time priority',
      isBest,
      () => `${show(event)}: order ${best?.number ?? 0} stood at ${best?.limit ?? 0}`,
    );
  }

  private checkBalances({ cash, house, shares }: Step): void {
    let sum = house.market + house.funding + house.rounding;
    cash.forEach((amount, account) => {
      sum += amount;
      const own = this.cash.get(account) ?? 0n;
      this.hold(
        'ledger identity',
        amount === own && amount >= 0n,
        () => `cash of ${account}: engine ${amount}, events ${own}`,
      );
    });
    this.hold('ledger identity', sum === 0n, () => `all cash sums to ${sum}`);
    for (const name of ['market', 'funding', 'rounding'] as const) {
      const isEqual = house[name] === this.house[name];
      this.hold('ledger identity', isEqual, () => `${name}: ${house[name]}, ${this.house[name]}`);
    }
    shares.forEach((held, account) => {
      held.forEach((qty, instrument) => {
        const own = this.shares.get(`${account} ${instrument}`) ?? 0n;
        this.hold(
          'ledger identity',
          qty === own && qty >= 0n,
          () => `shares of ${account} in ${instrument}: engine ${qty}, events ${own}`,
        );
      });
    });
  }

  private checkBook(): void {
    for (const instrument of new Set([...this.live.values()].map((order) => order.instrument))) {
      const bid = this.resting(instrument, false)[0]?.limit ?? 0;
      const ask = this.resting(instrument, true)[0]?.limit ?? Infinity;
      this.hold('no crossed book', bid < ask, () => `instrument ${instrument}: ${bid} x ${ask}`);
    }
  }

  private checkOpen({ open }: Step): void {
    const isSameSet =
      open.length === this.live.size && open.every(({ number }) => this.live.has(number));
    this.hold(
      'one terminal state',
      isSameSet,
      () =>
        `open: ${open.map(({ number }) => number).join()}; by events: ${[...this.live.keys()].join()}`,
    );
    for (const { number, qty, filled } of open) {
      const order = this.live.get(number);
      const isRight = order === undefined || (order.qty === qty && order.filled === filled);
      this.hold('sum of fills', isRight, () => `order ${number}: engine ${filled} of ${qty}`);
    }
  }

  private hold(invariant: Invariant, holds: boolean, text: () => string): void {
    this.checks[invariant]++;
    if (!holds && this.violations.length < 20) this.violations.push({ invariant, text: text() });
  }
}

/** An unrounded product as billionths of a dollar. */
function roundedUp(product: bigint): bigint {
  return (product + PRODUCT_PER_NANO_DOLLAR - 1n) / PRODUCT_PER_NANO_DOLLAR;
}

/** Better price first, then earlier arrival. */
function isAhead(a: Order, b: Order): boolean {
  if (a.limit !== b.limit) return a.sells ? a.limit < b.limit : a.limit > b.limit;
  return a.arrival < b.arrival;
}

function add<K>(sums: Map<K, bigint>, key: K, amount: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + amount);
}

/** No checks yet. */
export function newCounts(): Record<Invariant, number> {
  return {
    'ledger identity': 0,
    'price-time priority': 0,
    'no crossed book': 0,
    'one terminal state': 0,
    'sum of fills': 0,
  };
}

function show(event: EngineEvent): string {
  return `event ${event.type} of order ${event.number} (${event.qty} at ${event.price})`;
}
