/**
 * The state machine of a venue: `apply(command)` changes the state and writes events.
 *
 * Commands come from the log, one at a time; a command either does what it says or is refused
 * and changes nothing, not even the time. Here stands what each command does to the venue; orders
 * are in order-commands.ts, the passing of time in tape-player.ts, the state in venue-state.ts.
 */
import { EventBuffer } from '../events/event-buffer.ts';
import { CLOCK, EventType } from '../events/event-layout.ts';
import type { Instrument } from '../instruments/instrument.ts';
import type { RecordedTape } from '../market/recorded-tape.ts';
import type { OrderRef, Refusal } from '../orders/order-terms.ts';
import { ByteReader, BytesError, ByteWriter } from '../values/bytes.ts';
import { hash128 } from '../values/hash.ts';
import type { Money } from '../values/money.ts';
import { nanosOf, wholeOf } from '../values/quantity.ts';
import { MICROS_PER_DAY } from '../values/time.ts';
import type { Micros } from '../values/time.ts';
import type {
  AdvanceClock,
  Command,
  Lead,
  OpenAccount,
  OpenVenue,
  SetClock,
  TapeSpec,
} from './command.ts';
import {
  cancelAllOrders,
  cancelOrder,
  closePosition,
  refused,
  submitOrder,
} from './order-commands.ts';
import type { ClockView, VenueApi } from './venue-api.ts';
import { VenueState } from './venue-state.ts';
import type { AccountView, MarketView, OrderView, Outcome, PositionView } from './views.ts';

/** The most tape rows that one advance_clock may play. */
export const TAPE_SLICE_ROWS = 4_096;

/** The most venue time that one advance_clock may pass: so many days. */
export const CLOCK_SLICE_DAYS = 1_000;

/** Raised with every change of what a snapshot holds: another version is replayed, not read. */
const SNAPSHOT_VERSION = 2;

/** Bytes of a snapshot before the state: version and position in the log. */
const SNAPSHOT_HEAD_BYTES = 9;

/** A venue before its first command, which has to be `open_venue`. */
export function createVenue(tape: RecordedTape): VenueApi {
  const events = new EventBuffer();
  return new Venue(tape, events, VenueState.empty(tape, events), 0);
}

/**
 * The venue that `snapshot()` was taken of, to go on with the command after it.
 *
 * @throws BytesError when the bytes are no snapshot, or one of another tape.
 */
export function restoreVenue(snapshot: Uint8Array, tape: RecordedTape): VenueApi {
  const r = new ByteReader(snapshot);
  const version = r.u8();
  if (version !== SNAPSHOT_VERSION) throw new BytesError(`snapshot version ${version} is unknown`);
  const commandSeq = r.f64();
  const events = new EventBuffer();
  const state = VenueState.read(r, tape, events);
  if (r.remaining !== 0) throw new BytesError(`${r.remaining} bytes follow the snapshot`);
  return new Venue(tape, events, state, commandSeq);
}

/** The `stateHash()` of the venue that a snapshot was taken of. */
export function snapshotHash(snapshot: Uint8Array): string {
  return hash128(snapshot.subarray(SNAPSHOT_HEAD_BYTES));
}

class Venue implements VenueApi {
  commandSeq: number;
  readonly events: EventBuffer;
  private readonly recording: RecordedTape;
  private state: VenueState;

  constructor(tape: RecordedTape, events: EventBuffer, state: VenueState, commandSeq: number) {
    this.recording = tape;
    this.events = events;
    this.state = state;
    this.commandSeq = commandSeq;
    events.reset(state.seq + 1);
  }

  get seq(): number {
    return this.state.seq;
  }

  get seed(): number {
    return this.state.facts.seed;
  }

  get tape(): TapeSpec {
    return this.state.facts.tape;
  }

  get instruments(): readonly Instrument[] {
    return this.state.facts.instruments;
  }

  apply(command: Command): Outcome {
    this.commandSeq++;
    this.events.reset(this.state.seq + 1);
    const refusal = this.refusalOfAny(command);
    const outcome = refusal === undefined ? this.applyInOrder(command) : refused(refusal);
    this.state.seq += this.events.count;
    return outcome;
  }

  clock(): ClockView {
    const { engine, player, speed, isPaused, hasEnded } = this.state;
    return {
      time: engine.time as Micros,
      speed,
      paused: isPaused,
      session: player.session,
      tapePosition: player.position,
      tapeLength: this.recording.length,
      tapeEnded: player.position === this.recording.length,
      ended: hasEnded,
    };
  }

  instrumentIndex(symbol: string): number | undefined {
    return this.state.instrumentIndex(symbol);
  }

  account(index: number): AccountView | undefined {
    const { engine, accountIds } = this.state;
    const id = accountIds[index];
    if (id === undefined) return undefined;
    const cash = engine.cash(index);
    const held = engine.heldCash(index);
    const buyingPower = (cash - held) as Money;
    const openingCash = engine.openingCash(index);
    return { index, id, openedAt: engine.openedAt(index), cash, held, buyingPower, openingCash };
  }

