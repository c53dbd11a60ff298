import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderUuid, parseOrderUuid } from './order-id.ts';

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const number = fc.integer({ min: 1, max: 2 ** 48 - 1 });
const slot = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const seed = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

it('reads back number and slot from a version 4 UUID', () => {
  fc.assert(
    fc.property(seed, number, slot, (venue, n, s) => {
      const text = orderUuid(venue, { number: n, slot: s });
      expect(text).toMatch(VERSION_4);
      expect(parseOrderUuid(venue, text)).toEqual({ number: n, slot: s });
      expect(parseOrderUuid(venue, text.toUpperCase())).toEqual({ number: n, slot: s });
    }),
  );
});

it('knows no id of another venue and none with a changed digit', () => {
  fc.assert(
    fc.property(seed, number, slot, fc.nat(35), (venue, n, s, at) => {
      const text = orderUuid(venue, { number: n, slot: s });
      expect(parseOrderUuid(venue + 1, text)).toBeUndefined();
      const digit = text[at] === '0' ? '1' : '0';
      const changed = text.slice(0, at) + digit + text.slice(at + 1);
      expect(parseOrderUuid(venue, changed)).toBeUndefined();
    }),
  );
});

it('knows no text that is not a UUID', () => {
  for (const text of ['', 'x', 'order 1', '00000000-0000-0000-0000-000000000000']) {
    expect(parseOrderUuid(1, text)).toBeUndefined();
  }
});
