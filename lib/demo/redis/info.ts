import type { RedisState } from '../world-state.ts';
import type { Served } from './served.ts';

/** The version whose INFO is written here. */
export const REDIS_VERSION = '7.2.5';

/** What INFO is written from. */
export interface InfoInput {
  atMs: number;
  port: number;
  state: RedisState;
  served: Served;
  /** Clients connected to this server, beside those of the story. */
  clients: number;
  /** Keys that were really set here. */
  ownKeys: number;
  /** Commands a second in the newest second. */
  opsPerSecond: number;
}

type Lines = readonly (readonly [string, string | number])[];

/** In the order in which the server prints them. */
const SECTIONS = {
  server: serverLines,
  clients: clientLines,
  memory: memoryLines,
  persistence: persistenceLines,
  stats: statsLines,
  replication: replicationLines,
  cpu: cpuLines,
  modules: () => [],
  commandstats: commandLines,
  errorstats: errorLines,
  latencystats: () => [],
  cluster: () => [['cluster_enabled', 0]] as const,
  keyspace: keyspaceLines,
} satisfies Record<string, (input: InfoInput) => Lines>;
type Section = keyof typeof SECTIONS;

const TITLES: Partial<Record<Section, string>> = { cpu: 'CPU' };
const NOT_IN_DEFAULT = new Set<Section>(['commandstats', 'latencystats']);

/** The text of INFO for the sections asked for; none means the default ones, an unknown one gives nothing. */
export function writeInfo(input: InfoInput, asked: readonly string[]): string {
  const names = new Set(asked.map((name) => name.toLowerCase()));
  const all = names.has('all') || names.has('everything');
  const byDefault = names.size === 0 || names.has('default');
  const parts: string[] = [];
  for (const section of Object.keys(SECTIONS) as Section[]) {
    const wanted =
      names.has(section) ||
      (all && (section !== 'modules' || names.has('everything'))) ||
      (byDefault && !NOT_IN_DEFAULT.has(section));
    if (!wanted) continue;
    const title = TITLES[section] ?? `${section[0]?.toUpperCase()}${section.slice(1)}`;
    const lines = SECTIONS[section](input).map(([name, value]) => `${name}:${value}\r\n`);
    parts.push(`# ${title}\r\n${lines.join('')}`);
  }
  return parts.join('\r\n');
}

function serverLines({ atMs, port, state }: InfoInput): Lines {
  const uptimeSeconds = Math.max(0, Math.floor((atMs - state.startedMs) / 1000));
  return [
    ['redis_version', REDIS_VERSION],
    ['redis_mode', 'standalone'],
    ['os', 'Linux 6.1.0 x86_64'],
    ['arch_bits', 64],
    ['process_id', 1],
    ['run_id', state.runId],
    ['tcp_port', port],
    ['server_time_usec', Math.round(atMs * 1000)],
    ['uptime_in_seconds', uptimeSeconds],
    ['uptime_in_days', Math.floor(uptimeSeconds / 86_400)],
    ['hz', 10],
    ['configured_hz', 10],
    ['executable', '/data/redis-server'],
    ['config_file', ''],
    ['io_threads_active', 0],
  ];
}

function clientLines({ state, clients }: InfoInput): Lines {
  return [
    ['connected_clients', state.connectedClients + clients],
    ['cluster_connections', 0],
    ['maxclients', 10_000],
    ['blocked_clients', 0],
    ['tracking_clients', 0],
  ];
}

function memoryLines({ state, ownKeys }: InfoInput): Lines {
  const used = state.usedBytes + ownKeys * 160;
  const rss = Math.round(used * 1.18) + 7_340_032;
  return [
    ['used_memory', used],
    ['used_memory_rss', rss],
    // The most since the start is what a full cache takes.
    ['used_memory_peak', Math.max(used, state.peakBytes)],
    ['used_memory_dataset', Math.round(used * 0.9)],
    ['used_memory_overhead', Math.round(used * 0.1)],
    ['used_memory_startup', 876_104],
    ['total_system_memory', 1_073_741_824],
    ['maxmemory', 268_435_456],
    ['maxmemory_policy', 'allkeys-lru'],
    ['allocator_frag_ratio', '1.06'],
    ['mem_fragmentation_ratio', (rss / used).toFixed(2)],
    ['mem_not_counted_for_evict', 0],
    ['mem_clients_normal', 22_400],
    ['lazyfree_pending_objects', 0],
  ];
}

