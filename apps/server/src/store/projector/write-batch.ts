/**
 * One batch, one transaction: its effects and the checkpoint that says they are there.
 *
 * The commit does not wait for the disk (synchronous_commit off). Why a power cut cannot make the
 * tables, the snapshots and the log disagree stands in docs/adr/0003-replicas.md.
 */
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { Sql } from '../database.ts';
import type { AnySql } from '../tables/any-sql.ts';
import { STORE_CONSUMER } from '../tables/checkpoint-reader.ts';
import { enterTapeInstruments } from '../tables/tape-instruments.ts';
import type { EventBatch } from './event-batch.ts';
import { createTickPartitions } from './tick-partitions.ts';
import { writeBrokerage } from './write-brokerage.ts';
import { writeMarketData } from './write-market-data.ts';

/** Writes batches of one venue. */
export class BatchWriter {
  private readonly sql: Sql;
  private readonly venueId: string;
  private readonly venue: VenueApi;
  /** UTC days whose partitions are known to exist. */
  private readonly partitioned = new Set<number>();
  private keys: readonly number[] | undefined;

  constructor(sql: Sql, venueId: string, venue: VenueApi) {
    this.sql = sql;
    this.venueId = venueId;
    this.venue = venue;
  }

  /** Writes a batch whole or not at all. May be called again with the same batch. */
  async write(batch: EventBatch): Promise<void> {
    const { sql, venue, venueId } = this;
    for (const day of batch.tickDays) await this.ensurePartitions(day);
    // A venue has its instruments with its first command, for good.
    const { instruments, tape } = venue;
    this.keys ??= await enterTapeInstruments(
      sql,
      tape,
      instruments.map((instrument) => instrument.symbol),
    );
    const { keys } = this;
    await sql.begin(async (tx) => {
      await tx`set local synchronous_commit = off`;
      await writeMarketData(tx, { tapeId: tape.dataset, keys }, batch);
      await writeBrokerage(tx, { venueId, instruments }, batch);
      await saveCheckpoint(tx, venueId, batch);
    });
  }

  private async ensurePartitions(day: number): Promise<void> {
    if (this.partitioned.has(day)) return;
    await createTickPartitions(this.sql, day);
    this.partitioned.add(day);
  }
}

/** Never moves the checkpoint back: another process may have stored more. */
async function saveCheckpoint(tx: AnySql, venueId: string, batch: EventBatch): Promise<void> {
  await tx`
    insert into consumer_checkpoint as stored (consumer, venue_id, seq, command_seq)
    values (${STORE_CONSUMER}, ${venueId}, ${batch.lastSeq}, ${batch.commandSeq})
    on conflict (consumer, venue_id) do update
      set seq = excluded.seq, command_seq = excluded.command_seq
      where stored.seq < excluded.seq`;
}
