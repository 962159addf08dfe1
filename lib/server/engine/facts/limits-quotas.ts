import 'server-only';
import type { QuotaFact } from '@/lib/core/alerts/facts/limits.ts';
import { monthOf } from '@/lib/core/budget/month.ts';
import { REDIS_PLANS, redisPlanKind, redisPlanOf } from '@/lib/core/budget/plan-table.ts';
import type { Unit } from '@/lib/core/metrics/catalogue/entry.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { TargetStatus } from '../../poller/target-poller.ts';
import type { FactQuestion } from './fact-reader.ts';
import { isFresh, type Level, readLevels } from './fleet-levels.ts';
import { readVisited } from './fleet-visits.ts';
import { type QuotaAsked, readForecasts } from './limits-forecasts.ts';
import { LATE_RATE_MS, readRates } from './limits-rates.ts';

/** What Upstash limits by the month. */
const REQUESTS = 'upstash_month_requests_total';
const TRAFFIC = 'upstash_month_bandwidth_bytes_total';

/** Limits of Neon by their kind: how they are called, and the counter that runs towards them. */
const NEON_KINDS: Readonly<Record<string, { title: string; unit: Unit; metric: MetricName }>> = {
  active_time: { title: 'Neon active time a period', unit: 'seconds', metric: 'neon_active_seconds_total' },
  compute_time: {
    title: 'Neon compute a period',
    unit: 'seconds',
    metric: 'neon_compute_unit_seconds_total',
  },
  plan_compute: {
    title: 'Neon compute a period (Free plan)',
    unit: 'seconds',
    metric: 'neon_compute_unit_seconds_total',
  },
  written_data: { title: 'Neon writes a period', unit: 'bytes', metric: 'neon_written_bytes_total' },
  data_transfer: { title: 'Neon transfer a period', unit: 'bytes', metric: 'neon_transfer_bytes_total' },
};

/** Quotas that providers tell, with what is used of them and how fast. */
export async function readQuotas(question: FactQuestion): Promise<(atMs: number) => readonly QuotaFact[]> {
  const [upstash, neon] = await Promise.all([readUpstash(question), readNeon(question)]);
  return (atMs) => [...upstash(atMs), ...neon(atMs)];
}

async function readUpstash(question: FactQuestion): Promise<(atMs: number) => readonly QuotaFact[]> {
  const level = (metric: MetricName) => readLevels(question, metric, ['upstash']);
  const [visited, limits, used, moved, disks, requests, bytes, forecastOf] = await Promise.all([
    readVisited(question),
    level('upstash_requests_limit'),
    level('upstash_month_requests_used'),
    level(TRAFFIC),
    level('upstash_disk_limit_bytes'),
    readRates(question, REQUESTS, 'upstash'),
    readRates(question, TRAFFIC, 'upstash'),
    readForecasts(question, [
      { kind: 'upstash', metric: REQUESTS, memory: 'upstash_commands_total' },
      { kind: 'upstash', metric: TRAFFIC, memory: null },
    ]),
  ]);
  const plans = new Map(question.statuses.map(({ id, facts }) => [id, facts.plan]));
  return (atMs) => {
    const sources = visited(atMs).filter(({ kind }) => kind === 'upstash');
    return sources.flatMap((source): QuotaFact[] => {
      const fresh = (levels: readonly Level[]) =>
        levels.find((one) => one.targetId === source.id && isFresh(one, source))?.value ?? null;
      const quota = (what: Pick<QuotaFact, 'id' | 'title' | 'unit'>, of: Counted): QuotaFact[] => {
        const { limit, used: gone, perSecond, metric } = of;
        if (limit === null || gone === null) return [];
        const asked = { id: what.id, used: gone, limit, perSecond, renewsMs: monthOf(atMs).endMs };
        const forecast = forecastOf({ ...asked, targetId: source.id, metric }, atMs);
        return [{ ...asked, ...what, forecast, source: source.name }];
      };
      return [
        ...quota(
          { id: `upstash/${source.name}/commands`, title: 'Upstash commands a month', unit: 'commands' },
          {
            ...{ limit: fresh(limits(atMs)), used: fresh(used(atMs)), metric: REQUESTS },
            perSecond: requests(source.id, atMs),
          },
        ),
        ...quota(
          { id: `upstash/${source.name}/bandwidth`, title: 'Upstash traffic a month', unit: 'bytes' },
          {
            limit: trafficLimit(plans.get(source.id), fresh(disks(atMs))),
            ...{ used: fresh(moved(atMs)), metric: TRAFFIC },
            perSecond: bytes(source.id, atMs),
          },
        ),
      ];
    });
  };
}

