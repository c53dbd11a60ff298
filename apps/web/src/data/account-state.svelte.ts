/**
 * The account: orders, fills, positions and buying power.
 *
 * Orders come over the stream one by one and are exact; fills, positions and cash are read again
 * shortly after an order changed, because the server computes them.
 */
import type { Result } from '@rialto/client/api-error';
import type { RestClient } from '@rialto/client/rest-client';
import type { AlpacaAccount } from '@rialto/contracts/alpaca/account';
import type { AlpacaOrder } from '@rialto/contracts/alpaca/order';
import type { AlpacaPosition } from '@rialto/contracts/alpaca/position';
import type { Fill } from '@rialto/contracts/platform/platform-api';
import type { StreamMessage } from '@rialto/contracts/stream/platform-stream';
import { joinOrders, putOrder } from '../blotter/order-list.ts';
import { isWorking, orderNews } from '../blotter/order-words.ts';
import type { News } from './news.svelte.ts';
import { Refresher } from './refresher.ts';

/** The server gives no more in one answer. */
const ORDERS_KEPT = 500;
const FILLS_PER_PAGE = 100;
const REFRESH_DELAY_MS = 150;

/** The account as reactive fields. */
export class AccountState {
  account: AlpacaAccount | undefined = $state.raw();
  /** Newest first. */
  orders: readonly AlpacaOrder[] = $state.raw([]);
  /** Newest first; more can be loaded while `fillsCursor` is set. */
  fills: readonly Fill[] = $state.raw([]);
  fillsCursor: string | null = $state(null);
  positions: readonly AlpacaPosition[] = $state.raw([]);
  isLoaded: boolean = $state(false);
  #ordersProblem: string = $state('');
  #amountsProblem: string = $state('');
  /** Why the last reading failed; empty when it did not. */
  readonly problem: string = $derived(this.#ordersProblem || this.#amountsProblem);
  readonly working: readonly AlpacaOrder[] = $derived(this.orders.filter(isWorking));

  readonly #client: RestClient;
  readonly #news: News;
  readonly #amounts: Refresher;
  #generation = 0;

  constructor(client: RestClient, news: News) {
    this.#client = client;
    this.#news = news;
    this.#amounts = new Refresher(() => this.#loadAmounts(), REFRESH_DELAY_MS);
  }

  /** Forgets everything: the account lives in another venue now. */
  reset(): void {
    this.#generation += 1;
    this.account = undefined;
    this.orders = [];
    this.fills = [];
    this.fillsCursor = null;
    this.positions = [];
    this.isLoaded = false;
  }

  /** Reads everything: at the start and after a connection was lost. */
  async load(): Promise<void> {
    const generation = this.#generation;
    const [orders] = await Promise.all([
      this.#client.orders({ status: 'all', limit: ORDERS_KEPT }),
      this.#loadAmounts(),
    ]);
    if (generation !== this.#generation) return;
    this.#ordersProblem = orders.ok ? '' : orders.error.message;
    if (orders.ok) this.orders = joinOrders(orders.value, this.orders, ORDERS_KEPT);
    this.isLoaded = true;
  }

  /** Reads cash, positions and fills soon. */
  refresh(): void {
    this.#amounts.request();
  }

  hearOrder(message: Extract<StreamMessage, { type: 'order' }>): void {
    // The stream's order is the trading API's object (see platform-stream.ts).
    const order = message.order as unknown as AlpacaOrder;
    this.keep(order);
    const news = orderNews(message.event, order, message);
    if (news !== undefined) this.#news.tell('fill', news);
    this.refresh();
  }

  /** Takes an order as the server gave it, unless a later state of it is known. */
  keep(order: AlpacaOrder): void {
    this.orders = putOrder(this.orders, order, ORDERS_KEPT);
  }

  async cancel(order: AlpacaOrder): Promise<void> {
    this.#tellFailure(await this.#client.cancelOrder(order.id));
  }

  async cancelAll(): Promise<void> {
    const answer = await this.#client.cancelAllOrders();
    if (!this.#tellFailure(answer)) return;
    const left = answer.value.filter((each) => each.status >= 300).length;
    if (left > 0) this.#news.tell('refusal', `${left} orders could not be canceled.`);
  }

  async loadOlderFills(): Promise<void> {
    if (this.fillsCursor === null) return;
    const generation = this.#generation;
    const page = await this.#client.fills({ limit: FILLS_PER_PAGE, cursor: this.fillsCursor });
    if (generation !== this.#generation || !this.#tellFailure(page)) return;
    this.fills = [...this.fills, ...page.value.fills];
    this.fillsCursor = page.value.next_cursor;
  }

  async #loadAmounts(): Promise<void> {
    const generation = this.#generation;
    const [account, positions, fills] = await Promise.all([
      this.#client.account(),
      this.#client.positions(),
      this.#client.fills({ limit: FILLS_PER_PAGE }),
    ]);
    if (generation !== this.#generation) return;
    const failed = [account, positions, fills].find((answer) => !answer.ok);
    this.#amountsProblem = failed === undefined || failed.ok ? '' : failed.error.message;
    if (account.ok) this.account = account.value;
    if (positions.ok) this.positions = positions.value;
    if (fills.ok) {
      this.fills = fills.value.fills;
      this.fillsCursor = fills.value.next_cursor;
    }
  }

  #tellFailure<T>(result: Result<T>): result is { readonly ok: true; readonly value: T } {
    if (!result.ok) this.#news.tell('refusal', result.error.message);
    return result.ok;
  }
}
