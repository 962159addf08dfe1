import type { ChartView } from '../model/view.ts';
import type { TimeRange } from '../time/range.ts';
import { columnsOf } from './columns.ts';
import { layOutContext } from './context-lines.ts';
import type {
  ChartGeometry,
  ChartInput,
  GapGeometry,
  HistoryGeometry,
  InsetGeometry,
  LineGeometry,
  PlotPoint,
  StretchGeometry,
  StretchView,
} from './geometry-types.ts';
import { layOutHeights } from './heights.ts';
import { layOutHistory } from './history-stretches.ts';
import { layOutInset } from './inset.ts';
import type { Obstacle, Surroundings } from './label-on-line.ts';
import { gapLabel } from './labels.ts';
import { layOutGoals, layOutPlans } from './levels.ts';
import { layOutBars, layOutLine, NO_BARS, type Ruler } from './lines.ts';
import { SHELF_SHARE, SHELF_TEXT } from './log-domain.ts';
import { layOutMarks, MARK_HEADROOM_PX } from './marks.ts';
import { layOutOriginTicks } from './origin-ticks.ts';
import { layOutLabels } from './plot-labels.ts';
import { LEAST_PLOT_PX, type PlotWidth } from './plot-width.ts';
import { timeTicks } from './time-ticks.ts';
import { xPercent } from './x-place.ts';

export type * from './geometry-types.ts';
export { goalText } from './levels.ts';
export { PATH_WIDTH, xPercent } from './x-place.ts';

/** Room under the plot for the wall clock, and with the time since the deploy under it. */
const AXIS_PX = 20;
const AXIS_WITH_ORIGIN_PX = 36;
/** A lower chart has one row of times only. */
const LEAST_TWO_ROWS_PX = 200;
const HEADROOM_PX = 12;

/** Lays out a chart. Pure: the same input gives the same picture on the server and in the browser. */
export function chartGeometry(input: ChartInput): ChartGeometry {
  const { chart, variant, window, scale, zone, origin, heightPx } = input;
  const { range } = chart;
  const marks = layOutMarks(input.marks, range, origin, zone);
  const originTicks = heightPx >= LEAST_TWO_ROWS_PX ? layOutOriginTicks(range, origin) : [];
  const topY = marks.length > 0 ? MARK_HEADROOM_PX : HEADROOM_PX;
  const baseY = heightPx - (originTicks.length > 0 ? AXIS_WITH_ORIGIN_PX : AXIS_PX);
  const heights = layOutHeights(chart, window, scale, baseY - topY);
  const yOf = (value: number) => baseY - heights.share(value) * (baseY - topY);
  const ruler: Ruler = { share: heights.share, yOf, zeroY: yOf(0) };
  const lines = chart.lines.map((line) => layOutLine(chart, line, ruler));
  const columns = columnsOf(
    variant === 'bars' ? [] : lines.map((line) => placesOf(line, chart, topY, baseY)),
  );
  const gaps = layOutGaps(chart, baseY - topY);
  const history = layOutHistory(
    chart,
    columns,
    chart.goals.map(({ value }) => yOf(value)),
    { topY, baseY },
  );
  const inset =
    variant === 'line' && heights.scale === 'level'
      ? layOutInset({ chart, window, origin, ruler, topY, baseY, lines: columns })
      : null;
  const around: Surroundings = {
    lines: [columns],
    obstacles: [
      ...gaps.map((gap) => gapObstacle(gap, topY, baseY)),
      ...history.map(textObstacle),
      ...insetObstacles(inset),
    ],
    topY,
    baseY,
  };
  const isInSight = (value: number) => heights.placeOf(value) === 'inside';
  const { usual, comparison } = layOutContext(chart, yOf, isInSight, around);
  const goals = layOutGoals(chart.goals, heights, yOf, range, origin);
  const plans = layOutPlans(chart.plans, heights, yOf);
  const picture = {
    topY,
    baseY,
    lines: variant === 'line' ? lines : [],
    goals,
    plans,
    usual,
    comparison,
    inset,
    gaps,
  };
  return {
    ...picture,
    heightPx,
    scale: heights.scale,
    scaleRemark: heights.remark,
    share: heights.share,
    yOf,
    yTicks: heights.ticks.map(({ share, text }) => ({
      y: Math.round(baseY - share * (baseY - topY)) + 0.5,
      share,
      text,
    })),
    xTicks: timeTicks(range, 6, zone).map(({ atMs, label, minor }) => ({
      x: xPercent(atMs, range),
      atMs,
      text: label,
      minor,
    })),
    originTicks,
    shelf: heights.hasShelf
      ? { zeroY: baseY, floorY: baseY - SHELF_SHARE * (baseY - topY), text: SHELF_TEXT }
      : null,
    lines,
    bars: variant === 'bars' ? layOutBars(chart, ruler) : NO_BARS,
    marks,
    history,
    stretches: layOutStretches(input.stretches ?? [], range),
    resets: chart.resets
      .filter((atMs) => atMs >= range.startMs && atMs < range.endMs)
      .map((atMs) => xPercent(atMs, range)),
    ...layOutLabels(chart, window, heights, { ...picture, columns }),
  };
}

