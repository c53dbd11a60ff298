/**
 * What every SDK is held to over REST and the order stream, at a standing clock: the quote of that
 * moment is known from the recording's files, so every fill has a price and a size to equal.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Report } from '../support/report.ts';
import type { Bot, Order, OrderEvents, Span } from './bot.ts';
import type { RecordedDay } from './recorded-day.ts';
import type { SentRequests } from './sent-requests.ts';
import { until } from './waiting.ts';

const PAGES = 3;
const PAGE_BARS = 10;
/** How many the last page falls short of a full one. */
const MISSING_BARS = 5;
const WHOLE_PAGE = 1_000;
const HISTORY_MS = 10_000;
const MINUTE_MS = 60_000;

/** The recording and the moment at which the clock stands. */
export interface Standing {
  readonly at: string;
  readonly bac: RecordedDay;
  readonly ibm: RecordedDay;
}

/** Holds one SDK to the goals; prices at the far side of the quote, sizes bounded by it. */
export class RestScenario {
  private readonly bot: Bot;
  private readonly report: Report;
  private readonly standing: Standing;
  private stream: OrderEvents | undefined;

  constructor(bot: Bot, report: Report, standing: Standing) {
    this.bot = bot;
    this.report = report;
    this.standing = standing;
  }

  async run(requests: SentRequests): Promise<void> {
    await this.account();
    this.stream = await this.bot.sockets?.orderEvents();
    await this.fills();
    await this.restingOrder();
    await this.partialFill();
    await this.refusals();
    await this.closing();
    this.stream?.close();
    await this.bars(requests);
    await this.history();
    await this.latest();
  }

  private equal(label: string, measured: unknown, goal: unknown): void {
    const [shown, wanted] = [measured, goal].map((value) =>
      typeof value === 'string' ? value : JSON.stringify(value),
    );
    this.report.check(
      `${this.bot.name} ${label}`,
      shown ?? 'nothing',
      wanted ?? 'nothing',
      isDeepStrictEqual(measured, goal),
    );
  }

  /** The same for long lists, of which only the length is shown. */
  private equalRows(label: string, measured: readonly unknown[], goal: readonly unknown[]): void {
    const ok = goal.length > 0 && isDeepStrictEqual(measured, goal);
    this.report.check(
      `${this.bot.name} ${label}`,
      measured.length,
      `${goal.length}, the same rows`,
      ok,
    );
  }

  private async account(): Promise<void> {
    const { bot } = this;
    const [account, clock, days, assets, name, legacyClock, legacyDays] = await Promise.all([
      bot.account(),
      bot.clock(),
      bot.calendar('2013-11-27', '2013-11-29'),
      bot.assets(),
      bot.assetName('BAC'),
      bot.legacyClock?.(),
      bot.legacyCalendar?.('2013-11-27', '2013-11-29'),
    ]);
    const now = { time: this.standing.at, isOpen: true };
    const sessions = ['2013-11-27 09:30-16:00', '2013-11-29 09:30-13:00'];
    this.equal('account', [account.status, account.cash], ['ACTIVE', '100000']);
    this.equal('clock', clock, now);
    this.equal('calendar', days, sessions);
    if (legacyClock !== undefined) this.equal('older clock', legacyClock, now);
    if (legacyDays !== undefined) this.equal('older calendar', legacyDays, sessions);
    this.equal('assets', assets.toSorted(), ['AIG', 'BAC', 'IBM']);
    this.equal('asset', name, 'Bank of America');
  }

  private async fills(): Promise<void> {
    const { bot } = this;
    const { ask } = this.standing.bac.quoteAt(this.standing.at);
    const bought = { symbol: 'BAC', qty: 100 };
    const market = await bot.buy({ ...bought, clientOrderId: 'by-market' });
    await this.filled('market order', market.id, { price: ask, qty: '100', positionQty: '100' });
    const limit = await bot.buy({ ...bought, limit: ask, clientOrderId: 'by-limit' });
    await this.filled('limit order', limit.id, { price: ask, qty: '100', positionQty: '200' });
    const [one, all] = await Promise.all([bot.position('BAC'), bot.positions()]);
    this.equal('position', one, `BAC 200 @ ${ask}`);
    this.equal('positions', all, [`BAC 200 @ ${ask}`]);
    const again = await bot.buy({ ...bought, clientOrderId: 'by-market' });
    this.equal('the same order sent twice', again.id, market.id);
  }

  /** The order as REST shows it, and its events. */
  private async filled(
    label: string,
    id: string,
    fill: { readonly price: number; readonly qty: string; readonly positionQty: string },
  ): Promise<void> {
    const { status, filledQty, filledAvgPrice } = await this.bot.order(id);
    const price = String(fill.price);
    this.equal(label, [status, filledQty, filledAvgPrice], ['filled', fill.qty, price]);
    await this.happened(`${label} events`, id, [
      ['new', '', '', ''],
      ['fill', price, fill.qty, fill.positionQty],
    ]);
  }

  /** The events of an order: name, price, qty, position; all at the standing time. */
  private async happened(
    label: string,
    id: string,
    goal: readonly (readonly string[])[],
  ): Promise<void> {
    const { stream } = this;
    if (stream === undefined) return;
    const mine = (): OrderEvents['events'] => stream.events.filter(({ orderId }) => orderId === id);
    await until(() => mine().length >= goal.length, `${label} of ${this.bot.name}`);
    const seen = mine().map(({ event, price, qty, positionQty }) => [
      event,
      price,
      qty,
      positionQty,
    ]);
    this.equal(label, seen, goal);
    this.equal(`${label} time`, [...new Set(mine().map(({ time }) => time))], [this.standing.at]);
  }

