import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { hash128 } from './hash.ts';

// Made with the reference C++ code (through mmh3 for Python), seed 0; words as hex numbers.
test.each([
  ['', '00000000000000000000000000000000'],
  ['a', 'a794933c5556b01b5556b01b5556b01b'],
  ['hello', '2b2444a0db91def79adb31b69adb31b6'],
  ['0123456789abcdefg', '7f1f9836516b3876ac29c030f9d6f374'],
  ['I will not buy this record, it is scratched.', 'a0a9683b25ac5e40d9af2895890dddf5'],
])('the hash of "%s" is that of the reference implementation', (text, expected) => {
  expect(hash128(new TextEncoder().encode(text))).toBe(expected);
});

test('any changed byte changes the hash', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 100 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (bytes, at, flip) => {
        const changed = bytes.slice();
        changed[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip;
        expect(hash128(changed)).not.toBe(hash128(bytes));
      },
    ),
  );
});

test('a byte more, even a zero, changes the hash', () => {
  const hashes = Array.from({ length: 64 }, (_, length) => hash128(new Uint8Array(length)));
  expect(new Set(hashes).size).toBe(64);
});
