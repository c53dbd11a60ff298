/**
 * A recorded day of order messages (an optional local file that may not be shipped): each add
 * rests, each cancel shrinks or removes, and each execution is sent as an immediate order of the
 * other side. The book is right when that order meets the order that was really executed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { EVENT_WORDS, EventBuffer } from '@rialto/engine/events/event-buffer';
import { EventType, FILL_MAKER, HEAD, ORDER } from '@rialto/engine/events/event-layout';
import { MatchingEngine } from '@rialto/engine/matching/matching-engine';
import { packTerms } from '@rialto/engine/orders/order-flags';
import { parsePrice } from '@rialto/engine/values/price';

export const recordedDayPath = '../shared/data/local-only/orders/GOOG-engine-2012-06-21.csv.gz';

const MAKER = 0;
const TAKER = 1;

export interface RecordedHits {
  readonly executions: number;
  readonly hits: number;
}

interface Resting {
  readonly number: number;
  readonly slot: number;
  readonly price: number;
  size: number;
  leaves: number;
}

/** `undefined` when the file is absent. */
export function hitsOfRecordedDay(): RecordedHits | undefined {
  const path = fileURLToPath(new URL(`../../${recordedDayPath}`, import.meta.url));
  if (!existsSync(path)) return undefined;
  const replay = new Replay();
  const rows = gunzipSync(readFileSync(path)).toString('latin1').trimEnd().split('\n').slice(1);
  for (const row of rows) replay.apply(row.split(','));
  const broken = replay.engine.verify();
  if (broken.length > 0) throw new Error(broken.join('; '));
  return replay;
}

class Replay {
  executions = 0;
  hits = 0;
  private readonly events = new EventBuffer();
  readonly engine: MatchingEngine = new MatchingEngine(this.events);
  /** By id of the recording. */
  private readonly resting = new Map<string, Resting>();
  private readonly byNumber = new Map<number, Resting>();
  private sent = 0;

  constructor() {
    const { engine } = this;
    engine.addInstrument(false, true);
    for (const account of [MAKER, TAKER]) {
      engine.openAccount(1_000_000_000_000, 0);
      if (account === MAKER) engine.openSession();
      engine.setOutsideQuote(0, 0, 0, 5_000_000, 2_000_000_000, 0);
      this.send(account, packTerms('buy', 'market', 'day'), 0, 1_000_000_000);
      engine.setOutsideQuote(0, 0, 0, 0, 0, 0);
    }
  }

  apply(columns: readonly string[]): void {
    const [, , , event, id = '', sizeText, priceText = '', side] = columns;
    const size = Number(sizeText);
    const price = parsePrice(priceText) ?? 0;
    switch (event) {
      case 'add':
        this.add(id, side === 'buy' ? 'buy' : 'sell', price, size);
        break;
      case 'cancel':
      case 'delete':
        this.reduce(id, event === 'delete' ? undefined : size);
        break;
      case 'execute':
        this.execute(id, side === 'buy' ? 'sell' : 'buy', price, size);
        break;
      default:
        // A hidden order was hit: nothing in the visible book changes.
        break;
    }
  }

  private add(id: string, side: 'buy' | 'sell', price: number, size: number): void {
    const number = this.send(MAKER, packTerms(side, 'limit', 'gtc'), price, size);
    const resting = { number, slot: this.engine.slot, price, size, leaves: size };
    this.resting.set(id, resting);
    this.byNumber.set(number, resting);
  }

  private reduce(id: string, by: number | undefined): void {
    const order = this.resting.get(id);
    if (order === undefined || order.leaves === 0) return;
    this.events.reset(1);
    if (by === undefined || by >= order.leaves) {
      this.engine.cancel(MAKER, order.number, order.slot);
      order.leaves = 0;
      return;
    }
    order.size -= by;
    order.leaves -= by;
    this.engine.replace(MAKER, order.number, order.slot, order.price, order.size, 0);
  }

  /** A miss is repaired as the recording says, so that it does not cause others. */
  private execute(id: string, side: 'buy' | 'sell', price: number, size: number): void {
    this.executions++;
    const named = this.resting.get(id);
    const first = this.engine.bestOrder(0, side === 'buy' ? 'sell' : 'buy');
    if (named === undefined || first?.number !== named.number) {
      this.reduce(id, size);
      return;
    }
    this.send(TAKER, packTerms(side, 'limit', 'ioc'), price, size);
    if (this.makerOf(2) !== named.number) return;
    this.hits++;
    for (let k = 0; k < this.events.count; k++) {
      const filled = this.events.i32[k * EVENT_WORDS + ORDER.qtyWhole] ?? 0;
      const maker = this.byNumber.get(this.makerOf(k));
      if (maker !== undefined) maker.leaves -= filled;
    }
  }

  /** Number of the resting order that event `k` filled, or 0; a trade tells of its taker first. */
  private makerOf(k: number): number {
    const word = k * EVENT_WORDS;
    const { i32, f64 } = this.events;
    const isFill = i32[word + HEAD.type] === EventType.orderFilled;
    const isMaker = ((i32[word + ORDER.detail] ?? 0) & FILL_MAKER) !== 0;
    return isFill && isMaker ? (f64[(word + ORDER.number) >> 1] ?? 0) : 0;
  }

  private send(account: number, terms: number, price: number, size: number): number {
    this.events.reset(1);
    const id = `order-${++this.sent}`;
    const number = this.engine.submit(account, 0, terms, price, size, 0, id);
    if (number < 0) throw new Error(`order ${this.sent} refused: ${number}`);
    return number;
  }
}
