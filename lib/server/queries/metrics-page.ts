import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import type { MetricsPageView } from '@/lib/core/reconcile/metrics-page-view.ts';
import { type Comparison, type PageWindow, windowRange } from '@/lib/core/time/page-window.ts';
import { alignUp, BLOCK_MS, chooseStepMs } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { readCommands } from './commands.ts';
import { comparedFromMs } from './comparison.ts';
import { readFamilies } from './families.ts';
import { finestStepMs, type Grid, gridOf, shiftGrid } from './grid.ts';
import { readLimited, readRequests } from './limited.ts';
import { readMode } from './mode.ts';
import type { NowInput } from './now.ts';
import { readReconciliation } from './reconciliation.ts';
import { remember } from './remember.ts';
import { chooseScope, readScopes, targetIdsOf } from './scope.ts';
import { readSources } from './sources.ts';

/** A sparkline is 96 px wide. */
const MOST_POINTS = 48;
const FINEST_MS = 15_000;
/** Tables are read, not watched. */
const REFRESH_MS = 15_000;

/** All who look within this time share one look: with hundreds of machines it costs most of a second of CPU. */
const SHARED_MS = 5_000;
const MEMORY = { name: 'metrics-page', most: 20 };

/** Everything on the metrics page: where do commands, queries and 429s come from? */
export function readMetricsPage(runtime: Runtime, input: NowInput): Promise<MetricsPageView> {
  const scopes = readScopes(runtime);
  const scope = chooseScope(scopes, input);
  const { window, comparison } = input;
  const key = JSON.stringify([scope, window, comparison]);
  return remember(runtime, MEMORY, key, SHARED_MS, () => look(runtime, scopes, scope, window, comparison));
}

async function look(
  runtime: Runtime,
  scopes: readonly Scope[],
  scope: Scope,
  window: PageWindow,
  comparison: Comparison | null,
): Promise<MetricsPageView> {
  const nowMs = runtime.clock.wallMs();
  const range = windowRange(window, nowMs);
  const statuses = targetIdsOf(runtime, scope).flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
  const beforeMs = comparedFromMs(range, comparison);
  const finestMs = finestStepMs(
    runtime.config.retention,
    Math.min(range.startMs, beforeMs ?? range.startMs),
    nowMs,
  );
  const grid = gridOf(range, chooseStepMs(range, MOST_POINTS, Math.max(FINEST_MS, finestMs)));
  const before = beforeMs === null ? null : shiftedGrid(grid, range.startMs - beforeMs);
  const [
    reconcile,
    reconcileBefore,
    commands,
    families,
    limited,
    requestsPerSecond,
    beforeRequestsPerSecond,
    mode,
  ] = await Promise.all([
    readReconciliation(runtime, scope, range, nowMs),
    before === null ? null : readReconciliation(runtime, scope, before.range, nowMs),
    readCommands(runtime, scope, grid, before),
    readFamilies(runtime, scope, grid, before),
    readLimited(runtime, scope, grid, before),
    readRequests(runtime, scope, grid),
    readRequests(runtime, scope, before),
    readMode(runtime, statuses, nowMs),
  ]);
  return {
    asOfMs: nowMs,
    scope,
    scopes,
    range,
    window,
    comparison,
    demo: runtime.config.mode === 'demo',
    mode,
    sources: readSources(runtime, statuses, nowMs),
    reconcile,
    reconcileBefore,
    commands,
    families,
    limited,
    requestsPerSecond,
    beforeRequestsPerSecond,
    refreshMs: REFRESH_MS,
  };
}

/** The second window on whole steps, so that both share their buckets and do not meet. */
function shiftedGrid(grid: Grid, offsetMs: number): Grid {
  return shiftGrid(grid, alignUp(offsetMs, Math.max(grid.stepMs, BLOCK_MS)));
}
