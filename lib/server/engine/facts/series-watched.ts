import 'server-only';
import type { WatchedSeries } from '@/lib/core/alerts/facts/series.ts';
import type { WrongWay } from '@/lib/core/detect/block-series.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { redisGetsRung } from '../../queries/redis-gets-rung.ts';
import { targetIdsOf } from '../../queries/scope.ts';
import type { Reading } from '../../runtime.ts';
import type { ClaimMetric } from '../../watch/claim-source.ts';

/** What is read of a watched series, and which detectors look at it. */
export interface Watched {
  series: WatchedSeries;
  title: string;
  /** Summed; more than one where a status is told in several. */
  metrics: readonly ClaimMetric[];
  way: WrongWay;
  /** Rare events have a detector of their own; a level has no counter that could stand still. */
  isRare: boolean;
  isLevel: boolean;
  /** True where more or less of it is neither good nor bad. */
  isNeutral: boolean;
  /** True where it is Redis itself that is asked: suspended, there is nothing to look at. */
  isRedis: boolean;
}

const RESPONSES = ['http_responses_total', 'fly_http_responses_total'] as const;
const RATE = { way: 'up', isRare: false, isLevel: false, isNeutral: false, isRedis: false } as const;

/** The series that something in this scope tells, in the order of the product. */
export function watchedIn(reading: Reading, scope: Scope): Watched[] {
  const rung = redisGetsRung(reading, scope);
  const { metric, labels, title } = rung;
  const responses = RESPONSES.find((name) => isTold(reading, scope, name)) ?? null;
  const queries = ['db_queries_total', 'app_db_queries_total'].find((name) => isTold(reading, scope, name));
  const ofStatus = (status: string): ClaimMetric => ({
    metric: responses ?? RESPONSES[0],
    labels: { status },
  });
  const rare = { ...RATE, isRare: true };
  const all: Watched[] = [];
  if (isTold(reading, scope, metric)) {
    // Asked as a claim asks, the same rung is found.
    const gets = metric === 'redis_read_commands_total' ? { metric, labels } : GETS;
    all.push({ ...RATE, series: 'redis_gets', title, metrics: [gets], isRedis: true });
  }
  if (queries !== undefined) {
    const metrics = [{ metric: queries, labels: {} }];
    all.push({ ...RATE, series: 'db_queries', title: 'Database queries', metrics });
  }
  if (responses !== null) {
    const errors = statusesOf(reading, scope, responses).filter((status) => /^5/.test(status));
    all.push(
      {
        ...RATE,
        series: 'requests',
        title: 'Requests',
        metrics: [{ metric: responses, labels: {} }],
        way: 'both',
        isNeutral: true,
      },
      { ...rare, series: 'limited', title: 'Responses of status 429', metrics: [ofStatus('429')] },
      {
        ...rare,
        series: 'server_errors',
        title: 'Responses of status 5xx',
        // Where none has come yet, the family itself tells that there were none.
        metrics: (errors.length === 0 ? ['500'] : errors).map(ofStatus),
      },
    );
  }
  if (isTold(reading, scope, 'http_request_seconds_bucket_total')) {
    const metrics = [{ metric: 'http_app_latency_p95_seconds', labels: {} }];
    all.push({ ...RATE, series: 'latency_p95', title: 'p95 latency', metrics, isLevel: true });
  }
  return all;
}

const GETS: ClaimMetric = { metric: 'redis_commands_total', labels: { cmd: 'get' } };

function isTold(reading: Reading, scope: Scope, metric: string): boolean {
  const targetIds = targetIdsOf(reading, scope);
  return targetIds.length > 0 && reading.store.findSeries({ metric, targetIds }).length > 0;
}

function statusesOf(reading: Reading, scope: Scope, metric: string): string[] {
  const found = reading.store.findSeries({ metric, targetIds: targetIdsOf(reading, scope) });
  return [...new Set(found.flatMap(({ labels }) => labels.status ?? []))].sort();
}

/** The watched series that a claim is about; null for any other. */
export function seriesOfClaim({
  metric,
  labels,
}: {
  metric: string | null;
  labels: Labels;
}): WatchedSeries | null {
  if (metric === null) return null;
  const status = labels.status ?? labels.class ?? null;
  if (/^(?:app_)?redis_(?:commands_total|gets)/.test(metric))
    return labels.cmd === 'get' ? 'redis_gets' : null;
  if (metric === 'redis_read_commands_total') return 'redis_gets';
  if (/^(?:app_)?db_queries_total$/.test(metric)) return 'db_queries';
  if (/^http_(?:app_)?latency_p95_seconds$/.test(metric)) return 'latency_p95';
  if (/^(?:fly_)?http_limited_ratio$/.test(metric)) return 'limited';
  if (metric === 'http_server_errors_ratio') return 'server_errors';
  if (!/^(?:fly_)?http_responses(?:_total|_per_second)$/.test(metric)) return null;
  if (status === null) return 'requests';
  return status === '429' ? 'limited' : status.startsWith('5') ? 'server_errors' : null;
}
