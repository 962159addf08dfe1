import { DB, MEMORY, REDIS, TRANSFER } from './names.ts';
import type { Sense } from './sense.ts';

/** How people name what machines and the app on them count. */
export const machinesSenses: readonly Sense[] = [
  {
    metric: 'app_resident_memory_bytes',
    all: [MEMORY],
    not: [...REDIS, 'local memory', 'in memory', 'shared memory', 'gpu', ...DB, 'memory leak'],
    families: ['bytes'],
    confidence: 0.8,
  },
  {
    metric: 'app_cpu_seconds_total',
    all: [['cpu']],
    not: [...REDIS, ...DB, 'steal', 'throttl'],
    families: ['percent', 'time'],
    confidence: 0.75,
  },
  { metric: 'app_event_loop_lag_seconds', all: [['event loop']], families: ['time'], confidence: 0.92 },
  {
    metric: 'fly_machine_exits_total',
    labels: { reason: 'oom' },
    all: [['oom', 'out of memory', 'oom kill']],
    families: ['count'],
    confidence: 0.88,
  },
  {
    metric: 'fly_machine_exits_total',
    all: [['restart', 'crash', 'reinicio', 'caida', 'crashe']],
    not: ['browser', 'client', 'mobile', 'crash free', ...DB, ...REDIS],
    families: ['count'],
    confidence: 0.72,
  },
  {
    metric: 'fly_machines',
    all: [['machine', 'vm', 'maquina', 'app instance', 'instancia']],
    not: [
      'restart',
      'crash',
      'reinicio',
      'per machine',
      'por maquina',
      'connection',
      'conexion',
      'state machine',
      'machine learning',
    ],
    families: ['count'],
    confidence: 0.75,
  },
  {
    metric: 'fly_machine_net_sent_bytes_total',
    all: [['machine', 'app', 'server', 'fly'], TRANSFER],
    families: ['bytes'],
    confidence: 0.65,
  },
  {
    metric: 'app_local_cache_hits_total',
    all: [
      ['local', 'in process', 'in memory', 'lru'],
      ['cache hit', 'hit'],
    ],
    families: ['count'],
    confidence: 0.85,
  },
  {
    metric: 'app_local_cache_evictions_total',
    all: [
      ['local', 'in process', 'in memory', 'lru'],
      ['eviction', 'evicted'],
    ],
    families: ['count'],
    confidence: 0.88,
  },
  {
    metric: 'app_local_cache_bytes',
    all: [
      ['local cache', 'in memory cache', 'in process cache', 'cache local'],
      ['size', 'memory', 'use', 'tamano'],
    ],
    families: ['bytes'],
    confidence: 0.8,
  },
  {
    metric: 'app_limiter_decisions_total',
    labels: { decision: 'limited' },
    all: [
      [
        'rate limit',
        'rate limiting',
        'rate limiter',
        'limiter',
        'limite de tasa',
        'throttled request',
        'limitador',
      ],
    ],
    not: ['#get', ...REDIS, '429', 'redis'],
    families: ['count'],
    confidence: 0.7,
  },
  {
    metric: 'app_limiter_decisions_total',
    labels: { decision: 'failed_open' },
    all: [['failed open', 'fail open']],
    families: ['count'],
    confidence: 0.85,
  },
  {
    metric: 'app_breaker_state',
    all: [['circuit breaker', 'breaker']],
    not: ['#get', ...REDIS],
    families: ['count'],
    confidence: 0.7,
  },
  {
    metric: 'app_worker_polls_total',
    all: [
      ['worker', 'poller', 'poll', 'polling', 'sondeo'],
      ['poll', 'polling', 'sondeo', 'wakeup'],
    ],
    not: ['query', 'interval', 'consulta'],
    families: ['count'],
    confidence: 0.75,
  },
  {
    metric: 'app_health_ok',
    all: [['health check', 'healthy', 'health', 'uptime', 'availability', 'disponibilidad', 'salud']],
    not: ['availability zone'],
    families: ['count', 'percent'],
    confidence: 0.6,
  },
  {
    metric: 'logs_pattern_lines_total',
    all: [['log'], ['error', 'line', 'warning', 'linea']],
    families: ['count'],
    confidence: 0.55,
  },
];
