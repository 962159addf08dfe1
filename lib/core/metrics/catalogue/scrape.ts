import { gauge, type MetricEntry } from './entry.ts';

/** Written by the poller for every visit, good or bad. */
export const scrapeMetrics = {
  scrape_duration_seconds: gauge({
    unit: 'seconds',
    good: 'down',
    standard: 'scrape_duration_seconds',
    source: 'every scrape',
    help: 'How long the visit took, until its answer or its failure.',
  }),
  scrape_samples_scraped: gauge({
    unit: 'samples',
    good: 'neutral',
    standard: 'scrape_samples_scraped',
    source: 'every scrape',
    help: 'Samples that the visit gave; 0 for a failed one.',
  }),
} satisfies Record<string, MetricEntry>;
