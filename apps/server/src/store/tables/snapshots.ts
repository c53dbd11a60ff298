/** Snapshots of venues in the table `snapshot`. */
import type { Sql } from '../database.ts';
import type { SnapshotStore } from '../../venues/snapshot-keeper.ts';

/** Snapshots kept of each venue. */
const KEPT = 2;

interface SnapshotRow {
  readonly command_seq: number;
  readonly seq: number;
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** Keeps snapshots over `sql`. */
export function createSnapshotStore(sql: Sql): SnapshotStore {
  return {
    async newest(venueId) {
      const [row] = await sql<SnapshotRow[]>`
        select command_seq, seq, hash, bytes from snapshot
        where venue_id = ${venueId} order by command_seq desc limit 1`;
      if (row === undefined) return undefined;
      return {
        venueId,
        commandSeq: row.command_seq,
        seq: row.seq,
        hash: row.hash,
        bytes: row.bytes,
      };
    },
    save: ({ venueId, commandSeq, seq, hash, bytes }) =>
      sql.begin(async (tx) => {
        await tx`
          insert into snapshot (venue_id, command_seq, seq, hash, bytes)
          values (${venueId}, ${commandSeq}, ${seq}, ${hash}, ${bytes})
          on conflict (venue_id, command_seq) do update
            set seq = excluded.seq, hash = excluded.hash, bytes = excluded.bytes`;
        const kept = await tx<{ command_seq: number }[]>`
          select command_seq from snapshot
          where venue_id = ${venueId} order by command_seq desc limit ${KEPT}`;
        const oldest = kept.at(-1)?.command_seq ?? commandSeq;
        await tx`
          delete from snapshot where venue_id = ${venueId} and command_seq < ${oldest}`;
        return oldest;
      }),
  };
}
