/**
 * Drives the fast engine and the naive one with the same commands and compares all they say:
 * results, every event, balances, holds, positions and open orders. A second fast engine goes
 * through a snapshot now and then and must end in the same bytes.
 */
import { EVENT_WORDS, EventBuffer } from '../../events/event-buffer.ts';
import {
  ACCOUNT,
  EventType,
  FILL_MAKER,
  FILL_ROUNDED_UP,
  EndReason,
  FillReason,
  HEAD,
  ORDER,
  ORDER_LIMIT,
  ORDER_SELLS,
  ORDER_TIF_SHIFT,
} from '../../events/event-layout.ts';
import { transfersOf } from '../../ledger/transfers.ts';
import type { LedgerAccount } from '../../ledger/transfers.ts';
import { packTerms } from '../../orders/order-flags.ts';
import { ByteReader, ByteWriter } from '../../values/bytes.ts';
import { joinNanos } from '../../values/quantity.ts';
import { MatchingEngine } from '../matching-engine.ts';
import { refusalCode } from '../refusals.ts';
import { NaiveEngine } from './naive-engine.ts';
import type { NaiveEvent } from './naive-engine.ts';
import {
  FRACTIONABLE_INSTRUMENTS,
  TEST_ACCOUNTS,
  decodeCommand,
  rawCommandsFrom,
} from './random-commands.ts';
import type { RawCommand, TestCommand } from './random-commands.ts';

/** The engines disagree. */
export class EngineMismatch extends Error {
  override readonly name = 'EngineMismatch';
}

export interface Comparison {
  commands: number;
  orders: number;
  refusals: number;
  fills: number;
  events: number;
  /** How often each refusal, fill reason and end reason occurred. */
  kinds: Record<string, number>;
}

function noCounts(): Comparison {
  return { commands: 0, orders: 0, refusals: 0, fills: 0, events: 0, kinds: {} };
}

/** Cash of the test accounts: enough, tight, poor. */
const CASH = [10_000_000, 100_000, 300] as const;
const STATE_CHECK_EVERY = 8;
const SNAPSHOT_EVERY = 97;

const EVENT_NAMES: Readonly<Record<number, NaiveEvent['type']>> = {
  [EventType.accountOpened]: 'accountOpened',
  [EventType.orderAccepted]: 'orderAccepted',
  [EventType.orderWorking]: 'orderWorking',
  [EventType.orderFilled]: 'orderFilled',
  [EventType.orderCanceled]: 'orderCanceled',
  [EventType.orderExpired]: 'orderExpired',
  [EventType.orderReplaced]: 'orderReplaced',
};

/**
 * Runs seeded random commands, a new venue every `venueLength` of them, and returns counts.
 * Throws EngineMismatch, which names seed and command, at the first difference.
 */
export function compareEngines(seed: number, commands: number, venueLength = 1_000): Comparison {
  const total = noCounts();
  for (let first = 0; first < commands; first += venueLength) {
    const next = rawCommandsFrom(seed + first);
    const raws = Array.from({ length: Math.min(venueLength, commands - first) }, next);
    const part = compareOn(raws, `seed ${seed + first}`);
    total.commands += part.commands;
    total.orders += part.orders;
    total.refusals += part.refusals;
    total.fills += part.fills;
    total.events += part.events;
    for (const [kind, count] of Object.entries(part.kinds)) countKind(total, kind, count);
  }
  return total;
}

/** Runs the commands on fresh engines. */
export function compareOn(raws: readonly RawCommand[], label = 'commands'): Comparison {
  const pair = new EnginePair();
  raws.forEach((raw, index) => {
    try {
      pair.step(raw, index);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw new EngineMismatch(`${label}, command ${index}: ${text}`, { cause: error });
    }
  });
  pair.checkState();
  pair.checkBytes();
  return pair.counts;
}

class EnginePair {
  readonly counts: Comparison = noCounts();
  private readonly events = new EventBuffer(64);
  private readonly fast = new MatchingEngine(this.events);
  private readonly twinEvents = new EventBuffer(64);
  private twin = new MatchingEngine(this.twinEvents);
  private readonly naive = new NaiveEngine();
  private readonly slots = new Map<number, number>();
  /** Balances summed from the transfers of all events: "asset account" → amount. */
  private readonly sums = new Map<string, bigint>();
  private isOpen = false;

  constructor() {
    for (const isFractionable of FRACTIONABLE_INSTRUMENTS) {
      this.naive.addInstrument(isFractionable);
      this.fast.addInstrument(isFractionable, true);
      this.twin.addInstrument(isFractionable, true);
    }
    for (const dollars of CASH) {
      this.naive.openAccount(joinNanos(dollars, 5));
      this.fast.openAccount(dollars, 5);
      this.twin.openAccount(dollars, 5);
    }
    this.checkEvents();
    this.step([190, 0, 0, 0, 0], 0);
  }

