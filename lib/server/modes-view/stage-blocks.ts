import 'server-only';
import type { AlertEvent } from '@/lib/core/alerts/alert-book.ts';
import { bucketRate } from '@/lib/core/metrics/blocks.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import { type Scope, type TargetId, targetId } from '@/lib/core/model/target.ts';
import type { ModeChange } from '@/lib/core/modes/mode-book.ts';
import { allowedGets, type GetsBefore, promisedGets } from '@/lib/core/modes/stage-level.ts';
import { firingSpans, troubleAt, usersIn } from '@/lib/core/modes/stage-watch.ts';
import type { StageBlock } from '@/lib/core/modes/stages.ts';
import type { Stretch } from '@/lib/core/modes/stretch.ts';
import type { Flow } from '@/lib/core/series/family-sum.ts';
import { alignDown, BLOCK_MS, DAY_MS } from '@/lib/core/time/range.ts';
import { type CountBlock, isUsable } from '@/lib/core/verdict/blocks.ts';
import { readFlows } from '../queries/flows.ts';
import { type Grid, gridOf } from '../queries/grid.ts';
import { targetsOf } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';
import { type NumbersSpan, readClaimNumbers, readRequestBlocks } from '../watch/numbers.ts';
import { readBursts } from './bursts.ts';

export interface StageQuestion {
  runtime: Runtime;
  scope: Scope;
  nowMs: number;
  stretch: Stretch;
  /** Oldest first. */
  changes: readonly ModeChange[];
  /** The deploy that brought Redis back, with its claims; null where none is known. */
  resumed: Deploy | null;
  /** What happened to alerts, oldest first. */
  events: readonly AlertEvent[];
}

/** What is known of the days before Redis went out of use is looked for so far back. */
const MOST_DAYS = 14;
/** Numbers of a block come in until so long after its end: what was told of it stays. */
const LATE_MS = 90_000;
const GETS = { metric: 'redis_commands_total', labels: { cmd: 'get' } };

/**
 * What each closed block since the first machine's return says, oldest first; empty before it. GETs are counted as claims
 * count them, the same before and after.
 */
export async function readStageBlocks(question: StageQuestion): Promise<StageBlock[]> {
  const { runtime, scope, stretch, nowMs, changes, events } = question;
  const { firstMs, allMs } = stretch;
  if (firstMs === null) return [];
  const midMs = alignDown(firstMs, BLOCK_MS);
  const lastMs = allMs === null ? nowMs : allMs + DAY_MS + BLOCK_MS;
  const untilMs = alignDown(Math.min(nowMs - LATE_MS, lastMs), BLOCK_MS);
  if (untilMs <= midMs) return [];
  const days = Math.min(MOST_DAYS, Math.ceil((firstMs - stretch.startMs) / DAY_MS) + 1);
  const span: NumbersSpan = { originMs: firstMs, days, untilMs };
  const starts = allMs === null ? [firstMs] : [firstMs, allMs];
  const [gets, requests, machines, bursts] = await Promise.all([
    readCounts(runtime, scope, span),
    readRequestBlocks(runtime, scope, span),
    readMachines(runtime, scope, gridOf({ startMs: midMs, endMs: untilMs }, BLOCK_MS)),
    readBursts(runtime, scope, starts, untilMs),
  ]);
  const endMs = midMs - stretch.startMs;
  const before: GetsBefore = {
    gets: meanBefore(gets?.before ?? [], endMs),
    requests: meanBefore(requests?.before ?? [], endMs),
  };
  const promise = promisedGets(question.resumed?.claims ?? [], before);
  const watch = { ...bursts, firing: firingSpans(events) };
  return Array.from({ length: (untilMs - midMs) / BLOCK_MS }, (_, i): StageBlock => {
    const atMs = midMs + i * BLOCK_MS;
    const users = usersIn(changes, { startMs: atMs, endMs: atMs + BLOCK_MS });
    const served = { users: machines.requestsOf(users, i), all: rateOf(requests?.after[i] ?? null) };
    const isAll = users.length > 0 && users.length === machines.count;
    return {
      startMs: atMs,
      // Of a machine that does not use Redis no GETs are known, whoever sent those that came.
      gets: users.length === 0 ? null : rateOf(gets?.after[i] ?? null),
      limit: allowedGets(promise, before, served, isAll),
      ...troubleAt({ ...watch, atMs, limiter: machines.failedOpenOf(users, i), requests: served.users }),
    };
  });
}

interface Counts {
  before: readonly CountBlock[];
  after: readonly CountBlock[];
}

async function readCounts(runtime: Runtime, scope: Scope, span: NumbersSpan): Promise<Counts | null> {
  const found = await readClaimNumbers(runtime, scope, GETS, span);
  return 'unmeasurable' in found || found.blocks.kind !== 'counts' ? null : found.blocks;
}

function rateOf(block: CountBlock): number | null {
  return isUsable(block) ? (block.increase * 1_000) / block.coveredMs : null;
}

/** Mean of the day that ends so long before the end of these blocks; null where a quarter of it is not known. */
function meanBefore(blocks: readonly CountBlock[], untilEndMs: number): number | null {
  const end = Math.max(0, blocks.length - Math.ceil(untilEndMs / BLOCK_MS));
  const length = DAY_MS / BLOCK_MS;
  const known = blocks.slice(Math.max(0, end - length), end).flatMap((block) => rateOf(block) ?? []);
  return known.length < length / 4 ? null : known.reduce((sum, rate) => sum + rate, 0) / known.length;
}

interface Machines {
  count: number;
  /** Requests per second of these machines in the block at this place; null where one was not counted, or there is none. */
  requestsOf: (names: readonly string[], i: number) => number | null;
  /** Requests that passed unasked in the block; null where no limiter of these machines was counted. */
  failedOpenOf: (names: readonly string[], i: number) => number | null;
}

async function readMachines(runtime: Runtime, scope: Scope, grid: Grid): Promise<Machines> {
  const ids = new Map(targetsOf(runtime, scope, 'app').map((target) => [target.name, targetId(target)]));
  const targetIds = [...ids.values()];
  const read = async (metric: MetricName, labels: Labels): Promise<ReadonlyMap<TargetId, Flow>> =>
    targetIds.length === 0
      ? new Map()
      : (await readFlows(runtime, { metric, labels, targetIds }, grid)).byTarget;
  const [responses, failedOpen] = await Promise.all([
    read('http_responses_total', {}),
    read('app_limiter_decisions_total', { decision: 'failed_open' }),
  ]);
  const bucketOf = (flows: ReadonlyMap<TargetId, Flow>, name: string, i: number) =>
    flows.get(ids.get(name) ?? '')?.[i] ?? null;
  return {
    count: ids.size,
    requestsOf: (names, i) => {
      const rates = names.flatMap((name) => {
        const bucket = bucketOf(responses, name, i);
        return (bucket === null ? null : bucketRate(bucket, BLOCK_MS)) ?? [];
      });
      return names.length === 0 || rates.length < names.length
        ? null
        : rates.reduce((sum, rate) => sum + rate, 0);
    },
    failedOpenOf: (names, i) => {
      const buckets = names.flatMap((name) => bucketOf(failedOpen, name, i) ?? []);
      return buckets.length === 0 ? null : buckets.reduce((sum, { increase }) => sum + increase, 0);
    },
  };
}
