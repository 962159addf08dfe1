import type { TimeRange } from '../time/range.ts';
import { GAP_INTERVALS, type Gap } from './find-gaps.ts';

/** What the visits to a target were like in one bucket; null when there was none. */
export interface VisitBucket {
  /** Part of the bucket that visits cover, good and bad. */
  coveredMs: number;
  /** Share of those visits that were good, 0–1. */
  goodShare: number;
}

/**
 * The gaps of `range` as buckets tell them, for times too long or too old to look at every visit: runs of buckets of
 * which good visits cover less than half. The part of a run with failed visits says `failed`, the rest `not_watched`.
 * `untilMs`: up to when visits are known; a run of at most three intervals is no gap.
 */
export function findCoarseGaps(
  buckets: readonly (VisitBucket | null)[],
  grid: { startMs: number; stepMs: number },
  range: TimeRange,
  untilMs: number,
  intervalMs: number,
): Gap[] {
  const gaps: Gap[] = [];
  let run: Gap[] = [];
  for (const [i, bucket] of buckets.entries()) {
    const startMs = grid.startMs + i * grid.stepMs;
    const endMs = Math.min(startMs + grid.stepMs, untilMs);
    const goodMs = bucket === null ? 0 : bucket.coveredMs * bucket.goodShare;
    if (endMs <= startMs || goodMs >= (endMs - startMs) / 2) {
      gaps.push(...closeRun(run, range, intervalMs));
      run = [];
      continue;
    }
    const last = run.at(-1);
    // After a refusal we ask rarely: the silence until the next good visit belongs to it.
    const isFailed = last?.reason === 'failed' || (bucket !== null && bucket.goodShare < 1);
    const reason = isFailed ? 'failed' : 'not_watched';
    if (last?.reason === reason) last.endMs = endMs;
    else run.push({ startMs, endMs, reason });
  }
  return [...gaps, ...closeRun(run, range, intervalMs)];
}

function closeRun(run: readonly Gap[], range: TimeRange, intervalMs: number): Gap[] {
  const lengthMs = (run.at(-1)?.endMs ?? 0) - (run[0]?.startMs ?? 0);
  if (lengthMs <= GAP_INTERVALS * intervalMs) return [];
  return run
    .map((part) => ({
      ...part,
      startMs: Math.max(part.startMs, range.startMs),
      endMs: Math.min(part.endMs, range.endMs),
    }))
    .filter(({ startMs, endMs }) => endMs > startMs);
}
