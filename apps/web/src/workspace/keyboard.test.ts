import { expect, test } from 'vitest';
import { actionOf } from './keyboard.ts';
import type { Key } from './keyboard.ts';

const press = (key: string, held: Partial<Key> = {}): Key => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  shiftKey: false,
  ...held,
});

test('letters work in both cases', () => {
  expect(actionOf(press('b'))).toEqual({ kind: 'side', side: 'buy' });
  expect(actionOf(press('S', { shiftKey: true }))).toEqual({ kind: 'side', side: 'sell' });
});

test('cancel all needs Shift; plain X belongs to the focused row', () => {
  expect(actionOf(press('X', { shiftKey: true }))).toEqual({ kind: 'cancel_all' });
  expect(actionOf(press('x'))).toBeUndefined();
});

test('chords belong to the browser, and names of object members are no keys', () => {
  expect(actionOf(press('p', { ctrlKey: true }))).toBeUndefined();
  expect(actionOf(press('constructor'))).toBeUndefined();
});