  accountCount(): number {
    return this.state.accountIds.length;
  }

  order(ref: OrderRef): OrderView | undefined {
    return this.state.engine.order(ref);
  }

  orderRefByClientId(account: number, clientOrderId: string): OrderRef | undefined {
    return this.state.engine.orderRefByClientId(account, clientOrderId);
  }

  openOrders(account: number): readonly OrderView[] {
    return this.state.engine.openOrders(account);
  }

  position(account: number, instrument: number): PositionView | undefined {
    return this.state.engine.position(account, instrument);
  }

  positions(account: number): readonly PositionView[] {
    return this.state.engine.positions(account);
  }

  market(instrument: number): MarketView {
    return this.state.market.view(instrument);
  }

  snapshot(): Uint8Array {
    const w = new ByteWriter(1 << 16);
    w.u8(SNAPSHOT_VERSION);
    w.f64(this.commandSeq);
    this.state.write(w, this.recording);
    return w.finish();
  }

  stateHash(): string {
    return snapshotHash(this.snapshot());
  }

  verify(): readonly string[] {
    const { engine, accountIds, player } = this.state;
    const broken = engine.verify();
    if (engine.accountCount !== accountIds.length) broken.push('accounts without an id');
    if (this.recording.rowsUntil(engine.time) < player.position) {
      broken.push('rows of the tape were played before their time');
    }
    return broken;
  }

  /** Why any command is refused at this point of the venue's life. */
  private refusalOfAny(command: Command): Refusal | undefined {
    const { isOpened, hasEnded } = this.state;
    if (!isOpened) return command.type === 'open_venue' ? undefined : { code: 'venue_not_open' };
    if (hasEnded) return { code: 'venue_ended' };
    return command.type === 'open_venue' ? { code: 'venue_exists' } : undefined;
  }

  private applyInOrder(command: Command): Outcome {
    if (command.type === 'open_venue') return this.openVenue(command);
    if (command.type === 'advance_clock') return this.advanceClock(command);
    const { engine, player } = this.state;
    const before = engine.time;
    engine.time = player.timeOf(command.at);
    const outcome = this.applyNow(command);
    if (this.events.count === 0) engine.time = before;
    return outcome;
  }

  private applyNow(command: Exclude<Command, OpenVenue | AdvanceClock>): Outcome {
    const { state } = this;
    switch (command.type) {
      case 'open_account':
        return this.openAccount(command);
      case 'submit_order':
        return submitOrder(state, command);
      case 'cancel_order':
        return cancelOrder(state, command);
      case 'cancel_all_orders':
        return cancelAllOrders(state, command);
      case 'close_position':
        return closePosition(state, command);
      case 'set_clock':
        return this.setClock(command);
      case 'lead':
        return this.lead(command);
      case 'end_venue':
        break;
    }
    state.engine.endAll();
    state.hasEnded = true;
    return { ok: true };
  }

  private openVenue(command: OpenVenue): Outcome {
    this.state = VenueState.opened(command, this.recording, this.events);
    this.state.player.begin();
    return { ok: true };
  }

  private openAccount({ accountId, cash }: OpenAccount): Outcome {
    const { state } = this;
    if (state.hasAccount(accountId)) return refused({ code: 'account_exists' });
    if (cash < 0n) return refused({ code: 'cash_invalid' });
    const account = state.engine.openAccount(wholeOf(cash), nanosOf(cash));
    if (account < 0) return refused({ code: 'limit_exceeded', what: 'accounts' });
    state.addAccount(accountId);
    return { ok: true, account };
  }

  private lead({ epoch }: Lead): Outcome {
    if (epoch < this.state.epoch) return refused({ code: 'stale_epoch' });
    this.state.epoch = epoch;
    return { ok: true };
  }

  private advanceClock({ epoch, to }: AdvanceClock): Outcome {
    const { state } = this;
    const { engine, player } = state;
    if (epoch < state.epoch) return refused({ code: 'stale_epoch' });
    if (to < engine.time) return refused({ code: 'time_backwards' });
    const rows = player.rowsUntil(to);
    const tooFar = to - engine.time > CLOCK_SLICE_DAYS * MICROS_PER_DAY;
    if (rows > TAPE_SLICE_ROWS || tooFar) return refused({ code: 'tape_slice_too_long', rows });
    player.advance(to);
    return { ok: true };
  }

  private setClock({ speed, paused }: SetClock): Outcome {
    const { state, events } = this;
    state.speed = speed;
    state.isPaused = paused;
    const word = events.add(EventType.clockSet, -1, state.engine.time);
    events.f64[(word + CLOCK.speed) >> 1] = speed;
    events.i32[word + CLOCK.paused] = paused ? 1 : 0;
    return { ok: true };
  }
}
