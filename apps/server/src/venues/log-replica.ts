/**
 * A replica that follows a log partition: decode → apply → tell the listeners → answer.
 *
 * Commands are applied in log order by one loop. The loop yields to the event loop whenever it
 * has run for 8 ms, so a catch-up of a million commands stalls nobody. A command's answer goes
 * to whoever appended it here; answers of other processes' commands are dropped.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Command } from '@rialto/engine/venue/command';
import { decodeCommand, encodeCommand } from '@rialto/engine/venue/command-codec';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import type { Outcome } from '@rialto/engine/venue/views';
import type { LogPartition, LogRecord } from '../log/log.ts';
import type { MonotonicClock } from '../runtime/clock.ts';
import type { DurableListener, Replica, VenueListener } from './venue-host.ts';

/** Longest run of the apply loop before other work gets its turn. */
const SLICE_MS = 8;

/** Answers kept for appends whose promise settles after their command was applied. */
const OUTCOMES_KEPT = 65_536;

interface KeptOutcome {
  readonly commandSeq: number;
  readonly outcome: Outcome;
}

interface Waiting {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

export class LogReplica implements Replica, AsyncDisposable {
  readonly venueId: string;
  readonly venue: VenueApi;
  private readonly partition: LogPartition;
  private readonly clock: MonotonicClock;
  private readonly durable: readonly DurableListener[];
  private readonly listeners = new Set<VenueListener>();
  private readonly waiting = new Map<number, Waiting>();
  private readonly outcomes: (KeptOutcome | undefined)[] = [];
  private readonly onFailure: (error: Error) => void;
  private readonly onEnded: () => void;
  private following: Disposable | undefined;
  private failure: Error | undefined;
  private sliceStartMs = 0;

  constructor(deps: {
    readonly venueId: string;
    readonly venue: VenueApi;
    readonly partition: LogPartition;
    readonly clock: MonotonicClock;
    readonly durable: readonly DurableListener[];
    /** Told once when the replica can't go on (corrupt log, broken invariant). */
    readonly onFailure: (error: Error) => void;
    /** Told when the venue has ended: nothing will change in it any more. */
    readonly onEnded: () => void;
  }) {
    this.venueId = deps.venueId;
    this.venue = deps.venue;
    this.partition = deps.partition;
    this.clock = deps.clock;
    this.durable = deps.durable;
    this.onFailure = deps.onFailure;
    this.onEnded = deps.onEnded;
  }

  get seq(): number {
    return this.venue.seq;
  }

  get lagEvents(): number {
    let lag = 0;
    for (const listener of this.durable) lag = Math.max(lag, this.seq - listener.storedSeq);
    return lag;
  }

  /** Starts to follow the log; resolves when the commands that stood in it are applied. */
  async start(): Promise<void> {
    const head = this.partition.headSeq;
    this.following = this.partition.follow(
      this.venue.commandSeq + 1,
      (records) => this.applyAll(records),
      (error) => {
        this.fail(error);
        this.onFailure(error);
      },
    );
    while (this.venue.commandSeq < head) await this.outcomeOf(head);
    if (this.venue.clock().ended) this.onEnded();
  }

  async submit(command: Command): Promise<Outcome> {
    if (this.failure !== undefined) throw this.failure;
    const epoch = 'epoch' in command ? { epoch: command.epoch } : {};
    const { firstSeq } = await this.partition.append([encodeCommand(command)], epoch);
    return this.outcomeOf(firstSeq);
  }

  subscribe(listener: VenueListener): Disposable {
    this.listeners.add(listener);
    return {
      [Symbol.dispose]: (): void => {
        this.listeners.delete(listener);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.following?.[Symbol.dispose]();
    this.fail(new Error('the venue was closed'));
    for (const listener of this.durable) await listener[Symbol.asyncDispose]();
    await this.partition[Symbol.asyncDispose]();
  }

  private async applyAll(records: readonly LogRecord[]): Promise<void> {
    this.sliceStartMs = this.clock.monotonicMs();
    for (const record of records) {
      for (const listener of this.durable) await this.whenReady(listener);
      this.applyOne(record);
      if (this.clock.monotonicMs() - this.sliceStartMs > SLICE_MS) {
        await nextTurn();
        this.sliceStartMs = this.clock.monotonicMs();
      }
    }
  }

  private async whenReady(listener: DurableListener): Promise<void> {
    if (this.seq - listener.storedSeq < LAG_CHECKED_ABOVE) return;
    await listener.ready();
    this.sliceStartMs = this.clock.monotonicMs();
  }

  private applyOne(record: LogRecord): void {
    const { venue } = this;
    if (record.seq !== venue.commandSeq + 1) {
      throw new Error(`log gave record ${record.seq}, expected ${venue.commandSeq + 1}`);
    }
    const command = decodeCommand(record.payload);
    const outcome = venue.apply(command);
    if (venue.events.count > 0) {
      for (const listener of this.durable) listener.onEvents(venue);
      for (const listener of this.listeners) listener.onEvents(venue);
    }
    const waiting = this.waiting.get(record.seq);
    if (waiting === undefined) {
      this.outcomes[record.seq % OUTCOMES_KEPT] = { commandSeq: record.seq, outcome };
    } else {
      this.waiting.delete(record.seq);
      waiting.resolve(outcome);
    }
    if (command.type === 'end_venue' && outcome.ok) this.onEnded();
  }

  private outcomeOf(commandSeq: number): Promise<Outcome> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (commandSeq <= this.venue.commandSeq) {
      const kept = this.outcomes[commandSeq % OUTCOMES_KEPT];
      if (kept?.commandSeq === commandSeq) return Promise.resolve(kept.outcome);
      return Promise.reject(new Error(`the outcome of command ${commandSeq} is no longer kept`));
    }
    return new Promise((resolve, reject) => {
      this.waiting.set(commandSeq, { resolve, reject });
    });
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const waiting of this.waiting.values()) waiting.reject(this.failure);
    this.waiting.clear();
  }
}

/** Below this lag a durable listener is not even asked, which keeps order entry quick. */
const LAG_CHECKED_ABOVE = 20_000;
