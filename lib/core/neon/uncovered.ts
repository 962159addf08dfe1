import { overlapMs, type TimeRange } from '../time/range.ts';
import { totalMs } from './awake.ts';

/** What a counter step tells of a stretch: `partial` when events in it were lost to a restart at an unknown time. */
export interface CoveredIncrement {
  fromMs: number;
  toMs: number;
  partial: boolean;
}

/** How much of the time that a compute was awake our counts account for. */
export interface Uncovered {
  awakeMs: number;
  coveredMs: number;
  uncoveredMs: number;
  /** 0–1 of the awake time; null when the compute was never awake, so that there was nothing to count. */
  share: number | null;
}

/** From this share on, on either side of a deploy, a fall in counts may be what we did not see. */
export const UNCOVERED_LIMIT = 0.1;

/**
 * The part of a scale-to-zero compute's awake time that no increment covers. Its counters die at each suspend, and
 * what it did after our last visit dies with them: such a count is low, which leans toward "fewer queries".
 *
 * `awake` from `awakeSpans`, or from `withoutQuietTails` to leave out the time in which nothing can have been lost. An increment covers its stretch when no event of it was lost: a long stretch between two
 * visits of the same process does (only its shape is unknown), one that lost events to a restart does not.
 */
export function uncoveredShare(
  awake: readonly TimeRange[],
  increments: readonly CoveredIncrement[],
  range: TimeRange,
): Uncovered {
  const covered = union(
    increments
      .filter(({ partial }) => !partial)
      .map(({ fromMs, toMs }) => ({ startMs: fromMs, endMs: toMs })),
  );
  const clipped = union(awake).flatMap((span) => {
    const startMs = Math.max(span.startMs, range.startMs);
    const endMs = Math.min(span.endMs, range.endMs);
    return endMs > startMs ? [{ startMs, endMs }] : [];
  });
  const awakeMs = totalMs(clipped);
  const coveredMs = sumOverlap(clipped, covered);
  const uncoveredMs = awakeMs - coveredMs;
  return { awakeMs, coveredMs, uncoveredMs, share: awakeMs === 0 ? null : uncoveredMs / awakeMs };
}

function union(spans: readonly TimeRange[]): TimeRange[] {
  const merged: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    if (endMs <= startMs) continue;
    const last = merged.at(-1);
    if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
    else merged.push({ startMs, endMs });
  }
  return merged;
}

/** Both lists in order and without overlaps, so one walk along both is enough. */
function sumOverlap(a: readonly TimeRange[], b: readonly TimeRange[]): number {
  let sum = 0;
  let first = 0;
  for (const span of a) {
    while (first < b.length && (b[first]?.endMs ?? 0) <= span.startMs) first += 1;
    for (let at = first; at < b.length; at += 1) {
      const other = b[at];
      if (other === undefined || other.startMs >= span.endMs) break;
      sum += overlapMs(span, other);
    }
  }
  return sum;
}
