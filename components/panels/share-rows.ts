import type { ChartAs, ChartView, Point } from '@/lib/core/model/view.ts';

/** Rows of a table that is meant to be read, not searched. */
const MOST_ROWS = 48;

/**
 * The same chart in few enough buckets for a table in the page itself: means of rates and values, totals of counts. A
 * total is null where part of its time was not measured; a mean is one of what was.
 */
export function coarseChart(chart: ChartView, mostRows = MOST_ROWS): ChartView {
  const count = Math.max(0, ...chart.lines.map(({ points }) => points.length));
  const factor = Math.ceil(count / mostRows);
  if (factor <= 1) return chart;
  return {
    ...chart,
    stepMs: chart.stepMs * factor,
    lines: chart.lines.map((line) => ({ ...line, points: merge(line.points, factor, chart.as) })),
    // Both would stand beside other buckets than they were made of.
    usual: null,
    comparison: null,
  };
}

function merge(points: readonly Point[], factor: number, as: ChartAs): Point[] {
  const merged: Point[] = [];
  for (let at = 0; at < points.length; at += factor) {
    const part = points.slice(at, at + factor);
    const [first] = part;
    if (first === undefined) continue;
    const known = part.flatMap(([, value]) => (value === null ? [] : [value]));
    const sum = known.reduce((total, value) => total + value, 0);
    const isTold = as === 'increase' ? known.length === part.length : known.length > 0;
    merged.push([first[0], isTold ? (as === 'increase' ? sum : sum / known.length) : null]);
  }
  return merged;
}
