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
  refused = 0;
  private readonly events = new EventBuffer();
  private readonly engine = new MatchingEngine(this.events);
  private readonly stream: OrderStream;
  private readonly clientOrderIds: readonly string[] | undefined;
  /** Number and slot of each order of the stream, side by side. */
  private readonly refs: Int32Array;
  private orders = 0;
  private seq = 1;

  /** Opens accounts that hold shares of everything; client order ids are made beforehand. */
  constructor(stream: OrderStream, clientOrderIds?: readonly string[]) {
    this.stream = stream;
    this.clientOrderIds = clientOrderIds;
    // Written once, so that its pages are there before the clock runs.
    this.refs = new Int32Array(2 * stream.length).fill(-1);
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
    const { engine, events, refs } = this;
    const { words } = this.stream;
    const record = k * RECORD_WORDS;
    const kind = words[record + Field.kind] ?? 0;
    const account = words[record + Field.account] ?? 0;
    const price = words[record + Field.price] ?? 0;
    const qty = words[record + Field.qty] ?? 0;
    events.reset(this.seq);
    engine.time = k;
    let result: number;
    if (kind === Kind.cancel || kind === Kind.move) {
      const ref = 2 * (words[record + Field.target] ?? 0);
      const number = refs[ref] ?? 0;
      const slot = refs[ref + 1] ?? 0;
      result =
        kind === Kind.cancel
          ? engine.cancel(account, number, slot)
          : engine.replace(account, number, slot, price, qty, 0);
    } else {
      const terms = kind === Kind.add ? LIMIT_GTC : LIMIT_IOC;
      const side = words[record + Field.side] === 0 ? terms.buy : terms.sell;
      const id = this.clientOrderIds === undefined ? '' : (this.clientOrderIds[this.orders] ?? '');
      const symbol = words[record + Field.symbol] ?? 0;
      result = engine.submit(account, symbol, side, price, qty, 0, id);
      const ref = 2 * this.orders++;
      refs[ref] = result;
      refs[ref + 1] = engine.slot;
    }
    if (result < 0) this.refused++;
    this.seq += events.count;
  }

  verify(): string[] {
    return this.engine.verify();
  }
}
