import type { ChartView, OriginView, Point } from '../model/view.ts';
import { type RateWindow, WINDOW_SECONDS } from '../units/format-rate.ts';
import { tickText } from '../units/format-value.ts';
import { type Columns, heightsBetween } from './columns.ts';
import { decimate } from './decimate.ts';
import type { InsetGeometry, InsetLevel, InsetPlacement } from './geometry-types.ts';
import type { Ruler } from './lines.ts';
import { areaPath, linePath, type Place, segments } from './path.ts';
import { chartValueText } from './readout.ts';
import { niceStep } from './ticks.ts';
import { pointAtMs } from './timeline.ts';
import { PATH_WIDTH, xPath, xPercent } from './x-place.ts';

/** From this fall on, what came after is too low to be read on the scale of what was before. */
const LARGE_DROP = 0.2;
const BESIDE_PX = 128;
const LEAST_BESIDE_PX = 72;
export const BELOW_PX = 112;
/** Air between the axis and an inset under it. */
export const BELOW_GAP_PX = 8;
/** Room in the box above the plot for the title, and below it. */
const TITLE_PX = 24;
const FOOT_PX = 9;
/** From here on an inset that begins at its deploy is too narrow, if there is room under the line before it. */
const LATEST_X = 70;
/** The first value at most this far above the new level ends the fall. */
const SETTLED = 1.5;
/** A level further than this above the line is left to the main plot. */
const LEVEL_REACH = 1.6;
const TITLE = 'after, own scale';

/** True when the after-line of this chart needs a scale of its own. */
export function isLargeDrop(chart: Pick<ChartView, 'change'>): boolean {
  return (
    chart.change !== null && chart.change.before > 0 && chart.change.after / chart.change.before < LARGE_DROP
  );
}

interface After {
  startMs: number;
  points: readonly Point[];
  /** When the fall itself is over: the first buckets still hold some of what was before. */
  settledMs: number;
  /** Highest value from then on. */
  top: number;
}

function afterOf(chart: ChartView, origin: OriginView): After | null {
  const { range, change } = chart;
  const [line] = chart.lines;
  if (!line || change === null || origin.atMs >= range.endMs) return null;
  const startMs = Math.max(origin.atMs, range.startMs);
  const points = line.points.filter(([atMs]) => pointAtMs(atMs, chart) >= startMs);
  const measured = points.filter((point): point is readonly [number, number] => point[1] !== null);
  const settled = Math.max(
    0,
    measured.findIndex(([, value]) => value <= change.after * SETTLED),
  );
  const first = measured[settled];
  if (first === undefined) return null;
  const top = measured.slice(settled).reduce((most, [, value]) => Math.max(most, value), 0);
  return { startMs, points, settledMs: pointAtMs(first[0], chart), top };
}

export interface InsetInput {
  chart: ChartView;
  window: RateWindow;
  origin: OriginView | null;
  ruler: Ruler;
  topY: number;
  baseY: number;
  /** The lines of the plot, which must not be covered. */
  lines: Columns;
}

/** The inset of a level chart after a large drop; null when there is none or the after-line can be read as it is. */
export function layOutInset(input: InsetInput): InsetGeometry | null {
  const { chart, window, origin, ruler, topY, baseY } = input;
  if (origin === null || !isLargeDrop(chart) || chart.change === null) return null;
  const after = afterOf(chart, origin);
  if (after === null || ruler.share(chart.change.after) >= LARGE_DROP) return null;
  const levels = [...chart.goals, ...chart.plans].filter(({ value }) => value <= after.top * LEVEL_REACH);
  const top = Math.max(after.top, ...levels.map(({ value }) => value));
  if (!(top > 0)) return null;
  const x = xPercent(after.startMs, chart.range);
  const boxTopY = Math.max(topY + 2, ruler.yOf(top) - 3);
  const last = chart.latest?.value ?? chart.change.after;
  const spot = placeBeside(input, x, boxTopY);
  const draw = (heightPx: number) => drawInset(chart, window, after, top, heightPx);
  return {
    title: TITLE,
    value: chartValueText(chart, last, window),
    box: { x, topY: boxTopY, baseY: baseY + 2 },
    beside: spot === null ? null : { ...draw(spot.heightPx), x: spot.x, y: spot.y },
    below: draw(BELOW_PX - BELOW_GAP_PX),
  };
}

