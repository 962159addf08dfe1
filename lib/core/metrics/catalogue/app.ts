import { counter, gauge, type MetricEntry } from './entry.ts';

export const appMetrics = {
  app_up: gauge({
    unit: 'state',
    good: 'up',
    standard: 'up',
    source: 'every scrape',
    help: '1 when the last visit to the machine gave metrics or health, else 0.',
  }),
  http_responses_total: counter({
    unit: 'responses',
    good: 'neutral',
    source: 'the request counter of the app’s library, by mapping',
    help: 'HTTP responses by status: an exact code such as 429, or a class such as 4xx where the app groups them.',
    labels: ['status'],
    absentIsZero: true,
  }),
} satisfies Record<string, MetricEntry>;
