import { expect, test } from 'vitest';
import { formatDecimalMoney } from '../format/number.ts';
import { buyingPowerAfter, estimateCost, intentFor, readDraft, stepPrice } from './order-draft.ts';
import type { OrderDraft } from './order-draft.ts';

const DRAFT: OrderDraft = {
  symbol: 'BAC',
  side: 'buy',
  type: 'limit',
  qtyText: '100',
  limitText: '13.9',
  timeInForce: 'day',
};
const QUOTE = { bp: 13.9, ap: 13.91 };

test('a limit order is read into terms without needless zeros', () => {
  expect(readDraft({ ...DRAFT, qtyText: '100.500' })).toEqual({
    ok: true,
    terms: {
      symbol: 'BAC',
      side: 'buy',
      type: 'limit',
      time_in_force: 'day',
      qty: '100.5',
      limit_price: '13.9',
    },
  });
});

test('a market order carries no limit price, whatever is left in the field', () => {
  const reading = readDraft({ ...DRAFT, type: 'market' });
  expect(reading.ok && 'limit_price' in reading.terms).toBe(false);
});

/** The field that the ticket would mend first. */
function wrongField(change: Partial<OrderDraft>): string {
  const reading = readDraft({ ...DRAFT, ...change });
  return reading.ok ? 'none' : reading.field;
}

test('what cannot be sent names its field', () => {
  expect(['', '0', '-1', '1e3', 'abc'].map((qtyText) => wrongField({ qtyText }))).toEqual(
    Array(5).fill('qty'),
  );
  expect(wrongField({ limitText: '' })).toBe('limit');
  expect(wrongField({ symbol: '' })).toBe('symbol');
  expect(wrongField({})).toBe('none');
});

test('the cost is taken at the limit, or at the far side of the quote', () => {
  const cost = (change: Partial<OrderDraft>): string => {
    const units = estimateCost({ ...DRAFT, ...change }, QUOTE);
    return units === undefined ? 'unknown' : formatDecimalMoney(units);
  };
  expect(cost({})).toBe('1,390.00');
  expect(cost({ type: 'market' })).toBe('1,391.00');
  expect(cost({ type: 'market', side: 'sell' })).toBe('1,390.00');
  expect(cost({ qtyText: '' })).toBe('unknown');
  expect(estimateCost({ ...DRAFT, type: 'market' }, undefined)).toBeUndefined();
});

test('buying power falls by a buy and grows by a sale', () => {
  const cost = 1_391n * 1_000_000_000n;
  expect(buyingPowerAfter('100000', 'buy', cost)).toBe(98_609n * 1_000_000_000n);
  expect(buyingPowerAfter('100000', 'sell', cost)).toBe(101_391n * 1_000_000_000n);
  expect(buyingPowerAfter(undefined, 'buy', cost)).toBeUndefined();
});

test('the price steps by a cent, by $0.0001 below a dollar, and stays above zero', () => {
  expect(stepPrice('13.91', 1)).toBe('13.92');
  expect(stepPrice('13.9', -10)).toBe('13.80');
  expect(stepPrice('1.00', -1)).toBe('0.9999');
  expect(stepPrice('0.9999', 1)).toBe('1.00');
  expect(stepPrice('0.0001', -5)).toBe('0.0001');
  expect(stepPrice('13.915', 1)).toBe('13.92');
  expect(stepPrice('', 1)).toBe('');
});

test('an unsettled intent is kept for the same terms only', () => {
  const reading = readDraft(DRAFT);
  if (!reading.ok) throw new Error(reading.message);
  const first = intentFor(reading.terms, undefined);
  expect(first.clientOrderId).toMatch(/^page-[0-9a-f]{32}$/);
  expect(intentFor({ ...reading.terms }, first)).toBe(first);
  const other = intentFor({ ...reading.terms, qty: '101' }, first);
  expect(other.clientOrderId).not.toBe(first.clientOrderId);
});
