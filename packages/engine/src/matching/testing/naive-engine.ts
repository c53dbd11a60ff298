/**
 * The trading rules once more, as plainly as possible: objects, arrays, bigint, linear searches.
 *
 * It is the oracle of the fast engine and shares no code with it. Quantities and money are
 * bigint of 1e-9, prices numbers of $0.0001. It keeps every order for ever and finds everything
 * by filtering, so it is only fit for tests.
 */

const NANO = 1_000_000_000n;

export interface NaiveEvent {
  readonly type:
    | 'accountOpened'
    | 'orderAccepted'
    | 'orderWorking'
    | 'orderFilled'
    | 'orderCanceled'
    | 'orderExpired'
    | 'orderReplaced';
  readonly account: number;
  readonly number: number;
  readonly price: number;
  readonly qty: bigint;
  readonly leaves: bigint;
  readonly why: string;
  readonly cause: number;
}

export interface NaiveOrder {
  readonly number: number;
  readonly account: number;
  readonly instrument: number;
  readonly side: 'buy' | 'sell';
  readonly type: 'market' | 'limit';
  readonly tif: 'day' | 'gtc' | 'ioc' | 'fok';
  readonly cid: string;
  readonly terms: string;
  price: number;
  /** What it may pay at most (buys) or must get at least (sells, 0: anything). */
  limit: number;
  qty: bigint;
  leaves: bigint;
  status: 'accepted' | 'working' | 'filled' | 'canceled' | 'expired';
  /** Order among orders of the same price: a counter of arrivals. */
  arrival: number;
  /** Outside shares before it; undefined: not known. */
  ahead: bigint | undefined;
  /** Paid above the exact cost so far, in 1e-13 dollars. */
  overpaid: bigint;
}

interface Position {
  qty: bigint;
  cost: bigint;
}

interface QuoteSide {
  price: number;
  displayed: bigint;
  left: bigint;
}

export interface NaiveSubmit {
  readonly account: number;
  readonly instrument: number;
  readonly side: 'buy' | 'sell';
  readonly type: 'market' | 'limit';
  readonly tif: 'day' | 'gtc' | 'ioc' | 'fok';
  readonly price: number;
  readonly qty: bigint;
  readonly cid: string;
}

const ceilDiv = (a: bigint, b: bigint): bigint => (a <= 0n ? -(-a / b) : (a + b - 1n) / b);

export class NaiveEngine {
  events: NaiveEvent[] = [];
  readonly orders: NaiveOrder[] = [];
  readonly cash: bigint[] = [];
  readonly positions = new Map<string, Position>();
  private readonly fractionable: boolean[] = [];
  private readonly quotes: { buy: QuoteSide; sell: QuoteSide; position: number }[] = [];
  private readonly last: number[] = [];
  private isOpen = false;
  private hasEnded = false;
  private arrivals = 0;

  addInstrument(fractionable: boolean): void {
    this.fractionable.push(fractionable);
    this.quotes.push({ buy: noQuote(), sell: noQuote(), position: 0 });
    this.last.push(0);
  }

  openAccount(cash: bigint): void {
    this.cash.push(cash);
    this.emit('accountOpened', this.cash.length - 1, 0, 0, cash, 0n, '', 0);
  }

