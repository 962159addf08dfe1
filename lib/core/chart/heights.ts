import type { ChartView } from '../model/view.ts';
import { type RateWindow, WINDOW_SECONDS } from '../units/format-rate.ts';
import { tickText } from '../units/format-value.ts';
import { levelIsInSight, valueDomain } from './domain.ts';
import { formatIndex } from './index-text.ts';
import { logDomain, logShare } from './log-domain.ts';
import type { ChartScale } from './scale.ts';

/** Where a value stands: inside the plot, or outside at one of its edges. */
export type InSight = 'inside' | 'top' | 'bottom';

/** How values become heights on one axis. All functions take the base unit of the chart. */
export interface Heights {
  scale: ChartScale;
  remark: string | null;
  /** 0–1, clamped. */
  share: (value: number) => number;
  /** Where a level that is not data (a goal, a plan) would stand. */
  placeOf: (value: number) => InSight;
  ticks: readonly { share: number; text: string }[];
  hasShelf: boolean;
}

/** The usual line and the second window are compared with the data, so they may stretch the axis this far. */
const CONTEXT_REACH = 4;

/** Nothing real is smaller, and what is divided by less may be no number any more. */
const LEAST_BEFORE = 1e-100;

interface Material {
  /** Of the lines and the second window, base unit. */
  data: number[];
  /** Of the usual line with its band. */
  usual: number[];
  levels: number[];
}

function material(chart: ChartView): Material {
  const data: number[] = [];
  for (const { points } of [...chart.lines, ...(chart.comparison === null ? [] : [chart.comparison])]) {
    for (const [, value] of points) if (value !== null) data.push(value);
  }
  const usual: number[] = [];
  for (const [, value] of chart.usual?.points ?? []) if (value !== null) usual.push(value);
  for (const [, low, high] of chart.usual?.band ?? []) {
    if (low !== null) usual.push(low);
    if (high !== null) usual.push(high);
  }
  return { data, usual, levels: [...chart.goals, ...chart.plans].map(({ value }) => value) };
}

const highest = (values: readonly number[]) =>
  values.reduce((most, value) => Math.max(value, most), Number.NEGATIVE_INFINITY);

/** Values that the axis must hold: all data, and the usual line unless it would flatten them. */
function heldValues({ data, usual }: Material): number[] {
  const top = highest(data);
  return data.length === 0 || top <= 0 || highest(usual) <= top * CONTEXT_REACH ? [...data, ...usual] : data;
}

/** Chooses the axis: the scale that was asked for, or `level` with the reason why it is not. */
export function layOutHeights(
  chart: ChartView,
  window: RateWindow,
  asked: ChartScale,
  plotPx: number,
): Heights {
  const all = material(chart);
  if (asked === 'index') {
    const before = chart.change?.before ?? 0;
    if (before >= LEAST_BEFORE && Number.isFinite(before)) {
      return linear(chart, all, { factor: 100 / before, scale: 'index', remark: null, window, plotPx });
    }
    const remark = 'no level before the deploy to set as 100';
    return linear(chart, all, { factor: null, scale: 'level', remark, window, plotPx });
  }
  if (asked === 'log') {
    const made = logarithmic(chart, all, window, plotPx);
    if (typeof made !== 'string') return made;
    return linear(chart, all, { factor: null, scale: 'level', remark: made, window, plotPx });
  }
  return linear(chart, all, { factor: null, scale: 'level', remark: null, window, plotPx });
}

interface LinearOptions {
  /** From the base unit to the numbers on the axis; null: the chart's own. */
  factor: number | null;
  scale: 'level' | 'index';
  remark: string | null;
  window: RateWindow;
  plotPx: number;
}

const windowFactor = (chart: ChartView, window: RateWindow) =>
  chart.as === 'rate' ? WINDOW_SECONDS[window] : 1;

function linear(chart: ChartView, all: Material, options: LinearOptions): Heights {
  const { scale, remark, window, plotPx } = options;
  const isIndex = scale === 'index';
  const factor = options.factor ?? windowFactor(chart, window);
  const values = heldValues(all).map((value) => value * factor);
  const reach = all.data.length === 0 ? values : all.data.map((value) => value * factor);
  const kind =
    !isIndex && chart.unit === 'ratio' ? 'ratio' : !isIndex && chart.as === 'increase' ? 'count' : 'amount';
  const domain = valueDomain({
    values,
    levels: all.levels.map((value) => value * factor).filter((level) => levelIsInSight(level, reach, kind)),
    kind,
    maxSteps: plotPx >= 190 ? 5 : plotPx >= 100 ? 4 : 2,
  });
  const along = (value: number) => (value * factor - domain.min) / (domain.max - domain.min);
  const share = (value: number) => Math.min(1, Math.max(0, along(value)));
  return {
    scale,
    remark,
    share,
    placeOf: (value) => (along(value) > 1 ? 'top' : along(value) < 0 ? 'bottom' : 'inside'),
    ticks: domain.ticks.map((tick) => ({
      share: share(tick / factor),
      text: isIndex ? formatIndex(tick) : tickText(tick, chart.unit),
    })),
    hasShelf: false,
  };
}

/** The log axis, or in words why there is none. */
function logarithmic(chart: ChartView, all: Material, window: RateWindow, plotPx: number): Heights | string {
  if (all.data.some((value) => value < 0)) return 'values under 0 have no logarithm';
  const factor = windowFactor(chart, window);
  const held = heldValues(all);
  const positive = held.flatMap((value) => (value > 0 ? [value * factor] : []));
  const levels = all.levels.map((value) => value * factor);
  const domain = logDomain(positive, levels, plotPx >= 190 ? 6 : 4);
  if (domain === null) return 'no value above 0 for a log scale';
  const hasShelf = held.some((value) => value === 0);
  const share = (value: number) => logShare(value * factor, domain, hasShelf);
  return {
    scale: 'log',
    remark: null,
    share,
    placeOf: (value) => {
      if (value === 0 && hasShelf) return 'inside';
      return value * factor > domain.max ? 'top' : value * factor < domain.min ? 'bottom' : 'inside';
    },
    ticks: [
      ...(hasShelf ? [{ share: 0, text: tickText(0, chart.unit) }] : []),
      ...domain.ticks.map((tick) => ({ share: share(tick / factor), text: tickText(tick, chart.unit) })),
    ],
    hasShelf,
  };
}
