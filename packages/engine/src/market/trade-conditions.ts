/**
 * Trade conditions: what a print may change, and its letters on the wire.
 *
 * A print carries a set of condition bits (the numbering of QuantConnect/Lean,
 * Common/Data/Auxiliary/TradeConditionFlags.cs, Apache-2.0). What each condition may change
 * follows the consolidated processing guidelines of the two US tapes: CTA, "CTS Pillar Output
 * Specification", sale conditions; UTP Plan, "UTP Trade Data Feed", appendix on sale condition
 * modifiers. Their "update last only if it is the first trade of the day" is read as "does not
 * update last".
 *
 * A print with several conditions changes only what all of them allow. Bars of a minute include
 * extended hours; the bar of the day has the prices of the regular session only, and the volume
 * of all sessions, as the tapes count it.
 */

/** What a print changes: a set of these bits (`TRADE.flags` of a trade event). */
export const TradeEffect = {
  minuteHighLow: 1,
  minuteLast: 2,
  minuteVolume: 4,
  dayHighLow: 8,
  dayLast: 16,
  dayVolume: 32,
} as const;

/** In `TRADE.flags` beside the effects: the vendor doubts the print. */
export const TRADE_SUSPICIOUS = 64;

/** The effects on the bar of the day stand this many bits above those on the minute. */
export const DAY_EFFECT_SHIFT = 3;

const E = TradeEffect;
const VOLUME: number = E.minuteVolume | E.dayVolume;
const RANGE: number = VOLUME | E.minuteHighLow | E.dayHighLow;
const ALL: number = RANGE | E.minuteLast | E.dayLast;
const EXTENDED: number = E.minuteHighLow | E.minuteLast | VOLUME;
const NOTHING = 0;

/** One bit of the set. */
interface TradeCondition {
  readonly bit: number;
  readonly name: string;
  /** Letter of the UTP feed; empty where there is none. */
  readonly letter: string;
  /** What a print with this condition may change. */
  readonly allows: number;
}

/** All conditions, by bit. RANGE: high, low and volume, not the last price. */
export const TRADE_CONDITIONS: readonly TradeCondition[] = [
  { bit: 0x1, name: 'regular', letter: '@', allows: ALL },
  { bit: 0x2, name: 'cash', letter: 'C', allows: VOLUME },
  { bit: 0x4, name: 'next day', letter: 'N', allows: VOLUME },
  { bit: 0x8, name: 'seller', letter: 'R', allows: VOLUME },
  { bit: 0x10, name: 'yellow flag', letter: 'Y', allows: ALL },
  { bit: 0x20, name: 'intermarket sweep', letter: 'F', allows: ALL },
  { bit: 0x40, name: 'opening print', letter: 'O', allows: ALL },
  { bit: 0x80, name: 'closing print', letter: '6', allows: ALL },
  { bit: 0x100, name: 're-opening print', letter: '5', allows: ALL },
  { bit: 0x200, name: 'derivatively priced', letter: '4', allows: RANGE },
  { bit: 0x400, name: 'form T', letter: 'T', allows: EXTENDED },
  { bit: 0x800, name: 'sold last', letter: 'L', allows: RANGE },
  { bit: 0x1000, name: 'stopped', letter: '1', allows: ALL },
  { bit: 0x2000, name: 'extended hours', letter: 'T', allows: EXTENDED },
  { bit: 0x4000, name: 'out of sequence', letter: 'Z', allows: RANGE },
  { bit: 0x8000, name: 'split', letter: 'S', allows: ALL },
  { bit: 0x10000, name: 'acquisition', letter: 'A', allows: ALL },
  { bit: 0x20000, name: 'bunched', letter: 'B', allows: ALL },
  { bit: 0x40000, name: 'stock option', letter: 'V', allows: VOLUME },
  { bit: 0x80000, name: 'distribution', letter: 'D', allows: ALL },
  { bit: 0x100000, name: 'average price', letter: 'W', allows: VOLUME },
  { bit: 0x200000, name: 'cross', letter: 'X', allows: ALL },
  { bit: 0x400000, name: 'price variation', letter: 'H', allows: VOLUME },
  { bit: 0x800000, name: 'rule 155', letter: 'K', allows: ALL },
  // The official prices repeat an auction that was printed before.
  { bit: 0x1000000, name: 'official close', letter: 'M', allows: NOTHING },
  { bit: 0x2000000, name: 'prior reference price', letter: 'P', allows: RANGE },
  { bit: 0x4000000, name: 'official open', letter: 'Q', allows: NOTHING },
  // Its letter was I, which means odd lot since December 2013.
  { bit: 0x8000000, name: 'CAP election', letter: '', allows: ALL },
  { bit: 0x10000000, name: 'auto execution', letter: 'E', allows: ALL },
  // A field of its own on the tapes, no sale condition.
  { bit: 0x20000000, name: 'trade-through exempt', letter: '', allows: ALL },
  { bit: 0x40000000, name: 'undocumented', letter: '', allows: VOLUME },
  { bit: 0x80000000, name: 'odd lot', letter: 'I', allows: VOLUME },
];

/** The conditions that forbid an effect. */
function forbidding(effect: number): number {
  let bits = 0;
  for (const { bit, allows } of TRADE_CONDITIONS) if ((allows & effect) === 0) bits |= bit;
  return bits;
}

const NO_MINUTE_HIGH_LOW = forbidding(E.minuteHighLow);
const NO_MINUTE_LAST = forbidding(E.minuteLast);
const NO_MINUTE_VOLUME = forbidding(E.minuteVolume);
const NO_DAY_HIGH_LOW = forbidding(E.dayHighLow);
const NO_DAY_LAST = forbidding(E.dayLast);
const NO_DAY_VOLUME = forbidding(E.dayVolume);

/**
 * What a print changes: `TradeEffect` bits. A suspicious print changes volume at most.
 * Whatever updates the last price of a bar updates its high and low too.
 */
export function tradeEffects(conditions: number, suspicious: boolean): number {
  let effects = 0;
  if ((conditions & NO_MINUTE_HIGH_LOW) === 0) effects |= E.minuteHighLow;
  if ((conditions & NO_MINUTE_LAST) === 0) effects |= E.minuteLast;
  if ((conditions & NO_MINUTE_VOLUME) === 0) effects |= E.minuteVolume;
  if ((conditions & NO_DAY_HIGH_LOW) === 0) effects |= E.dayHighLow;
  if ((conditions & NO_DAY_LAST) === 0) effects |= E.dayLast;
  if ((conditions & NO_DAY_VOLUME) === 0) effects |= E.dayVolume;
  return suspicious ? effects & VOLUME : effects;
}

// Letters that say how a trade settles; without one of them it settles the regular way.
const SETTLEMENT: readonly string[] = ['C', 'N', 'R'];

/** Sets of bits that were asked for, with their letters; a feed uses a few dozen of them. */
const letterCache = new Map<number, readonly string[]>();
const LETTER_CACHE_MAX = 1_024;

/** The letters of a set of conditions, settlement first: regular sweep is ["@", "F"]. */
export function tradeConditionLetters(conditions: number): readonly string[] {
  const known = letterCache.get(conditions);
  if (known !== undefined) return known;
  const letters = new Set<string>();
  for (const { bit, letter } of TRADE_CONDITIONS) {
    if ((conditions & bit) !== 0 && letter !== '') letters.add(letter);
  }
  letters.delete('@');
  const settlement = SETTLEMENT.find((letter) => letters.delete(letter)) ?? '@';
  const found = [settlement, ...letters];
  if (letterCache.size < LETTER_CACHE_MAX) letterCache.set(conditions, found);
  return found;
}