  /** Number of the order, or the name of the refusal. */
  submit(terms: NaiveSubmit): number | string {
    const { account, instrument, side, type, tif, price, qty, cid } = terms;
    const print = [instrument, side, type, tif, price, qty].join();
    const same = this.orders.find((order) => order.account === account && order.cid === cid);
    if (same !== undefined) {
      return same.terms === print ? same.number : 'client_order_id_reused';
    }
    if (this.hasEnded) return 'venue_ended';
    const wrong = this.wrongQty(instrument, tif, qty);
    if (wrong !== undefined) return wrong;
    if (type === 'limit' ? !isTick(price) : price !== 0) return 'price_invalid';
    const limit = side === 'buy' && type === 'market' ? this.collar(instrument) : price;
    const short = this.shortage(terms, limit);
    if (short !== undefined) return short;
    const number = this.orders.length + 1;
    const order: NaiveOrder = {
      number,
      account,
      instrument,
      side,
      type,
      tif,
      cid,
      terms: print,
      price,
      limit,
      qty,
      leaves: qty,
      status: 'accepted',
      arrival: 0,
      ahead: undefined,
      overpaid: 0n,
    };
    this.orders.push(order);
    if (this.isOpen) {
      this.work(order);
      return number;
    }
    order.arrival = ++this.arrivals;
    this.tell('orderAccepted', order);
    if (tif === 'ioc') this.cancelOrder(order, 'immediateRemainder');
    if (tif === 'fok') this.cancelOrder(order, 'notFillableWhole');
    return number;
  }

  cancel(account: number, number: number): number | string {
    const order = this.orders.find((one) => one.number === number && one.account === account);
    if (order === undefined) return 'order_unknown';
    if (!isLive(order)) return 'order_not_open';
    this.cancelOrder(order, 'requested');
    return number;
  }

  cancelAll(account: number): number[] {
    const open = this.openOrders(account);
    for (const order of open) this.cancelOrder(order, 'requested');
    return open.map((order) => order.number);
  }

  replace(account: number, number: number, price: number, qty: bigint): number | string {
    const order = this.orders.find((one) => one.number === number && one.account === account);
    if (order === undefined) return 'order_unknown';
    if (!isLive(order)) return 'order_not_open';
    if (order.type !== 'limit' || !isTick(price)) return 'price_invalid';
    const wrong = this.wrongQty(order.instrument, order.tif, qty);
    if (wrong !== undefined) return wrong;
    const leaves = order.leaves + qty - order.qty;
    if (leaves <= 0n) return 'qty_invalid';
    const short = this.shortageAfter(order, price, leaves);
    if (short !== undefined) return short;
    const keepsPlace = price === order.price && qty <= order.qty;
    const wasWorking = order.status === 'working';
    Object.assign(order, { price, limit: price, qty, leaves });
    this.tell('orderReplaced', order);
    if (keepsPlace) return number;
    order.arrival = ++this.arrivals;
    order.status = 'accepted';
    if (this.isOpen && wasWorking) {
      order.status = 'working';
      this.takeAndRest(order);
    }
    return number;
  }

  quote(
    instrument: number,
    bid: number,
    bidSize: number,
    ask: number,
    askSize: number,
    position: number,
  ): void {
    const quote = at(this.quotes, instrument);
    quote.position = position;
    this.quoteSide(instrument, 'buy', bid, bidSize);
    this.quoteSide(instrument, 'sell', ask, askSize);
    if (this.isOpen) this.fillCrossed(instrument, 'quoteCrossed');
  }

  trade(instrument: number, price: number, size: number, position: number): void {
    if (!this.isOpen || size <= 0) return;
    for (const side of ['buy', 'sell'] as const) {
      let rest = BigInt(size) * NANO;
      for (const order of this.resting(instrument, side)) {
        if (!better(side, order.price, price)) continue;
        const qty = min(rest, order.leaves);
        if (qty === 0n) continue;
        rest -= qty;
        this.fill(order, order.price, qty, 'tradedThrough maker', position);
      }
      // At its price the trade first uses up outside shares, as many as stand before each order.
      let passed = 0n;
      for (const order of this.resting(instrument, side)) {
        if (order.price !== price || rest === 0n) continue;
        if (order.ahead === undefined) break;
        const before = order.ahead > passed ? order.ahead - passed : 0n;
        if (before > rest / NANO) {
          passed += rest / NANO;
          break;
        }
        passed += before;
        rest -= before * NANO;
        const qty = min(rest, order.leaves);
        if (qty === 0n) break;
        rest -= qty;
        this.fill(order, price, qty, 'queueReached maker', position);
      }
      this.shorten(instrument, side, price, passed);
    }
  }

  setLast(instrument: number, price: number): void {
    this.last[instrument] = price;
  }

