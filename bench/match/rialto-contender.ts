/** Runs an order stream through MatchingEngine: book, risk, holds, ledger and events all on. */
import { EventBuffer } from '@rialto/engine/events/event-buffer';
import { MatchingEngine } from '@rialto/engine/matching/matching-engine';
import { packTerms } from '@rialto/engine/orders/order-flags';
import type { OrderStream } from './order-streams.ts';
import { Field, Kind, RECORD_WORDS } from './stream-layout.ts';

const SHARES_EACH = 2_000_000;
const LIMIT_GTC = {
  buy: packTerms('buy', 'limit', 'gtc'),
  sell: packTerms('sell', 'limit', 'gtc'),
};
const LIMIT_IOC = {
  buy: packTerms('buy', 'limit', 'ioc'),
  sell: packTerms('sell', 'limit', 'ioc'),
};

export class RialtoContender {
  /** Fills seen (two records each), to compare with peers. */
  fills = 0;
  refused = 0;
  private readonly events = new EventBuffer();
  private readonly engine = new MatchingEngine(this.events);
  private readonly stream: OrderStream;
  private readonly clientOrderIds: readonly string[];
  /** Number and slot of each order of the stream. */
  private readonly numbers: Int32Array;
  private readonly slots: Int32Array;
  private orders = 0;
  private seq = 1;

  /** Opens accounts that hold shares of everything; client order ids are made beforehand. */
  constructor(stream: OrderStream, clientOrderIds: readonly string[]) {
    this.stream = stream;
    this.clientOrderIds = clientOrderIds;
    this.numbers = new Int32Array(stream.length);
    this.slots = new Int32Array(stream.length);
    const { engine } = this;
    for (let k = 0; k < stream.symbols; k++) engine.addInstrument(true, true);
    for (let k = 0; k < stream.accounts; k++) engine.openAccount(1_000_000_000_000, 0);
    engine.openSession();
    const buy = packTerms('buy', 'market', 'day');
    for (let k = 0; k < stream.symbols; k++) {
      engine.setOutsideQuote(k, 0, 0, 1_000_000, 2_000_000_000, 1);
      for (let account = 0; account < stream.accounts; account++) {
        this.events.reset(this.seq);
        engine.submit(account, k, buy, 0, SHARES_EACH, 0, '');
        this.seq += this.events.count;
      }
      engine.setOutsideQuote(k, 0, 0, 0, 0, 2);
    }
    if (engine.position(0, 0)?.qty !== BigInt(SHARES_EACH) * 1_000_000_000n) {
      throw new Error('accounts could not be given shares');
    }
  }

  /** Runs records [from, to). */
  run(from: number, to: number): void {
    for (let k = from; k < to; k++) this.step(k);
  }

  step(k: number): void {
    const { engine, events, numbers, slots } = this;
    const account = this.field(k, Field.account);
    const target = this.field(k, Field.target);
    const price = this.field(k, Field.price);
    const qty = this.field(k, Field.qty);
    const kind = this.field(k, Field.kind);
    events.reset(this.seq);
    engine.time = k;
    if (kind === Kind.cancel || kind === Kind.move) {
      const number = numbers[target] ?? 0;
      const slot = slots[target] ?? 0;
      const result =
        kind === Kind.cancel
          ? engine.cancel(account, number, slot)
          : engine.replace(account, number, slot, price, qty, 0);
      if (result < 0) this.refused++;
    } else {
      const terms = kind === Kind.add ? LIMIT_GTC : LIMIT_IOC;
      const side = this.field(k, Field.side) === 0 ? terms.buy : terms.sell;
      const id = this.clientOrderIds[this.orders] ?? '';
      const symbol = this.field(k, Field.symbol);
      const number = engine.submit(account, symbol, side, price, qty, 0, id);
      if (number < 0) this.refused++;
      numbers[this.orders] = number;
      slots[this.orders] = engine.slot;
      this.orders++;
    }
    this.seq += events.count;
  }

  verify(): string[] {
    return this.engine.verify();
  }

  private field(k: number, field: number): number {
    return this.stream.words[k * RECORD_WORDS + field] ?? 0;
  }
}
