/** A venue as the platform API writes it: its row, its recording, and where its clock stands. */
import type { Venue } from '@rialto/contracts/platform/platform-api';
import type { RecordedTape } from '@rialto/engine/market/recorded-tape';
import type { Micros } from '@rialto/engine/values/time';
import type { Replica } from '../../venues/venue-host.ts';
import type { VenueRow } from '../../venues/venue-registry.ts';
import { formatTime } from '../alpaca/rfc3339.ts';
import { venueClock } from '../stream/platform-values.ts';

/** Writes a venue; its state is that of the replica. */
export function venueJson(row: VenueRow, tape: RecordedTape, { venue, seq }: Replica): Venue {
  const empty = tape.length === 0;
  return {
    id: row.id,
    name: row.name,
    run: row.run,
    tape: {
      kind: 'recording',
      dataset: row.template.dataset,
      from: formatTime(empty ? (0 as Micros) : tape.time(0)),
      to: formatTime(empty ? (0 as Micros) : tape.time(tape.length - 1)),
    },
    ...venueClock(venue),
    seq,
    symbols: venue.instruments.map(({ symbol }) => symbol),
  };
}
