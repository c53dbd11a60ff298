/**
 * What is known of every instrument's market now: last trade, last quote, bars in progress.
 *
 * The venue calls `onTrade` and `onQuote` for every row of the tape it plays, and `closeMinutes`,
 * `closeDay`, `beginDay` at their instants. Last trades and quotes are kept as positions and
 * read from the tape, so playing a row copies nothing.
 */
import { BarTable } from '../bars/bar-table.ts';
import type { EventBuffer } from '../events/event-buffer.ts';
import { BAR, EventType } from '../events/event-layout.ts';
import { BytesError } from '../values/bytes.ts';
import type { ByteReader, ByteWriter } from '../values/bytes.ts';
import type { Price } from '../values/price.ts';
import { MICROS_PER_MINUTE } from '../values/time.ts';
import type { Micros } from '../values/time.ts';
import type { BarView, MarketView, QuoteView, TradeView } from '../venue/views.ts';
import type { RecordedTape } from './recorded-tape.ts';
import { DAY_EFFECT_SHIFT, TradeEffect } from './trade-conditions.ts';

const BAR_EFFECTS = 7;

/** No trade or quote yet. */
const NONE = -1;

/** Market data of all instruments of a venue. */
export class MarketState {
  /** End of the minute whose bars are in progress; 0 when no bar is. */
  minuteEnd = 0;
  private readonly tape: RecordedTape;
  private readonly instruments: number;
  /** Start of the day that day bars belong to, New York midnight. */
  private dayStart = 0;
  private lastTrades: Int32Array;
  private lastQuotes: Int32Array;
  private readonly minute: BarTable;
  private readonly lastMinute: BarTable;
  private readonly day: BarTable;
  private readonly previousDay: BarTable;

  constructor(tape: RecordedTape, instruments: number) {
    this.tape = tape;
    this.instruments = instruments;
    this.lastTrades = new Int32Array(instruments).fill(NONE);
    this.lastQuotes = new Int32Array(instruments).fill(NONE);
    this.minute = new BarTable(instruments);
    this.lastMinute = new BarTable(instruments);
    this.day = new BarTable(instruments);
    this.previousDay = new BarTable(instruments);
  }

  /** Takes in a print that changes what `effects` (TradeEffect bits) says. */
  onTrade(instrument: number, position: number, effects: number): void {
    const { tape } = this;
    const price = tape.price(position);
    const size = tape.size(position);
    const ofMinute = effects & BAR_EFFECTS;
    if (ofMinute !== 0) {
      const time = tape.time(position);
      const start = time - (time % MICROS_PER_MINUTE);
      this.minuteEnd = start + MICROS_PER_MINUTE;
      this.minute.add(instrument, start, price, size, ofMinute);
    }
    const ofDay = (effects >> DAY_EFFECT_SHIFT) & BAR_EFFECTS;
    if (ofDay !== 0) this.day.add(instrument, this.dayStart, price, size, ofDay);
    if ((effects & TradeEffect.minuteLast) !== 0) this.lastTrades[instrument] = position;
  }

  /** Takes in a best bid and offer. */
  onQuote(instrument: number, position: number): void {
    this.lastQuotes[instrument] = position;
  }

  /** Ends the bars of the minute in progress: a barClosed event for each. */
  closeMinutes(events: EventBuffer, position: number): void {
    for (let instrument = 0; instrument < this.instruments; instrument++) {
      const bar = this.minute.view(instrument);
      if (bar !== undefined) {
        addBarEvent(events, EventType.barClosed, instrument, this.minuteEnd, position, bar);
        this.lastMinute.copyFrom(this.minute, instrument);
      }
      if (this.minute.isStarted(instrument)) this.minute.clear(instrument);
    }
    this.minuteEnd = 0;
  }

  /** Ends the bars of the day: a dayBarClosed event for each. They stand until the next day. */
  closeDay(events: EventBuffer, time: Micros, position: number): void {
    for (let instrument = 0; instrument < this.instruments; instrument++) {
      const bar = this.day.view(instrument);
      if (bar !== undefined && bar.start === this.dayStart) {
        addBarEvent(events, EventType.dayBarClosed, instrument, time, position, bar);
      }
    }
  }

