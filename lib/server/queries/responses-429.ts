import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import type { Comparison } from '@/lib/core/time/page-window.ts';
import { chooseStepMs, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { readChart } from './chart.ts';
import { type Grid, gridOf, type Span } from './grid.ts';
import { targetIdsOf } from './scope.ts';

/** Bars of rare events want wide buckets: this many fit on a phone. */
const MOST_BARS = 72;

/**
 * 429 responses as counts. Where machines give only classes such as `4xx`, a 429 can't be told from a 404: then the
 * chart has a reason in place of a zero.
 */
export async function readResponses429(
  runtime: Runtime,
  scope: Scope,
  fine: Grid,
  span: Span,
  comparison: Comparison | null,
): Promise<ChartView> {
  const chart = await readChart(
    runtime,
    {
      scope,
      line: {
        kind: 'app',
        targetIds: targetIdsOf(runtime, scope, 'app'),
        metric: 'http_responses_total',
        labels: { status: '429' },
        as: 'increase',
      },
      label: '429 responses',
    },
    gridOf(fine.range, chooseStepMs(fine.range, MOST_BARS, Math.max(MINUTE_MS, fine.stepMs))),
    span,
    comparison,
  );
  const classed = machinesWithClassesOnly(runtime, scope);
  if (classed.length === 0) return chart;
  const all = new Set(seriesOf(runtime, scope).map(({ targetId }) => targetId)).size;
  if (classed.length < all) {
    return {
      ...chart,
      note: `${classed.length} of ${all} machines give only classes such as 4xx: their 429s are not in here.`,
    };
  }
  return {
    ...chart,
    lines: chart.lines.map((line) => ({ ...line, quality: 'unavailable', points: [] })),
    comparison: chart.comparison === null ? null : { ...chart.comparison, points: [], overall: null },
    latest: null,
    overall: null,
    missing: {
      reason: 'Machines give only classes such as 4xx, so 429 can’t be told from 404',
      fix: 'Turn exact status codes on in the metrics library: docs/instrument-your-app.md says how for each.',
    },
  };
}

function seriesOf(runtime: Runtime, scope: Scope) {
  return runtime.store.findSeries({
    metric: 'http_responses_total',
    targetIds: targetIdsOf(runtime, scope, 'app'),
  });
}

function machinesWithClassesOnly(runtime: Runtime, scope: Scope): string[] {
  const statuses = new Map<string, string[]>();
  for (const { targetId, labels } of seriesOf(runtime, scope)) {
    statuses.set(targetId, [...(statuses.get(targetId) ?? []), labels.status ?? '']);
  }
  return [...statuses]
    .filter(([, list]) => list.every((status) => /^[1-5]xx$/i.test(status)))
    .map(([id]) => id);
}
