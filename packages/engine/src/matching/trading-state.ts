/**
 * All state of the trading core, and where its commands write events.
 *
 * The functions of this folder work on it; `MatchingEngine` is the only one who calls them.
 */
import { OrderBook } from '../book/order-book.ts';
import type { EventBuffer } from '../events/event-buffer.ts';
import { newAmount } from '../ledger/notional.ts';
import type { Amount } from '../ledger/notional.ts';
import { Ledger } from '../ledger/ledger.ts';
import { AccountOrders } from '../orders/account-orders.ts';
import { ClientOrderIds } from '../orders/client-order-ids.ts';
import { OrderDirectory } from '../orders/order-directory.ts';
import { OrderPool } from '../orders/order-pool.ts';
import { WaitingOrders } from '../orders/waiting-orders.ts';
import { Positions } from '../positions/positions.ts';
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import { OutsideMarket } from './outside-market.ts';

/** Bits of `instrumentFlags`. */
export const FRACTIONABLE = 1;
export const TRADABLE = 2;

/** The parts that a snapshot holds; the rest follows from them. */
interface Parts {
  readonly pool: OrderPool;
  readonly waiting: WaitingOrders;
  readonly accountOrders: AccountOrders;
  readonly directory: OrderDirectory;
  readonly clientOrderIds: ClientOrderIds;
  readonly ledger: Ledger;
  readonly positions: Positions;
  readonly outside: OutsideMarket;
}

export class TradingState {
  readonly events: EventBuffer;
  readonly pool: OrderPool;
  readonly book: OrderBook;
  readonly waiting: WaitingOrders;
  readonly accountOrders: AccountOrders;
  readonly directory: OrderDirectory;
  readonly clientOrderIds: ClientOrderIds;
  readonly ledger: Ledger;
  readonly positions: Positions;
  readonly outside: OutsideMarket;
  readonly instrumentFlags: number[] = [];
  /** Venue time in microseconds; stamped on events. */
  time = 0;
  /** Whether the session trades. */
  isOpen = false;
  hasEnded = false;
  /** Places for results of money arithmetic. */
  readonly amount: Amount = newAmount();
  readonly holdAmount: Amount = newAmount();

  constructor(events: EventBuffer, parts: Parts = newParts()) {
    this.events = events;
    this.pool = parts.pool;
    this.waiting = parts.waiting;
    this.accountOrders = parts.accountOrders;
    this.directory = parts.directory;
    this.clientOrderIds = parts.clientOrderIds;
    this.ledger = parts.ledger;
    this.positions = parts.positions;
    this.outside = parts.outside;
    this.book = new OrderBook(parts.pool);
  }

  /** Adds an instrument to every part; returns its index. */
  addInstrument(flags: number): number {
    this.outside.addInstrument();
    this.ledger.addInstrument();
    this.book.addInstrument();
    return this.instrumentFlags.push(flags) - 1;
  }

  write(w: ByteWriter): void {
    w.f64(this.time);
    w.u8(this.isOpen ? 1 : 0);
    w.u8(this.hasEnded ? 1 : 0);
    w.i32s(Int32Array.from(this.instrumentFlags));
    this.pool.write(w);
    this.waiting.write(w);
    this.accountOrders.write(w);
    this.directory.write(w);
    this.clientOrderIds.write(w);
    this.ledger.write(w);
    this.positions.write(w);
    this.outside.write(w);
  }

  static read(r: ByteReader, events: EventBuffer): TradingState {
    const time = r.f64();
    const isOpen = r.u8() === 1;
    const hasEnded = r.u8() === 1;
    const flags = r.i32s();
    const pool = OrderPool.read(r);
    const waiting = WaitingOrders.read(r, pool);
    const accountOrders = AccountOrders.read(r, pool);
    const directory = OrderDirectory.read(r);
    const state = new TradingState(events, {
      pool,
      waiting,
      accountOrders,
      directory,
      clientOrderIds: ClientOrderIds.read(r, directory),
      ledger: Ledger.read(r),
      positions: Positions.read(r),
      outside: OutsideMarket.read(r),
    });
    state.time = time;
    state.isOpen = isOpen;
    state.hasEnded = hasEnded;
    state.instrumentFlags.push(...flags);
    for (let k = 0; k < flags.length; k++) state.book.addInstrument();
    state.book.restore();
    return state;
  }
}

function newParts(): Parts {
  const pool = new OrderPool();
  const directory = new OrderDirectory();
  return {
    pool,
    waiting: new WaitingOrders(pool),
    accountOrders: new AccountOrders(pool),
    directory,
    clientOrderIds: new ClientOrderIds(directory),
    ledger: new Ledger(),
    positions: new Positions(),
    outside: new OutsideMarket(),
  };
}
