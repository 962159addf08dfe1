import 'server-only';
import { appMetrics } from '@/lib/core/metrics/catalogue/app.ts';
import type { MetricEntry } from '@/lib/core/metrics/catalogue/entry.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import { redisMetrics } from '@/lib/core/metrics/catalogue/redis.ts';
import { isAppMetric } from '../app/mapping.ts';
import { type MetricSource, PRESETS } from '../app/presets.ts';
import { aggregate, selector } from '../promql/selector.ts';

/** What tells one scraped process from another. */
export const PROCESS_LABELS = ['job', 'instance'] as const;
/** Names of a machine that are better than its address, the first that a series has. */
export const MACHINE_LABELS = ['machine', 'fly_machine_id', 'pod'] as const;

/** A metric of an exporter and what it is with us. */
export interface ExporterRule {
  from: string;
  metric: MetricName;
  /** Our label → theirs. */
  labels: Readonly<Record<string, string>>;
  /** Labels that are always the same. */
  fixed?: Readonly<Record<string, string>>;
  quality?: 'inferred';
  /** True where 0 stands for "no limit" or "not set", which is no number. */
  zeroIsAbsent?: boolean;
  /** Series of several values of a label that we do not keep: added up, or the largest. One series is the rule. */
  combine?: 'sum' | 'max';
}

const ZERO_IS_ABSENT: ReadonlySet<string> = new Set(['redis_memory_max_bytes']);

/** redis_exporter: the catalogue names its metrics itself. */
export const REDIS_RULES: readonly ExporterRule[] = [
  ...Object.entries<MetricEntry>(redisMetrics).flatMap(([name, entry]): ExporterRule[] =>
    entry.standard === null
      ? []
      : [
          {
            from: entry.standard,
            // Object.entries loses the key type; the object is a constant.
            metric: name as keyof typeof redisMetrics,
            labels: Object.fromEntries(entry.labels.map((label) => [label, label])),
            ...(ZERO_IS_ABSENT.has(name) && { zeroIsAbsent: true }),
          },
        ],
  ),
  // Its name before redis_exporter 1.51.
  { from: 'redis_config_maxclients', metric: 'redis_max_clients', labels: {} },
];

/** Read beside the metrics: who the process is and when it began. */
export const REDIS_INFO = 'redis_instance_info';
export const REDIS_START = 'redis_start_time_seconds';

const database = { database: 'datname' };
const byDatabase = (column: string, metric: MetricName, fixed?: Record<string, string>): ExporterRule => ({
  from: `pg_stat_database_${column}`,
  metric,
  labels: database,
  ...(fixed !== undefined && { fixed }),
});

/** postgres_exporter, 0.9 and later. Statements and queries are read apart, since they come and go. */
export const POSTGRES_RULES: readonly ExporterRule[] = [
  { from: 'pg_up', metric: 'db_up', labels: {} },
  byDatabase('xact_commit', 'db_transactions_total'),
  byDatabase('xact_rollback', 'db_transactions_total'),
  byDatabase('xact_rollback', 'db_rollbacks_total'),
  byDatabase('deadlocks', 'db_deadlocks_total'),
  byDatabase('temp_bytes', 'db_temp_bytes_total'),
  byDatabase('blks_hit', 'db_blocks_hit_total'),
  byDatabase('blks_read', 'db_blocks_read_total'),
  ...['returned', 'fetched', 'inserted', 'updated', 'deleted'].map((kind) =>
    byDatabase(`tup_${kind}`, 'db_rows_total', { kind }),
  ),
  byDatabase('sessions', 'db_sessions_total'),
  { from: 'pg_stat_activity_count', metric: 'db_connections', labels: { state: 'state' }, combine: 'sum' },
  {
    from: 'pg_stat_activity_max_tx_duration',
    metric: 'db_longest_transaction_seconds',
    labels: {},
    combine: 'max',
  },
  { from: 'pg_settings_max_connections', metric: 'db_connections_max', labels: {} },
  {
    from: 'pg_settings_superuser_reserved_connections',
    metric: 'db_connections_reserved',
    labels: {},
    combine: 'sum',
  },
  // Came with Postgres 16.
  { from: 'pg_settings_reserved_connections', metric: 'db_connections_reserved', labels: {}, combine: 'sum' },
  { from: 'pg_database_size_bytes', metric: 'db_size_bytes', labels: database },
];

