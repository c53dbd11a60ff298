/**
 * Runs random commands through the engine and gives, after each, all that it said and all that
 * can be seen of its state. Nothing is judged here: invariants.ts does that.
 */
import { EVENT_WORDS, EventBuffer } from '../../packages/engine/src/events/event-buffer.ts';
import {
  ACCOUNT,
  EventType,
  FILL_MAKER,
  FILL_ROUNDED_UP,
  HEAD,
  ORDER,
  ORDER_SELLS,
} from '../../packages/engine/src/events/event-layout.ts';
import { MatchingEngine } from '../../packages/engine/src/matching/matching-engine.ts';
import {
  decodeCommand,
  FRACTIONABLE_INSTRUMENTS,
  rawCommandsFrom,
  TEST_ACCOUNTS,
} from '../../packages/engine/src/matching/testing/random-commands.ts';
import type { TestCommand } from '../../packages/engine/src/matching/testing/random-commands.ts';
import { packTerms } from '../../packages/engine/src/orders/order-flags.ts';
import { joinNanos } from '../../packages/engine/src/values/quantity.ts';

/** An event record, read. `price`, `qty`, `leaves` and `why` mean what event-layout.ts says. */
export interface EngineEvent {
  readonly type: EventType;
  readonly account: number;
  readonly number: number;
  readonly instrument: number;
  readonly sells: boolean;
  readonly price: number;
  readonly qty: bigint;
  readonly leaves: bigint;
  /** FillReason or EndReason. */
  readonly why: number;
  readonly isMaker: boolean;
  readonly roundedUp: boolean;
  readonly cause: number;
}

/** An open order as the engine lists it. */
export interface OpenOrder {
  readonly number: number;
  readonly qty: bigint;
  readonly filled: bigint;
}

/** One command: what it made happen, and the state it left. */
export interface Step {
  /** Whether the session is open. */
  readonly isOpen: boolean;
  readonly events: readonly EngineEvent[];
  /** By account. */
  readonly cash: readonly bigint[];
  readonly house: {
    readonly market: bigint;
    readonly funding: bigint;
    readonly rounding: bigint;
  };
  /** By account, then by instrument. */
  readonly shares: readonly (readonly bigint[])[];
  readonly open: readonly OpenOrder[];
}

/** Opening cash: enough, tight, poor; and a few billionths, so that rounding shows. */
const CASH_DOLLARS = [10_000_000, 100_000, 300] as const;
const CASH_NANOS = 7;

/**
 * The steps of a venue's whole life: accounts are opened, the session opens, `commands` random
 * commands come, everything ends.
 */
export function* engineRun(seed: number, commands: number): Generator<Step> {
  const run = new Run();
  yield run.begin();
  const next = rawCommandsFrom(seed);
  for (let index = 0; index < commands; index++) {
    yield run.step(run.aim(decodeCommand(next(), run.owners.size)), index);
  }
  yield run.step({ kind: 'end' }, commands);
}

class Run {
  /** Order number → account. */
  readonly owners = new Map<number, number>();
  private readonly slots = new Map<number, number>();
  private readonly events = new EventBuffer(64);
  private readonly engine = new MatchingEngine(this.events);
  private isOpen = false;

  begin(): Step {
    for (const isFractionable of FRACTIONABLE_INSTRUMENTS) {
      this.engine.addInstrument(isFractionable, true);
    }
    for (const dollars of CASH_DOLLARS) this.engine.openAccount(dollars, CASH_NANOS);
    this.toggleSession();
    return this.seen();
  }

  /** A command about an order of nobody in particular comes from its owner. */
  aim(command: TestCommand): TestCommand {
    if (!('number' in command) || command.account >= 0) return command;
    return { ...command, account: this.owners.get(command.number) ?? 0 };
  }

  step(command: TestCommand, index: number): Step {
    this.events.reset(0);
    this.engine.time = index;
    this.apply(command, index);
    return this.seen();
  }

