import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareEngines, compareOn } from './testing/compare-engines.ts';

const word = fc.integer({ min: 0, max: 0x7fffffff });

it('agrees with the naive engine on every event and balance of any command sequence', () => {
  const commands = fc.array(fc.tuple(word, word, word, word, word), { maxLength: 250 });
  fc.assert(
    fc.property(commands, (raws) => {
      compareOn(raws);
    }),
    { numRuns: 60 },
  );
});

it('agrees with the naive engine over 6,000 seeded commands that reach every outcome', () => {
  const { commands, fills, kinds } = compareEngines(2013, 6_000);
  expect(commands).toBeGreaterThanOrEqual(6_000);
  expect(fills).toBeGreaterThan(500);
  for (const outcome of [
    'order',
    'order maker',
    'quoteTaken',
    'quoteCrossed maker',
    'tradedThrough maker',
    'queueReached maker',
    'requested',
    'immediateRemainder',
    'notFillableWhole',
    'dayEnded',
    'noLiquidity',
    'insufficient_buying_power',
    'insufficient_qty',
    'client_order_id_reused',
    'order_not_open',
    'price_invalid',
    'qty_invalid',
    'fractional_not_day',
    'no_price',
    'instrument_not_fractionable',
    'order maker up',
  ]) {
    expect(kinds, outcome).toHaveProperty([outcome]);
  }
});
