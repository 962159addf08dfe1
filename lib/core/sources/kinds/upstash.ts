import type { SourceKindSpec } from '../source-kind.ts';

/** One database of a native Upstash account. Nothing is sent to the database itself. */
export const upstashSpec: SourceKindSpec = {
  kind: 'upstash',
  title: 'Upstash Developer API',
  reads: 'Usage, plan and limits of one database. Only for databases of an Upstash account of your own.',
  lights: [
    { panel: 'Redis GETs', metrics: ['upstash_commands_total'] },
    { panel: 'Reconciliation', metrics: ['upstash_day_requests_total', 'upstash_commands_total'] },
    { panel: 'Plan and limits', metrics: ['upstash_requests_limit', 'upstash_month_requests_total'] },
    { panel: 'Latency of Redis', metrics: ['upstash_latency_mean_seconds', 'upstash_latency_p99_seconds'] },
  ],
  usualSeconds: 60,
  usualFeatures: ['looked_up'],
  calls: [
    { text: 'GET /v2/redis/stats/{id}?period=1h', act: 'request', beat: { kind: 'visit' } },
    {
      text: 'GET /v2/redis/database/{id}?credentials=hide',
      act: 'request',
      beat: { kind: 'every', seconds: 600 },
    },
    { text: 'GET /v2/redis/databases', act: 'request', beat: { kind: 'once' }, only: 'looked_up' },
    {
      text: 'GET /v2/redis/stats/{id}?period=7d',
      act: 'request',
      beat: { kind: 'once' },
      why: 'the time before the first visit',
    },
  ],
  price: 'Free. It uses up no command of the database.',
  grants: [
    {
      title:
        'A management API key of the account or team that owns the database, read-only where Upstash offers it',
      where: 'console',
      text: 'Account → Management API → Create API key',
    },
  ],
  mend: {
    missing: 'the right to read this database by the Developer API',
    step: 'In Upstash’s console: Account → Management API → Create API key, of the account or team that owns the database; set UPSTASH_API_KEY to it and UPSTASH_EMAIL to that account.',
  },
  memory: '7 days',
  variables: ['UPSTASH_EMAIL', 'UPSTASH_API_KEY'],
  docs: 'docs/connect/upstash.md',
};
