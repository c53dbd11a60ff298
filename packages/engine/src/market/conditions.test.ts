import { expect, test } from 'vitest';
import { isFirmQuote, QUOTE_CONDITIONS, quoteConditionLetters } from './quote-conditions.ts';
import {
  TRADE_CONDITIONS,
  tradeConditionLetters,
  TradeEffect,
  tradeEffects,
} from './trade-conditions.ts';

/** Effects as the specifications write them: H high/low, L last, V volume; minute, then day. */
function written(conditions: number, suspicious = false): string {
  const effects = tradeEffects(conditions, suspicious);
  const letter = (effect: number, text: string): string => ((effects & effect) === 0 ? '-' : text);
  return (
    letter(TradeEffect.minuteHighLow, 'H') +
    letter(TradeEffect.minuteLast, 'L') +
    letter(TradeEffect.minuteVolume, 'V') +
    ' ' +
    letter(TradeEffect.dayHighLow, 'H') +
    letter(TradeEffect.dayLast, 'L') +
    letter(TradeEffect.dayVolume, 'V')
  );
}

test.each([
  [0x0, 'no condition', 'HLV HLV', '@'],
  [0x1, 'regular', 'HLV HLV', '@'],
  [0x2, 'cash', '--V --V', 'C'],
  [0x4, 'next day', '--V --V', 'N'],
  [0x8, 'seller', '--V --V', 'R'],
  [0x10, 'yellow flag', 'HLV HLV', '@Y'],
  [0x20, 'intermarket sweep', 'HLV HLV', '@F'],
  [0x40, 'opening print', 'HLV HLV', '@O'],
  [0x80, 'closing print', 'HLV HLV', '@6'],
  [0x100, 're-opening print', 'HLV HLV', '@5'],
  [0x200, 'derivatively priced', 'H-V H-V', '@4'],
  [0x400, 'form T', 'HLV --V', '@T'],
  [0x800, 'sold last', 'H-V H-V', '@L'],
  [0x1000, 'stopped', 'HLV HLV', '@1'],
  [0x2000, 'extended hours', 'HLV --V', '@T'],
  [0x4000, 'out of sequence', 'H-V H-V', '@Z'],
  [0x8000, 'split', 'HLV HLV', '@S'],
  [0x10000, 'acquisition', 'HLV HLV', '@A'],
  [0x20000, 'bunched', 'HLV HLV', '@B'],
  [0x40000, 'stock option', '--V --V', '@V'],
  [0x80000, 'distribution', 'HLV HLV', '@D'],
  [0x100000, 'average price', '--V --V', '@W'],
  [0x200000, 'cross', 'HLV HLV', '@X'],
  [0x400000, 'price variation', '--V --V', '@H'],
  [0x800000, 'rule 155', 'HLV HLV', '@K'],
  [0x1000000, 'official close', '--- ---', '@M'],
  [0x2000000, 'prior reference price', 'H-V H-V', '@P'],
  [0x4000000, 'official open', '--- ---', '@Q'],
  [0x8000000, 'CAP election', 'HLV HLV', '@'],
  [0x10000000, 'auto execution', 'HLV HLV', '@E'],
  [0x20000000, 'trade-through exempt', 'HLV HLV', '@'],
  [0x40000000, 'undocumented', '--V --V', '@'],
  [0x80000000, 'odd lot', '--V --V', '@I'],
  // Sets that stand in the recording of 2013-10-07.
  [0x20000020, 'exempt sweep', 'HLV HLV', '@F'],
  [0x20002020, 'exempt sweep in extended hours', 'HLV --V', '@FT'],
  [0x20100200, 'average price, derivatively priced', '--V --V', '@4W'],
  [0x4800, 'sold last, out of sequence', 'H-V H-V', '@LZ'],
  [0x102000, 'average price in extended hours', '--V --V', '@TW'],
  [0x6004, 'next day, extended hours, out of sequence', '--V --V', 'NTZ'],
])('a print with bits %i (%s) changes %s and is written %s', (bits, _name, effects, letters) => {
  expect(written(bits)).toBe(effects);
  expect(tradeConditionLetters(bits).join('')).toBe(letters);
});

test('a suspicious print changes volume at most', () => {
  expect(written(0x1, true)).toBe('--V --V');
  expect(written(0x1000000, true)).toBe('--- ---');
});

test('each of the 32 bits stands once in the table, and last never comes without high and low', () => {
  expect(TRADE_CONDITIONS.map(({ bit }) => Math.log2(bit))).toEqual(
    Array.from({ length: 32 }, (_, place) => place),
  );
  for (const { allows } of TRADE_CONDITIONS) {
    expect(
      (allows & TradeEffect.minuteLast) !== 0 && (allows & TradeEffect.minuteHighLow) === 0,
    ).toBe(false);
    expect((allows & TradeEffect.dayLast) !== 0 && (allows & TradeEffect.dayHighLow) === 0).toBe(
      false,
    );
  }
});

test.each([
  [0x1, true, 'R'],
  [0x0, true, 'R'],
  [0x4, true, 'R'],
  [0x801, true, 'RO'],
  [0x8, true, 'C'],
  [0x2, true, 'H'],
  [0x10, false, 'D'],
  [0x21, false, 'RP'],
  [0x40, false, 'G'],
  [0x80, false, 'I'],
  [0x100, false, 'L'],
  [0x200, false, 'M'],
  [0x400, false, 'N'],
])('a quote with bits %i is firm: %s, and is written %s', (bits, firm, letters) => {
  expect(isFirmQuote(bits, false)).toBe(firm);
  expect(quoteConditionLetters(bits).join('')).toBe(letters);
});

test('a suspicious quote is not firm, and each of the 12 bits stands once', () => {
  expect(isFirmQuote(0x1, true)).toBe(false);
  expect(QUOTE_CONDITIONS.map(({ bit }) => Math.log2(bit))).toEqual(
    Array.from({ length: 12 }, (_, place) => place),
  );
});