/** Where the exporter has no counts of statements, transactions stand for queries. */
export const TRANSACTION_RULES: readonly ExporterRule[] = ['xact_commit', 'xact_rollback'].map((column) => ({
  ...byDatabase(column, 'db_queries_total', { from: 'transactions' }),
  quality: 'inferred',
}));

export const POSTGRES_START = 'pg_postmaster_start_time_seconds';
export const POSTGRES_RESET = 'pg_stat_database_stats_reset';

/** Calls, seconds and rows of statements, under the names of the collector and of the older custom query. */
export const STATEMENT_NAMES = {
  calls: ['pg_stat_statements_calls_total', 'pg_stat_statements_calls'],
  seconds: ['pg_stat_statements_seconds_total', 'pg_stat_statements_total_time_seconds'],
  rows: ['pg_stat_statements_rows_total', 'pg_stat_statements_rows'],
  text: ['pg_stat_statements_query_id'],
} as const;

/** A server of ours whose numbers would come back to us. */
export const OWN_SERVER = 'afterwatch_start_time_seconds';

const SOURCES: readonly MetricSource[] = PRESETS.flatMap(({ sources }) => sources);
const BUCKETS = new Set(['http_request_seconds_bucket_total', ...namesOfPart('bucket')]);
/** Of times and states the largest stands for all; all else is counted, and adds up. */
const EXTREMES = new Set([
  ...Object.entries<MetricEntry>(appMetrics).flatMap(([name, entry]) =>
    entry.kind === 'gauge' && (entry.unit === 'seconds' || entry.unit === 'state') ? [name] : [],
  ),
  ...PRESETS.flatMap(({ metric, sources }) => {
    const { kind, unit } = appMetrics[metric];
    return kind === 'gauge' && (unit === 'seconds' || unit === 'state') ? sources.map(sampleName) : [];
  }),
  OWN_SERVER,
]);
const MACHINE_NAMES: readonly string[] = [
  ...new Set([...Object.keys(appMetrics).filter(isAppMetric), ...SOURCES.map(sampleName), OWN_SERVER]),
];
/** Every label that a preset looks at; routes and methods are added up by the engine, which spares the way here. */
const MACHINE_OWN_LABELS: readonly string[] = [
  ...new Set([
    ...SOURCES.flatMap(({ labels, where }) => [
      ...Object.values(labels).flatMap((names) => (typeof names === 'string' ? [] : names)),
      ...(where?.labels ?? []),
    ]),
    ...Object.values<MetricEntry>(appMetrics).flatMap(({ labels }) => labels),
  ]),
].filter((label) => label !== 'le');

function namesOfPart(part: MetricSource['part']): string[] {
  return SOURCES.filter((source) => source.part === part).map(sampleName);
}

function sampleName({ from, part }: MetricSource): string {
  return part === 'plain' ? from : `${from}_${part}`;
}

/** The parts in which an engine is asked, each one request. */
export const GROUPS = ['redis', 'postgres', 'statements', 'machines'] as const;
export type GroupName = (typeof GROUPS)[number];

const NAMES: Readonly<Record<GroupName, readonly string[]>> = {
  redis: [...new Set(REDIS_RULES.map(({ from }) => from)), REDIS_INFO, REDIS_START],
  postgres: [...new Set(POSTGRES_RULES.map(({ from }) => from)), POSTGRES_START, POSTGRES_RESET],
  statements: Object.values(STATEMENT_NAMES).flat(),
  machines: MACHINE_NAMES,
};

