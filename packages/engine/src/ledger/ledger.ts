/**
 * The ledger's balances: cash of every account and of three house accounts, and the shares the
 * outside market has given out.
 *
 * Double entry: whatever is taken from one balance is put to another in the same call, so the
 * sum over all accounts is zero per asset at any time (L1). `market` is the other side of every
 * fill (two accounts that trade meet there, and net to zero), `funding` of every deposit,
 * `rounding` keeps the units that buyers paid and sellers did not get. Shares of accounts are in
 * positions/positions.ts. The entries themselves are the events: ledger/transfers.ts.
 */
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import { addPair, coversPair, pairValue, subtractPair } from './pairs.ts';

/** Float64 fields per account, one cache line. */
const STRIDE = 8;
const Field = { cash: 0, held: 2, opening: 4, openedAt: 6 } as const;

/** Pairs of the house accounts. */
const House = { market: 0, funding: 2, rounding: 4 } as const;

export class Ledger {
  accountCount = 0;
  private accounts: Float64Array = new Float64Array(64 * STRIDE);
  private house: Float64Array = new Float64Array(6);
  private instrumentCount = 0;
  /** Pair per instrument: shares held by the outside market (negative: given out). */
  private marketShares: Float64Array = new Float64Array(64 * 2);

  addInstrument(): void {
    this.instrumentCount++;
    if (this.instrumentCount * 2 > this.marketShares.length) {
      this.marketShares = doubled(this.marketShares);
    }
  }

  /** Opens an account with a deposit out of `funding`; returns its index. */
  openAccount(dollars: number, nanos: number, time: number): number {
    const account = this.accountCount++;
    if (this.accountCount * STRIDE > this.accounts.length) this.accounts = doubled(this.accounts);
    const at = account * STRIDE;
    addPair(this.accounts, at + Field.cash, dollars, nanos);
    addPair(this.accounts, at + Field.opening, dollars, nanos);
    this.accounts[at + Field.openedAt] = time;
    subtractPair(this.house, House.funding, dollars, nanos);
    return account;
  }

  /** Reserves cash of an account for an open buy order. */
  hold(account: number, dollars: number, nanos: number): void {
    addPair(this.accounts, account * STRIDE + Field.held, dollars, nanos);
  }

  /** Gives reserved cash free again. */
  release(account: number, dollars: number, nanos: number): void {
    subtractPair(this.accounts, account * STRIDE + Field.held, dollars, nanos);
  }

  /** A buyer pays the market, and one more unit to `rounding` when `roundedUp`. */
  payForShares(
    account: number,
    instrument: number,
    dollars: number,
    nanos: number,
    roundedUp: boolean,
    whole: number,
    shareNanos: number,
  ): void {
    const at = account * STRIDE + Field.cash;
    subtractPair(this.accounts, at, dollars, nanos);
    addPair(this.house, House.market, dollars, nanos);
    if (roundedUp) {
      subtractPair(this.accounts, at, 0, 1);
      addPair(this.house, House.rounding, 0, 1);
    }
    subtractPair(this.marketShares, instrument * 2, whole, shareNanos);
  }

  /** A seller is paid by the market. */
  receiveForShares(
    account: number,
    instrument: number,
    dollars: number,
    nanos: number,
    whole: number,
    shareNanos: number,
  ): void {
    addPair(this.accounts, account * STRIDE + Field.cash, dollars, nanos);
    subtractPair(this.house, House.market, dollars, nanos);
    addPair(this.marketShares, instrument * 2, whole, shareNanos);
  }

  /** Whether the account's cash beyond what is held covers this amount. */
  canHold(account: number, dollars: number, nanos: number): boolean {
    const at = account * STRIDE;
    return coversPair(this.accounts, at + Field.cash, at + Field.held, dollars, nanos);
  }

  cash(account: number): bigint {
    return pairValue(this.accounts, account * STRIDE + Field.cash);
  }

  held(account: number): bigint {
    return pairValue(this.accounts, account * STRIDE + Field.held);
  }

  openingCash(account: number): bigint {
    return pairValue(this.accounts, account * STRIDE + Field.opening);
  }

  openedAt(account: number): number {
    return this.accounts[account * STRIDE + Field.openedAt] as number;
  }

  /** Cash of the house accounts. */
  houseCash(): { market: bigint; funding: bigint; rounding: bigint } {
    return {
      market: pairValue(this.house, House.market),
      funding: pairValue(this.house, House.funding),
      rounding: pairValue(this.house, House.rounding),
    };
  }

  /** Shares of an instrument that the outside market holds; negative: it gave them out. */
  sharesOfMarket(instrument: number): bigint {
    return pairValue(this.marketShares, instrument * 2);
  }

  write(w: ByteWriter): void {
    w.f64s(this.accounts.subarray(0, this.accountCount * STRIDE));
    w.f64s(this.house);
    w.f64s(this.marketShares.subarray(0, this.instrumentCount * 2));
  }

  static read(r: ByteReader): Ledger {
    const ledger = new Ledger();
    const accounts = r.f64s();
    ledger.accountCount = accounts.length / STRIDE;
    if (accounts.length > 0) ledger.accounts = accounts;
    ledger.house = r.f64s();
    const shares = r.f64s();
    ledger.instrumentCount = shares.length / 2;
    if (shares.length > 0) ledger.marketShares = shares;
    return ledger;
  }
}

function doubled(array: Float64Array): Float64Array {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
