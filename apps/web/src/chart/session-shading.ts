/**
 * Shades the sessions before and after the regular one, as a plugin ("primitive") of the chart.
 *
 * Drawn behind the bars, over the stretch of each run of bars of one session; the regular
 * session is left clear. Sessions come with the bars, so nothing is computed while drawing.
 */
import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
} from 'lightweight-charts';
import type { Session } from './sessions.ts';

/** A run of bars of one session: indexes of its first and last bar, both inclusive. */
export interface SessionRun {
  readonly session: Session;
  readonly first: number;
  readonly last: number;
}

/** Colors of the shaded sessions, as CSS. */
export interface ShadingColors {
  readonly pre: string;
  readonly post: string;
}

/** Joins neighbors of the same session. */
export function sessionRuns(sessions: readonly Session[]): SessionRun[] {
  const runs: SessionRun[] = [];
  for (const [index, session] of sessions.entries()) {
    const run = runs.at(-1);
    if (run?.session === session) runs[runs.length - 1] = { ...run, last: index };
    else runs.push({ session, first: index, last: index });
  }
  return runs;
}

/** The plugin; attach it to the bar series. */
export class SessionShading implements ISeriesPrimitive {
  #chart: IChartApi | undefined;
  #requestUpdate: (() => void) | undefined;
  #runs: readonly SessionRun[] = [];
  #colors: ShadingColors = { pre: 'transparent', post: 'transparent' };
  readonly #view: IPrimitivePaneView = {
    zOrder: () => 'bottom',
    renderer: () => this.#renderer,
  };
  readonly #renderer: IPrimitivePaneRenderer = {
    draw: () => undefined,
    drawBackground: (target) => {
      target.useBitmapCoordinateSpace(({ context, bitmapSize, horizontalPixelRatio }) => {
        for (const { left, right, color } of this.#stripes()) {
          context.fillStyle = color;
          const x = left * horizontalPixelRatio;
          context.fillRect(x, 0, right * horizontalPixelRatio - x, bitmapSize.height);
        }
      });
    },
  };

  attached(parameter: SeriesAttachedParameter): void {
    this.#chart = parameter.chart;
    this.#requestUpdate = parameter.requestUpdate;
  }

  detached(): void {
    this.#chart = undefined;
    this.#requestUpdate = undefined;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this.#view];
  }

  /** The runs over the bars now shown; none for daily bars. */
  setRuns(runs: readonly SessionRun[]): void {
    this.#runs = runs;
    this.#requestUpdate?.();
  }

  setColors(colors: ShadingColors): void {
    this.#colors = colors;
    this.#requestUpdate?.();
  }

  #stripes(): { left: number; right: number; color: string }[] {
    const scale = this.#chart?.timeScale();
    if (scale === undefined) return [];
    const [zero, one] = [scale.logicalToCoordinate(at(0)), scale.logicalToCoordinate(at(1))];
    if (zero === null || one === null) return [];
    const half = (one - zero) / 2;
    const stripes: { left: number; right: number; color: string }[] = [];
    for (const { session, first, last } of this.#runs) {
      if (session === 'regular') continue;
      const from = scale.logicalToCoordinate(at(first));
      const to = scale.logicalToCoordinate(at(last));
      if (from === null || to === null) continue;
      const color = session === 'pre' ? this.#colors.pre : this.#colors.post;
      stripes.push({ left: from - half, right: to + half, color });
    }
    return stripes;
  }
}

/** An index of a bar as the chart's own type. */
function at(index: number): Logical {
  return index as Logical;
}
