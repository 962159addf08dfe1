import 'server-only';
import { awakeRow } from '@/lib/core/budget/awake.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { BudgetAwake } from '@/lib/core/model/budget.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import { alignDown, alignUp, BLOCK_MS, HOUR_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import type { FactQuestion } from '../engine/facts/fact-reader.ts';
import { tellersOf } from '../engine/facts/fleet-levels.ts';
import { LATE_RATE_MS, readRates } from '../engine/facts/limits-rates.ts';
import type { Runtime } from '../runtime.ts';
import { neonComputePrice, type PriceList } from './budget-billing.ts';
import { latestFresh } from './budget-levels.ts';

type Keeper = BudgetAwake['keptBy'][number];

/** Of each kind the busiest ones are named. */
const NAMED: Record<Keeper['kind'], number> = { statement: 4, worker: 4, requests: 1 };

/** Neon projects: how long they were awake, what that costs, and what asks them. */
export async function readAwakeHours(
  runtime: Runtime,
  question: FactQuestion,
  prices: PriceList,
  nowMs: number,
): Promise<BudgetAwake[]> {
  const neon = question.statuses.filter(({ target }) => target.kind === 'neon');
  if (neon.length === 0) return [];
  const [compute, active, keepers] = await Promise.all([
    readRates(question, 'neon_compute_unit_seconds_total', 'neon', LATE_RATE_MS),
    readRates(question, 'neon_active_seconds_total', 'neon', LATE_RATE_MS),
    // With several projects nobody knows whom a statement asked.
    neon.length === 1 ? readKeepers(runtime, question, nowMs) : [],
  ]);
  return neon.map((status) => {
    const endpoint = status.facts.endpoint;
    const ofMain = (metric: MetricName) =>
      endpoint === undefined ? null : latestFresh(runtime, status, metric, { endpoint });
    const level = (metric: MetricName) => latestFresh(runtime, status, metric, {});
    const awakePeriod = level('neon_active_seconds_total');
    const now = ratio(compute(status.id, nowMs), active(status.id, nowMs));
    return awakeRow({
      id: status.id,
      name: status.target.name,
      awakeMsToday: toMs(ofMain('neon_compute_awake_seconds_total')),
      awakeMsPeriod: toMs(awakePeriod),
      // Before the last hours were watched, the mean of the period stands in.
      computeUnits: now ?? ratio(level('neon_compute_unit_seconds_total'), awakePeriod),
      nowMs,
      suspendAfterMs: toMs(ofMain('neon_compute_suspend_after_seconds')),
      keepers,
      price: neonComputePrice(status, prices),
    });
  });
}

function ratio(units: number | null, awake: number | null): number | null {
  return units === null || awake === null || awake <= 0 ? null : units / awake;
}

function toMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * SECOND_MS;
}

/** What asked in the last whole hour, the busiest first. */
async function readKeepers(runtime: Runtime, question: FactQuestion, nowMs: number): Promise<Keeper[]> {
  const [statements, workers, requests] = await Promise.all([
    readKind(runtime, question, nowMs, {
      kind: 'statement',
      metric: 'db_statements_total',
      kinds: ['postgres'],
      whatOf: ({ family }) => family ?? 'a statement',
    }),
    readKind(runtime, question, nowMs, {
      kind: 'worker',
      metric: 'app_worker_polls_total',
      kinds: ['app', 'prometheus'],
      whatOf: ({ family }) => family ?? 'workers',
    }),
    readKind(runtime, question, nowMs, {
      kind: 'requests',
      metric: 'http_responses_total',
      kinds: ['app', 'prometheus'],
      whatOf: () => 'requests',
    }),
  ]);
  return [...statements, ...workers, ...requests].sort((a, b) => (b.perSecond ?? 0) - (a.perSecond ?? 0));
}

interface KindQuestion {
  kind: Keeper['kind'];
  metric: MetricName;
  /** The first kind of source that tells the metric. */
  kinds: readonly SourceKind[];
  whatOf: (labels: Readonly<Record<string, string>>) => string;
}

async function readKind(
  runtime: Runtime,
  question: FactQuestion,
  nowMs: number,
  { kind, metric, kinds, whatOf }: KindQuestion,
): Promise<Keeper[]> {
  const targetIds =
    kinds.map((one) => tellersOf(question, metric, [one])).find((ids) => ids.length > 0) ?? [];
  if (targetIds.length === 0) return [];
  const range = { startMs: alignDown(nowMs, BLOCK_MS) - HOUR_MS, endMs: alignUp(nowMs, BLOCK_MS) };
  const found = await runtime.store.readBuckets({ metric, targetIds }, range, BLOCK_MS);
  const covered: number[] = [];
  const sums = new Map<string, number>();
  for (const { series, buckets } of found) {
    const what = whatOf(series.labels);
    for (const [i, bucket] of buckets.entries()) {
      if (bucket === null) continue;
      covered[i] = Math.max(covered[i] ?? 0, bucket.coveredMs);
      sums.set(what, (sums.get(what) ?? 0) + bucket.increase);
    }
  }
  const coveredMs = covered.reduce((sum, ms) => sum + (ms ?? 0), 0);
  if (coveredMs < HOUR_MS / 2) return [];
  return [...sums]
    .filter(([, events]) => events > 0)
    .sort((a, b) => b[1] - a[1])
    .slice(0, NAMED[kind])
    .map(([what, events]) => ({ what, perSecond: (events * SECOND_MS) / coveredMs, kind }));
}
