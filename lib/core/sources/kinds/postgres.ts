import type { SourceKindSpec } from '../source-kind.ts';

/** A Postgres by its statistics views; at Neon only while somebody else keeps it awake. */
export const postgresSpec: SourceKindSpec = {
  kind: 'postgres',
  title: 'Postgres',
  reads: 'Its statistics views, over one connection. At Neon only while others keep it awake.',
  lights: [
    { panel: 'Database queries', metrics: ['db_queries_total'] },
    { panel: 'Statement families', metrics: ['db_statements_total'] },
    { panel: 'Connections', metrics: ['db_connections', 'db_connections_max'] },
    { panel: 'Longest query and locks', metrics: ['db_longest_query_seconds', 'db_locks_waiting'] },
    { panel: 'Size and cache', metrics: ['db_size_bytes', 'db_blocks_hit_total'] },
  ],
  usualSeconds: 30,
  usualFeatures: [],
  calls: [
    {
      text: 'GET /api/v2/projects/{project}/endpoints/{endpoint}',
      act: 'request',
      beat: { kind: 'visit' },
      only: 'sleeps',
      why: 'asks Neon whether a visit would wake it',
    },
    {
      text: 'connect',
      act: 'connect',
      beat: { kind: 'once' },
      why: 'again after it broke; at Neon each visit',
    },
    {
      text: '/* afterwatch:settings */ SELECT current_setting(…), …',
      act: 'query',
      beat: { kind: 'visit' },
    },
    {
      text: '/* afterwatch:database */ SELECT … FROM pg_stat_database',
      act: 'query',
      beat: { kind: 'visit' },
    },
    {
      text: '/* afterwatch:activity */ SELECT … FROM pg_stat_activity',
      act: 'query',
      beat: { kind: 'visit' },
    },
    {
      text: '/* afterwatch:statements */ SELECT … FROM pg_stat_statements',
      act: 'query',
      beat: { kind: 'visit' },
    },
    {
      text: '/* afterwatch:size */ SELECT pg_database_size(…)',
      act: 'query',
      beat: { kind: 'every', seconds: 3_600 },
    },
  ],
  price: 'Free. One connection of its limit; our statements are left out of the counts.',
  grants: [
    {
      title: 'A role that reads statistics and no table; once, as a superuser, in the database to watch',
      where: 'sql',
      text: [
        'CREATE EXTENSION IF NOT EXISTS pg_stat_statements;',
        "CREATE ROLE watcher LOGIN PASSWORD 'PASSWORD' CONNECTION LIMIT 3;",
        'GRANT pg_monitor TO watcher;',
        'ALTER ROLE watcher SET default_transaction_read_only = on;',
        "ALTER ROLE watcher SET statement_timeout = '10s';",
      ].join('\n'),
    },
  ],
  mend: null,
  memory: null,
  variables: ['DATABASE_URL'],
  docs: 'docs/connect/postgres.md',
};
