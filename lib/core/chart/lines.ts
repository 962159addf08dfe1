import type { ChartView, LineView, Point } from '../model/view.ts';
import { decimate } from './decimate.ts';
import type { BarsGeometry, DrawnPoint, LineGeometry } from './geometry-types.ts';
import { areaPath, type Bar, barPath, linePath, type Place, segments } from './path.ts';
import { LEAST_PLOT_PX } from './plot-width.ts';
import { pointAtMs } from './timeline.ts';
import { PATH_WIDTH, xPath } from './x-place.ts';

/** A bar that stands for something is never thinner than this. */
const MIN_BAR_PX = 2;
/** Buckets narrower than this on the narrowest plot leave no air between bars: it would eat them up. */
const LEAST_APART_PX = 2;

/** Heights of values in px from the top, and their share of the plot. */
export interface Ruler {
  share: (value: number) => number;
  yOf: (value: number) => number;
  /** Where areas and bars stand. */
  zeroY: number;
}

/** Made when it is first read, and once: who draws lines in another way never pays for their paths. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** One line with what is drawn of it. */
export function layOutLine(chart: ChartView, line: LineView, { share, yOf, zeroY }: Ruler): LineGeometry {
  const open = chart.lastIsPartial ? line.points.at(-1) : undefined;
  const closed = open ? line.points.slice(0, -1) : line.points;
  const place = ([startMs, value]: Point): Place | null =>
    value === null ? null : { x: xPath(pointAtMs(startMs, chart), chart.range), y: yOf(value) };
  const draw = ([startMs, value]: Point): DrawnPoint => ({
    atMs: pointAtMs(startMs, chart),
    share: value === null ? null : share(value),
    value,
  });
  const kept = decimate(closed);
  const last = closed.findLast(([, value]) => value !== null);
  const newest = last ?? open;
  const endPlace = newest ? place(newest) : null;
  const parts = once(() => segments(kept.map(place)));
  const path = once(() => linePath(parts()));
  const area = once(() => areaPath(parts(), zeroY));
  const partialPath = once(() => {
    const openPlace = open ? place(open) : null;
    const before = closed.at(-1);
    const joint = before ? place(before) : null;
    return openPlace ? linePath([joint ? [joint, openPlace] : [openPlace]]) : '';
  });
  return {
    key: line.key,
    label: line.label,
    drawn: kept.map(draw),
    open: open && open[1] !== null ? draw(open) : null,
    get path() {
      return path();
    },
    get partialPath() {
      return partialPath();
    },
    get area() {
      return area();
    },
    end:
      endPlace && newest && newest[1] !== null
        ? { x: endPlace.x / (PATH_WIDTH / 100), y: endPlace.y, value: newest[1] }
        : null,
    measured: closed.reduce((count, [, value]) => (value === null ? count : count + 1), 0),
    lastClosed: last && last[1] !== null ? { atMs: last[0], value: last[1] } : null,
  };
}

/** Counts of all lines as bars on the axis. */
export function layOutBars(chart: ChartView, { yOf, zeroY }: Ruler): BarsGeometry {
  const closed: Bar[] = [];
  const open: Bar[] = [];
  const floor: Bar[] = [];
  for (const line of chart.lines) {
    for (const [index, [startMs, value]] of line.points.entries()) {
      if (value === null) continue;
      const fromX = xPath(startMs, chart.range);
      const toX = xPath(startMs + chart.stepMs, chart.range);
      if (toX <= fromX) continue;
      // Without it, nothing and not measured would look the same.
      floor.push({ fromX, toX, y: zeroY - 1 });
      if (value === 0) continue;
      const isOpen = chart.lastIsPartial && index === line.points.length - 1;
      (isOpen ? open : closed).push({ fromX, toX, y: Math.min(yOf(value), zeroY - MIN_BAR_PX) });
    }
  }
  const lengthMs = chart.range.endMs - chart.range.startMs;
  return {
    closed: barPath(closed, zeroY),
    open: barPath(open, zeroY),
    measuredFloor: barPath(floor, zeroY),
    apart: lengthMs > 0 && (chart.stepMs / lengthMs) * LEAST_PLOT_PX.narrow >= LEAST_APART_PX,
  };
}

/** No bars: the chart is drawn as lines. */
export const NO_BARS: BarsGeometry = { closed: '', open: '', measuredFloor: '', apart: true };
