import 'server-only';
import { findGaps, gapText, type VisitMark } from '@/lib/core/gaps/find-gaps.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { GapView } from '@/lib/core/model/view.ts';
import { MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { ScrapeMark, Store } from '../store/store.ts';

/** A gap at the start of a range may have begun before it: visits this far back tell. */
const LOOK_BACK_MS = 20 * MINUTE_MS;

/** Gaps of several targets as spans for a chart, each with its reason; the name is said when there are several. */
export async function readGaps(
  store: Store,
  targetIds: readonly TargetId[],
  range: TimeRange,
): Promise<GapView[]> {
  if (targetIds.length === 0) return [];
  const marks = await store.readScrapes(targetIds, {
    startMs: range.startMs - LOOK_BACK_MS,
    endMs: range.endMs,
  });
  return targetIds.flatMap((id) => {
    const own = marks.filter((mark) => mark.targetId === id).map(toVisitMark);
    const name = targetIds.length > 1 ? `${id.split('/').at(-1)}: ` : '';
    return findGaps(own, range).map(({ startMs, endMs, reason }) => ({
      startMs,
      endMs,
      reason: `${name}${gapText(reason)}`,
    }));
  });
}

function toVisitMark(mark: ScrapeMark): VisitMark {
  const { atMs, intervalMs, ok } = mark;
  return { atMs, intervalMs, ok, errorKind: mark.error?.kind ?? null };
}

/** Spans of all targets that say the same at the same time become one; for a chart that sums many machines. */
export function mergeGaps(gaps: readonly GapView[], most: number): GapView[] {
  const sorted = [...gaps].sort((a, b) => a.startMs - b.startMs);
  const merged: GapView[] = [];
  for (const gap of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && gap.startMs <= last.endMs) {
      last.endMs = Math.max(last.endMs, gap.endMs);
      if (!last.reason.includes(gap.reason)) last.reason = shorten(last.reason, gap.reason);
    } else merged.push({ ...gap });
  }
  return merged.slice(-most);
}

function shorten(a: string, b: string): string {
  const both = `${a}, ${b}`;
  return both.length <= 60 ? both : a.endsWith('and others') ? a : `${a} and others`;
}
