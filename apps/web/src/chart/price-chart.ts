/**
 * The chart on its canvas: bars, volume, session shading, fills, order lines, crosshair.
 *
 * The only file that knows the chart library. Times go in as true UTC instants and are named in
 * the reader's zone when they are written on the axis, so no hour is doubled or lost when the
 * clocks change.
 */
import {
  CandlestickSeries,
  CrosshairMode,
  HistogramSeries,
  LineStyle,
  TickMarkType,
  createChart,
  createSeriesMarkers,
} from 'lightweight-charts';
import type {
  IChartApi,
  IPriceLine,
  ISeriesApi,
  ISeriesMarkersPluginApi,
  Time,
  UTCTimestamp,
} from 'lightweight-charts';
import { formatDay, formatMinutes, formatMonth, formatShortDay } from '../format/time.ts';
import type { ZoneChoice } from '../format/time.ts';
import type { Bar } from './bars.ts';
import type { FillMark, OrderLine } from './marks.ts';
import { SessionShading, sessionRuns } from './session-shading.ts';
import type { Session } from './sessions.ts';

/** Colors of the present theme, read from the tokens. */
interface Paint {
  readonly panel: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly muted: string;
  readonly up: string;
  readonly down: string;
  readonly pre: string;
  readonly post: string;
}

/** A stretch of the time axis, in indexes of bars. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Width of a bar at first, with the gap to the next, in pixels. */
const BAR_WIDTH = 6;
const BARS_SHOWN_LEAST = 40;
/** Early in the day as much room is left for bars to come as those that came take. */
const ROOM_RATIO = 2;
/** Bars that fit between the newest one and the price axis. */
const BAR_SPACE_RIGHT = 6;