  step(raw: RawCommand, index: number): void {
    let command = decodeCommand(raw, this.naive.orders.length);
    if ('number' in command && command.account < 0) {
      command = { ...command, account: this.naive.orders[command.number - 1]?.account ?? 0 };
    }
    this.counts.commands++;
    this.naive.events = [];
    this.events.reset(0);
    this.twinEvents.reset(0);
    if (index % SNAPSHOT_EVERY === SNAPSHOT_EVERY - 1) {
      this.twin = MatchingEngine.read(new ByteReader(bytesOf(this.twin)), this.twinEvents);
    }
    this.fast.time = index;
    this.twin.time = index;
    const expected = this.applyNaive(command, index);
    const actual = this.applyFast(this.fast, command, index);
    this.applyFast(this.twin, command, index);
    if (command.kind === 'toggleSession') this.isOpen = !this.isOpen;
    if (expected !== actual) throw new Error(`${show(command)}: ${expected}, engine ${actual}`);
    if (typeof expected === 'string' && command.kind !== 'cancelAll') {
      this.counts.refusals++;
      countKind(this.counts, expected, 1);
    }
    for (const event of this.naive.events)
      if (event.why !== '') countKind(this.counts, event.why, 1);
    this.checkEvents();
    if (index % STATE_CHECK_EVERY === 0) this.checkState();
  }

  checkState(): void {
    const broken = this.fast.verify();
    if (broken.length > 0) throw new Error(broken.join('; '));
    for (let account = 0; account < TEST_ACCOUNTS; account++) {
      const who = `account ${account}`;
      same(`${who} cash`, this.naive.cash[account], this.fast.cash(account));
      same(`${who} cash of transfers`, this.sums.get(`cash ${account}`), this.fast.cash(account));
      same(`${who} held`, this.naive.heldCash(account), this.fast.heldCash(account));
      const open = this.naive.openOrders(account);
      const views = this.fast.openOrders(account);
      same(`${who} open orders`, numbers(open), views.map((view) => view.ref.number).join());
      same(
        `${who} fills`,
        open.map((order) => order.qty - order.leaves).join(),
        views.map((view) => view.filledQty).join(),
      );
      FRACTIONABLE_INSTRUMENTS.forEach((_, instrument) => {
        const where = `${who} instrument ${instrument}`;
        const expected = this.naive.position(account, instrument);
        const position = this.fast.position(account, instrument);
        same(`${where} qty`, expected.qty, position?.qty ?? 0n);
        same(`${where} cost`, expected.cost, position?.cost ?? 0n);
        const held = this.naive.heldShares(account, instrument);
        same(`${where} held`, held, position?.held ?? 0n);
        same(`${where} transfers`, this.sums.get(`${instrument} ${account}`) ?? 0n, expected.qty);
      });
    }
  }

  /** The engine that went through snapshots has the same bytes as the one that did not. */
  checkBytes(): void {
    same('bytes', bytesOf(this.fast).join(), bytesOf(this.twin).join());
  }

  private applyNaive(command: TestCommand, index: number): number | string {
    const { naive } = this;
    switch (command.kind) {
      case 'submit':
        return naive.submit({
          ...command,
          qty: joinNanos(command.whole, command.nanos),
          cid: `cid-${command.cid}`,
        });
      case 'cancel':
        return naive.cancel(command.account, command.number);
      case 'replace': {
        const qty = joinNanos(command.whole, command.nanos);
        return naive.replace(command.account, command.number, command.price, qty);
      }
      case 'cancelAll':
        return naive.cancelAll(command.account).join();
      case 'quote': {
        const { instrument, bid, bidSize, ask, askSize } = command;
        naive.quote(instrument, bid, bidSize, ask, askSize, index);
        return 0;
      }
      case 'trade':
        naive.trade(command.instrument, command.price, command.size, index);
        return 0;
      case 'setLast':
        naive.setLast(command.instrument, command.price);
        return 0;
      case 'toggleSession':
        if (this.isOpen) naive.closeSession();
        else naive.openSession();
        return 0;
      case 'end':
        naive.endAll();
        return 0;
    }
    return 0;
  }

  private applyFast(fast: MatchingEngine, command: TestCommand, index: number): number | string {
    switch (command.kind) {
      case 'submit': {
        const { account, instrument, side, type, tif, price, whole, nanos, cid } = command;
        const terms = packTerms(side, type, tif);
        const id = `cid-${cid}`;
        return named(fast.submit(account, instrument, terms, price, whole, nanos, id));
      }
      case 'cancel':
        return named(fast.cancel(command.account, command.number, this.slotOf(command.number)));
      case 'replace': {
        const { account, number, price, whole, nanos } = command;
        return named(fast.replace(account, number, this.slotOf(number), price, whole, nanos));
      }
      case 'cancelAll': {
        const canceled: { number: number; slot: number }[] = [];
        fast.cancelAll(command.account, canceled);
        return numbers(canceled);
      }
      case 'quote': {
        const { instrument, bid, bidSize, ask, askSize } = command;
        fast.setOutsideQuote(instrument, bid, bidSize, ask, askSize, index);
        return 0;
      }
      case 'trade':
        fast.outsideTrade(command.instrument, command.price, command.size, index);
        return 0;
      case 'setLast':
        fast.setLastPrice(command.instrument, command.price);
        return 0;
      case 'toggleSession':
        if (this.isOpen) fast.closeSession();
        else fast.openSession();
        return 0;
      case 'end':
        fast.endAll();
        return 0;
    }
    return 0;
  }

