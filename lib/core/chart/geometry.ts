import type { ChartView, GoalView, Point } from '../model/view.ts';
import type { TimeRange } from '../time/range.ts';
import { type RateWindow, WINDOW_SECONDS } from '../units/format-rate.ts';
import { tickText } from '../units/format-value.ts';
import { decimate } from './decimate.ts';
import { levelIsInSight, valueDomain } from './domain.ts';
import { type GapLabel, gapLabel, type Label, spreadLabels } from './labels.ts';
import { areaPath, type Bar, barPath, linePath, type Place, segments } from './path.ts';
import { chartValueText } from './readout.ts';
import { timeTicks } from './time-ticks.ts';
import { pointAtMs } from './timeline.ts';

/** Width of the viewBox that paths are drawn in; it is stretched to the plot's real width. */
export const PATH_WIDTH = 1_000;
/** Room under the plot for the time labels. */
const AXIS_PX = 20;
/** A bar that stands for something is never thinner than this. */
const MIN_BAR_PX = 2;
const LABEL_GAP_PX = 14;

export interface PlotSize {
  /** Whole height, labels included. */
  heightPx: number;
  /** Free space above the highest level. */
  headroomPx: number;
}

export interface LineGeometry {
  key: string;
  label: string;
  /** Closed buckets. */
  path: string;
  /** From the last closed bucket to the open one; empty when there is none. */
  partialPath: string;
  area: string;
  /** Newest closed bucket, or the open one when there is no other; `x` in percent, `value` in the base unit. */
  end: { x: number; y: number; value: number } | null;
  /** Measured closed buckets before thinning out. */
  measured: number;
  /** Value and start of the newest closed bucket, base unit. */
  lastClosed: { atMs: number; value: number } | null;
}

export interface GapGeometry {
  /** Percent of the plot's width. */
  x: number;
  width: number;
  label: GapLabel | null;
}

export interface GoalGeometry {
  /** Null when the level is above the plot. */
  y: number | null;
  text: string;
}

/** Where everything of a chart stands: `x` in percent of the plot's width, `y` in px from the top. */
export interface ChartGeometry {
  heightPx: number;
  topY: number;
  baseY: number;
  /** Height of a value given in the base unit. */
  yOf: (value: number) => number;
  yTicks: readonly { y: number; text: string }[];
  xTicks: readonly { x: number; text: string; minor: boolean }[];
  lines: readonly LineGeometry[];
  bars: { closed: string; open: string; measuredFloor: string };
  gaps: readonly GapGeometry[];
  resets: readonly number[];
  goals: readonly GoalGeometry[];
  /** Goal and value labels for the margin at the right, kept apart. */
  labels: readonly Label[];
}

/** `▾ ≤ 24K/h target`: which side of the line is good, the level as it was written. */
export function goalText({ direction, text }: GoalView): string {
  return direction === 'atMost' ? `▾ ≤ ${text} target` : `▴ ≥ ${text} target`;
}

/** Share of the range that has passed at `atMs`, 0–100. */
export function xPercent(atMs: number, range: TimeRange): number {
  const length = range.endMs - range.startMs;
  const share = length > 0 ? (atMs - range.startMs) / length : 0;
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100;
}

