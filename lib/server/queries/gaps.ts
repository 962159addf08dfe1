import 'server-only';
import { gapText } from '@/lib/core/gaps/find-gaps.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { GapView, Point } from '@/lib/core/model/view.ts';
import { BLOCK_MS, DAY_MS, SECOND_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import { UP_METRIC } from '../poller/write-down.ts';
import type { Runtime } from '../runtime.ts';
import { readBegan } from './began.ts';
import { remember } from './remember.ts';
import { lookAroundMs, readCoarseGaps, readFineGaps, type TargetGap, visitsAreFew } from './visit-gaps.ts';

export type { TargetGap } from './visit-gaps.ts';

const MEMORY = { name: 'gaps', most: 20 };

/**
 * Gaps of several targets in `range`, each with its reason, on a chart of this step. Visits after the range, up to
 * `nowMs`, tell whether its end lies in a gap.
 */
export function readGaps(
  runtime: Runtime,
  targetIds: readonly TargetId[],
  range: TimeRange,
  stepMs: number,
  nowMs: number,
): Promise<readonly TargetGap[]> {
  // Two charts of one source ask the same at the same time.
  const key = JSON.stringify([targetIds, range, stepMs, nowMs]);
  return remember(runtime, MEMORY, key, SECOND_MS, () => findAll(runtime, targetIds, range, stepMs, nowMs));
}

async function findAll(
  runtime: Runtime,
  targetIds: readonly TargetId[],
  range: TimeRange,
  stepMs: number,
  nowMs: number,
): Promise<TargetGap[]> {
  const statuses = targetIds.flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
  const keptMs = Math.max(range.startMs, nowMs - runtime.config.retention.hourlyDays * DAY_MS);
  const gone = statuses.flatMap(({ id }): TargetGap[] => {
    const endMs = Math.min(keptMs, range.endMs);
    if (endMs <= range.startMs) return [];
    return [{ targetId: id, startMs: range.startMs, endMs, reason: 'before_retention' }];
  });
  const kept = { startMs: keptMs, endMs: Math.min(range.endMs, nowMs) };
  if (statuses.length === 0 || kept.endMs <= kept.startMs) return gone;
  const untilMs = Math.min(nowMs, range.endMs + lookAroundMs(statuses));
  const gaps =
    stepMs < BLOCK_MS && visitsAreFew(runtime, statuses, kept, nowMs)
      ? await readFineGaps(runtime, statuses, kept, untilMs)
      : await readCoarseGaps(runtime, statuses, kept, untilMs, nowMs);
  return [...gone, ...(await nameBeginnings(runtime, statuses, gaps, kept.startMs))];
}

/** Nobody looked at the start of the range: for a target that was never visited before, it is not watched yet. */
async function nameBeginnings(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  gaps: readonly TargetGap[],
  startMs: number,
): Promise<TargetGap[]> {
  const isLeading = (gap: TargetGap): boolean => gap.reason === 'not_watched' && gap.startMs === startMs;
  const leading = new Set(gaps.filter(isLeading).map(({ targetId }) => targetId));
  const known = new Set<TargetId>();
  for (const kind of new Set(statuses.map(({ target }) => target.kind))) {
    const ids = statuses
      .filter(({ id, target }) => target.kind === kind && leading.has(id))
      .map(({ id }) => id);
    if (ids.length === 0) continue;
    const selector = { metric: UP_METRIC[kind], targetIds: ids };
    const began = await readBegan(runtime, selector, startMs, runtime.config.retention.blocksDays);
    for (const id of began) known.add(id);
  }
  return gaps.map((gap) =>
    isLeading(gap) && !known.has(gap.targetId) ? { ...gap, reason: 'not_watched_yet' } : gap,
  );
}

/** Gaps as spans for a chart, in words; a target's name is said when there are several. */
export function toGapViews(gaps: readonly TargetGap[], targetCount: number): GapView[] {
  return gaps.map(({ targetId, startMs, endMs, reason }) => {
    const name = targetCount > 1 ? `${targetId.split('/').at(-1)}: ` : '';
    return { startMs, endMs, reason: `${name}${gapText(reason)}` };
  });
}

/** Times of which nothing else is known than that nobody looked: a suspension explains them no better. */
const NOT_LOOKED = /not watched|before retention/;

/**
 * Gaps of a Redis metric where Redis was suspended: those parts of known gaps are named by it, and so are buckets without
 * a value that nothing else explains, up to the end of the line.
 */
export function nameSuspended(
  gaps: readonly GapView[],
  suspended: readonly TimeRange[],
  points: readonly Point[],
  stepMs: number,
): GapView[] {
  const silent = suspended.flatMap((span) => silentBuckets(span, points, stepMs));
  const unexplained = silent.filter(
    ({ startMs, endMs }) => !gaps.some((gap) => gap.startMs < endMs && gap.endMs > startMs),
  );
  return [...gaps.flatMap((gap) => splitSuspended(gap, suspended)), ...unexplained];
}

function silentBuckets(span: TimeRange, points: readonly Point[], stepMs: number): GapView[] {
  return points
    .filter(([atMs, value]) => value === null && atMs >= span.startMs && atMs + stepMs <= span.endMs)
    .map(([startMs]) => ({ startMs, endMs: startMs + stepMs, reason: 'redis suspended' }));
}

function splitSuspended(gap: GapView, suspended: readonly TimeRange[]): GapView[] {
  if (NOT_LOOKED.test(gap.reason)) return [gap];
  const parts: GapView[] = [];
  let fromMs = gap.startMs;
  for (const span of suspended) {
    const startMs = Math.max(span.startMs, fromMs);
    const endMs = Math.min(span.endMs, gap.endMs);
    if (endMs <= startMs) continue;
    if (startMs > fromMs) parts.push({ ...gap, startMs: fromMs, endMs: startMs });
    parts.push({ startMs, endMs, reason: 'redis suspended' });
    fromMs = endMs;
  }
  if (gap.endMs > fromMs) parts.push({ ...gap, startMs: fromMs });
  return parts;
}

/** Spans of all targets that say the same at the same time become one; for a chart that sums many machines. */
export function mergeGaps(gaps: readonly GapView[], most: number): GapView[] {
  const sorted = [...gaps].sort((a, b) => a.startMs - b.startMs);
  const merged: GapView[] = [];
  for (const gap of sorted) {
    const last = merged.at(-1);
    const joins = gap.reason === last?.reason ? gap.startMs <= last.endMs : gap.startMs < (last?.endMs ?? 0);
    if (last !== undefined && joins) {
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