  openSession(): void {
    this.isOpen = true;
    for (let instrument = 0; instrument < this.quotes.length; instrument++) {
      this.fillCrossed(instrument, 'quoteTaken');
    }
    const waiting = this.orders.filter((order) => order.status === 'accepted');
    waiting.sort((a, b) => a.arrival - b.arrival);
    for (const order of waiting) {
      if (order.type === 'market' && order.side === 'buy') {
        const collar = this.collar(order.instrument);
        const free = this.buyingPower(order.account) + holdOf(order.limit, order.leaves, 0n);
        if (collar !== 0 && holdOf(collar, order.leaves, 0n) <= free) order.limit = collar;
      }
      this.work(order);
    }
  }

  closeSession(): void {
    this.isOpen = false;
    for (let account = 0; account < this.cash.length; account++) {
      for (const order of this.openOrders(account)) {
        if (order.tif !== 'day' || order.status !== 'working') continue;
        order.status = 'expired';
        this.tell('orderExpired', order, 'dayEnded');
      }
    }
  }

  endAll(): void {
    this.isOpen = false;
    this.hasEnded = true;
    for (let account = 0; account < this.cash.length; account++) {
      for (const order of this.openOrders(account)) this.cancelOrder(order, 'venueEnded');
    }
  }

  /** Open orders of an account in order of number. */
  openOrders(account: number): NaiveOrder[] {
    return this.orders.filter((order) => order.account === account && isLive(order));
  }

  heldCash(account: number): bigint {
    return this.openOrders(account)
      .filter((order) => order.side === 'buy')
      .reduce((sum, order) => sum + holdOf(order.limit, order.leaves, order.overpaid), 0n);
  }

  heldShares(account: number, instrument: number): bigint {
    return this.openOrders(account)
      .filter((order) => order.side === 'sell' && order.instrument === instrument)
      .reduce((sum, order) => sum + order.leaves, 0n);
  }

  position(account: number, instrument: number): Position {
    return this.positions.get(`${account}/${instrument}`) ?? { qty: 0n, cost: 0n };
  }

  private wrongQty(instrument: number, tif: string, qty: bigint): string | undefined {
    if (qty <= 0n || qty > 2_000_000_000n * NANO) return 'qty_invalid';
    if (qty % NANO === 0n) return undefined;
    if (!at(this.fractionable, instrument)) return 'instrument_not_fractionable';
    return tif === 'day' ? undefined : 'fractional_not_day';
  }

  private shortage(terms: NaiveSubmit, limit: number): string | undefined {
    const { account, instrument, side, qty } = terms;
    if (side === 'sell') {
      return qty > this.freeShares(account, instrument) ? 'insufficient_qty' : undefined;
    }
    if (limit === 0) return 'no_price';
    const isShort = holdOf(limit, qty, 0n) > this.buyingPower(account);
    return isShort ? 'insufficient_buying_power' : undefined;
  }

  /** As `shortage`, when the order's own hold is given back first. */
  private shortageAfter(order: NaiveOrder, price: number, leaves: bigint): string | undefined {
    const { account, overpaid } = order;
    if (order.side === 'sell') {
      const free = this.freeShares(account, order.instrument) + order.leaves;
      return leaves > free ? 'insufficient_qty' : undefined;
    }
    const free = this.buyingPower(account) + holdOf(order.limit, order.leaves, overpaid);
    return holdOf(price, leaves, overpaid) > free ? 'insufficient_buying_power' : undefined;
  }

  private buyingPower(account: number): bigint {
    return at(this.cash, account) - this.heldCash(account);
  }

  private freeShares(account: number, instrument: number): bigint {
    return this.position(account, instrument).qty - this.heldShares(account, instrument);
  }

  private collar(instrument: number): number {
    const reference = at(this.quotes, instrument).sell.price || at(this.last, instrument);
    const [times, by] = reference < 500_000 ? [104n, 100n] : [1025n, 1000n];
    return Math.min(Number(ceilDiv(BigInt(reference) * times, by)), 0x7fffffff);
  }

