/**
 * Money: multiples of $0.000000001 (1e-9 dollar).
 *
 * At the edges money is a bigint. Balances in the state machine are pairs of numbers, dollars
 * and billionths (see quantity.ts for the conversions, which are the same).
 */
import type { Brand } from './brand.ts';
import { formatScaled, parseScaled } from './decimal.ts';
import { NANO_DECIMALS, NANOS_PER_UNIT } from './quantity.ts';

/** An amount of US dollars in units of 1e-9 dollar; may be negative. */
export type Money = Brand<bigint, 'Money'>;

/** An amount of whole dollars. */
export function dollars(count: number): Money {
  return (BigInt(count) * BigInt(NANOS_PER_UNIT)) as Money;
}

/** Reads decimal text as money; `undefined` when it is no decimal of at most nine digits. */
export function parseMoney(text: string): Money | undefined {
  return parseScaled(text, NANO_DECIMALS) as Money | undefined;
}

/** Writes money as decimal text without trailing zeros: "99864.2". */
export function formatMoney(money: Money): string {
  return formatScaled(money, NANO_DECIMALS);
}
