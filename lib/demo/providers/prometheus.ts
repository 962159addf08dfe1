import { machineFamilies } from '../machine/families.ts';
import { hexOf } from '../noise.ts';
import type { PromWorld } from '../prometheus/world.ts';
import { APP } from '../story.ts';
import type { World } from '../world.ts';
import type { MachineState, PostgresState, RedisState } from '../world-state.ts';
import { SeriesMemory } from './series-memory.ts';

/** What the fleet's own Prometheus still knows. */
const REMEMBERS_MS = 15 * 86_400_000;
const SCRAPES_EVERY_MS = 15_000;

/** What its relabelling keeps of a machine's page, as people do to keep an engine small. */
const KEPT: ReadonlySet<string> = new Set([
  'http_request_duration_seconds',
  'app_redis_commands_total',
  'app_redis_suspended',
  'app_cache_operations_total',
  'app_worker_polls_total',
  'app_db_pool_max',
  'app_db_queries_total',
  'process_start_time_seconds',
  'process_resident_memory_bytes',
]);

type Labels = Readonly<Record<string, string>>;
type Put = (name: string, value: number, labels?: Labels) => void;

/** A Prometheus that scrapes the machines, and the usual exporters of the cache and of the database. */
export function prometheusWorld(world: World): PromWorld {
  const memory = new SeriesMemory(world.faults);
  return {
    seriesAt(atMs) {
      if (atMs < world.startMs - REMEMBERS_MS) return [];
      const scrapedMs = Math.floor(atMs / SCRAPES_EVERY_MS) * SCRAPES_EVERY_MS;
      return memory.at(scrapedMs, (put) => {
        const { redis, postgres, machines } = world.at(scrapedMs);
        const into = (job: string, instance: string): Put => {
          const where = { job, instance };
          return (name, value, labels) => put(name, value, where, labels);
        };
        redisSeries(into('redis', 'cache-exporter:9121'), redis);
        postgresSeries(into('postgres', 'db-exporter:9187'), postgres, world.seed);
        for (const machine of machines) {
          const where = { job: APP, instance: `${machine.name}:9091`, machine: machine.name };
          machineSeries((name, value, labels) => put(name, value, where, labels), machine);
        }
      });
    },
  };
}

function redisSeries(put: Put, redis: RedisState): void {
  const isUp = redis.reachable && redis.quota === null;
  put('up', 1);
  put('redis_up', isUp ? 1 : 0);
  if (!isUp) return;
  put('redis_instance_info', 1, { run_id: redis.runId, redis_version: '7.2.5', role: 'master' });
  put('redis_start_time_seconds', Math.floor(redis.startedMs / 1_000));
  for (const [cmd, calls] of Object.entries(redis.commands)) put('redis_commands_total', calls, { cmd });
  put('redis_commands_processed_total', processedOf(redis));
  put('redis_keyspace_hits_total', redis.hits);
  put('redis_keyspace_misses_total', redis.misses);
  put('redis_connections_received_total', redis.connectionsReceived);
  put('redis_connected_clients', redis.connectedClients);
  put('redis_expired_keys_total', redis.expiredKeys);
  put('redis_memory_used_bytes', redis.usedBytes);
  put('redis_db_keys', redis.keys, { db: 'db0' });
}

function processedOf({ commands }: RedisState): number {
  let sum = 0;
  for (const calls of Object.values(commands)) sum += calls;
  return sum;
}

const DATABASE: Labels = { datname: APP, server: 'db.internal:5432' };

function postgresSeries(put: Put, postgres: PostgresState, seed: number): void {
  put('up', 1);
  put('pg_up', 1, { server: DATABASE.server ?? '' });
  put('pg_postmaster_start_time_seconds', postgres.startedMs / 1_000, { server: DATABASE.server ?? '' });
  let calls = 0;
  for (const one of postgres.statements) {
    const labels = statementLabels(seed, one.query);
    put('pg_stat_statements_calls_total', one.calls, labels);
    put('pg_stat_statements_seconds_total', one.totalMs / 1_000, labels);
    put('pg_stat_statements_rows_total', one.rows, labels);
    calls += one.calls;
  }
  put('pg_stat_database_xact_commit', calls, DATABASE);
  put('pg_stat_database_sessions', postgres.sessions, DATABASE);
  put('pg_stat_activity_count', postgres.connections.active, { ...DATABASE, state: 'active' });
  put('pg_stat_activity_count', postgres.connections.idle, { ...DATABASE, state: 'idle' });
  put('pg_settings_max_connections', 112, { server: DATABASE.server ?? '' });
  put('pg_database_size_bytes', postgres.sizeBytes, DATABASE);
}

const statements = new Map<string, Labels>();

function statementLabels(seed: number, query: string): Labels {
  const known = statements.get(query) ?? { ...DATABASE, user: APP, queryid: hexOf(seed, query, 16), query };
  statements.set(query, known);
  return known;
}

/** What the engine got from a machine's own page; nothing while it could not be reached. */
function machineSeries(put: Put, machine: MachineState): void {
  put('up', machine.reachable ? 1 : 0);
  if (!machine.reachable) return;
  for (const { name, samples } of machineFamilies(machine)) {
    if (!KEPT.has(name)) continue;
    for (const [suffix, labels, value] of samples) {
      put(`${name}${suffix}`, value, labels);
    }
  }
}