/** Where the box stands in the main plot; null when the plot is too low. */
function placeBeside(
  { topY, lines }: InsetInput,
  x: number,
  boxTopY: number,
): { x: number; y: number; heightPx: number } | null {
  const floor = boxTopY - 12;
  const room = (fromY: number) => Math.min(BESIDE_PX, floor - fromY);
  if (x > LATEST_X) {
    // Reaching back over the time before the deploy, it must stay under the line of that time.
    const covered = heightsBetween(lines, LATEST_X - 2, x - 1);
    const y = Math.max(topY + 6, ...covered.map((lowest) => lowest + 8));
    if (room(y) >= LEAST_BESIDE_PX) return { x: LATEST_X, y: Math.round(y), heightPx: Math.round(room(y)) };
  }
  const y = topY + 6;
  return room(y) >= LEAST_BESIDE_PX ? { x: Math.min(98, x + 1.5), y, heightPx: Math.round(room(y)) } : null;
}

function drawInset(
  chart: ChartView,
  window: RateWindow,
  after: After,
  top: number,
  heightPx: number,
): InsetPlacement {
  const factor = chart.as === 'rate' ? WINDOW_SECONDS[window] : 1;
  const [topY, baseY] = [TITLE_PX, heightPx - FOOT_PX];
  const step = niceStep(top * factor * 1.02, 2);
  const max = 2 * step;
  const yOf = (value: number) => baseY - Math.max(0, (value * factor) / max) * (baseY - topY);
  const range = { startMs: after.startMs, endMs: chart.range.endMs };
  const place = ([startMs, value]: Point): Place | null =>
    value === null ? null : { x: xPath(pointAtMs(startMs, chart), range), y: yOf(value) };
  const open = chart.lastIsPartial ? after.points.at(-1) : undefined;
  const closed = open ? after.points.slice(0, -1) : after.points;
  const parts = segments(decimate(closed).map(place));
  const openPlace = open ? place(open) : null;
  const before = closed.at(-1);
  const joint = before ? place(before) : null;
  const newest = closed.findLast(([, value]) => value !== null) ?? open;
  const end = newest ? place(newest) : null;
  const named = nameLevels(chart, top, yOf, parts.flat(), end, { topY, baseY });
  return {
    heightPx,
    topY,
    baseY,
    ticks: [0, step, max].map((tick) => ({
      y: Math.round(yOf(tick / factor)) + 0.5,
      text: tickText(tick, chart.unit),
    })),
    path: linePath(parts),
    partialPath: openPlace ? linePath([joint ? [joint, openPlace] : [openPlace]]) : '',
    area: areaPath(parts, baseY),
    goals: named.goals,
    plans: named.plans,
    textX: Math.min(50, xPercent(after.settledMs, range)),
    end: end && { x: end.x / (PATH_WIDTH / 100), y: end.y, textY: named.endTextY },
  };
}

/** Levels of the inset with their names over or under them, wherever the line and the other names are farther away. */
function nameLevels(
  chart: ChartView,
  top: number,
  yOf: (value: number) => number,
  line: readonly Place[],
  end: Place | null,
  { topY, baseY }: { topY: number; baseY: number },
): { goals: InsetLevel[]; plans: InsetLevel[]; endTextY: number } {
  // Names stand at the left, the newest value at the right. What falls in from the top is cut off there.
  const shown = line.filter(({ y }) => y >= topY);
  const left = shown.filter(({ x }) => x < PATH_WIDTH * 0.6).map(({ y }) => y);
  const right = shown.filter(({ x }) => x > PATH_WIDTH * 0.6).map(({ y }) => y);
  const used: number[] = [];
  const inReach = <T extends { value: number }>(levels: readonly T[]) =>
    levels.filter(({ value }) => value <= top && value >= 0);
  const textAt = (y: number, line: readonly number[]) => {
    const middle = (baselineY: number) => baselineY - 3.5;
    const room = (baselineY: number) => {
      const isOutside = middle(baselineY) < topY + 2 || middle(baselineY) > baseY - 2;
      const nearest = [...line, ...used].map((other) => Math.abs(other - middle(baselineY)));
      return (isOutside ? -50 : 0) + Math.min(20, ...nearest);
    };
    const [above, below] = [y - 4, y + 11];
    return room(above) >= room(below) ? above : below;
  };
  const name = (value: number, text: string): InsetLevel => {
    const y = Math.round(yOf(value)) + 0.5;
    const textY = textAt(y, left);
    used.push(textY - 3.5);
    return { y, textY, text };
  };
  const goals = inReach(chart.goals).map((goal) =>
    name(goal.value, `${goal.direction === 'atMost' ? '≤' : '≥'} ${goal.text}`),
  );
  const plans = inReach(chart.plans).map((plan) => name(plan.value, plan.text));
  used.length = 0;
  used.push(...goals.map(({ y }) => y), ...plans.map(({ y }) => y));
  return { goals, plans, endTextY: end === null ? 0 : textAt(end.y - 2, right) };
}
