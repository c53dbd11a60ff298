/**
 * The order ticket as a state: what is typed, reviewed and sent, and what came of it.
 *
 *   editing ──submit──▶ (reviewed, when the setting asks for it) ──submit──▶ sending ──▶ editing
 *
 * The intent's client order id is made before the first send and kept while its fate is unknown,
 * so that sending again can never make a second order. What was typed stays when the server
 * refuses.
 */
import { isOutcomeUnknown } from '@rialto/client/api-error';
import type { ApiError } from '@rialto/client/api-error';
import type { OrderRequest } from '@rialto/client/order-request';
import { orderWords } from '../blotter/order-words.ts';
import type { Desk } from '../data/desk.svelte.ts';
import { decimalFromDollars } from '../format/decimal.ts';
import { fixedPrice, intentFor, readDraft, stepPrice } from './order-draft.ts';
import type { Intent, OrderDraft, OrderTerms } from './order-draft.ts';

/** What is wrong: a field to mend, or `form` when the server refused. */
export interface TicketProblem {
  readonly field: 'symbol' | 'qty' | 'limit' | 'form';
  readonly message: string;
}

/** See the top of this file. */
export class Ticket {
  side: 'buy' | 'sell' = $state('buy');
  type: 'market' | 'limit' = $state('limit');
  qtyText: string = $state('100');
  limitText: string = $state('');
  timeInForce: OrderRequest['time_in_force'] = $state('day');

  problem: TicketProblem | undefined = $state.raw();
  /** What was sent last, in words. */
  outcome: string = $state('');
  reviewed: OrderTerms | undefined = $state.raw();
  isSending: boolean = $state(false);

  readonly #desk: Desk;
  /** Sent, and no answer came. */
  #unsettled: Intent | undefined;
  #pricedMarket = '';

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** What stands in the form. */
  get draft(): OrderDraft {
    const { side, type, qtyText, limitText, timeInForce } = this;
    return { symbol: this.#desk.selected, side, type, qtyText, limitText, timeInForce };
  }

  /**
   * Puts the near side of the quote into the limit field, once per symbol and venue; nothing
   * said or reviewed before survives another one.
   */
  price(quote: { readonly bp: number; readonly ap: number }): void {
    const market = `${this.#desk.venueId} ${this.#desk.selected}`;
    if (market === this.#pricedMarket) return;
    this.#pricedMarket = market;
    const price = this.side === 'buy' ? quote.bp : quote.ap;
    this.limitText = price === 0 ? '' : fixedPrice(decimalFromDollars(price));
    this.edited();
  }

  turn(side: 'buy' | 'sell'): void {
    this.side = side;
    this.edited();
  }

  choose(type: 'market' | 'limit'): void {
    this.type = type;
    this.edited();
  }

  /** Moves the limit price by price steps. */
  step(steps: number): void {
    this.limitText = stepPrice(this.limitText, steps);
    this.edited();
  }

  /** Something was changed: what was said and reviewed before no longer holds. */
  edited(): void {
    this.reviewed = undefined;
    this.problem = undefined;
    this.outcome = '';
  }

  /** Reviews or sends. Gives the problem when a field has to be mended first. */
  async submit(): Promise<TicketProblem | undefined> {
    if (this.isSending) return undefined;
    const reading = readDraft(this.draft);
    this.outcome = '';
    this.problem = reading.ok ? undefined : reading;
    if (!reading.ok) return reading;
    if (this.#desk.settings.choices.reviewsOrders && this.reviewed === undefined) {
      this.reviewed = reading.terms;
      return undefined;
    }
    await this.#send(reading.terms);
    return undefined;
  }

  async #send(terms: OrderTerms): Promise<void> {
    const { client, account } = this.#desk;
    const intent = intentFor(terms, this.#unsettled);
    this.#unsettled = intent;
    this.isSending = true;
    const answer = await client.submitOrder({ ...terms, client_order_id: intent.clientOrderId });
    this.isSending = false;
    this.reviewed = undefined;
    if (!answer.ok) {
      this.#refused(answer.error);
      return;
    }
    this.#unsettled = undefined;
    this.outcome = `Sent: ${orderWords(answer.value)}.`;
    account.keep(answer.value);
    account.refresh();
  }

  #refused(error: ApiError): void {
    const isUnknown = isOutcomeUnknown(error);
    if (!isUnknown) this.#unsettled = undefined;
    const message = isUnknown
      ? `${error.message} It is not known whether the order arrived. Send it again: it cannot be doubled.`
      : `Not accepted: ${error.message}`;
    this.problem = { field: 'form', message };
    this.#desk.news.tell('refusal', message);
  }
}
