/** Waits for the tables, so that a read from them is no older than what the caller has seen. */
import type { FastifyBaseLogger } from 'fastify';
import type { CheckpointReader } from '../../store/readers.ts';
import { ApiError } from '../http/api-error.ts';

/** Longest wait of a request for the tables. */
const WAIT_MS = 5_000;

export class StoredHistory {
  private readonly checkpoint: CheckpointReader;
  private readonly logger: FastifyBaseLogger;

  constructor(checkpoint: CheckpointReader, logger: FastifyBaseLogger) {
    this.checkpoint = checkpoint;
    this.logger = logger;
  }

  /** Resolves when the tables hold the venue's events up to `seq`; else `store_behind`. */
  async upTo(venueId: string, seq: number): Promise<void> {
    try {
      await this.checkpoint.reached(venueId, seq, WAIT_MS);
    } catch (error) {
      this.logger.warn({ venue_id: venueId, seq, err: error }, 'tables are behind');
      throw new ApiError('store_behind');
    }
  }
}
