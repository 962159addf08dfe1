import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Sample } from '@/lib/core/model/sample.ts';
import { type CollectResult, isUnasked, type Scrape } from '@/lib/core/model/scrape.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import type { ScrapeError } from '../collectors/collector.ts';

/** 1 for a good visit, 0 for a failed one: the one metric that every target of a kind has from its first visit on. */
export const UP_METRIC: Record<SourceKind, MetricName> = {
  redis: 'redis_up',
  upstash: 'upstash_up',
  postgres: 'db_up',
  neon: 'neon_up',
  app: 'app_up',
  fly: 'fly_up',
  prometheus: 'prometheus_up',
  logs: 'logs_up',
};

export interface Visit {
  targetId: TargetId;
  kind: SourceKind;
  atMs: number;
  intervalMs: number;
  durationMs: number;
}

/** A good visit as data: its samples, and what the visit itself was like. */
export function writeGoodVisit(visit: Visit, result: CollectResult): Scrape {
  return {
    ...base(visit),
    ok: true,
    error: null,
    start: result.start,
    samples: [...result.samples, ...ownSamples(visit, true, result.samples.length)],
  };
}

/** A failed visit is data too: `up` is 0, and is not claimed of a target that was not asked. Else only what the refusal told. */
export function writeFailedVisit(visit: Visit, error: ScrapeError): Scrape {
  return {
    ...base(visit),
    ok: false,
    error: { kind: error.kind, message: error.message },
    start: null,
    samples: [...error.learned.samples, ...ownSamples(visit, isUnasked(error.kind) ? null : false, 0)],
  };
}

function base(visit: Visit): Pick<Scrape, 'targetId' | 'atMs' | 'intervalMs' | 'durationMs'> {
  const { targetId, atMs, intervalMs, durationMs } = visit;
  return { targetId, atMs, intervalMs, durationMs };
}

function ownSamples(visit: Visit, ok: boolean | null, count: number): Sample[] {
  const up: [MetricName, number][] = ok === null ? [] : [[UP_METRIC[visit.kind], ok ? 1 : 0]];
  const values: [MetricName, number][] = [
    ...up,
    ['scrape_duration_seconds', visit.durationMs / 1000],
    ['scrape_samples_scraped', count],
  ];
  return values.map(([metric, value]) => ({ metric, labels: {}, value }));
}
