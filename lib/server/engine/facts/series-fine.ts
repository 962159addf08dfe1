import 'server-only';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { Flow } from '@/lib/core/series/family-sum.ts';
import { alignDown, alignUp, DAY_MS, SECOND_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { readFlowsOnce } from '../../queries/flows.ts';
import { gridOf } from '../../queries/grid.ts';
import type { Reading } from '../../runtime.ts';
import type { SeriesRow } from './series-row.ts';

/** Counts finer than blocks, all targets together. */
export interface FineCounts {
  startMs: number;
  stepMs: number;
  /** Events of each bucket; NaN where one of the targets was not measured. */
  counts: Float64Array;
  /** Of the same time, target by target; of the past none are kept. */
  byTarget: ReadonlyMap<TargetId, number>;
}

export const FINE_STEP_MS = 30 * SECOND_MS;
/** Less of a bucket measured, and it is missing. */
const COVERED_SHARE = 0.5;
const PLACE_BUCKETS = 10;

/** Reads a day at a time, so that weeks of a large fleet never lie in memory at once. */
export async function readFine(
  reading: Reading,
  { sources }: Pick<SeriesRow, 'sources'>,
  range: TimeRange,
): Promise<FineCounts> {
  const startMs = alignDown(range.startMs, FINE_STEP_MS);
  const endMs = alignUp(range.endMs, FINE_STEP_MS);
  const counts = new Float64Array((endMs - startMs) / FINE_STEP_MS).fill(Number.NaN);
  let byTarget = new Map<TargetId, number>();
  for (let fromMs = startMs; fromMs < endMs; fromMs += DAY_MS) {
    const part = { startMs: fromMs, endMs: Math.min(fromMs + DAY_MS, endMs) };
    byTarget = await readPart(reading, sources, part, (i, count) => {
      const at = (fromMs - startMs) / FINE_STEP_MS + i;
      counts[at] = (Number.isNaN(counts[at]) ? 0 : (counts[at] ?? 0)) + count;
    });
  }
  return { startMs, stepMs: FINE_STEP_MS, counts, byTarget };
}

async function readPart(
  reading: Reading,
  sources: SeriesRow['sources'],
  range: TimeRange,
  add: (bucket: number, count: number) => void,
): Promise<Map<TargetId, number>> {
  const grid = gridOf(range, FINE_STEP_MS);
  const sums = new Map<TargetId, number>();
  const length = grid.starts.length;
  // What is not known of one of the targets is unknown of all.
  const isUnknown = new Uint8Array(length);
  const total = new Float64Array(length);
  const isCounted = new Uint8Array(length);
  for (const { metric, labels, targetIds, gone } of sources) {
    const watched = targetIds.filter((id) => !gone.has(id));
    const { byTarget } = await readFlowsOnce(reading, { metric, labels, targetIds: watched }, grid);
    for (const [id, flow] of byTarget) {
      if (!flow.some(isUsable)) continue;
      let lately = 0;
      for (let i = 0; i < length; i++) {
        const bucket = flow[i] ?? null;
        if (!isUsable(bucket)) {
          isUnknown[i] = 1;
          continue;
        }
        const count = (bucket.increase * FINE_STEP_MS) / bucket.coveredMs;
        isCounted[i] = 1;
        total[i] = (total[i] ?? 0) + count;
        if (i >= length - PLACE_BUCKETS) lately += count;
      }
      sums.set(id, (sums.get(id) ?? 0) + lately);
    }
  }
  for (let i = 0; i < length; i++) if (isCounted[i] === 1 && isUnknown[i] === 0) add(i, total[i] ?? 0);
  return sums;
}

function isUsable(bucket: Flow[number]): bucket is NonNullable<Flow[number]> {
  return bucket !== null && bucket.coveredMs >= COVERED_SHARE * FINE_STEP_MS;
}

/** Name of the target that most of it comes from, or `most on …`; null where it is all of them alike, or one alone. */
export function placeOf(byTarget: ReadonlyMap<TargetId, number>): string | null {
  const all = [...byTarget].sort(([, a], [, b]) => b - a);
  const sum = all.reduce((total, [, count]) => total + count, 0);
  const [first] = all;
  if (first === undefined || all.length < 2 || sum <= 0 || first[1] < sum / 2) return null;
  const name = first[0].split('/').at(-1) ?? first[0];
  return first[1] > 0.95 * sum ? name : `most on ${name}`;
}
