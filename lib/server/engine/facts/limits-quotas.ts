import 'server-only';
import type { QuotaFact } from '@/lib/core/alerts/facts/limits.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { TargetStatus } from '../../poller/target-poller.ts';
import type { FactQuestion } from './fact-reader.ts';
import { isFresh, type Level, readLevels } from './fleet-levels.ts';
import { readVisited } from './fleet-visits.ts';
import { LATE_RATE_MS, readRates } from './limits-rates.ts';

/** Limits of Neon by their kind: how they are called, and the counter that runs towards them. */
const NEON_KINDS: Readonly<Record<string, { title: string; metric: MetricName }>> = {
  active_time: { title: 'Neon active time a period', metric: 'neon_active_seconds_total' },
  compute_time: { title: 'Neon compute a period', metric: 'neon_compute_unit_seconds_total' },
  plan_compute: { title: 'Neon compute a period (Free plan)', metric: 'neon_compute_unit_seconds_total' },
  written_data: { title: 'Neon writes a period', metric: 'neon_written_bytes_total' },
  data_transfer: { title: 'Neon transfer a period', metric: 'neon_transfer_bytes_total' },
};

/** Quotas that providers tell, with what is used of them and how fast. */
export async function readQuotas(question: FactQuestion): Promise<(atMs: number) => readonly QuotaFact[]> {
  const [upstash, neon] = await Promise.all([readUpstash(question), readNeon(question)]);
  return (atMs) => [...upstash(atMs), ...neon(atMs)];
}

async function readUpstash(question: FactQuestion): Promise<(atMs: number) => readonly QuotaFact[]> {
  const [visited, limits, used, rates] = await Promise.all([
    readVisited(question),
    readLevels(question, 'upstash_requests_limit', ['upstash']),
    readLevels(question, 'upstash_month_requests_used', ['upstash']),
    readRates(question, 'upstash_month_requests_total', 'upstash'),
  ]);
  return (atMs) => {
    const sources = visited(atMs).filter(({ kind }) => kind === 'upstash');
    return sources.flatMap((source): QuotaFact[] => {
      const fresh = (levels: readonly Level[]) =>
        levels.find((level) => level.targetId === source.id && isFresh(level, source))?.value ?? null;
      const [limit, gone] = [fresh(limits(atMs)), fresh(used(atMs))];
      if (limit === null || gone === null) return [];
      return [
        {
          id: `upstash/${source.name}/commands`,
          title: 'Upstash commands a month',
          used: gone,
          limit,
          perSecond: rates(source.id, atMs),
          renewsMs: nextMonthMs(atMs),
          source: source.name,
        },
      ];
    });
  };
}

/** Upstash begins a new count with the month, UTC. */
function nextMonthMs(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}

async function readNeon(question: FactQuestion): Promise<(atMs: number) => readonly QuotaFact[]> {
  const metrics = [...new Set(Object.values(NEON_KINDS).map(({ metric }) => metric))];
  const [visited, seconds, bytes, ratios, ...rates] = await Promise.all([
    readVisited(question),
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
        return [
          {
            id: `neon/${source.name}/${kind}`,
            title: known.title,
            used: share.value * value,
            limit: value,
            perSecond: rate?.(targetId, atMs) ?? null,
            renewsMs: renewsMs(periodEnds.get(targetId) ?? null, atMs),
            source: source.name,
          },
        ];
      },
    );
  };
}

/** Where the billing period ends, as the source told it last. */
function periodEndMs({ facts }: TargetStatus): number | null {
  const atMs = Date.parse(facts.periodEnds ?? '');
  return Number.isNaN(atMs) ? null : atMs;
}

/** The end of the billing period that `atMs` lies in: periods are months, and end at the same time of a day. */
function renewsMs(endMs: number | null, atMs: number): number | null {
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