/** Drawn places of a line, for what must keep clear of it. */
function placesOf(
  line: LineGeometry,
  { range }: ChartView,
  topY: number,
  baseY: number,
): (PlotPoint | null)[] {
  return line.drawn.map(({ atMs, share }) =>
    share === null ? null : { x: xPercent(atMs, range), y: baseY - share * (baseY - topY) },
  );
}

/** A stretch that lies outside leaves nothing at the edge. */
function layOutStretches(stretches: readonly StretchView[], range: TimeRange): StretchGeometry[] {
  return stretches
    .filter(({ startMs, endMs }) => startMs < range.endMs && endMs > range.startMs)
    .map(({ startMs, endMs, title }) => {
      const x = xPercent(startMs, range);
      return { x, width: Math.max(0, Math.round((xPercent(endMs, range) - x) * 100) / 100), title };
    });
}

/** What the margin at the right of a wide plot holds: 104 px. */
const MOST_MARGIN_CHARS = 16;

function layOutGaps({ gaps, range }: ChartView, plotHeightPx: number): GapGeometry[] {
  return gaps.map((gap) => {
    const x = xPercent(gap.startMs, range);
    const width = Math.max(0, Math.round((xPercent(gap.endMs, range) - x) * 100) / 100);
    const label = (on: PlotWidth) => gapLabel(gap.reason, (width / 100) * LEAST_PLOT_PX[on], plotHeightPx);
    const labels = { narrow: label('narrow'), wide: label('wide'), roomy: label('roomy') };
    // At the right edge there is room in the margin for a short one; a long one is in the chart's sentence.
    const isBeside =
      x + width > 99.5 && labels.wide?.layout !== 'lines' && gap.reason.length <= MOST_MARGIN_CHARS;
    return {
      x,
      width,
      reason: gap.reason,
      isBeside,
      labels: isBeside ? { ...labels, wide: null, roomy: null } : labels,
    };
  });
}

const gapObstacle = ({ x, width }: GapGeometry, topY: number, baseY: number): Obstacle => ({
  fromX: x,
  toX: x + width,
  topY,
  bottomY: baseY,
});

const textObstacle = ({ x, width, textY }: HistoryGeometry): Obstacle => ({
  fromX: x,
  toX: x + width,
  topY: textY - 10,
  bottomY: textY + 2,
});

function insetObstacles(inset: InsetGeometry | null): Obstacle[] {
  const beside = inset?.beside ?? null;
  return beside === null
    ? []
    : [{ fromX: beside.x, toX: 100, topY: beside.y, bottomY: beside.y + beside.heightPx }];
}