/** Lays out a chart. Pure: the same view gives the same picture on the server and in the browser. */
export function chartGeometry(
  chart: ChartView,
  variant: 'line' | 'bars',
  window: RateWindow,
  { heightPx, headroomPx }: PlotSize,
): ChartGeometry {
  const factor = chart.as === 'rate' ? WINDOW_SECONDS[window] : 1;
  const topY = headroomPx;
  const baseY = heightPx - AXIS_PX;
  const values = chart.lines.flatMap((line) =>
    line.points.flatMap(([, value]) => (value === null ? [] : [value * factor])),
  );
  const domain = valueDomain({
    values,
    levels: chart.goals.map((goal) => goal.value * factor),
    kind: chart.unit === 'ratio' ? 'ratio' : chart.as === 'increase' ? 'count' : 'amount',
    maxSteps: heightPx >= 240 ? 5 : heightPx >= 150 ? 4 : 2,
  });
  const yOf = (value: number) => {
    const share = (value * factor - domain.min) / (domain.max - domain.min);
    return baseY - Math.min(1, Math.max(0, share)) * (baseY - topY);
  };
  const zeroY = yOf(0);
  const lines = chart.lines.map((line) => layOutLine(chart, line.key, line.label, line.points, yOf, zeroY));
  const goals = chart.goals.map((goal) => ({
    y:
      chart.unit === 'ratio' || levelIsInSight(goal.value * factor, values)
        ? Math.round(yOf(goal.value)) + 0.5
        : null,
    text: goalText(goal),
  }));
  return {
    heightPx,
    topY,
    baseY,
    yOf,
    yTicks: domain.ticks.map((tick) => ({
      y: Math.round(yOf(tick / factor)) + 0.5,
      text: tickText(tick, chart.unit),
    })),
    xTicks: timeTicks(chart.range, 6).map(({ atMs, label, minor }) => ({
      x: xPercent(atMs, chart.range),
      text: label,
      minor,
    })),
    lines,
    bars: variant === 'bars' ? layOutBars(chart, yOf, zeroY) : { closed: '', open: '', measuredFloor: '' },
    gaps: chart.gaps.map((gap) => {
      const x = xPercent(gap.startMs, chart.range);
      const width = Math.max(0, Math.round((xPercent(gap.endMs, chart.range) - x) * 100) / 100);
      return { x, width, label: gapLabel(gap.reason, width / 100, baseY - topY) };
    }),
    resets: chart.resets
      .filter((atMs) => atMs >= chart.range.startMs && atMs < chart.range.endMs)
      .map((atMs) => xPercent(atMs, chart.range)),
    goals,
    labels: spreadLabels(
      [
        ...goals.map(
          ({ y, text }): Label => ({
            y: y ?? topY,
            text: y === null ? text.replace(/^▾/, '▴') : text,
            kind: 'goal',
          }),
        ),
        ...(variant === 'bars' ? [] : endLabels(chart, lines, window)),
      ],
      LABEL_GAP_PX,
      baseY + 4,
    ),
  };
}

function layOutLine(
  chart: ChartView,
  key: string,
  label: string,
  points: readonly Point[],
  yOf: (value: number) => number,
  zeroY: number,
): LineGeometry {
  const open = chart.lastIsPartial ? points.at(-1) : undefined;
  const closed = open ? points.slice(0, -1) : points;
  const place = ([startMs, value]: Point): Place | null =>
    value === null
      ? null
      : { x: xPercent(pointAtMs(startMs, chart), chart.range) * (PATH_WIDTH / 100), y: yOf(value) };
  const parts = segments(decimate(closed).map(place));
  const openPlace = open ? place(open) : null;
  const before = closed.at(-1);
  const joint = before ? place(before) : null;
  const measured = closed.filter(([, value]) => value !== null);
  const last = measured.at(-1);
  const newest = last ?? open;
  const endPlace = newest ? place(newest) : null;
  return {
    key,
    label,
    path: linePath(parts),
    partialPath: openPlace ? linePath([joint ? [joint, openPlace] : [openPlace]]) : '',
    area: areaPath(parts, zeroY),
    end:
      endPlace && newest && newest[1] !== null
        ? { x: endPlace.x / (PATH_WIDTH / 100), y: endPlace.y, value: newest[1] }
        : null,
    measured: measured.length,
    lastClosed: last && last[1] !== null ? { atMs: last[0], value: last[1] } : null,
  };
}

/** The newest value beside the end of its line; with several lines their names, which the colours alone would not tell. */
function endLabels(chart: ChartView, lines: readonly LineGeometry[], window: RateWindow): Label[] {
  return lines.flatMap(({ end, label }): Label[] =>
    end === null
      ? []
      : [
          {
            y: end.y,
            text: lines.length > 1 ? label : chartValueText(chart, end.value, window),
            kind: 'value',
          },
        ],
  );
}

function layOutBars(chart: ChartView, yOf: (value: number) => number, zeroY: number): ChartGeometry['bars'] {
  const closed: Bar[] = [];
  const open: Bar[] = [];
  const floor: Bar[] = [];
  for (const line of chart.lines) {
    for (const [index, [startMs, value]] of line.points.entries()) {
      if (value === null) continue;
      const fromX = xPercent(startMs, chart.range) * (PATH_WIDTH / 100);
      const toX = xPercent(startMs + chart.stepMs, chart.range) * (PATH_WIDTH / 100);
      if (toX <= fromX) continue;
      // A measured zero keeps a mark on the axis: without it, nothing and not measured would look the same.
      floor.push({ fromX, toX, y: zeroY - 1 });
      if (value === 0) continue;
      const air = (toX - fromX) * 0.12;
      const isOpen = chart.lastIsPartial && index === line.points.length - 1;
      const bar = { fromX: fromX + air, toX: toX - air, y: Math.min(yOf(value), zeroY - MIN_BAR_PX) };
      (isOpen ? open : closed).push(bar);
    }
  }
  return { closed: barPath(closed, zeroY), open: barPath(open, zeroY), measuredFloor: barPath(floor, zeroY) };
}
