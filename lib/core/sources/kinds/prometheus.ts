import type { SourceKindSpec } from '../source-kind.ts';

/** Any engine that answers PromQL; it can be the only source. */
export const prometheusSpec: SourceKindSpec = {
  kind: 'prometheus',
  title: 'Prometheus, VictoriaMetrics, Thanos, Mimir, Grafana Cloud',
  reads: 'What your exporters and apps are scraped for already.',
  lights: [
    { panel: 'Redis GETs', metrics: ['redis_commands_total'] },
    { panel: 'Cache hit ratio', metrics: ['redis_keyspace_hits_total'] },
    { panel: 'Database queries', metrics: ['db_queries_total'] },
    { panel: 'Statement families', metrics: ['db_statements_total'] },
    { panel: '429 responses', metrics: ['http_responses_total'] },
    { panel: 'Latency', metrics: ['http_request_seconds_bucket_total', 'http_request_seconds_total'] },
  ],
  usualSeconds: 60,
  usualFeatures: [],
  calls: [
    { text: 'GET /api/v1/query', act: 'request', beat: { kind: 'visit' }, why: 'scrape times' },
    {
      text: 'GET /api/v1/query, one for each group of metrics',
      act: 'request',
      beat: { kind: 'visit', times: 4 },
      why: 'at most four: only groups that it has are asked for',
    },
    {
      text: 'GET /api/v1/query, one for each query of the config',
      act: 'request',
      beat: { kind: 'visit', times: 'queries' },
    },
    {
      text: 'GET /api/v1/label/__name__/values',
      act: 'request',
      beat: { kind: 'every', seconds: 600 },
    },
    {
      text: 'GET /api/v1/query_range',
      act: 'request',
      beat: { kind: 'once' },
      why: 'the time before the first visit',
    },
  ],
  price: 'Free, unless your engine bills queries.',
  grants: [
    {
      title: 'The right to read metrics, nothing else; on Grafana Cloud a token with',
      where: 'console',
      text: 'metrics:read',
    },
  ],
  mend: {
    missing: 'the right to query',
    step: 'Give its token the right to read metrics (metrics:read on Grafana Cloud), and set the variable of its token to it.',
  },
  memory: 'up to 15 days of what it keeps',
  variables: ['PROMETHEUS_URL'],
  docs: 'docs/connect/prometheus.md',
};
