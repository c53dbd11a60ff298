/**
 * Runs an order stream through the npm package nodejs-order-book: one book per symbol, ids and
 * option objects made beforehand, the calls its README shows. It has no accounts or risk.
 */
import { OrderBook } from 'nodejs-order-book';
import { Field, Kind, RECORD_WORDS } from './order-streams.ts';
import type { OrderStream } from './order-streams.ts';

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
    const { words } = this.stream;
    for (let k = from; k < to; k++) {
      const record = k * RECORD_WORDS;
      const book = this.books[words[record + Field.symbol] as number] as OrderBook;
      const kind = words[record + Field.kind];
      if (kind === Kind.cancel) {
        book.cancel(this.ids[words[record + Field.target] as number] as string);
      } else if (kind === Kind.move) {
        const id = this.ids[words[record + Field.target] as number] as string;
        book.modify(id, {
          price: words[record + Field.price] as number,
          size: words[record + Field.qty] as number,
        });
      } else {
        book.limit(this.options[this.orders++] as LimitOptions);
      }
    }
  }

  private prepare(k: number): void {
    const { words } = this.stream;
    const record = k * RECORD_WORDS;
    const kind = words[record + Field.kind];
    if (kind === Kind.cancel || kind === Kind.move) return;
    this.options.push({
      id: this.ids[this.options.length] as string,
      side: (words[record + Field.side] === 0 ? 'buy' : 'sell') as LimitOptions['side'],
      price: words[record + Field.price] as number,
      size: words[record + Field.qty] as number,
      timeInForce: (kind === Kind.add ? 'GTC' : 'IOC') as NonNullable<LimitOptions['timeInForce']>,
    });
  }
}
