/**
 * Runs an order stream through the npm package nodejs-order-book: one book per symbol, ids and
 * option objects made beforehand, the calls its README shows. It has no accounts or risk.
 */
import { OrderBook, Side } from 'nodejs-order-book';
import type { OrderStream } from './order-streams.ts';
import { Field, Kind, RECORD_WORDS } from './stream-layout.ts';

type LimitOptions = Parameters<OrderBook['limit']>[0];

export class PeerContender {
  private readonly books: OrderBook[] = [];
  private readonly stream: OrderStream;
  private readonly ids: readonly string[];
  private readonly options: LimitOptions[] = [];
  private orders = 0;

  constructor(stream: OrderStream, ids: readonly string[], length: number) {
    this.stream = stream;
    this.ids = ids;
    for (let k = 0; k < stream.symbols; k++) this.books.push(new OrderBook());
    for (let k = 0; k < length; k++) this.prepare(k);
  }

  /** Runs records [from, to). */
  run(from: number, to: number): void {
    for (let k = from; k < to; k++) {
      const book = this.books[this.field(k, Field.symbol)];
      const kind = this.field(k, Field.kind);
      if (kind === Kind.cancel || kind === Kind.move) {
        const id = this.ids[this.field(k, Field.target)] ?? '';
        if (kind === Kind.cancel) book?.cancel(id);
        else
          book?.modify(id, { price: this.field(k, Field.price), size: this.field(k, Field.qty) });
      } else {
        const options = this.options[this.orders++];
        if (options !== undefined) book?.limit(options);
      }
    }
  }

  private prepare(k: number): void {
    const kind = this.field(k, Field.kind);
    if (kind === Kind.cancel || kind === Kind.move) return;
    this.options.push({
      id: this.ids[this.options.length] ?? '',
      side: this.field(k, Field.side) === 0 ? Side.BUY : Side.SELL,
      price: this.field(k, Field.price),
      size: this.field(k, Field.qty),
      timeInForce: (kind === Kind.add ? 'GTC' : 'IOC') as NonNullable<LimitOptions['timeInForce']>,
    });
  }

  private field(k: number, field: number): number {
    return this.stream.words[k * RECORD_WORDS + field] ?? 0;
  }
}