  /** Begins the day that starts at `dayStart`: its bars replace those of the day before. */
  beginDay(dayStart: Micros): void {
    this.dayStart = dayStart;
    for (let instrument = 0; instrument < this.instruments; instrument++) {
      if (this.day.isBar(instrument)) this.previousDay.copyFrom(this.day, instrument);
      this.day.clear(instrument);
    }
  }

  /** The market of one instrument. */
  view(instrument: number): MarketView {
    return {
      instrument,
      lastTrade: this.tradeAt(this.lastTrades[instrument] ?? NONE),
      lastQuote: this.quoteAt(this.lastQuotes[instrument] ?? NONE),
      minuteBar: this.minute.view(instrument),
      lastMinuteBar: this.lastMinute.view(instrument),
      dayBar: this.day.view(instrument),
      previousDayBar: this.previousDay.view(instrument),
    };
  }

  /** Appends the state to a snapshot. */
  write(w: ByteWriter): void {
    w.f64(this.minuteEnd);
    w.f64(this.dayStart);
    w.i32s(this.lastTrades);
    w.i32s(this.lastQuotes);
    this.minute.write(w);
    this.lastMinute.write(w);
    this.day.write(w);
    this.previousDay.write(w);
  }

  /**
   * Reads what `write` wrote, over the same tape and the same number of instruments.
   *
   * @throws BytesError when the bytes are not that.
   */
  read(r: ByteReader): void {
    this.minuteEnd = r.f64();
    this.dayStart = r.f64();
    this.lastTrades = this.readPositions(r);
    this.lastQuotes = this.readPositions(r);
    this.minute.read(r);
    this.lastMinute.read(r);
    this.day.read(r);
    this.previousDay.read(r);
  }

  private readPositions(r: ByteReader): Int32Array {
    const positions = r.i32s();
    const fits = positions.every((position) => position >= NONE && position < this.tape.length);
    if (positions.length !== this.instruments || !fits) {
      throw new BytesError('the snapshot belongs to another tape');
    }
    return positions;
  }

  private tradeAt(position: number): TradeView | undefined {
    if (position === NONE) return undefined;
    const { tape } = this;
    return {
      time: tape.time(position),
      price: tape.price(position) as Price,
      size: tape.size(position),
      venue: venueLetter(tape.venue(position)),
      conditions: tape.conditions(position),
      position,
    };
  }

  private quoteAt(position: number): QuoteView | undefined {
    if (position === NONE) return undefined;
    const { tape } = this;
    return {
      time: tape.time(position),
      bidPrice: tape.price(position) as Price,
      bidSize: tape.size(position),
      bidVenue: venueLetter(tape.venue(position)),
      askPrice: tape.askPrice(position) as Price,
      askSize: tape.askSize(position),
      askVenue: venueLetter(tape.askVenue(position)),
      conditions: tape.conditions(position),
      position,
    };
  }
}

/** A venue letter from its character code; empty text when there is none. */
export function venueLetter(code: number): string {
  return code === 0 ? '' : String.fromCharCode(code);
}

function addBarEvent(
  events: EventBuffer,
  type: EventType,
  instrument: number,
  time: number,
  position: number,
  bar: BarView,
): void {
  const word = events.add(type, instrument, time);
  const { i32, f64 } = events;
  f64[(word + BAR.start) >> 1] = bar.start;
  i32[word + BAR.open] = bar.open;
  i32[word + BAR.high] = bar.high;
  i32[word + BAR.low] = bar.low;
  i32[word + BAR.close] = bar.close;
  f64[(word + BAR.volume) >> 1] = bar.volume;
  f64[(word + BAR.notional) >> 1] = bar.notional;
  i32[word + BAR.tradeCount] = bar.tradeCount;
  i32[word + BAR.position] = position;
}
