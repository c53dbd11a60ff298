/**
 * The shipped recording, read from its CSV files and by nothing of the server: what the SDKs show
 * is compared with these rows.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Quote, Span, Trade } from './bot.ts';

const folder = new URL('../../datasets/us-equities-2013-10-07/', import.meta.url);

/** The trades and quotes of one symbol, in the order of the recording. */
export class RecordedDay {
  readonly trades: readonly Trade[];
  readonly quotes: readonly Quote[];

  constructor(symbol: string) {
    this.trades = rowsOf('trades.csv.gz', symbol).map(
      ([, time = '', price, size, exchange = '']) => ({
        time,
        price: Number(price),
        size: Number(size),
        exchange,
      }),
    );
    this.quotes = rowsOf('quotes.csv.gz', symbol).map((row) => {
      const [, time = '', bid, bidSize, bidExchange = '', ask, askSize, askExchange = ''] = row;
      return {
        time,
        bid: Number(bid),
        bidSize: Number(bidSize),
        bidExchange,
        ask: Number(ask),
        askSize: Number(askSize),
        askExchange,
      };
    });
  }

  /** The quote that stands at an instant. */
  quoteAt(time: string): Quote {
    const quote = this.quotes.findLast((row) => row.time <= time);
    if (quote === undefined) throw new Error(`no quote at ${time}`);
    return quote;
  }

  /** The last trade up to an instant. */
  tradeAt(time: string): Trade {
    const trade = this.trades.findLast((row) => row.time <= time);
    if (trade === undefined) throw new Error(`no trade at ${time}`);
    return trade;
  }

  tradesIn({ start, end }: Span): readonly Trade[] {
    return this.trades.filter(({ time }) => time >= start && time <= end);
  }

  quotesIn({ start, end }: Span): readonly Quote[] {
    return this.quotes.filter(({ time }) => time >= start && time <= end);
  }
}

function rowsOf(file: string, symbol: string): readonly string[][] {
  return gunzipSync(readFileSync(new URL(file, folder)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${symbol},`))
    .map((line) => line.split(','));
}