function persistenceLines({ state }: InfoInput): Lines {
  return [
    ['loading', 0],
    ['async_loading', 0],
    ['rdb_changes_since_last_save', state.commands.set ?? 0],
    ['rdb_bgsave_in_progress', 0],
    ['rdb_last_save_time', Math.floor(state.startedMs / 1000)],
    ['rdb_last_bgsave_status', 'ok'],
    ['rdb_last_bgsave_time_sec', -1],
    ['rdb_saves', 0],
    ['aof_enabled', 0],
  ];
}

function statsLines({ state, served, opsPerSecond }: InfoInput): Lines {
  const commands = sum(Object.values(state.commands)) + served.total(served.calls);
  const writes = commands - state.hits - state.misses;
  return [
    ['total_connections_received', state.connectionsReceived + served.connections],
    ['total_commands_processed', commands],
    ['instantaneous_ops_per_sec', opsPerSecond],
    ['total_net_input_bytes', (state.hits + state.misses) * 46 + writes * 118],
    ['total_net_output_bytes', state.hits * 402 + state.misses * 5 + writes * 9],
    ['rejected_connections', 0],
    ['sync_full', 0],
    ['sync_partial_ok', 0],
    ['sync_partial_err', 0],
    ['expired_keys', state.expiredKeys],
    ['evicted_keys', 0],
    ['evicted_clients', 0],
    ['keyspace_hits', state.hits + served.hits],
    ['keyspace_misses', state.misses + served.misses],
    ['pubsub_channels', 0],
    ['pubsub_patterns', 0],
    ['latest_fork_usec', 0],
    ['total_forks', 0],
    ['unexpected_error_replies', 0],
    ['total_error_replies', served.total(served.errors)],
    // Pipelining puts several commands into one read of the socket.
    ['total_reads_processed', Math.floor(commands * 0.92)],
    ['total_writes_processed', Math.floor(commands * 0.91)],
    ['acl_access_denied_auth', served.errors.get('WRONGPASS') ?? 0],
    ['acl_access_denied_cmd', 0],
    ['acl_access_denied_key', 0],
    ['acl_access_denied_channel', 0],
  ];
}

function replicationLines({ state }: InfoInput): Lines {
  return [
    ['role', 'master'],
    ['connected_slaves', 0],
    ['master_failover_state', 'no-failover'],
    ['master_replid', [...state.runId].reverse().join('')],
    ['master_repl_offset', 0],
    ['repl_backlog_active', 0],
  ];
}

function cpuLines({ atMs, state }: InfoInput): Lines {
  const commands = sum(Object.values(state.commands));
  const upSeconds = Math.max(0, (atMs - state.startedMs) / 1000);
  const sys = commands * 8.1e-6 + upSeconds * 0.0011;
  const user = commands * 5.2e-6 + upSeconds * 0.0014;
  return [
    ['used_cpu_sys', sys.toFixed(6)],
    ['used_cpu_user', user.toFixed(6)],
    ['used_cpu_sys_children', '0.000000'],
    ['used_cpu_user_children', '0.000000'],
    ['used_cpu_sys_main_thread', (sys * 0.98).toFixed(6)],
    ['used_cpu_user_main_thread', (user * 0.98).toFixed(6)],
  ];
}

/** Mean time of one call in microseconds. */
const USEC: Readonly<Record<string, number>> = {
  get: 1.9,
  set: 3.4,
  incr: 2.6,
  expire: 2.2,
  hgetall: 4.8,
  del: 2.9,
  ping: 0.6,
  info: 41,
};
const USUAL_USEC = 3;

function commandLines({ state, served }: InfoInput): Lines {
  const names = new Set([...Object.keys(state.commands), ...served.calls.keys(), ...served.rejected.keys()]);
  const lines: [string, string][] = [];
  for (const name of names) {
    const calls = (state.commands[name] ?? 0) + (served.calls.get(name) ?? 0);
    const rejected = served.rejected.get(name) ?? 0;
    if (calls + rejected === 0) continue;
    const usec = Math.round(calls * (USEC[name] ?? USUAL_USEC));
    const each = calls === 0 ? '0.00' : (usec / calls).toFixed(2);
    const failed = served.failed.get(name) ?? 0;
    lines.push([
      `cmdstat_${name}`,
      `calls=${calls},usec=${usec},usec_per_call=${each},rejected_calls=${rejected},failed_calls=${failed}`,
    ]);
  }
  return lines;
}

function errorLines({ served }: InfoInput): Lines {
  return [...served.errors].map(([prefix, count]) => [`errorstat_${prefix}`, `count=${count}`] as const);
}

function keyspaceLines({ state, ownKeys }: InfoInput): Lines {
  const keys = state.keys + ownKeys;
  return keys === 0 ? [] : [['db0', `keys=${keys},expires=${state.keysExpiring},avg_ttl=148200`]];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
