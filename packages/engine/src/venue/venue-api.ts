/** The face of the state machine: what the server may ask of a venue. */
import type { EventBuffer } from '../events/event-buffer.ts';
import type { Instrument } from '../instruments/instrument.ts';
import type { OrderRef } from '../orders/order-terms.ts';
import type { Micros } from '../values/time.ts';
import type { Command, TapeSpec } from './command.ts';
import type {
  AccountView,
  MarketView,
  OrderView,
  Outcome,
  PositionView,
  SessionKind,
} from './views.ts';

/** Where a venue's clock stands. */
export interface ClockView {
  readonly time: Micros;
  readonly speed: number;
  readonly paused: boolean;
  readonly session: SessionKind;
  /** Rows of the tape played so far, and in all. */
  readonly tapePosition: number;
  readonly tapeLength: number;
  /** True when the tape has been played to its end. */
  readonly tapeEnded: boolean;
  readonly ended: boolean;
}

/**
 * A venue: state plus `apply`. Deterministic: the same commands give the same events, the same
 * snapshot bytes and the same hash, on every machine.
 */
export interface VenueApi {
  /** Sequence number of the last event; 0 before the first. */
  readonly seq: number;
  /** How many commands were applied (the log position of the next one). */
  readonly commandSeq: number;
  readonly seed: number;
  readonly tape: TapeSpec;
  readonly instruments: readonly Instrument[];

  /**
   * Applies one command. Total: never throws for a decoded command; a refusal changes nothing.
   * The events of this command stand in `events` until the next call; orders that they close
   * can be read by `order` until then.
   */
  apply(command: Command): Outcome;
  readonly events: EventBuffer;

  clock(): ClockView;
  instrumentIndex(symbol: string): number | undefined;
  account(index: number): AccountView | undefined;
  accountCount(): number;
  order(ref: OrderRef): OrderView | undefined;
  /** By client order id: the ref is known for the venue's life, the order only while open. */
  orderRefByClientId(account: number, clientOrderId: string): OrderRef | undefined;
  openOrders(account: number): readonly OrderView[];
  position(account: number, instrument: number): PositionView | undefined;
  positions(account: number): readonly PositionView[];
  market(instrument: number): MarketView;

  /** The whole state as bytes; `restoreVenue(snapshot, tape)` is its inverse. */
  snapshot(): Uint8Array;
  /**
   * 32 hex digits over the snapshot's bytes but for the log position, so that a refused command
   * leaves it as it was.
   */
  stateHash(): string;
  /** Checks the invariants of docs/reference/invariants.md; the list of those broken. */
  verify(): readonly string[];
}