  private async restingOrder(): Promise<void> {
    const { bot } = this;
    const { bid } = this.standing.bac.quoteAt(this.standing.at);
    const limit = Number((bid - 0.1).toFixed(2));
    const resting = await bot.buy({ symbol: 'BAC', qty: 100, limit, clientOrderId: 'resting' });
    const [open, byClientId] = await Promise.all([
      bot.openOrders(),
      bot.orderByClientId?.('resting'),
    ]);
    this.equal('open orders', open.map(shown), [['resting', 'new', '0']]);
    if (byClientId !== undefined) this.equal('order by client id', byClientId.id, resting.id);
    await bot.cancel(resting.id);
    const [after, left] = await Promise.all([bot.order(resting.id), bot.openOrders()]);
    this.equal('canceled order', shown(after), ['resting', 'canceled', '0']);
    this.equal('open orders after the cancel', left, []);
    await this.happened('cancel events', resting.id, [
      ['new', '', '', ''],
      ['canceled', '', '', ''],
    ]);
  }

  /** An order for more than is displayed takes what is displayed, and no more. */
  private async partialFill(): Promise<void> {
    const { bot } = this;
    const { ask, askSize } = this.standing.ibm.quoteAt(this.standing.at);
    const order = { symbol: 'IBM', qty: askSize + 100, limit: ask, clientOrderId: 'partial' };
    const { id } = await bot.buy(order);
    const { status, filledQty, filledAvgPrice } = await bot.order(id);
    const size = String(askSize);
    this.equal(
      'order above the displayed size',
      [status, filledQty, filledAvgPrice],
      ['partially_filled', size, String(ask)],
    );
    await bot.cancel(id);
    await this.happened('partial fill events', id, [
      ['new', '', '', ''],
      ['partial_fill', String(ask), size, size],
      ['canceled', '', '', ''],
    ]);
  }

  private async refusals(): Promise<void> {
    const dear = this.bot.buy({ symbol: 'BAC', qty: 1_000_000, limit: 13 });
    await this.refused('insufficient buying power', dear, 403, 40310000);
    const reused = this.bot.buy({ symbol: 'BAC', qty: 7, limit: 13, clientOrderId: 'by-market' });
    await this.refused('client_order_id must be unique', reused, 409, 40010001);
  }

  private async refused(
    message: string,
    asked: Promise<Order>,
    status: number,
    code: number,
  ): Promise<void> {
    const refusal = await asked.then(
      () => undefined,
      (error: unknown) => this.bot.refusal(error),
    );
    const goal = { status: refusal?.status === undefined ? undefined : status, code, message };
    this.equal('refusal', refusal, goal);
  }

  private async closing(): Promise<void> {
    const { bid } = this.standing.bac.quoteAt(this.standing.at);
    const { id } = await this.bot.closePosition('BAC');
    await this.filled('closing order', id, { price: bid, qty: '200', positionQty: '0' });
  }

  private async bars(requests: SentRequests): Promise<void> {
    const minutes = minutesFrom('2013-10-07T13:30:00Z', PAGES * PAGE_BARS - MISSING_BARS);
    const span = { start: '2013-10-07T13:30:00Z', end: minutes.at(-1) ?? '' };
    const before = requests.count(/\/bars\?/);
    const paged = await this.bot.bars('BAC', span, PAGE_BARS);
    this.equal('pages of bars', requests.count(/\/bars\?/) - before, PAGES);
    this.equalRows(
      'minutes of the bars',
      paged.map(({ time }) => time),
      minutes,
    );
    const whole = await this.bot.bars('BAC', span, WHOLE_PAGE);
    this.equalRows('bars of three pages and of one', paged, whole);
  }

  private async history(): Promise<void> {
    const { at, bac } = this.standing;
    const span: Span = { start: new Date(Date.parse(at) - HISTORY_MS).toISOString(), end: at };
    const [trades, quotes] = await Promise.all([
      this.bot.trades('BAC', span),
      this.bot.quotes('BAC', span),
    ]);
    this.equalRows('trades of ten seconds', trades, bac.tradesIn(span));
    this.equalRows('quotes of ten seconds', quotes, bac.quotesIn(span));
  }

  private async latest(): Promise<void> {
    const { bot } = this;
    const { at, bac, ibm } = this.standing;
    const [trade, quote, bar, snapshots] = await Promise.all([
      bot.latestTrade('BAC'),
      bot.latestQuote('BAC'),
      bot.latestBar('BAC'),
      bot.snapshots(['BAC', 'IBM']),
    ]);
    const minute = new Date(Math.floor(Date.parse(at) / MINUTE_MS - 1) * MINUTE_MS).toISOString();
    this.equal('latest trade', trade, bac.tradeAt(at));
    this.equal('latest quote', quote, bac.quoteAt(at));
    this.equal('latest bar', bar.time, minute);
    const snapshot = snapshots.get('BAC');
    this.equal('snapshot trade', snapshot?.latestTrade, bac.tradeAt(at));
    this.equal('snapshot quote', snapshot?.latestQuote, bac.quoteAt(at));
    this.equal('snapshot of the second symbol', snapshots.get('IBM')?.latestQuote, ibm.quoteAt(at));
    this.equal('snapshot minute bar', snapshot?.minuteBar, bar);
    this.equal('snapshot daily bar', snapshot?.dailyBar.time, '2013-10-07T04:00:00.000Z');
  }
}

function shown({ clientOrderId, status, filledQty }: Order): readonly string[] {
  return [clientOrderId, status, filledQty];
}

function minutesFrom(start: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, minute) =>
    new Date(Date.parse(start) + minute * MINUTE_MS).toISOString(),
  );
}
