import { appMetrics } from './app.ts';
import type { MetricEntry } from './entry.ts';
import { flyMetrics } from './fly.ts';
import { logMetrics } from './logs.ts';
import { neonMetrics } from './neon.ts';
import { postgresMetrics } from './postgres.ts';
import { prometheusMetrics } from './prometheus.ts';
import { redisMetrics } from './redis.ts';
import { scrapeMetrics } from './scrape.ts';
import { upstashMetrics } from './upstash.ts';

export type { Good, MetricEntry, Unit } from './entry.ts';

/** Every metric, defined once. Axis, tooltip, API, `/api/metrics` and `docs/metrics.md` read this. */
export const CATALOGUE = {
  ...redisMetrics,
  ...postgresMetrics,
  ...appMetrics,
  ...upstashMetrics,
  ...flyMetrics,
  ...prometheusMetrics,
  ...scrapeMetrics,
  ...neonMetrics,
  ...logMetrics,
};

export type MetricName = keyof typeof CATALOGUE;

/** The entry of a metric, or null when the catalogue does not know the name. */
export function findMetric(name: string): MetricEntry | null {
  return Object.hasOwn(CATALOGUE, name) ? CATALOGUE[name as MetricName] : null;
}
