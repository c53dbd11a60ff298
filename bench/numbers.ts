/**
 * `npm run bench numbers`: how to hold money. The same arithmetic (take a hold, fill at a better
 * price, release, pay) with pairs of numbers, with bigint and with BigInt64Array; the figures of
 * docs/adr/0002-numbers.md. Ratios of interleaved rounds; no goal, so it never fails.
 */
import { Ledger } from '@rialto/engine/ledger/ledger';
import { DOLLARS, NANOS, newAmount, notional } from '@rialto/engine/ledger/notional';
import { formatSpread, ratiosOf, spreadOf } from './support/ratio.ts';

const ROUNDS = 9;
const FILLS = 400_000;
/** Few enough that no collection falls between two heap readings. */
const HEAP_FILLS = 10_000;
const ACCOUNTS = 64;
const NANOS_PER_PRICE_UNIT = 100_000n;

/** Price and limit of the k-th fill, in $0.0001, and its shares. */
function fillAt(k: number): { limit: number; price: number; shares: number } {
  const price = 1_000_000 + (k % 977) * 100;
  return { limit: price + 500, price, shares: 1 + (k % 89) };
}

function pairs(count: number): void {
  const ledger = new Ledger();
  ledger.addInstrument();
  for (let k = 0; k < ACCOUNTS; k++) ledger.openAccount(1_000_000_000, 0, 0);
  const hold = newAmount();
  const cost = newAmount();
  for (let k = 0; k < count; k++) {
    const { limit, price, shares } = fillAt(k);
    const account = k % ACCOUNTS;
    notional(limit, shares, 0, hold);
    ledger.hold(account, hold[DOLLARS] ?? 0, hold[NANOS] ?? 0);
    notional(price, shares, 0, cost);
    ledger.release(account, hold[DOLLARS] ?? 0, hold[NANOS] ?? 0);
    const dollars = cost[DOLLARS] ?? 0;
    const nanos = cost[NANOS] ?? 0;
    ledger.payForShares(account, 0, dollars, nanos, false, shares, 0);
  }
}

/** The ledger's calls with balances that are bigint; in an array or a BigInt64Array. */
class BigintLedger {
  private readonly cash: bigint[] | BigInt64Array;
  private readonly held: bigint[] | BigInt64Array;
  private readonly house: bigint[] | BigInt64Array;

  constructor(balances: (count: number) => bigint[] | BigInt64Array) {
    this.cash = balances(ACCOUNTS);
    this.held = balances(ACCOUNTS);
    this.house = balances(2);
    for (let k = 0; k < ACCOUNTS; k++) this.cash[k] = 10n ** 18n;
  }

  hold(account: number, amount: bigint): void {
    this.held[account] = (this.held[account] ?? 0n) + amount;
  }

  release(account: number, amount: bigint): void {
    this.held[account] = (this.held[account] ?? 0n) - amount;
  }

  pay(account: number, amount: bigint, shares: bigint): void {
    this.cash[account] = (this.cash[account] ?? 0n) - amount;
    this.house[0] = (this.house[0] ?? 0n) + amount;
    this.house[1] = (this.house[1] ?? 0n) - shares;
  }
}

function bigintNotional(price: number, shares: number): bigint {
  return BigInt(price) * BigInt(shares) * NANOS_PER_PRICE_UNIT;
}

function fillAll(ledger: BigintLedger, count: number): void {
  for (let k = 0; k < count; k++) {
    const { limit, price, shares } = fillAt(k);
    const account = k % ACCOUNTS;
    const hold = bigintNotional(limit, shares);
    ledger.hold(account, hold);
    const cost = bigintNotional(price, shares);
    ledger.release(account, hold);
    ledger.pay(account, cost, BigInt(shares));
  }
}

function bigints(count: number): void {
  fillAll(new BigintLedger((length) => Array.from({ length }, () => 0n)), count);
}

function bigint64s(count: number): void {
  fillAll(new BigintLedger((length) => new BigInt64Array(length)), count);
}

/** Nanoseconds a fill. */
function timeOf(run: (count: number) => void): number {
  const start = performance.now();
  run(FILLS);
  return ((performance.now() - start) * 1e6) / FILLS;
}

/** Bytes a fill leaves on the heap. */
function bytesOf(run: (count: number) => void): string {
  const collect = globalThis.gc;
  if (collect === undefined) return 'not measured (no --expose-gc)';
  collect();
  const before = process.memoryUsage().heapUsed;
  run(HEAP_FILLS);
  return ((process.memoryUsage().heapUsed - before) / HEAP_FILLS).toFixed(1);
}

const contenders = { pairs, bigints, bigint64s };
const times: Record<keyof typeof contenders, number[]> = { pairs: [], bigints: [], bigint64s: [] };
const names = ['pairs', 'bigints', 'bigint64s'] as const;
for (let round = 0; round <= ROUNDS; round++) {
  for (const name of names) {
    const time = timeOf(contenders[name]);
    if (round > 0) times[name].push(time);
  }
}
for (const name of names) {
  const ratio = formatSpread(ratiosOf(times[name], times.pairs), 1);
  process.stdout.write(
    `${name}: ${formatSpread(spreadOf(times[name]), 0)} ns a hold and fill, ` +
      `${ratio} x pairs, heap bytes ${bytesOf(contenders[name])}\n`,
  );
}
