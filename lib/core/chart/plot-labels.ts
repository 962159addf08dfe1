import type { ChartView, Point } from '../model/view.ts';
import type { RateWindow } from '../units/format-rate.ts';
import { type Columns, heightsBetween } from './columns.ts';
import type { ChartGeometry, ComparisonGeometry, LevelGeometry } from './geometry-types.ts';
import type { Heights } from './heights.ts';
import { formatIndex } from './index-text.ts';
import { type Label, spreadLabels, stackLabels } from './labels.ts';
import { levelLabel } from './levels.ts';
import { LEAST_PLOT_PX } from './plot-width.ts';
import { chartValueText } from './readout.ts';

const LABEL_GAP_PX = 14;
/** From a line to the middle of letters that stand on it. */
const OVER_LINE_PX = 8.5;
const CHAR_PX = 6.4;

type Drawn = Pick<
  ChartGeometry,
  'topY' | 'baseY' | 'lines' | 'goals' | 'plans' | 'usual' | 'comparison' | 'inset' | 'gaps'
> & { columns: Columns };

/** A value as the scale of this chart reads it: on the index scale `3.3 of 100`. */
export function scaledText(
  chart: ChartView,
  scale: Heights['scale'],
  value: number,
  window: RateWindow,
): string {
  const before = chart.change?.before ?? null;
  return scale === 'index' && before !== null && before > 0
    ? `${formatIndex((value / before) * 100)} of 100`
    : chartValueText(chart, value, window);
}

/** The labels of a chart for a plot with a margin at the right, and for one without. */
export function layOutLabels(
  chart: ChartView,
  window: RateWindow,
  { scale }: Pick<Heights, 'scale'>,
  drawn: Drawn,
): Pick<ChartGeometry, 'labels' | 'labelsNarrow'> {
  const { topY, baseY, lines, goals, plans, inset } = drawn;
  const several = lines.length > 1;
  const values = lines.flatMap(({ end, label }): Label[] =>
    end === null
      ? []
      : [{ y: end.y, text: several ? label : scaledText(chart, scale, end.value, window), kind: 'value' }],
  );
  const levels = (kind: 'goal' | 'plan', list: readonly LevelGeometry[]) =>
    list.map((level) => levelLabel(level, kind, topY, baseY));
  const context = contextLabels(chart, drawn);
  const labels = [
    ...levels('goal', goals),
    ...levels('plan', plans),
    // The inset says the value in bold.
    ...(inset !== null && inset.beside !== null && !several ? [] : values),
    ...context,
    ...drawn.gaps.flatMap(({ isBeside, reason }): Label[] =>
      isBeside ? [{ y: topY + (baseY - topY) / 2, text: reason, kind: 'gap' }] : [],
    ),
  ];
  const inInset = (text: string) =>
    inset !== null && [...inset.below.goals, ...inset.below.plans].some((level) => text.includes(level.text));
  const onPlot = [
    ...levels('goal', goals),
    ...levels('plan', plans),
    ...(several || scale === 'index' ? values : []),
    ...context,
  ].filter(({ text }) => !inInset(text));
  // Only where the names stand do lines run through them.
  const longest = Math.max(0, ...onPlot.map(({ text }) => text.length));
  const fromX = 100 - ((longest * CHAR_PX) / LEAST_PLOT_PX.narrow) * 100;
  const levelYs = [...goals, ...plans].flatMap(({ y }) => (y === null ? [] : [y]));
  const nearEnd = [...heightsBetween(drawn.columns, fromX, 100), ...levelYs];
  return {
    labels: spreadLabels(labels, LABEL_GAP_PX, baseY + 4),
    labelsNarrow: stackLabels(onPlot, nearEnd, { gap: LABEL_GAP_PX, riseY: OVER_LINE_PX, minY: topY + 8 }),
  };
}

/** The usual line and the second window where their names found no place on the plot. */
function contextLabels(chart: ChartView, { usual, comparison, topY }: Drawn): Label[] {
  const nameOf = (name: string, { end, label }: ComparisonGeometry, points: readonly Point[]): Label[] => {
    if (label !== null || !points.some(([, value]) => value !== null)) return [];
    return [{ y: end?.y ?? topY, text: end === null ? `▴ ${name}` : name, kind: 'context' }];
  };
  return [
    ...(usual && chart.usual ? nameOf(chart.usual.label, usual, chart.usual.points) : []),
    ...(comparison && chart.comparison
      ? nameOf(chart.comparison.label, comparison, chart.comparison.points)
      : []),
  ];
}
