import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { ConsequenceFacts } from '@/lib/core/modes/consequences.ts';
import type { NowAndBefore } from '@/lib/core/modes/told.ts';
import { addFlows } from '@/lib/core/series/combine.ts';
import type { Flow } from '@/lib/core/series/family-sum.ts';
import { meanRateOf, ratioOf } from '@/lib/core/series/level.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { firstOf, flowsIn, isCovered, type LoadQuestion, type Windows, windowsOf } from './load-flows.ts';
import { readMachineLoads } from './machine-loads.ts';

/** What the machines and the database do without Redis, and what they did before; without what arrives at Redis. */
export async function readLoads(question: LoadQuestion): Promise<Omit<ConsequenceFacts, 'arriving'>> {
  const { mode } = question;
  const windows = windowsOf(question);
  const rates = (metric: MetricName, labels: Labels) => readRates(question, windows, metric, labels);
  const [machines, limiter, cacheHits, jobs, ofDatabase, ofMachines] = await Promise.all([
    readMachineLoads(question, windows),
    readLimiter(question, windows.now),
    readHits(question, windows),
    rates('app_jobs_dropped_total', {}),
    rates('db_queries_total', {}),
    rates('app_db_queries_total', {}),
  ]);
  const queries = ofDatabase.now === null ? ofMachines : ofDatabase;
  return { mode, machines, limiter, cacheHits, jobsDropped: jobs.now, queries };
}

/**
 * All targets as one; null where too little of the stretch is known of all that tell in it. `isNow`: one that should tell
 * and is silent makes the sum unknown; of the past it may not have been there.
 */
function allOf(
  { runtime, nowMs }: LoadQuestion,
  flows: ReadonlyMap<TargetId, Flow>,
  isNow: boolean,
): Flow | null {
  const tells = (flow: Flow) => flow.some((bucket) => bucket !== null);
  const telling = [...flows.values()].filter(tells);
  if (telling.length === 0) return null;
  const isSilent = ([id, flow]: readonly [TargetId, Flow]) =>
    !tells(flow) && runtime.poller.status(id, nowMs)?.state !== 'asleep';
  if (isNow && [...flows].some(isSilent)) return null;
  const sum = addFlows(telling, telling[0]?.length ?? 0);
  return isCovered(sum) ? sum : null;
}

async function readRates(
  question: LoadQuestion,
  { now, before }: Windows,
  metric: MetricName,
  labels: Labels,
): Promise<NowAndBefore> {
  const rateIn = async (range: TimeRange | null) => {
    const flow = allOf(question, await flowsIn(question, metric, labels, range), range === now);
    return flow === null ? null : meanRateOf(flow);
  };
  return { now: await rateIn(now), before: await firstOf(before, rateIn) };
}

async function readHits(question: LoadQuestion, { now, before }: Windows): Promise<NowAndBefore> {
  const ratioIn = async (range: TimeRange | null) => {
    const [hits, misses] = await Promise.all(
      ['hit', 'miss'].map((result) => flowsIn(question, 'app_cache_lookups_total', { result }, range)),
    );
    const [hit, miss] = [hits, misses].map((flows) =>
      flows === undefined ? null : allOf(question, flows, range === now),
    );
    return hit == null || miss == null ? null : ratioOf(hit, miss);
  };
  return { now: await ratioIn(now), before: await firstOf(before, ratioIn) };
}

async function readLimiter(
  question: LoadQuestion,
  range: TimeRange | null,
): Promise<ConsequenceFacts['limiter']> {
  const metric = 'app_limiter_decisions_total';
  const flows = await flowsIn(question, metric, { decision: 'failed_open' }, range);
  const known = [...flows.values()].filter(isCovered);
  const rates = known.flatMap((flow) => meanRateOf(flow) ?? []);
  if (rates.length === 0) return null;
  return { failedOpen: rates.reduce((sum, rate) => sum + rate, 0), isPartial: known.length < flows.size };
}
