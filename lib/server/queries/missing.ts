import 'server-only';
import { gapText } from '@/lib/core/gaps/find-gaps.ts';
import type { Quality } from '@/lib/core/model/sample.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import type { ChartAs, ChartView } from '@/lib/core/model/view.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { TargetGap } from './gaps.ts';

/** What a chart without a line was asked. */
export interface MissingFacts {
  kind: SourceKind;
  as: ChartAs;
  label: string;
  quality: Quality;
  statuses: readonly TargetStatus[];
  /** A provider's memory that is being read now and may fill the chart; null when none is. */
  reading: { provider: string; days: number; share: number } | null;
}

/** Why there is no line over a time that ends now, and what would bring it. */
export function missingNow(facts: MissingFacts): ChartView['missing'] {
  const { kind, as, label, quality, statuses } = facts;
  if (statuses.length === 0) return NOT_CONFIGURED[kind];
  const reading = readingText(facts);
  const failing = statuses.find(({ lastError, state }) => lastError !== null && state !== 'ok');
  if (failing?.lastError != null) return { reason: failing.lastError.text, fix: null };
  const intervalMs = Math.max(...statuses.map(({ history }) => history.intervalMs));
  const seconds = Math.round(intervalMs / 1000);
  const visited = statuses.filter(({ history }) => history.lastOkAtMs !== null).length;
  if (visited < statuses.length)
    return { reason: `No visit yet, first numbers within ${2 * seconds} s`, fix: reading };
  if (quality === 'unavailable') return { reason: `No source gives ${label} yet`, fix: METRIC_FIX[kind] };
  if (as === 'value') return { reason: 'No lookups in this time', fix: null };
  return { reason: `Sample 1 of 2, first rate in ${seconds} s`, fix: reading };
}

/** `Reading 15 days of history from Prometheus: 40 %`; null when nothing is read. */
function readingText({ reading }: MissingFacts): string | null {
  if (reading === null) return null;
  const { provider, days, share } = reading;
  return `Reading ${days} days of history from ${provider}: ${Math.round(100 * share)} %`;
}

/**
 * Why there is no line over a fixed time that ends at `endMs`: what its longest gap says; how the sources are now is
 * beside the point.
 */
export function missingThen(
  facts: MissingFacts,
  gaps: readonly TargetGap[],
  endMs: number,
): ChartView['missing'] {
  if (facts.statuses.length === 0) return NOT_CONFIGURED[facts.kind];
  const lengthOf = (gap: TargetGap): number => gap.endMs - gap.startMs;
  const [longest] = [...gaps].sort((a, b) => lengthOf(b) - lengthOf(a));
  // Visited since, but not for long enough to fill half of a bucket.
  if (longest?.reason === 'not_watched_yet' && longest.endMs < endMs) {
    const watched = formatDuration(endMs - longest.endMs);
    return {
      reason: `Watched for only ${watched} of this time, too little for a point`,
      fix: readingText(facts),
    };
  }
  if (longest !== undefined)
    return { reason: `Nothing measured in this time: ${gapText(longest.reason)}`, fix: readingText(facts) };
  if (facts.quality === 'unavailable')
    return { reason: `No source gives ${facts.label} yet`, fix: METRIC_FIX[facts.kind] };
  return {
    reason: facts.as === 'value' ? 'No lookups in this time' : 'Nothing measured in this time',
    fix: null,
  };
}

const NOT_CONFIGURED: Record<SourceKind, { reason: string; fix: string }> = {
  redis: { reason: 'No Redis is configured', fix: 'Set REDIS_URL, or add a redis source to afterwatch.yml.' },
  upstash: {
    reason: 'No Upstash account is configured',
    fix: 'Set UPSTASH_EMAIL and UPSTASH_API_KEY, or add an upstash source to afterwatch.yml.',
  },
  postgres: {
    reason: 'No Postgres is configured',
    fix: 'Set DATABASE_URL, or add a postgres source to afterwatch.yml.',
  },
  neon: {
    reason: 'No Neon project is configured',
    fix: 'Set NEON_API_KEY, or add a neon source to afterwatch.yml.',
  },
  app: {
    reason: 'No machines are configured',
    fix: 'Set APP_METRICS_URLS, or add an app source to afterwatch.yml.',
  },
  fly: {
    reason: 'No Fly app is configured',
    fix: 'Set FLY_API_TOKEN and FLY_APP, or add a fly source to afterwatch.yml.',
  },
  prometheus: {
    reason: 'No Prometheus is configured',
    fix: 'Set PROMETHEUS_URL, or add a prometheus source to afterwatch.yml.',
  },
  logs: {
    reason: 'No logs are configured',
    fix: 'Add a logs source to afterwatch.yml: docs/connect/logs.md says how lines are sent.',
  },
};

const METRIC_FIX: Record<SourceKind, string> = {
  redis: 'This Redis gives no such counter in INFO; let your app export its own commands by command.',
  upstash:
    'The Developer API does not give it for this database; the redis source and your app’s own counters do.',
  postgres: 'Grant pg_monitor to the role, or enable pg_stat_statements.',
  neon: 'Neon’s API does not give it for this project.',
  app: 'Export it from your app: docs/instrument-your-app.md has a snippet for each library.',
  fly: 'Give the token the right to read it: docs/connect/fly.md lists the grants.',
  prometheus: 'Let it scrape an exporter that has it, or name a query for it in afterwatch.yml.',
  logs: 'Name a pattern for it in afterwatch.yml, and let the log shipper send its lines.',
};