  private work(order: NaiveOrder): void {
    order.status = 'working';
    order.arrival = ++this.arrivals;
    this.tell('orderWorking', order);
    if (order.tif === 'fok' && this.available(order) < order.leaves) {
      this.cancelOrder(order, 'notFillableWhole');
    } else {
      this.takeAndRest(order);
    }
  }

  /** What stands against an order within its limit. */
  private available(order: NaiveOrder): bigint {
    const far = order.side === 'buy' ? 'sell' : 'buy';
    const quote = at(this.quotes, order.instrument)[far];
    let sum = quote.left > 0n && within(order, quote.price) ? quote.left : 0n;
    for (const maker of this.resting(order.instrument, far)) {
      if (within(order, maker.price)) sum += maker.leaves;
    }
    return sum;
  }

  private takeAndRest(order: NaiveOrder): void {
    const far = order.side === 'buy' ? 'sell' : 'buy';
    const { [far]: quote, position } = at(this.quotes, order.instrument);
    while (order.leaves > 0n) {
      const maker = this.resting(order.instrument, far).find((one) => one !== order);
      const useQuote = quote.left > 0n && within(order, quote.price);
      const useMaker = maker !== undefined && within(order, maker.price);
      const makerFirst =
        useMaker &&
        (!useQuote ||
          better(far, maker.price, quote.price) ||
          (maker.price === quote.price && maker.ahead === 0n));
      if (makerFirst) {
        const qty = min(order.leaves, maker.leaves);
        this.fill(order, maker.price, qty, 'order', maker.number);
        this.fill(maker, maker.price, qty, 'order maker', order.number);
      } else if (useQuote) {
        let qty = min(order.leaves, quote.left);
        if (useMaker && maker.price === quote.price) qty = min(qty, (maker.ahead ?? 0n) * NANO);
        quote.left -= qty;
        this.shorten(order.instrument, far, quote.price, qty / NANO);
        this.fill(order, quote.price, qty, 'quoteTaken', position);
      } else {
        break;
      }
    }
    if (order.status === 'working') this.settleRemainder(order);
  }

  private settleRemainder(order: NaiveOrder): void {
    if (order.type === 'market') this.cancelOrder(order, 'noLiquidity');
    else if (order.tif === 'ioc') this.cancelOrder(order, 'immediateRemainder');
    else this.rest(order);
  }

  private rest(order: NaiveOrder): void {
    const own = at(this.quotes, order.instrument)[order.side];
    const mates = this.resting(order.instrument, order.side).filter(
      (one) => one !== order && one.price === order.price,
    );
    if (own.price === 0 || better(order.side, order.price, own.price)) order.ahead = 0n;
    else if (order.price !== own.price) order.ahead = undefined;
    else {
      const most = mates.map((one) => one.ahead ?? 0n).reduce((a, b) => (a > b ? a : b), 0n);
      const left = ceilDiv(own.left, NANO);
      order.ahead = left > most ? left : most;
    }
  }

  private quoteSide(instrument: number, side: 'buy' | 'sell', price: number, size: number): void {
    const now = at(this.quotes, instrument)[side];
    const isPresent = price > 0 && size > 0;
    const displayed = isPresent ? BigInt(size) * NANO : 0n;
    const newPrice = isPresent ? price : 0;
    if (newPrice === now.price) {
      const left = now.left + displayed - now.displayed;
      now.left = left < 0n ? 0n : min(left, displayed);
    } else {
      now.left = displayed;
    }
    now.price = newPrice;
    now.displayed = displayed;
    for (const order of this.resting(instrument, side)) {
      if (newPrice === 0 || better(side, order.price, newPrice)) order.ahead = 0n;
      else if (order.price === newPrice) {
        const size = displayed / NANO;
        order.ahead = order.ahead === undefined ? size : min(order.ahead, size);
      }
    }
  }

