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
const ACCOUNTS = 64;
const NANOS_PER_PRICE_UNIT = 100_000n;

/** Price and limit of the k-th fill, in $0.0001, and its shares. */
function fillAt(k: number): { limit: number; price: number; shares: number } {
  const price = 1_000_000 + (k % 977) * 100;
  return { limit: price + 500, price, shares: 1 + (k % 89) };
}
const fills = Array.from({ length: 1_024 }, (_, k) => fillAt(k));

function pairs(): void {
  const ledger = new Ledger();
  ledger.addInstrument();
  for (let k = 0; k < ACCOUNTS; k++) ledger.openAccount(1_000_000_000, 0, 0);
  const hold = newAmount();
  const cost = newAmount();
  for (let k = 0; k < FILLS; k++) {
    const { limit, price, shares } = fills[k & 1_023] as (typeof fills)[number];
    const account = k % ACCOUNTS;
    notional(limit, shares, 0, hold);
    ledger.hold(account, hold[DOLLARS] as number, hold[NANOS] as number);
    notional(price, shares, 0, cost);
    ledger.release(account, hold[DOLLARS] as number, hold[NANOS] as number);
    const dollars = cost[DOLLARS] as number;
    const nanos = cost[NANOS] as number;
    ledger.payForShares(account, 0, dollars, nanos, false, shares, 0);
  }
}

function bigints(): void {
  const cash = Array.from({ length: ACCOUNTS }, () => 10n ** 18n);
  const held = Array.from({ length: ACCOUNTS }, () => 0n);
  let market = 0n;
  let marketShares = 0n;
  for (let k = 0; k < FILLS; k++) {
    const { limit, price, shares } = fills[k & 1_023] as (typeof fills)[number];
    const account = k % ACCOUNTS;
    const hold = BigInt(limit) * BigInt(shares) * NANOS_PER_PRICE_UNIT;
    held[account] = (held[account] as bigint) + hold;
    const cost = BigInt(price) * BigInt(shares) * NANOS_PER_PRICE_UNIT;
    held[account] = (held[account] as bigint) - hold;
    cash[account] = (cash[account] as bigint) - cost;
    market += cost;
    marketShares -= BigInt(shares);
  }
  if (market <= 0n || marketShares >= 0n) throw new Error('nothing was paid');
}

function bigint64s(): void {
  const cash = new BigInt64Array(ACCOUNTS).fill(10n ** 18n);
  const held = new BigInt64Array(ACCOUNTS);
  const market = new BigInt64Array(2);
  for (let k = 0; k < FILLS; k++) {
    const { limit, price, shares } = fills[k & 1_023] as (typeof fills)[number];
    const account = k % ACCOUNTS;
    const hold = BigInt(limit) * BigInt(shares) * NANOS_PER_PRICE_UNIT;
    held[account] = (held[account] as bigint) + hold;
    const cost = BigInt(price) * BigInt(shares) * NANOS_PER_PRICE_UNIT;
    held[account] = (held[account] as bigint) - hold;
    cash[account] = (cash[account] as bigint) - cost;
    market[0] = (market[0] as bigint) + cost;
    market[1] = (market[1] as bigint) - BigInt(shares);
  }
}

/** Nanoseconds a fill. */
function timeOf(run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / FILLS;
}

/** Bytes a fill leaves on the heap before a collection. */
function bytesOf(run: () => void): string {
  const collect = globalThis.gc;
  if (collect === undefined) return 'not measured (no --expose-gc)';
  collect();
  const before = process.memoryUsage().heapUsed;
  run();
  return `${((process.memoryUsage().heapUsed - before) / FILLS).toFixed(1)} or more`;
}

const contenders = { pairs, bigints, bigint64s };
const times: Record<keyof typeof contenders, number[]> = { pairs: [], bigints: [], bigint64s: [] };
const names = Object.keys(contenders) as (keyof typeof contenders)[];
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