  private apply(command: TestCommand, index: number): void {
    const { engine } = this;
    switch (command.kind) {
      case 'submit': {
        const { account, instrument, side, type, tif, price, whole, nanos, cid } = command;
        const terms = packTerms(side, type, tif);
        engine.submit(account, instrument, terms, price, whole, nanos, `cid-${cid}`);
        return;
      }
      case 'cancel':
        engine.cancel(command.account, command.number, this.slotOf(command.number));
        return;
      case 'replace': {
        const { account, number, price, whole, nanos } = command;
        engine.replace(account, number, this.slotOf(number), price, whole, nanos);
        return;
      }
      case 'cancelAll':
        engine.cancelAll(command.account, []);
        return;
      case 'quote': {
        const { instrument, bid, bidSize, ask, askSize } = command;
        engine.setOutsideQuote(instrument, bid, bidSize, ask, askSize, index);
        return;
      }
      case 'trade':
        engine.outsideTrade(command.instrument, command.price, command.size, index);
        return;
      case 'setLast':
        engine.setLastPrice(command.instrument, command.price);
        return;
      case 'toggleSession':
        this.toggleSession();
        return;
      case 'end':
        engine.endAll();
    }
  }

  private toggleSession(): void {
    if (this.isOpen) this.engine.closeSession();
    else this.engine.openSession();
    this.isOpen = !this.isOpen;
  }

  private slotOf(number: number): number {
    return this.slots.get(number) ?? 1;
  }

  private seen(): Step {
    const { engine, events } = this;
    const accounts = Array.from({ length: TEST_ACCOUNTS }, (_, account) => account);
    return {
      isOpen: this.isOpen,
      events: Array.from({ length: events.count }, (_, k) => this.eventAt(k * EVENT_WORDS)),
      cash: accounts.map((account) => engine.cash(account)),
      house: engine.houseCash(),
      shares: accounts.map((account) =>
        FRACTIONABLE_INSTRUMENTS.map((_, i) => engine.position(account, i)?.qty ?? 0n),
      ),
      open: accounts.flatMap((account) =>
        engine
          .openOrders(account)
          .map(({ ref, qty, filledQty }) => ({ number: ref.number, qty, filled: filledQty })),
      ),
    };
  }

  private eventAt(word: number): EngineEvent {
    const { i32, f64 } = this.events;
    const field = (index: number): number => i32[word + index] ?? 0;
    const type = field(HEAD.type) as EventType;
    if (type === EventType.accountOpened) {
      const qty = joinNanos(f64[(word + ACCOUNT.dollars) >> 1] ?? 0, field(ACCOUNT.nanos));
      return { ...NO_ORDER, type, account: field(ACCOUNT.account), qty };
    }
    const number = f64[(word + ORDER.number) >> 1] ?? 0;
    const account = field(ORDER.account);
    this.owners.set(number, account);
    this.slots.set(number, field(ORDER.slot));
    const detail = field(ORDER.detail);
    return {
      type,
      account,
      number,
      instrument: field(HEAD.instrument),
      sells: (detail & ORDER_SELLS) !== 0,
      price: field(ORDER.price),
      qty: joinNanos(field(ORDER.qtyWhole), field(ORDER.qtyNanos)),
      leaves: joinNanos(field(ORDER.leavesWhole), field(ORDER.leavesNanos)),
      why: detail & 0xff,
      isMaker: type === EventType.orderFilled && (detail & FILL_MAKER) !== 0,
      roundedUp: type === EventType.orderFilled && (detail & FILL_ROUNDED_UP) !== 0,
      cause: f64[(word + ORDER.cause) >> 1] ?? 0,
    };
  }
}

const NO_ORDER: Omit<EngineEvent, 'type' | 'account' | 'qty'> = {
  number: 0,
  instrument: -1,
  sells: false,
  price: 0,
  leaves: 0n,
  why: 0,
  isMaker: false,
  roundedUp: false,
  cause: 0,
};
