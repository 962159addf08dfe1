import 'server-only';
import { findCoarseGaps, type VisitBucket } from '@/lib/core/gaps/find-coarse-gaps.ts';
import { findGaps, type Gap, type VisitMark } from '@/lib/core/gaps/find-gaps.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import {
  alignDown,
  BLOCK_MS,
  chooseStepMs,
  HOUR_MS,
  MINUTE_MS,
  type TimeRange,
} from '@/lib/core/time/range.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import { UP_METRIC } from '../poller/write-down.ts';
import type { Runtime } from '../runtime.ts';
import type { ScrapeMark, SeriesSelector } from '../store/store.ts';
import { type Columns, readByDays } from './by-days.ts';
import { finestStepMs } from './grid.ts';
import { remember } from './remember.ts';

/** A gap at an edge of a range may reach beyond it: visits this far away tell, and so do four intervals. */
const LOOK_AROUND_MS = 20 * MINUTE_MS;
const LOOK_AROUND_INTERVALS = 4;
/** Visits that one read brings to this thread: more would hold it up. */
const VISITS_A_READ = 2_000;
/** Blocks tell the gaps of what would be more visits. */
const MOST_VISITS = 12_000;
/** Blocks of one target, and of all targets of a read. */
const MOST_BLOCKS = 2_016;
const MOST_BLOCKS_READ = 20_000;
/** Long gaps whose reason is looked up. */
const MOST_REASONS = 24;
const REASONS = { name: 'gap-reasons', most: 500 };

export interface TargetGap extends Gap {
  targetId: TargetId;
}

/** How far around a range visits are read to judge its edges. */
export function lookAroundMs(statuses: readonly TargetStatus[]): number {
  return Math.max(
    LOOK_AROUND_MS,
    ...statuses.map(({ history }) => LOOK_AROUND_INTERVALS * history.intervalMs),
  );
}

/** True when every visit of the range is still kept and they are few enough to be read one by one. */
export function visitsAreFew(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  range: TimeRange,
  nowMs: number,
): boolean {
  const oldestMs = range.startMs - lookAroundMs(statuses);
  if (finestStepMs(runtime.config.retention, oldestMs, nowMs) >= BLOCK_MS) return false;
  return (range.endMs - range.startMs) * visitsAMs(statuses) <= MOST_VISITS;
}

function visitsAMs(statuses: readonly TargetStatus[]): number {
  return statuses.reduce((sum, { history }) => sum + 1 / history.intervalMs, 0);
}

/** Gaps to the millisecond, from every visit. `untilMs` is now, or a while after the range. */
export async function readFineGaps(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  range: TimeRange,
  untilMs: number,
): Promise<TargetGap[]> {
  const marks = new Map<TargetId, VisitMark[]>();
  const ids = statuses.map(({ id }) => id);
  const sliceMs = Math.max(MINUTE_MS, VISITS_A_READ / visitsAMs(statuses));
  const fromMs = range.startMs - lookAroundMs(statuses);
  for (let startMs = fromMs; startMs < untilMs; startMs += sliceMs) {
    const endMs = Math.min(startMs + sliceMs, untilMs);
    for (const mark of await runtime.store.readScrapes(ids, { startMs, endMs })) {
      const own = marks.get(mark.targetId);
      if (own === undefined) marks.set(mark.targetId, [toVisitMark(mark)]);
      else own.push(toVisitMark(mark));
    }
  }
  return ids.flatMap((targetId) =>
    findGaps(marks.get(targetId) ?? [], range, untilMs).map((gap) => ({ ...gap, targetId })),
  );
}

function toVisitMark({ atMs, intervalMs, ok, error }: ScrapeMark): VisitMark {
  return { atMs, intervalMs, ok, errorKind: error?.kind ?? null };
}

