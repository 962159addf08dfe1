import { gauge, type MetricEntry } from './entry.ts';

/**
 * What a visit to a PromQL engine says of itself. All else that it gives has the names of the source that was scraped:
 * `redis_…` and `db_…` with the label `instance`, `http_…` and `app_…` with the label `machine`.
 */
export const prometheusMetrics = {
  prometheus_up: gauge({
    unit: 'state',
    good: 'up',
    source: 'every scrape',
    help: '1 when the last visit to the engine answered a query, else 0; it says nothing of what the engine scrapes.',
  }),
} satisfies Record<string, MetricEntry>;
