import { counter, type MetricEntry } from './entry.ts';

/** What an app says of its routes; kept apart from its totals, so that a route too many never moves those. */
export const appRouteMetrics = {
  http_route_responses_total: counter({
    unit: 'responses',
    good: 'neutral',
    source: 'the same request counter, where it names its routes beside exact status codes',
    help: 'HTTP responses of the 20 routes of a machine that answer most, by route and by whether they were 429; all others are told by http_responses_total only.',
    labels: ['route', 'status'],
  }),
} satisfies Record<string, MetricEntry>;
