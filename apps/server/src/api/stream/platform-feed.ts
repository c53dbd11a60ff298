/**
 * Market data of one venue for the platform stream: conflated, one window every 100 ms.
 *
 * During a window it only counts and keeps the newest prints and the bars that closed; at its
 * end every client takes what concerns it. Values are read from the state when they are sent, so
 * they are true for the frame's `seq`. No window is made while nobody is connected.
 */
import type { BarTick, PrintTick } from '@rialto/contracts/stream/platform-stream';
import type { EventBuffer } from '@rialto/engine/events/event-buffer';
import { EventType } from '@rialto/engine/events/event-layout';
import { priceToDollars } from '@rialto/engine/values/price';
import {
  type BarEvent,
  eventType,
  readBarEvent,
  readHead,
  readTradeEvent,
} from '@rialto/engine/venue/events-reader';
import type { VenueApi } from '@rialto/engine/venue/venue-api';
import { barJson } from '../alpaca/bar-json.ts';
import { formatTime } from '../alpaca/rfc3339.ts';
import type { Clock } from '../../runtime/clock.ts';

/** Length of a window. */
export const WINDOW_MS = 100;

/** The clock is sent at least this often. */
export const CLOCK_EVERY_MS = 1_000;

/** Prints kept per instrument and window; older ones are counted as dropped. */
export const PRINTS_KEPT = 50;

/** The prints of one instrument in a window: the newest, and how many there were before them. */
export interface Prints {
  readonly ticks: PrintTick[];
  dropped: number;
}

/** What happened to instruments (by index) in one window. */
export interface MarketWindow {
  /** Quotes and trades together. */
  readonly updates: ReadonlyMap<number, number>;
  readonly prints: ReadonlyMap<number, Prints>;
  /** Minute bars that closed, oldest first. */
  readonly finalBars: ReadonlyMap<number, readonly BarTick[]>;
}

/** A connection that takes windows. */
export interface WindowReader {
  /** The window has ended; `withClock` when the clock is due or has changed. */
  onWindow(window: MarketWindow, withClock: boolean): void;
}

/** Adds the newest prints of one window, or drops the oldest: at most PRINTS_KEPT remain. */
export function keepNewest(prints: Prints): void {
  const excess = prints.ticks.length - PRINTS_KEPT;
  if (excess <= 0) return;
  prints.ticks.splice(0, excess);
  prints.dropped += excess;
}

/** The windows of one venue. */
export class PlatformFeed implements Disposable {
  readonly venue: VenueApi;
  private readonly clock: Clock;
  private readonly readers = new Set<WindowReader>();
  private updates = new Map<number, number>();
  private prints = new Map<number, Prints>();
  private finalBars = new Map<number, BarTick[]>();
  private clockChanged = false;
  private clockSentMs = -Infinity;
  private timer: Disposable | undefined;

  constructor(venue: VenueApi, clock: Clock) {
    this.venue = venue;
    this.clock = clock;
  }

  /** Gives every window to `reader` until disposed. */
  read(reader: WindowReader): Disposable {
    this.readers.add(reader);
    this.timer ??= this.endWindowLater();
    return {
      [Symbol.dispose]: (): void => {
        this.readers.delete(reader);
        if (this.readers.size === 0) this[Symbol.dispose]();
      },
    };
  }

  /** Notes the events of one command. */
  note(events: EventBuffer): void {
    if (this.readers.size === 0) return;
    for (let index = 0; index < events.count; index++) {
      switch (eventType(events, index)) {
        case EventType.trade:
          this.keepPrint(events, index);
          break;
        case EventType.quote:
          this.count(readHead(events, index).instrument);
          break;
        case EventType.barClosed:
          this.keepBar(readBarEvent(events, index));
          break;
        case EventType.sessionChanged:
        case EventType.clockSet:
        case EventType.tapeEnded:
          this.clockChanged = true;
          break;
        default:
          break;
      }
    }
  }

  /** Ends the window now and gives it to the readers. */
  endWindow(): void {
    const window = { updates: this.updates, prints: this.prints, finalBars: this.finalBars };
    this.updates = new Map();
    this.prints = new Map();
    this.finalBars = new Map();
    const nowMs = this.clock.monotonicMs();
    const withClock =
      this.clockChanged || nowMs - this.clockSentMs >= CLOCK_EVERY_MS - WINDOW_MS / 2;
    if (withClock) this.clockSentMs = nowMs;
    this.clockChanged = false;
    for (const reader of this.readers) reader.onWindow(window, withClock);
  }

  [Symbol.dispose](): void {
    this.timer?.[Symbol.dispose]();
    this.timer = undefined;
    this.updates.clear();
    this.prints.clear();
    this.finalBars.clear();
  }

  private endWindowLater(): Disposable {
    return this.clock.after(WINDOW_MS, () => {
      this.timer = this.endWindowLater();
      this.endWindow();
    });
  }

  private count(instrument: number): void {
    this.updates.set(instrument, (this.updates.get(instrument) ?? 0) + 1);
  }

  private keepPrint(events: EventBuffer, index: number): void {
    const { instrument, trade } = readTradeEvent(events, index);
    this.count(instrument);
    const prints = this.prints.get(instrument) ?? { ticks: [], dropped: 0 };
    this.prints.set(instrument, prints);
    prints.ticks.push({
      t: formatTime(trade.time),
      p: priceToDollars(trade.price),
      s: trade.size,
      x: trade.venue,
    });
    keepNewest(prints);
  }

  private keepBar({ instrument, bar }: BarEvent): void {
    const bars = this.finalBars.get(instrument) ?? [];
    bars.push(barJson(bar));
    this.finalBars.set(instrument, bars);
  }
}