  private fillCrossed(instrument: number, why: 'quoteCrossed' | 'quoteTaken'): void {
    const quotes = at(this.quotes, instrument);
    for (const side of ['buy', 'sell'] as const) {
      const far = quotes[side === 'buy' ? 'sell' : 'buy'];
      for (const order of this.resting(instrument, side)) {
        const isCrossed = side === 'buy' ? far.price <= order.price : far.price >= order.price;
        const qty = min(far.left, order.leaves);
        if (!isCrossed || qty === 0n) continue;
        far.left -= qty;
        if (why === 'quoteTaken') this.fill(order, far.price, qty, why, quotes.position);
        else this.fill(order, order.price, qty, `${why} maker`, quotes.position);
      }
    }
  }

  private shorten(instrument: number, side: 'buy' | 'sell', price: number, gone: bigint): void {
    for (const order of this.resting(instrument, side)) {
      if (order.price !== price || order.ahead === undefined) continue;
      order.ahead = order.ahead > gone ? order.ahead - gone : 0n;
    }
  }

  /** Orders in the book, best first. */
  private resting(instrument: number, side: 'buy' | 'sell'): NaiveOrder[] {
    return this.orders
      .filter(
        (one) => one.status === 'working' && one.instrument === instrument && one.side === side,
      )
      .toSorted((a, b) =>
        a.price === b.price ? a.arrival - b.arrival : better(side, a.price, b.price) ? -1 : 1,
      );
  }

  private fill(order: NaiveOrder, price: number, qty: bigint, why: string, cause: number): void {
    const { account, instrument } = order;
    const exact = BigInt(price) * qty;
    const position = this.position(account, instrument);
    order.leaves -= qty;
    if (order.leaves === 0n) order.status = 'filled';
    let rounded = '';
    if (order.side === 'buy') {
      const paid = ceilDiv(exact - order.overpaid, 10_000n);
      order.overpaid += paid * 10_000n - exact;
      if (paid > exact / 10_000n) rounded = ' up';
      this.cash[account] = at(this.cash, account) - paid;
      this.positions.set(`${account}/${instrument}`, {
        qty: position.qty + qty,
        cost: position.cost + paid,
      });
    } else {
      this.cash[account] = at(this.cash, account) + exact / 10_000n;
      this.positions.set(`${account}/${instrument}`, {
        qty: position.qty - qty,
        cost: position.cost - (position.cost * qty) / position.qty,
      });
    }
    this.emit('orderFilled', account, order.number, price, qty, order.leaves, why + rounded, cause);
  }

  private cancelOrder(order: NaiveOrder, why: string): void {
    order.status = 'canceled';
    this.tell('orderCanceled', order, why);
  }

  private tell(type: NaiveEvent['type'], order: NaiveOrder, why = ''): void {
    const leaves = isLive(order) ? order.leaves : 0n;
    this.emit(type, order.account, order.number, order.price, order.qty, leaves, why, 0);
  }

  private emit(
    type: NaiveEvent['type'],
    account: number,
    number: number,
    price: number,
    qty: bigint,
    leaves: bigint,
    why: string,
    cause: number,
  ): void {
    this.events.push({ type, account, number, price, qty, leaves, why, cause });
  }
}

/** Cash that the open part of a buy reserves, rounded up to 1e-9 dollar. */
function holdOf(price: number, leaves: bigint, overpaid: bigint): bigint {
  return ceilDiv(BigInt(price) * leaves - overpaid, 10_000n);
}

function isLive(order: NaiveOrder): boolean {
  return order.status === 'accepted' || order.status === 'working';
}

function within(order: NaiveOrder, price: number): boolean {
  return order.side === 'buy' ? price <= order.limit : price >= order.limit;
}

function better(side: 'buy' | 'sell', price: number, other: number): boolean {
  return side === 'buy' ? price > other : price < other;
}

function noQuote(): QuoteSide {
  return { price: 0, displayed: 0n, left: 0n };
}

function isTick(price: number): boolean {
  return price > 0 && (price < 10_000 || price % 100 === 0);
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`nothing at ${index}`);
  return found;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
