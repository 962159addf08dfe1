import 'server-only';
import { monthOf } from '@/lib/core/budget/month.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import { alignUp, BLOCK_MS, DAY_MS, HOUR_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import type { FactQuestion } from './fact-reader.ts';
import { readSums, stretchBefore } from './fleet-sums.ts';
import { minutely } from './minutely.ts';

/** A rate is told once this share of its window is covered. */
const LEAST_COVER = 0.5;

/** How long the window of a rate is: providers that count late need a longer one. */
export const RATE_MS = HOUR_MS;
export const LATE_RATE_MS = 3 * HOUR_MS;

/** The mean rate of a counter over the time before, per second and target; null where too little of it is covered. */
export async function readRates(
  question: FactQuestion,
  metric: MetricName,
  kind: SourceKind,
  windowMs: number = RATE_MS,
): Promise<(targetId: TargetId, atMs: number) => number | null> {
  const sums = await minutely(question, `rates ${metric} ${kind} ${windowMs}`, () =>
    readSums(question, { metric, kinds: [kind], leadMs: windowMs + BLOCK_MS, stepMs: BLOCK_MS }),
  );
  return (targetId, atMs) => {
    const own = sums(stretchBefore(atMs, windowMs, question, BLOCK_MS), atMs).filter(
      (sum) => sum.targetId === targetId,
    );
    const coveredMs = Math.max(0, ...own.map((sum) => sum.coveredMs));
    if (coveredMs < LEAST_COVER * windowMs) return null;
    return (own.reduce((all, { increase }) => all + increase, 0) * SECOND_MS) / coveredMs;
  };
}

/** No month is longer, with a day to spare. */
const MONTH_MS = 32 * DAY_MS;

/**
 * What a counter counted since the calendar month (UTC) began, per target: what was not covered counts as the rest of it
 * did. Null where less than half of it is covered.
 */
export async function readMonths(
  question: FactQuestion,
  metric: MetricName,
  kind: SourceKind,
): Promise<(targetId: TargetId, atMs: number) => number | null> {
  const sums = await minutely(question, `months ${metric} ${kind}`, () =>
    readSums(question, { metric, kinds: [kind], leadMs: MONTH_MS, stepMs: HOUR_MS }),
  );
  return (targetId, atMs) => {
    const { startMs } = monthOf(atMs);
    const own = sums({ startMs, endMs: alignUp(atMs, HOUR_MS) }, atMs).filter(
      (sum) => sum.targetId === targetId,
    );
    const coveredMs = Math.max(0, ...own.map((sum) => sum.coveredMs));
    if (coveredMs === 0 || coveredMs < LEAST_COVER * (atMs - startMs)) return null;
    return (own.reduce((all, { increase }) => all + increase, 0) * (atMs - startMs)) / coveredMs;
  };
}