/** A chart in an element; `dispose` frees it. */
export class PriceChart {
  readonly #chart: IChartApi;
  readonly #prices: ISeriesApi<'Candlestick'>;
  readonly #volumes: ISeriesApi<'Histogram'>;
  readonly #shading = new SessionShading();
  readonly #markers: ISeriesMarkersPluginApi<Time>;
  readonly #element: HTMLElement;
  #lines: IPriceLine[] = [];
  #paint: Paint;
  #sessions: Session[] = [];
  #lastMs = 0;
  #count = 0;
  #wanted: Range | undefined;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#paint = readPaint(element);
    this.#chart = createChart(element, {
      autoSize: true,
      crosshair: { mode: CrosshairMode.Normal },
      timeScale: {
        rightOffset: BAR_SPACE_RIGHT,
        timeVisible: true,
        borderVisible: false,
        allowBoldLabels: false,
        // New bars first take the room on the right: see #follow.
        shiftVisibleRangeOnNewBar: false,
      },
      rightPriceScale: { borderVisible: false, minimumWidth: 64, entireTextOnly: true },
      layout: { attributionLogo: true, fontSize: 11, panes: { enableResize: false } },
    });
    this.#prices = this.#chart.addSeries(CandlestickSeries, { borderVisible: false });
    this.#volumes = this.#chart.addSeries(
      HistogramSeries,
      { priceFormat: { type: 'volume' }, priceLineVisible: false, lastValueVisible: false },
      1,
    );
    this.#volumes.priceScale().applyOptions({ scaleMargins: { top: 0.25, bottom: 0 } });
    const [pricePane, volumePane] = this.#chart.panes();
    pricePane?.setStretchFactor(5);
    volumePane?.setStretchFactor(1);
    this.#prices.attachPrimitive(this.#shading);
    this.#markers = createSeriesMarkers(this.#prices, []);
  }

  /** Frees the canvas and its listeners. */
  dispose(): void {
    this.#chart.remove();
  }

  /** Reads the tokens again: the theme or the palette changed. Bars must be set after it. */
  repaint(): void {
    const paint = readPaint(this.#element);
    this.#paint = paint;
    this.#chart.applyOptions({
      layout: {
        background: { color: paint.panel },
        textColor: paint.muted,
        panes: { separatorColor: paint.line },
      },
      grid: { vertLines: { color: paint.line }, horzLines: { color: paint.line } },
      crosshair: {
        vertLine: { color: paint.lineStrong, labelBackgroundColor: paint.lineStrong },
        horzLine: { color: paint.lineStrong, labelBackgroundColor: paint.lineStrong },
      },
    });
    const { up, down } = paint;
    this.#prices.applyOptions({
      upColor: up,
      downColor: down,
      wickUpColor: up,
      wickDownColor: down,
    });
    this.#shading.setColors(paint);
  }

  /** Names times in a zone; `hasDays` for daily bars. */
  setZone(zone: ZoneChoice, hasDays: boolean): void {
    this.#chart.applyOptions({
      localization: {
        timeFormatter: (time: Time) => {
          const timeMs = Number(time) * 1_000;
          const day = formatDay(timeMs, hasDays ? 'exchange' : zone);
          return hasDays ? day : `${day}  ${formatMinutes(timeMs, zone)}`;
        },
      },
      timeScale: {
        tickMarkFormatter: (time: Time, kind: TickMarkType) =>
          tickText(Number(time) * 1_000, kind, hasDays ? 'exchange' : zone, hasDays),
      },
    });
  }

  /** Sets all bars and the session of each (none for daily bars). */
  setBars(bars: readonly Bar[], sessions: readonly Session[]): void {
    const before = this.#visibleRange();
    this.#prices.setData(bars.map((bar) => this.#priceOf(bar)));
    this.#volumes.setData(bars.map((bar) => this.#volumeOf(bar)));
    this.#sessions = [...sessions];
    this.#shading.setRuns(sessionRuns(this.#sessions));
    this.#lastMs = bars.at(-1)?.timeMs ?? 0;
    this.#follow(before, bars.length);
  }

  /** Changes the last bar or adds one behind it; an older bar is not taken. */
  updateBar(bar: Bar, session: Session | undefined): void {
    if (bar.timeMs < this.#lastMs) return;
    if (bar.timeMs > this.#lastMs && session !== undefined) {
      this.#sessions.push(session);
      this.#shading.setRuns(sessionRuns(this.#sessions));
    }
    const before = this.#visibleRange();
    const count = bar.timeMs > this.#lastMs ? this.#count + 1 : this.#count;
    this.#lastMs = bar.timeMs;
    this.#prices.update(this.#priceOf(bar));
    this.#volumes.update(this.#volumeOf(bar));
    this.#follow(before, count);
  }

  setFills(marks: readonly FillMark[]): void {
    this.#markers.setMarkers(
      marks.map((mark) => ({
        time: seconds(mark.timeMs),
        position: mark.side === 'buy' ? 'belowBar' : 'aboveBar',
        shape: mark.side === 'buy' ? 'arrowUp' : 'arrowDown',
        color: this.#paint.text,
        text: mark.text,
      })),
    );
  }

  setOrders(orders: readonly OrderLine[]): void {
    for (const line of this.#lines) this.#prices.removePriceLine(line);
    this.#lines = orders.map((order) =>
      this.#prices.createPriceLine({
        price: order.price,
        title: order.text,
        color: order.side === 'buy' ? this.#paint.up : this.#paint.down,
        lineStyle: LineStyle.Dashed,
        lineWidth: 1,
        axisLabelVisible: true,
      }),
    );
  }

  /** Shows the newest bars at a readable width. */
  showLatest(count: number): void {
    const scale = this.#chart.timeScale();
    const fitting = Math.max(BARS_SHOWN_LEAST, Math.floor(scale.width() / BAR_WIDTH));
    const shown = Math.min(fitting, Math.max(BARS_SHOWN_LEAST, count * ROOM_RATIO));
    const from = Math.max(-1, count + BAR_SPACE_RIGHT - shown);
    this.#show({ from, to: from + shown });
  }

  /** Puts the crosshair on a bar and brings it into view; `undefined` takes it away. */
  point(bar: Bar | undefined, index: number): void {
    if (bar === undefined) {
      this.#chart.clearCrosshairPosition();
      return;
    }
    const range = this.#visibleRange();
    if (range !== null && (index < range.from || index > range.to)) {
      const width = range.to - range.from;
      this.#show({ from: index - width / 2, to: index + width / 2 });
    }
    this.#chart.setCrosshairPosition(bar.close, seconds(bar.timeMs), this.#prices);
  }

  /** What is in view, or will be with the next frame. */
  #visibleRange(): Range | null {
    return this.#wanted ?? this.#chart.timeScale().getVisibleLogicalRange();
  }

  #show(range: Range): void {
    this.#wanted = range;
    this.#chart.timeScale().setVisibleLogicalRange(range);
    // The library moves with the next frame, in which its callback stands before this one.
    requestAnimationFrame(() => {
      if (this.#wanted === range) this.#wanted = undefined;
    });
  }

  /**
   * Moves on with new bars if the newest one was in view and they would come too near to the
   * axis. `before` is the range that was shown; the library may have moved it meanwhile.
   */
  #follow(before: Range | null, count: number): void {
    const added = count - this.#count;
    const newest = this.#count - 1;
    this.#count = count;
    // Bars after none, or fewer than before: another history.
    if (newest < 0 || added < 0) {
      this.showLatest(count);
      return;
    }
    if (before === null || added <= 0 || newest < before.from || newest > before.to) return;
    const short = Math.max(0, count - 1 + BAR_SPACE_RIGHT - before.to);
    this.#show({ from: before.from + short, to: before.to + short });
  }

  /** Shows more (factor > 1) or fewer bars around the right edge. */
  zoom(factor: number): void {
    const range = this.#visibleRange();
    if (range === null) return;
    this.#show({ from: range.to - (range.to - range.from) * factor, to: range.to });
  }

  /** Tells which bar the pointer is over, by its start; `undefined` when it left. */
  onPoint(listener: (timeMs: number | undefined) => void): void {
    this.#chart.subscribeCrosshairMove(({ time }) => {
      listener(time === undefined ? undefined : Number(time) * 1_000);
    });
  }

  #priceOf(bar: Bar): { time: UTCTimestamp } & Pick<Bar, 'open' | 'high' | 'low' | 'close'> {
    const { open, high, low, close } = bar;
    return { time: seconds(bar.timeMs), open, high, low, close };
  }

  #volumeOf(bar: Bar): { time: UTCTimestamp; value: number; color: string } {
    const color = bar.close >= bar.open ? this.#paint.up : this.#paint.down;
    return { time: seconds(bar.timeMs), value: bar.volume, color: `${color}80` };
  }
}

function seconds(timeMs: number): UTCTimestamp {
  return (timeMs / 1_000) as UTCTimestamp;
}

/** The axis: the date where a day begins, else the time of day. */
function tickText(timeMs: number, kind: TickMarkType, zone: ZoneChoice, hasDays: boolean): string {
  if (hasDays) {
    return kind <= TickMarkType.Month ? formatMonth(timeMs, zone) : formatShortDay(timeMs, zone);
  }
  return kind <= TickMarkType.DayOfMonth
    ? formatShortDay(timeMs, zone)
    : formatMinutes(timeMs, zone);
}

function readPaint(element: HTMLElement): Paint {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    panel: token('--panel'),
    line: token('--line'),
    lineStrong: token('--line-strong'),
    text: token('--text'),
    muted: token('--muted'),
    up: token('--up'),
    down: token('--down'),
    pre: token('--shade-pre'),
    post: token('--shade-post'),
  };
}
