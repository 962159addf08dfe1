import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { SuspensionView } from '@/lib/core/model/suspension.ts';
import type { Scope, TargetId } from '@/lib/core/model/target.ts';
import type { ConsequenceFacts } from '@/lib/core/modes/consequences.ts';
import type { Flow } from '@/lib/core/series/family-sum.ts';
import { alignDown, alignUp, BLOCK_MS, DAY_MS, HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { readFlows } from '../queries/flows.ts';
import { gridOf } from '../queries/grid.ts';
import { targetIdsOf } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';

/** After a switch processes start anew: what they count at first is no level. */
const SETTLE_MS = BLOCK_MS;
const LEAST_MS = 2 * BLOCK_MS;
/** What is compared: up to an hour of now, and as long before Redis went out of use. */
export interface Windows {
  now: TimeRange | null;
  /** The first in which a number is known counts: the same clock time of the last day before, else the time right before. */
  before: readonly TimeRange[];
}

export interface LoadQuestion {
  runtime: Runtime;
  scope: Scope;
  nowMs: number;
  mode: ConsequenceFacts['mode'];
  /** When Redis went out of use; null where nobody knows: then there is no before. */
  sinceMs: number | null;
  machines: SuspensionView['machines'];
}

/** Which stretches are compared; none while Redis has been out of use for too short a time. */
export function windowsOf({ nowMs, sinceMs }: Pick<LoadQuestion, 'nowMs' | 'sinceMs'>): Windows {
  const endMs = alignDown(nowMs, BLOCK_MS);
  const hour = { startMs: endMs - HOUR_MS, endMs };
  if (sinceMs === null) return { now: hour, before: [] };
  const now = { startMs: Math.max(hour.startMs, alignUp(sinceMs + SETTLE_MS, BLOCK_MS)), endMs };
  if (now.endMs - now.startMs < LEAST_MS) return { now: null, before: [] };
  const backMs = Math.max(1, Math.ceil((now.endMs - sinceMs) / DAY_MS)) * DAY_MS;
  const lastMs = alignDown(sinceMs, BLOCK_MS);
  return {
    now,
    before: [
      { startMs: now.startMs - backMs, endMs: now.endMs - backMs },
      { startMs: lastMs - (now.endMs - now.startMs), endMs: lastMs },
    ],
  };
}

/** What is known in the first of these stretches in which anything is. */
export async function firstOf<T>(
  ranges: readonly TimeRange[],
  read: (range: TimeRange) => Promise<T | null>,
): Promise<T | null> {
  for (const range of ranges) {
    const found = await read(range);
    if (found !== null) return found;
  }
  return null;
}

/** Targets of the scope that are watched and have ever given a metric. */
function tellersOf({ runtime, scope }: LoadQuestion, metric: MetricName): TargetId[] {
  const targetIds = targetIdsOf(runtime, scope);
  const found = runtime.store.findSeries({ metric, targetIds });
  return [...new Set(found.map((series) => series.targetId))];
}

/** Flows of a metric by target over a stretch; empty without a stretch, or where nothing tells it. */
export async function flowsIn(
  question: LoadQuestion,
  metric: MetricName,
  labels: Labels,
  range: TimeRange | null,
): Promise<ReadonlyMap<TargetId, Flow>> {
  const targetIds = tellersOf(question, metric);
  if (range === null || targetIds.length === 0) return new Map();
  const { byTarget } = await readFlows(
    question.runtime,
    { metric, labels, targetIds },
    gridOf(range, BLOCK_MS),
  );
  return byTarget;
}

/** Half of a stretch must be covered: less says nothing of it. */
export function isCovered(flow: Flow): boolean {
  const coveredMs = flow.reduce((sum, bucket) => sum + (bucket?.coveredMs ?? 0), 0);
  return flow.length > 0 && coveredMs >= (flow.length * BLOCK_MS) / 2;
}