interface Counted extends Pick<QuotaAsked, 'perSecond' | 'metric'> {
  limit: number | null;
  used: number | null;
}

/** By the published plan, since nobody tells it; null where more traffic is paid for, or the plan is not known. */
function trafficLimit(plan: string | undefined, diskLimitBytes: number | null): number | null {
  const id = redisPlanOf({ kind: redisPlanKind(plan), diskLimitBytes });
  return id === null || id === 'payg' ? null : REDIS_PLANS[id].bandwidthBytes;
}

async function readNeon(question: FactQuestion): Promise<(atMs: number) => readonly QuotaFact[]> {
  const metrics = [...new Set(Object.values(NEON_KINDS).map(({ metric }) => metric))];
  const [visited, forecastOf, seconds, bytes, ratios, ...rates] = await Promise.all([
    readVisited(question),
    readForecasts(
      question,
      metrics.map((metric) => ({ kind: 'neon', metric, memory: null })),
    ),
    readLevels(question, 'neon_quota_seconds', ['neon']),
    readLevels(question, 'neon_quota_bytes', ['neon']),
    readLevels(question, 'neon_quota_used_ratio', ['neon']),
    ...metrics.map((metric) => readRates(question, metric, 'neon', LATE_RATE_MS)),
  ]);
  const periodEnds = new Map(question.statuses.map((status) => [status.id, periodEndMs(status)]));
  return (atMs) => {
    const sources = new Map(visited(atMs).map((one) => [one.id, one]));
    const shares = ratios(atMs);
    return [...seconds(atMs), ...bytes(atMs)].flatMap(
      ({ targetId, labels, value, ...level }): QuotaFact[] => {
        const source = sources.get(targetId);
        const kind = labels.kind ?? '';
        const known = Object.hasOwn(NEON_KINDS, kind) ? NEON_KINDS[kind] : undefined;
        const share = shares.find((one) => one.targetId === targetId && one.labels.kind === kind);
        if (source === undefined || known === undefined || share === undefined) return [];
        if (!isFresh(level, source) || !isFresh(share, source)) return [];
        const rate = rates[metrics.indexOf(known.metric)];
        const asked = {
          id: `neon/${source.name}/${kind}`,
          used: share.value * value,
          limit: value,
          perSecond: rate?.(targetId, atMs) ?? null,
          renewsMs: renewsMs(periodEnds.get(targetId) ?? null, atMs),
        };
        const forecast = forecastOf({ ...asked, targetId, metric: known.metric }, atMs);
        return [{ ...asked, title: known.title, unit: known.unit, forecast, source: source.name }];
      },
    );
  };
}

/** Where the billing period ends, as the source told it last. */
export function periodEndMs({ facts }: TargetStatus): number | null {
  const atMs = Date.parse(facts.periodEnds ?? '');
  return Number.isNaN(atMs) ? null : atMs;
}

/** The end of the billing period that `atMs` lies in: periods are months, and end at the same time of a day. */
export function renewsMs(endMs: number | null, atMs: number): number | null {
  if (endMs === null) return null;
  let renews = endMs;
  for (let back = 1; ; back += 1) {
    const before = monthsBefore(endMs, back);
    if (before <= atMs) return renews;
    renews = before;
  }
}

function monthsBefore(atMs: number, months: number): number {
  const at = new Date(atMs);
  at.setUTCMonth(at.getUTCMonth() - months);
  return at.getTime();
}
