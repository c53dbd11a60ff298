/** What the Alpaca routes need. */
import type { FastifyBaseLogger } from 'fastify';
import type { CheckpointReader, MarketDataReader, OrdersReader } from '../../store/readers.ts';
import type { TapeLibrary } from '../../venues/tape-library.ts';
import type { CallerDeps } from '../http/caller.ts';

export interface AlpacaApiDeps extends CallerDeps {
  readonly orders: OrdersReader;
  readonly marketData: MarketDataReader;
  readonly checkpoint: CheckpointReader;
  readonly tapes: TapeLibrary;
  /** Makes client order ids for orders that come without one. */
  readonly random: { uuid(): string };
  readonly logger: FastifyBaseLogger;
}
