import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import { BLOCK_MS, HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { readFlowsOnce } from '../queries/flows.ts';
import { gridOf } from '../queries/grid.ts';
import { remember } from '../queries/remember.ts';
import { targetIdsOf } from '../queries/scope.ts';
import type { Reading } from '../runtime.ts';
import type { ClaimSource } from './claim-source.ts';

const MEMORY = { name: 'watch-uncovered', most: 32 };
const LIFE_MS = { before: 6 * HOUR_MS, after: BLOCK_MS };

/**
 * Counters of a database that sleeps die with it, and what ran since our last visit is lost, which leans toward fewer
 * queries. Share of its awake time that query counts do not cover, on both sides of T₀; null where it never sleeps.
 */
export async function readUncovered(
  runtime: Reading,
  scope: Scope,
  source: ClaimSource,
  ranges: { before: TimeRange; after: TimeRange },
): Promise<{ before: number | null; after: number | null } | null> {
  if (source.how !== 'flow' || source.kind !== 'postgres') return null;
  const neon = targetIdsOf(runtime, scope, 'neon');
  const awake = { metric: 'neon_compute_awake_seconds_total' as const, labels: {}, targetIds: neon };
  if (neon.length === 0 || runtime.store.findSeries(awake).length === 0) return null;
  const share = (range: TimeRange, lifeMs: number) => {
    const key = JSON.stringify([source.metric, source.labels, source.targetIds, range]);
    return remember(runtime, MEMORY, key, lifeMs, async () => {
      if (range.endMs <= range.startMs) return null;
      const grid = gridOf(range, BLOCK_MS);
      const { metric, labels, targetIds } = source;
      const [seconds, counted] = await Promise.all([
        readFlowsOnce(runtime, awake, grid),
        readFlowsOnce(runtime, { metric, labels, targetIds }, grid),
      ]);
      let awakeMs = 0;
      let lostMs = 0;
      for (const [i] of grid.starts.entries()) {
        const awakeHere = sumAt([...seconds.byTarget.values()], i, ({ increase }) => increase * 1000);
        if (awakeHere === null) continue;
        const coveredHere = sumAt([...counted.byTarget.values()], i, ({ coveredMs }) => coveredMs) ?? 0;
        awakeMs += awakeHere;
        lostMs += Math.max(0, awakeHere - coveredHere);
      }
      return awakeMs === 0 ? null : lostMs / awakeMs;
    });
  };
  const [before, after] = await Promise.all([
    share(ranges.before, LIFE_MS.before),
    share(ranges.after, LIFE_MS.after),
  ]);
  return { before, after };
}

function sumAt(
  flows: readonly (readonly ({ increase: number; coveredMs: number } | null)[])[],
  index: number,
  read: (bucket: { increase: number; coveredMs: number }) => number,
): number | null {
  let sum: number | null = null;
  for (const flow of flows) {
    const bucket = flow[index] ?? null;
    if (bucket !== null && bucket.coveredMs > 0) sum = (sum ?? 0) + read(bucket);
  }
  return sum;
}
