/**
 * Quote conditions: which quotes are firm, and their letters on the wire.
 *
 * Bits as in QuantConnect/Lean, Common/Data/Auxiliary/QuoteConditionFlags.cs (Apache-2.0);
 * letters of the CTA and UTP quotation feeds. Nobody can trade against a quote that is an
 * indication or stands during a halt, so it offers no liquidity in the book.
 */

/** One bit of the set. */
interface QuoteCondition {
  readonly bit: number;
  readonly name: string;
  /** Letter of the quotation feeds; empty where there is none. */
  readonly letter: string;
  /** Whether an order can trade against a quote with this condition. */
  readonly firm: boolean;
}

/** All conditions, by bit. */
export const QUOTE_CONDITIONS: readonly QuoteCondition[] = [
  { bit: 0x1, name: 'regular', letter: 'R', firm: true },
  { bit: 0x2, name: 'slow', letter: 'H', firm: true },
  { bit: 0x4, name: 'gap', letter: '', firm: true },
  { bit: 0x8, name: 'closing', letter: 'C', firm: true },
  { bit: 0x10, name: 'news dissemination', letter: 'D', firm: false },
  { bit: 0x20, name: 'news pending', letter: 'P', firm: false },
  { bit: 0x40, name: 'trading range indication', letter: 'G', firm: false },
  { bit: 0x80, name: 'order imbalance', letter: 'I', firm: false },
  { bit: 0x100, name: 'closed market maker', letter: 'L', firm: false },
  { bit: 0x200, name: 'volatility trading pause', letter: 'M', firm: false },
  { bit: 0x400, name: 'non-firm quote', letter: 'N', firm: false },
  { bit: 0x800, name: 'opening quote', letter: 'O', firm: true },
];

let notFirm = 0;
for (const { bit, firm } of QUOTE_CONDITIONS) if (!firm) notFirm |= bit;
const NOT_FIRM: number = notFirm;

/** Whether orders may trade against the quote: no condition speaks against it, nor the vendor. */
export function isFirmQuote(conditions: number, suspicious: boolean): boolean {
  return !suspicious && (conditions & NOT_FIRM) === 0;
}

/** The letters of a set of conditions; ["R"], a regular quote, when none has a letter. */
export function quoteConditionLetters(conditions: number): readonly string[] {
  if (conditions === 1) return REGULAR;
  const letters: string[] = [];
  for (const { bit, letter } of QUOTE_CONDITIONS) {
    if ((conditions & bit) !== 0 && letter !== '') letters.push(letter);
  }
  return letters.length === 0 ? REGULAR : letters;
}

const REGULAR: readonly string[] = ['R'];
