/** Where venues find the tapes they play; implemented over recorded data sets by the feeds. */
import type { Instrument } from '@rialto/engine/instruments/instrument';
import type { RecordedTape } from '@rialto/engine/market/recorded-tape';

/** A packed data set in memory. */
export interface LoadedTape {
  readonly name: string;
  /** SHA-256 (hex) of the packed bytes. */
  readonly hash: string;
  readonly tape: RecordedTape;
  readonly instruments: readonly Instrument[];
}

export interface TapeLibrary {
  /** Loads a data set by name, packing a shipped one on first use; each is in memory once. */
  load(name: string): Promise<LoadedTape>;
}
