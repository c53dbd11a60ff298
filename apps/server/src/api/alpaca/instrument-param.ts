/** The instrument that a path names, by symbol or by asset id. */
import type { Instrument } from '@rialto/engine/instruments/instrument';
import type { VenueApi } from '@rialto/engine/venue/venue-api';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Longest part of a caller's text that is quoted in an answer. */
const QUOTED_CHARACTERS = 40;

/** An instrument with its place in the venue's list. */
export interface ListedInstrument {
  readonly index: number;
  readonly instrument: Instrument;
}

/** Finds the instrument; `undefined` when the venue does not list it. */
export function findInstrument(venue: VenueApi, symbolOrId: string): ListedInstrument | undefined {
  const index = UUID.test(symbolOrId)
    ? venue.instruments.findIndex((instrument) => instrument.id === symbolOrId)
    : (venue.instrumentIndex(symbolOrId) ?? -1);
  const instrument = venue.instruments[index];
  return instrument === undefined ? undefined : { index, instrument };
}

/** The instrument of an index that the engine gave out. */
export function listedInstrument(venue: VenueApi, index: number): Instrument {
  const instrument = venue.instruments[index];
  if (instrument === undefined) throw new Error(`the venue has no instrument ${index}`);
  return instrument;
}

/** A word of the caller, short enough to be quoted in an answer. */
export function quoted(text: string): string {
  return text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text;
}