  private slotOf(number: number): number {
    return this.slots.get(number) ?? 1;
  }

  private checkEvents(): void {
    const expected = this.naive.events;
    const { events, twinEvents } = this;
    this.counts.events += expected.length;
    const actual = Array.from({ length: events.count }, (_, k) => this.eventAt(k * EVENT_WORDS));
    same('events', expected.map(show).join('\n'), actual.map(show).join('\n'));
    const words = events.i32.subarray(0, events.count * EVENT_WORDS).join();
    const twinWords = twinEvents.i32.subarray(0, twinEvents.count * EVENT_WORDS).join();
    same('events after restore', words, twinWords);
  }

  private eventAt(word: number): NaiveEvent {
    const { i32, f64 } = this.events;
    const field = (index: number): number => i32[word + index] ?? 0;
    const type = EVENT_NAMES[field(HEAD.type)] ?? 'accountOpened';
    this.post(word);
    if (type === 'accountOpened') {
      const qty = joinNanos(f64[(word + ACCOUNT.dollars) >> 1] ?? 0, field(ACCOUNT.nanos));
      return {
        type,
        account: field(ACCOUNT.account),
        number: 0,
        price: 0,
        qty,
        leaves: 0n,
        why: '',
        cause: 0,
      };
    }
    const number = f64[(word + ORDER.number) >> 1] ?? 0;
    this.checkIdentity(number, word);
    if (type === 'orderFilled') this.counts.fills++;
    return {
      type,
      account: field(ORDER.account),
      number,
      price: field(ORDER.price),
      qty: joinNanos(field(ORDER.qtyWhole), field(ORDER.qtyNanos)),
      leaves: joinNanos(field(ORDER.leavesWhole), field(ORDER.leavesNanos)),
      why: whyOf(type, field(ORDER.detail)),
      cause: f64[(word + ORDER.cause) >> 1] ?? 0,
    };
  }

  /** Slot, instrument and terms in an event are those of the order. */
  private checkIdentity(number: number, word: number): void {
    const field = (index: number): number => this.events.i32[word + index] ?? 0;
    const order = this.naive.orders[number - 1];
    if (order === undefined) throw new Error(`no order ${number}`);
    if (!this.slots.has(number)) {
      this.counts.orders++;
      this.slots.set(number, field(ORDER.slot));
    }
    same(`slot of ${number}`, this.slots.get(number), field(ORDER.slot));
    same(`instrument of ${number}`, order.instrument, field(HEAD.instrument));
    const detail = field(ORDER.detail);
    same(`side of ${number}`, order.side, (detail & ORDER_SELLS) === 0 ? 'buy' : 'sell');
    same(`type of ${number}`, order.type, (detail & ORDER_LIMIT) === 0 ? 'market' : 'limit');
    const tif = ['day', 'gtc', 'ioc', 'fok'][(detail >> ORDER_TIF_SHIFT) & 3];
    same(`time in force of ${number}`, order.tif, tif);
  }

  private post(word: number): void {
    const move = (asset: string | number, account: LedgerAccount, amount: bigint): void => {
      const key = `${asset} ${account}`;
      this.sums.set(key, (this.sums.get(key) ?? 0n) + amount);
    };
    for (const { asset, from, to, amount } of transfersOf(this.events, word)) {
      if (amount <= 0n) throw new Error('a transfer of nothing');
      move(asset, from, -amount);
      move(asset, to, amount);
    }
  }
}

function whyOf(type: NaiveEvent['type'], detail: number): string {
  if (type === 'orderFilled') {
    const reason = nameOf(FillReason, detail & 0xff);
    const maker = (detail & FILL_MAKER) === 0 ? '' : ' maker';
    return reason + maker + ((detail & FILL_ROUNDED_UP) === 0 ? '' : ' up');
  }
  return (detail & 0xff) === 0 ? '' : nameOf(EndReason, detail & 0xff);
}

function countKind(counts: Comparison, kind: string, count: number): void {
  counts.kinds[kind] = (counts.kinds[kind] ?? 0) + count;
}

function nameOf(names: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(names).find((name) => names[name] === value) ?? `unknown ${value}`;
}

function named(result: number): number | string {
  return result < 0 ? refusalCode(result) : result;
}

function numbers(orders: readonly { readonly number: number }[]): string {
  return orders.map((order) => order.number).join();
}

function bytesOf(engine: MatchingEngine): Uint8Array {
  const writer = new ByteWriter();
  engine.write(writer);
  return writer.finish();
}

function show(value: object): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? `${part}n` : part,
  );
}

function same(what: string, expected: unknown, actual: unknown): void {
  if (expected !== actual) {
    throw new Error(`${what}: expected\n${String(expected)}\nengine\n${String(actual)}`);
  }
}