/** Gaps to the block, from how often a target was up in each; the reason of the latest ones as long as it is kept. */
export async function readCoarseGaps(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  range: TimeRange,
  untilMs: number,
  nowMs: number,
): Promise<TargetGap[]> {
  const aroundMs = lookAroundMs(statuses);
  const finestMs =
    finestStepMs(runtime.config.retention, range.startMs - aroundMs, nowMs) >= HOUR_MS ? HOUR_MS : BLOCK_MS;
  const most = Math.min(MOST_BLOCKS, MOST_BLOCKS_READ / statuses.length);
  const stepMs = chooseStepMs(range, most, finestMs);
  const startMs = alignDown(range.startMs - aroundMs, stepMs);
  const gaps: TargetGap[] = [];
  for (const kind of new Set(statuses.map(({ target }) => target.kind))) {
    const own = statuses.filter(({ target }) => target.kind === kind);
    const targetIds = own.map(({ id }) => id);
    const columns = await readByDays(
      runtime,
      { startMs, endMs: untilMs },
      {
        key: JSON.stringify(['visits', targetIds]),
        width: WIDTH,
        stepMs,
        read: (part) => readVisits(runtime, { metric: UP_METRIC[kind], targetIds }, part, stepMs),
      },
    );
    for (const { id, history } of own) {
      const visits = toVisitBuckets(columns.get(id), Math.ceil((untilMs - startMs) / stepMs));
      const coarse = findCoarseGaps(visits, { startMs, stepMs }, range, untilMs, history.intervalMs);
      gaps.push(...coarse.map((gap) => ({ ...gap, targetId: id })));
    }
  }
  return nameReasons(runtime, gaps, Math.max(stepMs, aroundMs), nowMs);
}

/** Cover and share of good visits of a bucket. */
const WIDTH = 2;

async function readVisits(
  runtime: Runtime,
  selector: SeriesSelector,
  range: TimeRange,
  stepMs: number,
): Promise<Columns> {
  const columns = new Map<TargetId, Float64Array>();
  for (const { series, buckets } of await runtime.store.readBuckets(selector, range, stepMs)) {
    const own = new Float64Array(buckets.length * WIDTH).fill(Number.NaN);
    for (const [i, bucket] of buckets.entries()) {
      if (bucket !== null && bucket.mean !== null) own.set([bucket.coveredMs, bucket.mean], i * WIDTH);
    }
    columns.set(series.targetId, own);
  }
  return columns;
}

function toVisitBuckets(column: Float64Array | undefined, length: number): (VisitBucket | null)[] {
  return Array.from({ length }, (_, i) => {
    const coveredMs = column?.[i * WIDTH] ?? Number.NaN;
    const goodShare = column?.[i * WIDTH + 1] ?? Number.NaN;
    return Number.isNaN(coveredMs) ? null : { coveredMs, goodShare };
  });
}

async function nameReasons(
  runtime: Runtime,
  gaps: readonly TargetGap[],
  withinMs: number,
  nowMs: number,
): Promise<TargetGap[]> {
  const latest = gaps
    .filter(({ reason, startMs }) => {
      return reason === 'failed' && finestStepMs(runtime.config.retention, startMs, nowMs) < BLOCK_MS;
    })
    .sort((a, b) => b.startMs - a.startMs)
    .slice(0, MOST_REASONS);
  const named = new Map<TargetGap, Gap['reason']>();
  for (const gap of latest) named.set(gap, await readReason(runtime, gap, withinMs));
  return gaps.map((gap) => ({ ...gap, reason: named.get(gap) ?? gap.reason }));
}

/** Why the first failed visit of a gap failed. */
function readReason(runtime: Runtime, gap: TargetGap, withinMs: number): Promise<Gap['reason']> {
  const range = { startMs: gap.startMs, endMs: Math.min(gap.endMs, gap.startMs + withinMs) };
  return remember(runtime, REASONS, `${gap.targetId} ${gap.startMs}`, HOUR_MS, async () => {
    const marks = await runtime.store.readScrapes([gap.targetId], range);
    return marks.find(({ ok }) => !ok)?.error?.kind ?? 'failed';
  });
}
