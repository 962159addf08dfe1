import 'server-only';
import type { Point } from '@/lib/core/model/view.ts';
import { chooseStepMs, MINUTE_MS } from '@/lib/core/time/range.ts';
import { type ChartPlace, type DrawnChart, lineChart } from './alert-chart-line.ts';
import { linesView } from './alert-chart-view.ts';
import { gridOf } from './grid.ts';
import { targetIdsOf } from './scope.ts';
import { readSeries } from './series.ts';

/** Bars of rare events want wide buckets: this many fit on a phone. */
const MOST_BARS = 72;
const TOLD = ['Restarts', 'Do machines keep running?'] as const;

/** Restarts of all machines as counts, as their counters show them; else what the platform says of their ends. */
export async function restartsChart(place: ChartPlace): Promise<DrawnChart | null> {
  const { runtime, scope } = place;
  const { range } = place.grid;
  const grid = gridOf(range, chooseStepMs(range, MOST_BARS, Math.max(MINUTE_MS, place.grid.stepMs)));
  const { stepMs } = grid;
  const question = { ...scope, metric: 'app_restarts', labels: {}, as: 'value', range, stepMs } as const;
  const answer = await readSeries(runtime, question);
  if ('code' in answer || answer.series.length === 0) {
    const line = {
      kind: 'fly',
      targetIds: targetIdsOf(runtime, scope, 'fly'),
      metric: 'fly_machine_exits_total',
      labels: {},
      as: 'increase',
    } as const;
    return lineChart({ ...place, grid }, line, ...TOLD);
  }
  // A machine that tells nothing leaves a lower bound: its gap says so, and what the others did still counts.
  const points = grid.starts.map((startMs, i): Point => {
    const known = answer.series.flatMap((one) => one.points[i]?.[1] ?? []);
    return [startMs, known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)];
  });
  const last = points.findLastIndex(([, value]) => value !== null);
  const view = await linesView(
    { ...place, grid },
    {
      lines: [{ key: 'sum', label: TOLD[0], quality: 'measured', points: points.slice(0, last + 1) }],
      unit: 'restarts',
      as: 'increase',
      targetIds: targetIdsOf(runtime, scope, 'app'),
      otherwise: 'not told',
      noun: 'lines',
    },
  );
  return { title: TOLD[0], question: TOLD[1], variant: 'bars', view };
}
