/**
 * The order ticket's logic: reading what was typed, estimating the cost, and the identity of an
 * intent. The server decides; here only what cannot be sent at all is refused.
 */
import type { OrderRequest } from '@rialto/client/order-request';
import {
  decimalFromDollars,
  decimalText,
  multiplyRoundedUp,
  parseDecimal,
} from '../format/decimal.ts';

/** What stands in the form, as typed. */
export interface OrderDraft {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'market' | 'limit';
  readonly qtyText: string;
  readonly limitText: string;
  readonly timeInForce: OrderRequest['time_in_force'];
}

/** An order request without its identity. */
export type OrderTerms = Omit<OrderRequest, 'client_order_id'>;

/** The terms, or the field that has to be mended and why. */
export type DraftReading =
  | { readonly ok: true; readonly terms: OrderTerms }
  | { readonly ok: false; readonly field: 'symbol' | 'qty' | 'limit'; readonly message: string };

/** Reads a draft. */
export function readDraft(draft: OrderDraft): DraftReading {
  const { symbol, side, type, timeInForce } = draft;
  if (symbol === '') return { ok: false, field: 'symbol', message: 'Choose a symbol first.' };
  const qty = parseDecimal(draft.qtyText);
  if (qty === undefined || qty <= 0n) {
    const message = 'Enter how many shares: a number above 0 with at most 9 decimals.';
    return { ok: false, field: 'qty', message };
  }
  const terms = { symbol, side, type, time_in_force: timeInForce, qty: decimalText(qty) };
  if (type === 'market') return { ok: true, terms };
  const limit = parseDecimal(draft.limitText);
  if (limit === undefined || limit <= 0n) {
    return { ok: false, field: 'limit', message: 'Enter a limit price above 0.' };
  }
  return { ok: true, terms: { ...terms, limit_price: decimalText(limit) } };
}

/**
 * What an order would cost (or bring, for a sale), in units of 1e-9 dollars: at the limit, or at
 * the far side of the quote. `undefined` while the price or the quantity is not known.
 */
export function estimateCost(
  draft: OrderDraft,
  quote: { readonly bp: number; readonly ap: number } | undefined,
): bigint | undefined {
  const qty = parseDecimal(draft.qtyText);
  const price = estimatePrice(draft, quote);
  if (qty === undefined || qty <= 0n || price === undefined || price <= 0n) return undefined;
  return multiplyRoundedUp(qty, price);
}

function estimatePrice(
  draft: OrderDraft,
  quote: { readonly bp: number; readonly ap: number } | undefined,
): bigint | undefined {
  if (draft.type === 'limit') return parseDecimal(draft.limitText);
  if (quote === undefined) return undefined;
  return decimalFromDollars(draft.side === 'buy' ? quote.ap : quote.bp);
}

/** The buying power once the order is filled at the estimate. */
export function buyingPowerAfter(
  buyingPower: string | undefined,
  side: 'buy' | 'sell',
  cost: bigint | undefined,
): bigint | undefined {
  const before = buyingPower === undefined ? undefined : parseDecimal(buyingPower);
  if (before === undefined || cost === undefined) return undefined;
  return side === 'buy' ? before - cost : before + cost;
}

const CENT = 10_000_000n;
const DOLLAR = 1_000_000_000n;

/**
 * A price text moved by `steps` price steps: a cent, or $0.0001 below $1. Never below one step;
 * what is no price is left as it is.
 */
export function stepPrice(text: string, steps: number): string {
  const price = parseDecimal(text);
  if (price === undefined) return text;
  const isBelowDollar = price < DOLLAR || (price === DOLLAR && steps < 0);
  const step = isBelowDollar ? CENT / 100n : CENT;
  const moved = (price / step) * step + BigInt(steps) * step;
  return fixedPrice(moved < step ? step : moved);
}

/** A price as it is typed: two decimals, or four below $1. */
export function fixedPrice(units: bigint): string {
  const [whole = '0', fraction = ''] = decimalText(units).split('.');
  return `${whole}.${fraction.padEnd(units < DOLLAR ? 4 : 2, '0')}`;
}

/** One intent to trade: the same terms sent again are the same order. */
export interface Intent {
  readonly clientOrderId: string;
  readonly terms: OrderTerms;
}

/**
 * The intent behind terms about to be sent: the one before, when its fate is unknown and the
 * terms are the same, else a new one. Its id is made before the first send.
 */
export function intentFor(terms: OrderTerms, unsettled: Intent | undefined): Intent {
  if (unsettled !== undefined && isSameTerms(unsettled.terms, terms)) return unsettled;
  return { clientOrderId: newClientOrderId(), terms };
}

function isSameTerms(a: OrderTerms, b: OrderTerms): boolean {
  const names = ['symbol', 'side', 'type', 'time_in_force', 'qty', 'limit_price'] as const;
  return names.every((name) => a[name] === b[name]);
}

/** 128 random bits; `randomUUID` would be absent on a plain http origin other than localhost. */
function newClientOrderId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
