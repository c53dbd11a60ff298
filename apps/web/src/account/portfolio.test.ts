import type { AlpacaAccount } from '@rialto/contracts/alpaca/account';
import type { AlpacaPosition } from '@rialto/contracts/alpaca/position';
import { expect, test } from 'vitest';
import { valueAccount, valuePosition } from './portfolio.ts';

const POSITION = {
  symbol: 'BAC',
  qty: '300',
  cost_basis: '4200',
  current_price: '13.5',
} as AlpacaPosition;
const ACCOUNT = { cash: '95800', last_equity: '100000' } as AlpacaAccount;

const at = (price: number | undefined) => (): number | undefined => price;

test('a position is worth the newest price, else the price it came with', () => {
  expect(valuePosition(POSITION, at(14.5))).toEqual({
    price: 14.5,
    value: 4350,
    profit: 150,
    ratio: 150 / 4200,
  });
  expect(valuePosition(POSITION, at(undefined)).value).toBe(4050);
});

test('without any price the value of a position is unknown', () => {
  const position = { ...POSITION, current_price: null };
  expect(valuePosition(position, at(undefined)).profit).toBeUndefined();
  expect(valueAccount(ACCOUNT, [position], at(undefined)).equity).toBe(100_000);
});

test('equity is cash and positions, its change counts from the day before', () => {
  expect(valueAccount(ACCOUNT, [POSITION], at(13.9))).toEqual({ equity: 99_970, change: -30 });
  expect(valueAccount(ACCOUNT, [], at(13.9))).toEqual({ equity: 95_800, change: -4_200 });
});
