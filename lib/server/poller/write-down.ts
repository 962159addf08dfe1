import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { CollectResult, Scrape } from '@/lib/core/model/scrape.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import type { ScrapeError } from '../collectors/collector.ts';

const UP_METRIC: Record<SourceKind, MetricName> = { redis: 'redis_up', postgres: 'db_up', app: 'app_up' };

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

/** A failed visit is data too: `up` is 0, nothing else is claimed. */
export function writeFailedVisit(visit: Visit, error: ScrapeError): Scrape {
  return {
    ...base(visit),
    ok: false,
    error: { kind: error.kind, message: error.message },
    start: null,
    samples: ownSamples(visit, false, 0),
  };
}

function base(visit: Visit): Pick<Scrape, 'targetId' | 'atMs' | 'intervalMs' | 'durationMs'> {
  const { targetId, atMs, intervalMs, durationMs } = visit;
  return { targetId, atMs, intervalMs, durationMs };
}

function ownSamples(visit: Visit, ok: boolean, count: number): Sample[] {
  const values: [MetricName, number][] = [
    [UP_METRIC[visit.kind], ok ? 1 : 0],
    ['scrape_duration_seconds', visit.durationMs / 1000],
    ['scrape_samples_scraped', count],
  ];
  return values.map(([metric, value]) => ({ metric, labels: {}, value }));
}
