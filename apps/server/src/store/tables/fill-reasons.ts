/** The engine's reasons of a fill, as words in the table `fill`. */
import { FillReason } from '@rialto/engine/events/event-layout';

const WORDS: ReadonlyMap<number, string> = new Map([
  [FillReason.order, 'order'],
  [FillReason.quoteTaken, 'quote_taken'],
  [FillReason.quoteCrossed, 'quote_crossed'],
  [FillReason.tradedThrough, 'traded_through'],
  [FillReason.queueReached, 'queue_reached'],
]);

const REASONS: ReadonlyMap<string, number> = new Map(
  [...WORDS].map(([reason, word]) => [word, reason]),
);

/** The word of a FillReason; throws for a number that is none (a broken event). */
export function fillReasonWord(reason: number): string {
  const word = WORDS.get(reason);
  if (word === undefined) throw new Error(`no fill reason ${reason}`);
  return word;
}

/** The FillReason of a word; throws for a word that is none. */
export function fillReasonOf(word: string): number {
  const reason = REASONS.get(word);
  if (reason === undefined) throw new Error(`no fill reason "${word}"`);
  return reason;
}
