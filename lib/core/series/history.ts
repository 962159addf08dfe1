import type { CoverageView, HistorySpan, Point } from '../model/view.ts';
import { overlapMs, type TimeRange } from '../time/range.ts';
import type { Flow } from './family-sum.ts';

/** Stands where a provider's name does, for what people have imported. */
export const IMPORTED = 'an imported file';

/**
 * Buckets that may be told from a provider's memory: no target has measured any part of them, and the memory covers at
 * least half. So a bucket is either measured or remembered and never a sum of both.
 */
export function bucketsToFill(measured: readonly Flow[], history: Flow, stepMs: number): boolean[] {
  return history.map((bucket, i) => {
    if (bucket === null || bucket.coveredMs < stepMs / 2) return false;
    return measured.every((flow) => isUntouched(flow[i] ?? null));
  });
}

/** True where nothing of a bucket was measured, neither events in time nor such as are known in total only. */
export function isUntouched(bucket: Flow[number]): boolean {
  return bucket === null || (bucket.coveredMs === 0 && bucket.gapIncrease === 0);
}

/** The flow with the remembered buckets in the places that are to be filled. */
export function fillFlow(measured: Flow, history: Flow, fill: readonly boolean[]): Flow {
  return measured.map((bucket, i) => (fill[i] === true ? (history[i] ?? null) : bucket));
}

/** The same for points. */
export function fillPoints(
  measured: readonly Point[],
  history: readonly Point[],
  fill: readonly boolean[],
): Point[] {
  return measured.map((point, i) => (fill[i] === true ? (history[i] ?? point) : point));
}

/** Runs of filled buckets that have a value, oldest first. */
export function historySpans(
  points: readonly Point[],
  fill: readonly boolean[],
  stepMs: number,
  source: Pick<HistorySpan, 'provider' | 'resolutionMs'>,
): HistorySpan[] {
  const spans: HistorySpan[] = [];
  for (const [i, [startMs, value]] of points.entries()) {
    if (fill[i] !== true || value === null) continue;
    const last = spans.at(-1);
    if (last?.endMs === startMs) last.endMs = startMs + stepMs;
    else spans.push({ ...source, startMs, endMs: startMs + stepMs });
  }
  return spans;
}

/** True when the bucket that starts then was remembered and not measured. */
export function isRemembered(spans: readonly HistorySpan[] | undefined, startMs: number): boolean {
  return rememberedAt(spans, startMs) !== null;
}

/** The stretch of memory that a bucket belongs to; null where it was measured. */
export function rememberedAt(spans: readonly HistorySpan[] | undefined, startMs: number): HistorySpan | null {
  return spans?.find((span) => startMs >= span.startMs && startMs < span.endMs) ?? null;
}

/** How much of `range` has a value, by where it comes from. */
export function coverageOf(
  points: readonly Point[],
  spans: readonly HistorySpan[],
  range: TimeRange,
  stepMs: number,
): CoverageView {
  const coverage = { measuredMs: 0, backfilledMs: 0 };
  for (const [startMs, value] of points) {
    if (value === null) continue;
    const insideMs = overlapMs({ startMs, endMs: startMs + stepMs }, range);
    coverage[isRemembered(spans, startMs) ? 'backfilledMs' : 'measuredMs'] += insideMs;
  }
  return coverage;
}

/** Parts of `ranges` that no span covers. Both oldest first. */
export function withoutHistory<T extends TimeRange>(
  ranges: readonly T[],
  spans: readonly HistorySpan[] | undefined,
): T[] {
  if (spans === undefined || spans.length === 0) return [...ranges];
  return ranges.flatMap((range) => {
    const parts: T[] = [];
    let fromMs = range.startMs;
    for (const span of spans) {
      if (span.endMs <= fromMs || span.startMs >= range.endMs) continue;
      if (span.startMs > fromMs) parts.push({ ...range, startMs: fromMs, endMs: span.startMs });
      fromMs = Math.max(fromMs, span.endMs);
    }
    if (range.endMs > fromMs) parts.push({ ...range, startMs: fromMs });
    return parts;
  });
}
