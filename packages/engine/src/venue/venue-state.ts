/**
 * All state of a venue: made by `open_venue` or read from a snapshot, changed by commands.
 *
 * The parts: what the venue is (seed, tape, instruments), who leads it and how fast its clock
 * runs, the accounts' ids, the market, the trading core, and how much of the tape was played.
 * Everything else follows from these, so a snapshot is exactly this and nothing of a process.
 */
import type { EventBuffer } from '../events/event-buffer.ts';
import type { Instrument } from '../instruments/instrument.ts';
import { MarketState } from '../market/market-state.ts';
import type { RecordedTape } from '../market/recorded-tape.ts';
import { MatchingEngine } from '../matching/matching-engine.ts';
import { BytesError } from '../values/bytes.ts';
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import { readInstrument, writeInstrument } from './command-codec.ts';
import type { OpenVenue, TapeSpec } from './command.ts';
import { TapePlayer } from './tape-player.ts';

/** What a venue is; fixed by its first command. */
export interface VenueFacts {
  readonly seed: number;
  readonly tape: TapeSpec;
  readonly instruments: readonly Instrument[];
}

/** The facts before open_venue. */
const NO_FACTS: VenueFacts = {
  seed: 0,
  tape: { kind: 'recording', dataset: '', hash: '' },
  instruments: [],
};

/** The parts that make up a state. */
interface Parts {
  readonly facts: VenueFacts;
  readonly engine: MatchingEngine;
  readonly market: MarketState;
  readonly player: TapePlayer;
}

/** What the parts are made of. */
interface Assembly {
  readonly facts: VenueFacts;
  readonly tape: RecordedTape;
  readonly events: EventBuffer;
  readonly engine: MatchingEngine;
  readonly market: MarketState;
  /** Rows of the tape that have been played. */
  readonly position: number;
}

export class VenueState {
  readonly facts: VenueFacts;
  readonly engine: MatchingEngine;
  readonly market: MarketState;
  readonly player: TapePlayer;
  /** Ids of the accounts, in the order of their indexes. */
  readonly accountIds: string[] = [];
  isOpened = false;
  hasEnded = false;
  /** Commands of a driver with a lower epoch are refused. */
  epoch = 0;
  speed = 1;
  isPaused = false;
  /** Sequence number of the last event. */
  seq = 0;
  private readonly indexes: ReadonlyMap<string, number>;
  private readonly knownAccounts = new Set<string>();

  private constructor(parts: Parts) {
    this.facts = parts.facts;
    this.engine = parts.engine;
    this.market = parts.market;
    this.player = parts.player;
    this.indexes = indexesOf(parts.facts.instruments);
  }

  /** The state before the first command: no instruments, no accounts. */
  static empty(tape: RecordedTape, events: EventBuffer): VenueState {
    const engine = new MatchingEngine(events);
    const market = new MarketState(tape, 0);
    return VenueState.assemble({ facts: NO_FACTS, tape, events, engine, market, position: 0 });
  }

  /** The state that open_venue makes; its clock stands at the command's time. */
  static opened(command: OpenVenue, tape: RecordedTape, events: EventBuffer): VenueState {
    const { seed, instruments } = command;
    const engine = new MatchingEngine(events);
    for (const { fractionable, tradable } of instruments) {
      engine.addInstrument(fractionable, tradable);
    }
    engine.time = tape.length === 0 ? command.at : Math.min(command.at, tape.time(0));
    const facts = { seed, tape: command.tape, instruments };
    const market = new MarketState(tape, instruments.length);
    const state = VenueState.assemble({ facts, tape, events, engine, market, position: 0 });
    state.isOpened = true;
    return state;
  }

  /** Index of the instrument with this symbol. */
  instrumentIndex(symbol: string): number | undefined {
    return this.indexes.get(symbol);
  }

  /** Whether an account with this id was opened. */
  hasAccount(id: string): boolean {
    return this.knownAccounts.has(id);
  }

  /** Notes the id of the account that the engine opened last. */
  addAccount(id: string): void {
    this.accountIds.push(id);
    this.knownAccounts.add(id);
  }

  /** Appends the state to a snapshot. */
  write(w: ByteWriter, tape: RecordedTape): void {
    const { facts } = this;
    w.u32(facts.seed);
    w.text(facts.tape.dataset);
    w.text(facts.tape.hash);
    w.u32(facts.instruments.length);
    for (const instrument of facts.instruments) writeInstrument(w, instrument);
    w.u32(tape.length);
    w.u32(this.player.position);
    w.u8((this.isOpened ? 1 : 0) | (this.hasEnded ? 2 : 0) | (this.isPaused ? 4 : 0));
    w.u32(this.epoch);
    w.f64(this.speed);
    w.f64(this.seq);
    w.u32(this.accountIds.length);
    for (const id of this.accountIds) w.text(id);
    this.market.write(w);
    this.engine.write(w);
  }

  /**
   * Reads what `write` wrote; the venue plays on over `tape`.
   *
   * @throws BytesError when the bytes are no state, or one of another tape.
   */
  static read(r: ByteReader, tape: RecordedTape, events: EventBuffer): VenueState {
    const seed = r.u32();
    const dataset = r.text();
    const hash = r.text();
    const instruments: Instrument[] = [];
    for (let count = r.u32(); count > 0; count--) instruments.push(readInstrument(r));
    const facts: VenueFacts = { seed, tape: { kind: 'recording', dataset, hash }, instruments };
    const length = r.u32();
    const position = r.u32();
    if (length !== tape.length || position > length) {
      throw new BytesError('the snapshot belongs to another tape');
    }
    const flags = r.u8();
    const epoch = r.u32();
    const speed = r.f64();
    const seq = r.f64();
    const accountIds: string[] = [];
    for (let count = r.u32(); count > 0; count--) accountIds.push(r.text());
    const market = new MarketState(tape, instruments.length);
    market.read(r);
    const engine = MatchingEngine.read(r, events);
    const state = VenueState.assemble({ facts, tape, events, engine, market, position });
    state.isOpened = (flags & 1) !== 0;
    state.hasEnded = (flags & 2) !== 0;
    state.isPaused = (flags & 4) !== 0;
    state.epoch = epoch;
    state.speed = speed;
    state.seq = seq;
    for (const id of accountIds) state.addAccount(id);
    return state;
  }

  private static assemble({ facts, tape, events, engine, market, position }: Assembly): VenueState {
    const indexes = indexesOf(facts.instruments);
    const instrumentOf = Int32Array.from(tape.symbols, (symbol) => indexes.get(symbol) ?? -1);
    const player = new TapePlayer({ tape, engine, market, events, instrumentOf }, position);
    return new VenueState({ facts, engine, market, player });
  }
}

function indexesOf(instruments: readonly Instrument[]): ReadonlyMap<string, number> {
  return new Map(instruments.map(({ symbol }, index) => [symbol, index]));
}
