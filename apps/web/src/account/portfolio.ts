/**
 * What positions and the account are worth at the newest prices the page has seen.
 *
 * For showing: sums are numbers. What the server books is exact and comes with the account.
 */
import type { AlpacaAccount } from '@rialto/contracts/alpaca/account';
import type { AlpacaPosition } from '@rialto/contracts/alpaca/position';

/** A position at a price. Without a price all is unknown; `ratio` is of what was paid. */
export interface PositionValue {
  readonly price: number | undefined;
  readonly value: number | undefined;
  readonly profit: number | undefined;
  readonly ratio: number | undefined;
}

/** Gives the newest price of a symbol, if one was seen. */
export type PriceOf = (symbol: string) => number | undefined;

/** A position at the newest price, else at the price it came with. */
export function valuePosition(position: AlpacaPosition, priceOf: PriceOf): PositionValue {
  const price = priceOf(position.symbol) ?? numberOf(position.current_price);
  if (price === undefined) {
    return { price, value: undefined, profit: undefined, ratio: undefined };
  }
  const value = Number(position.qty) * price;
  const cost = Number(position.cost_basis);
  return { price, value, profit: value - cost, ratio: (value - cost) / cost };
}

/** Cash and positions together, and the change since the day before. */
export function valueAccount(
  account: AlpacaAccount,
  positions: readonly AlpacaPosition[],
  priceOf: PriceOf,
): { readonly equity: number; readonly change: number } {
  // A position without any price counts as what was paid for it.
  const equity = positions.reduce(
    (sum, each) => sum + (valuePosition(each, priceOf).value ?? Number(each.cost_basis)),
    Number(account.cash),
  );
  return { equity, change: equity - Number(account.last_equity) };
}

function numberOf(text: string | null): number | undefined {
  return text === null ? undefined : Number(text);
}
