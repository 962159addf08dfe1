import 'server-only';
import type { NamedChart } from '@/lib/core/alerts/alerts-view.ts';
import type { FrozenChartId } from '@/lib/core/model/share.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { readNamedChart } from './alert-chart.ts';
import { readChart } from './chart.ts';
import { chooseGrid, finestStepMs } from './grid.ts';
import { readMarks } from './marks.ts';
import { targetIdsOf } from './scope.ts';

/** A chart that can be shared, over a fixed range; null where the scope has nothing that it could show. */
export async function readFrozenChart(
  runtime: Runtime,
  scope: Scope,
  chart: FrozenChartId,
  range: TimeRange,
  nowMs: number,
): Promise<NamedChart | null> {
  return chart === 'hit_ratio'
    ? readHitRatio(runtime, scope, range, nowMs)
    : readNamedChart(runtime, scope, chart, '', range, nowMs);
}

async function readHitRatio(
  runtime: Runtime,
  scope: Scope,
  range: TimeRange,
  nowMs: number,
): Promise<NamedChart | null> {
  const targetIds = targetIdsOf(runtime, scope, 'redis');
  if (targetIds.length === 0) return null;
  const statuses = targetIds.flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
  const grid = chooseGrid(range, statuses, finestStepMs(runtime.config.retention, range.startMs, nowMs));
  const view = await readChart(
    runtime,
    {
      scope,
      label: 'Cache hit ratio',
      line: {
        ...{ kind: 'redis', targetIds, as: 'value' },
        part: 'redis_keyspace_hits_total',
        rest: 'redis_keyspace_misses_total',
      },
    },
    grid,
    { range, nowMs, isLive: false },
    null,
  );
  const marks = readMarks(runtime, scope, range);
  return {
    title: 'Cache hit ratio',
    question: 'Is the cache earning its keep?',
    variant: 'line',
    view,
    marks,
  };
}
