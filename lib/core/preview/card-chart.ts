import { decimate } from '../chart/decimate.ts';
import { valueDomain } from '../chart/domain.ts';
import { linePath, segments } from '../chart/path.ts';
import { pointAtMs } from '../chart/timeline.ts';
import type { FrozenChart } from '../model/share.ts';
import type { ChartView, MarkView } from '../model/view.ts';
import { DAY_MS, type TimeRange } from '../time/range.ts';
import { formatClock, formatStamp } from '../units/clock.ts';
import { type RateWindow, WINDOW_SECONDS } from '../units/format-rate.ts';
import { tickText } from '../units/format-value.ts';
import { COLOURS } from './card-colours.ts';
import { CARD_PX, type CardNode, shape, words } from './card-node.ts';
import { drawableText } from './drawable-text.ts';

const MOST_LINES = 3;
const MOST_MARKS = 8;
/** Room that the name of a mark takes; nearer ones would stand on each other. */
const MARK_ROOM_PX = 120;
/** Room that the words of a gap take. */
const GAP_ROOM_PX = 92;
/** More cannot be told apart, and each costs time. */
const MOST_POINTS = 300;
const LABEL = { position: 'absolute', fontSize: 20, lineHeight: 1.2, color: COLOURS.ink3 } as const;

/** Where a chart stands on the card, px; its labels stand above and below. */
export interface ChartPlace {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A chart in two layers, both on the whole card: shapes from its own corner, and texts. */
export interface ChartLayers {
  shapes: readonly CardNode[];
  texts: readonly CardNode[];
}

/** Line with its gaps, deploys with their names, ends of the axis and the ticks. */
export function chartLayers(
  { view, marks }: FrozenChart,
  window: RateWindow,
  { left, top, width, height }: ChartPlace,
): ChartLayers {
  const scale = view.as === 'rate' ? WINDOW_SECONDS[window] : 1;
  const lines = view.lines.slice(0, MOST_LINES);
  const values = lines.flatMap(({ points }) =>
    points.flatMap(([, value]) => (isNumber(value) ? [value * scale] : [])),
  );
  const kind = view.unit === 'ratio' ? 'ratio' : view.as === 'increase' ? 'count' : 'amount';
  const { min, max, ticks } = valueDomain({ values, levels: [], kind, maxSteps: 3 });
  const yOf = (value: number) => round(height - ((value - min) / (max - min)) * height);
  const { startMs, endMs } = view.range;
  const xOf = (atMs: number) => round(((atMs - startMs) / Math.max(1, endMs - startMs)) * width);
  const inSight = marks
    .filter((mark) => !mark.minor && mark.startMs >= startMs && mark.startMs < endMs)
    .slice(-MOST_MARKS);
  const suffix = view.as === 'rate' ? `/${window}` : '';
  const format = endMs - startMs > DAY_MS ? formatStamp : formatClock;
  const right = CARD_PX - left - width;
  return {
    shapes: [
      ...gapShapes(view, xOf, height),
      ...ticks.map((tick) => level(yOf(tick), width, tick === 0 ? COLOURS.lineInk : COLOURS.line)),
      ...inSight.map(({ startMs: atMs }) =>
        shape('line', {
          ...{ x1: xOf(atMs), x2: xOf(atMs), y1: 0, y2: height },
          ...{ stroke: COLOURS.info, 'stroke-width': 2, 'stroke-dasharray': '4 4' },
        }),
      ),
      ...lines.map(({ points }, index) => {
        const places = decimate(points, MOST_POINTS).map(([atMs, value]) =>
          isNumber(value) ? { x: xOf(pointAtMs(atMs, view)), y: yOf(value * scale) } : null,
        );
        return shape('path', {
          ...{ d: linePath(segments(places)), fill: 'none', stroke: COLOURS.series[index] ?? COLOURS.ink },
          ...{ 'stroke-width': 3.5, 'stroke-linejoin': 'round', 'stroke-linecap': 'round' },
        });
      }),
    ],
    texts: [
      ...ticks
        .filter((tick) => tick > 0)
        .map((tick) =>
          words(`${tickText(tick, view.unit)}${suffix}`, {
            ...{ ...LABEL, right, top: top + yOf(tick) + 4 },
            ...{ backgroundColor: COLOURS.canvas, paddingLeft: 8 },
          }),
        ),
      ...markNames(inSight, (atMs) => left + xOf(atMs), left + width).map(({ name, x }) =>
        words(name, { ...LABEL, left: x, top: top - 30, color: COLOURS.info }),
      ),
      ...view.gaps
        .map((gap) => gapPlace(gap, view.range, xOf))
        .filter((gap) => gap.width >= GAP_ROOM_PX)
        .map(({ x }) => words('no data', { ...LABEL, left: left + x + 8, top: top + height - 28 })),
      words(format(startMs), { ...LABEL, left, top: top + height + 8 }),
      words(format(endMs), { ...LABEL, right, top: top + height + 8 }),
    ],
  };
}

const isNumber = (value: number | null): value is number => value !== null && Number.isFinite(value);
const round = (value: number) => Math.round(value * 10) / 10;

function level(y: number, widthPx: number, stroke: string): CardNode {
  return shape('line', { x1: 0, x2: widthPx, y1: y, y2: y, stroke, 'stroke-width': 1.5 });
}

/** Where nobody measured, the ground is another one: no line there is not a line at zero. */
function gapShapes({ gaps, range }: ChartView, xOf: (atMs: number) => number, heightPx: number): CardNode[] {
  return gaps.flatMap((gap) => {
    const { x, width } = gapPlace(gap, range, xOf);
    return width > 0 ? [shape('rect', { x, y: 0, width, height: heightPx, fill: COLOURS.line })] : [];
  });
}

function gapPlace(
  gap: TimeRange,
  range: TimeRange,
  xOf: (atMs: number) => number,
): { x: number; width: number } {
  const x = xOf(Math.max(gap.startMs, range.startMs));
  return { x, width: round(xOf(Math.min(gap.endMs, range.endMs)) - x) };
}

/** Names over the marks, from the newest back; one that would stand on another has only its line. */
function markNames(
  marks: readonly MarkView[],
  xOf: (atMs: number) => number,
  endX: number,
): { name: string; x: number }[] {
  const names: { name: string; x: number }[] = [];
  let nextX = Number.POSITIVE_INFINITY;
  for (const { startMs, release } of marks.toReversed()) {
    const x = Math.min(xOf(startMs), endX - MARK_ROOM_PX);
    if (x + MARK_ROOM_PX > nextX) continue;
    nextX = x;
    names.push({ name: drawableText(release, 9), x });
  }
  return names;
}
