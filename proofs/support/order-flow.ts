/**
 * Many clients that enter orders at once, cancel some, and remember what they were told, so that
 * it can be held against what a server says after it was killed.
 */
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';
import type { RialtoProcess } from './rialto-process.ts';

/** What is sent; the client order id names the order for ever. */
export interface Terms {
  readonly client_order_id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'market' | 'limit';
  readonly qty: string;
  readonly time_in_force: 'day' | 'gtc';
  readonly limit_price?: string;
}

/** An order as its sender knows it. */
export interface SentOrder {
  readonly terms: Terms;
  /** What the server said last: nothing yet, that it is entered, or that it is refused. */
  answer: 'none' | 'entered' | 'refused';
  /** Public id, once entered. */
  id: string | undefined;
  /** The server said that it is canceled. */
  isCanceled: boolean;
}

/** Requests at the same time. */
const CLIENTS = 32;

/** A draw decides what an order is: buys outweigh sells, so that there is something to sell. */
const MARKET_BUY_BELOW = 0.4;
const LIMIT_BUY_BELOW = 0.65;
const LIMIT_SELL_BELOW = 0.9;
const CANCEL_SHARE = 0.2;

export class OrderFlow {
  readonly orders: SentOrder[] = [];
  /** Answers that no client should ever see. */
  readonly unexpected: string[] = [];
  acknowledged = 0;
  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  /** Enters orders with many clients until `isOver`; a connection that breaks ends its client. */
  async run(server: RialtoProcess, isOver: () => boolean): Promise<void> {
    const client = async (): Promise<void> => {
      while (!isOver()) {
        const order: SentOrder = {
          terms: this.newTerms(),
          answer: 'none',
          id: undefined,
          isCanceled: false,
        };
        this.orders.push(order);
        if (!(await this.enter(server, order))) return;
        if (order.terms.type === 'limit' && this.random() < CANCEL_SHARE) {
          if (!(await this.cancel(server, order))) return;
        }
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  }

  /** Sends an order, again perhaps; false when no answer came. */
  async enter(server: RialtoProcess, order: SentOrder): Promise<boolean> {
    const body = JSON.stringify(order.terms);
    const answer = await this.call(server, { method: 'POST', path: '/v2/orders', body });
    if (answer === undefined) return false;
    const { status, text } = answer;
    if (status === 200) {
      order.answer = 'entered';
      order.id = (JSON.parse(text) as AlpacaOrder).id;
      this.acknowledged++;
    } else if (status === 403) {
      order.answer = 'refused';
    } else {
      this.unexpected.push(`POST ${status} ${text}`);
    }
    return true;
  }

  private async cancel(server: RialtoProcess, order: SentOrder): Promise<boolean> {
    if (order.id === undefined) return true;
    const answer = await this.call(server, { method: 'DELETE', path: `/v2/orders/${order.id}` });
    if (answer === undefined) return false;
    const { status, text } = answer;
    if (status === 204) order.isCanceled = true;
    // 422: it was filled before the cancel came.
    else if (status !== 422) this.unexpected.push(`DELETE ${status} ${text}`);
    return true;
  }

  /** Why the server's order is not what its sender was told; undefined when it is. */
  async fault(server: RialtoProcess, order: SentOrder): Promise<string | undefined> {
    const { terms } = order;
    const name = terms.client_order_id;
    const path = `/v2/orders:by_client_order_id?client_order_id=${name}`;
    const answer = await this.call(server, { method: 'GET', path });
    if (answer === undefined) return `${name}: no answer`;
    if (order.answer === 'refused') {
      return answer.status === 404 ? undefined : `${name} was refused, now ${answer.status}`;
    }
    if (answer.status !== 200) return `${name}: ${answer.status} ${answer.text}`;
    const found = JSON.parse(answer.text) as AlpacaOrder;
    if (found.id !== order.id || !hasTerms(found, terms)) {
      return `${name}: sent ${JSON.stringify(terms)}, found ${answer.text}`;
    }
    if (order.isCanceled && found.status !== 'canceled') return `${name} is ${found.status} again`;
    return undefined;
  }

  private newTerms(): Terms {
    const shared = {
      client_order_id: `order-${this.orders.length}`,
      symbol: 'BAC',
      qty: String(1 + Math.floor(this.random() * 3)),
    };
    const draw = this.random();
    const cents = Math.floor(this.random() * 30);
    if (draw < MARKET_BUY_BELOW) {
      return { ...shared, side: 'buy', type: 'market', time_in_force: 'day' };
    }
    const limit = { ...shared, type: 'limit', time_in_force: 'gtc' } as const;
    if (draw < LIMIT_BUY_BELOW) {
      return { ...limit, side: 'buy', limit_price: (13.9 - cents / 100).toFixed(2) };
    }
    if (draw < LIMIT_SELL_BELOW) {
      return { ...limit, side: 'sell', limit_price: (13.7 + cents / 100).toFixed(2) };
    }
    return { ...shared, side: 'sell', type: 'market', time_in_force: 'day' };
  }

  private async call(
    server: RialtoProcess,
    request: { readonly method: string; readonly path: string; readonly body?: string },
  ): Promise<{ readonly status: number; readonly text: string } | undefined> {
    const { method, path, body } = request;
    try {
      const response = await fetch(`${server.url}${path}`, {
        method,
        headers: {
          ...server.headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, text: await response.text() };
    } catch {
      // The server was killed in between: what became of the request is not known.
      return undefined;
    }
  }
}

function hasTerms(order: AlpacaOrder, terms: Terms): boolean {
  return (
    order.client_order_id === terms.client_order_id &&
    order.symbol === terms.symbol &&
    order.side === terms.side &&
    order.type === terms.type &&
    order.time_in_force === terms.time_in_force &&
    order.qty === terms.qty &&
    Number(order.limit_price) === Number(terms.limit_price ?? 0)
  );
}