/** A matcher for the names of all groups: first words only, so that it fits into an address. */
export const NAME_PATTERN = `(${[...new Set([...Object.values(NAMES).flat(), 'up'].map((name) => name.split('_')[0]))].join('|')})(_.+)?`;

/** Names of a group that the engine has; `present` null stands for "not known": then all of them. */
export function namesOf(group: GroupName, present: ReadonlySet<string> | null): readonly string[] {
  return present === null ? NAMES[group] : NAMES[group].filter((name) => present.has(name));
}

/** When each process was scraped last, without a name, and whether that went well, as `up`. */
export function scrapesQuery(matchers: readonly string[]): string {
  const up = selector({ names: ['up'], matchers });
  return union([`max by (job, instance) (timestamp(${up}))`, aggregate('max', PROCESS_LABELS, up)]);
}

/** On series of a union, and of no meaning. */
export const PART_LABEL = 'afterwatch_part';

/**
 * Several expressions in one request. `or` looks at labels and not at names: without a label of its own, a part would
 * lose every series whose labels another metric of the parts before has too.
 */
function union(expressions: readonly string[]): string {
  const [only] = expressions;
  if (expressions.length === 1 && only !== undefined) return only;
  return expressions.map((one, i) => `label_replace(${one}, "${PART_LABEL}", "${i}", "", "")`).join(' or ');
}

/** The raw values of a group: counters as they stand, never a rate. */
export function groupQuery(group: GroupName, names: readonly string[], matchers: readonly string[]): string {
  const of = (wanted: readonly string[], more: readonly string[] = []) =>
    selector({ names: wanted, matchers: [...more, ...matchers] });
  const parts = (list: readonly (readonly [wanted: string[], make: (wanted: string[]) => string])[]) =>
    union(list.flatMap(([wanted, make]) => (wanted.length === 0 ? [] : [make(wanted)])));
  switch (group) {
    case 'redis':
      return aggregate(
        'max',
        [...PROCESS_LABELS, 'cmd', 'err', 'db', 'run_id', 'redis_version', 'role'],
        of(names),
      );
    case 'postgres': {
      const labels = [...PROCESS_LABELS, 'server', 'datname'];
      const activity = 'pg_stat_activity_count';
      const ages = 'pg_stat_activity_max_tx_duration';
      return parts([
        [names.filter((n) => n !== activity && n !== ages), (w) => aggregate('max', labels, of(w))],
        // Newer exporters list sessions by kind; older ones have client sessions only.
        [
          names.filter((n) => n === activity),
          (w) =>
            aggregate(
              'sum',
              [...PROCESS_LABELS, 'server', 'state'],
              of(w, ['backend_type=~"|client backend"']),
            ),
        ],
        [
          names.filter((n) => n === ages),
          (w) => aggregate('max', [...PROCESS_LABELS, 'server'], of(w, ['state!="idle"'])),
        ],
      ]);
    }
    case 'statements':
      return aggregate(
        'max',
        [...PROCESS_LABELS, 'server', 'datname', 'user', 'rolname', 'queryid', 'query'],
        of(names),
      );
    case 'machines': {
      const who = [...PROCESS_LABELS, ...MACHINE_LABELS];
      return parts([
        [names.filter((n) => BUCKETS.has(n)), (w) => aggregate('sum', [...who, 'le'], of(w))],
        [
          names.filter((n) => EXTREMES.has(n)),
          (w) => aggregate('max', [...who, ...MACHINE_OWN_LABELS], of(w)),
        ],
        [
          names.filter((n) => !BUCKETS.has(n) && !EXTREMES.has(n)),
          (w) => aggregate('sum', [...who, ...MACHINE_OWN_LABELS], of(w)),
        ],
      ]);
    }
    default:
      return group satisfies never;
  }
}
