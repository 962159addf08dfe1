import type { SourceKindSpec } from '../source-kind.ts';

/** Machines of an app. Each has its own calls: a list of three costs three times as much. */
export const appSpec: SourceKindSpec = {
  kind: 'app',
  title: 'Your machines',
  reads: 'Each machine’s metrics page and health page.',
  lights: [
    { panel: '429 responses', metrics: ['http_responses_total'] },
    { panel: 'Machines', metrics: ['app_health_ok', 'app_process_start_time_seconds'] },
    { panel: 'Redis mode', metrics: ['app_redis_suspended', 'app_redis_suspend_asked'] },
    { panel: 'Redis GETs', metrics: ['app_redis_commands_total'] },
    { panel: 'Cache hit ratio', metrics: ['app_cache_lookups_total'] },
    { panel: 'Latency', metrics: ['http_request_seconds_bucket_total', 'http_request_seconds_total'] },
    { panel: 'Database queries', metrics: ['app_db_queries_total'] },
  ],
  usualSeconds: 15,
  usualFeatures: ['metrics_page', 'health_page'],
  calls: [
    { text: 'GET {metrics page}', act: 'request', beat: { kind: 'visit' }, only: 'metrics_page' },
    { text: 'GET {health page}', act: 'request', beat: { kind: 'visit' }, only: 'health_page' },
  ],
  price: 'Free.',
  grants: [
    {
      title: 'Only where the pages are protected: a token that reads them, sent as a bearer token',
      where: 'afterwatch.yml',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the config's own way to name a variable.
      text: 'token: ${METRICS_TOKEN}',
    },
  ],
  mend: {
    missing: 'the right to read its metrics or health page',
    step: 'Give this source a bearer token that the machine accepts: a line of its entry in afterwatch.yml refers to METRICS_TOKEN, as docs/connect/app.md shows.',
  },
  memory: null,
  variables: ['APP_METRICS_URLS'],
  docs: 'docs/connect/app.md',
};
