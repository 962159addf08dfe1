import type { SourceKindSpec } from '../source-kind.ts';

/** Redis over its own protocol. Probes and metering: docs/connect/redis.md. */
export const redisSpec: SourceKindSpec = {
  kind: 'redis',
  title: 'Redis, Valkey, Upstash over TCP',
  reads: 'INFO over one connection that stays open.',
  lights: [
    { panel: 'Redis GETs', metrics: ['redis_commands_total', 'redis_read_commands_total'] },
    { panel: 'Redis mode', metrics: ['redis_commands_processed_total', 'redis_probe_refused_ratio'] },
    { panel: 'Cache hit ratio', metrics: ['redis_keyspace_hits_total', 'redis_keyspace_misses_total'] },
    { panel: 'Commands by command', metrics: ['redis_commands_total'] },
    { panel: 'Memory and evictions', metrics: ['redis_memory_used_bytes', 'redis_evicted_keys_total'] },
    { panel: 'Connections', metrics: ['redis_connected_clients', 'redis_rejected_connections_total'] },
  ],
  usualSeconds: 15,
  usualFeatures: [],
  calls: [
    { text: 'connect', act: 'connect', beat: { kind: 'once' }, why: 'again after it broke' },
    { text: 'AUTH', act: 'command', beat: { kind: 'once' }, only: 'login', why: 'on each connect' },
    { text: 'INFO', act: 'command', beat: { kind: 'visit' } },
    {
      text: 'GET afterwatch:probe',
      act: 'command',
      beat: { kind: 'at_most', aDay: 9 },
      only: 'metered',
      why: 'finds out why it refuses, when it does',
    },
  ],
  price: 'Free where commands are not billed. Metered: $0.20 per 100K commands at Upstash, pay as you go.',
  grants: [
    {
      title: 'A user that reads INFO and one key that does not exist',
      where: 'redis-cli',
      text: 'ACL SETUSER watcher on >PASSWORD resetkeys ~afterwatch:probe -@all +info +get',
    },
  ],
  mend: null,
  memory: null,
  variables: ['REDIS_URL'],
  docs: 'docs/connect/redis.md',
};
