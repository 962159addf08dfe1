import { CONNECTION, DB, LATENCY, QUERY, REDIS, TRANSFER } from './names.ts';
import type { Sense } from './sense.ts';

/** How people name what Postgres and Neon count. */
export const databaseSenses: readonly Sense[] = [
  {
    metric: 'db_queries_total',
    all: [QUERY, [...DB, 'worker', 'table', 'n 1']],
    families: ['count'],
    confidence: 0.95,
  },
  {
    metric: 'db_queries_total',
    all: [QUERY],
    not: [
      'graphql',
      'search query',
      'dns',
      'media query',
      'query param',
      'query string',
      'react query',
      'elasticsearch',
      'log query',
    ],
    families: ['count'],
    confidence: 0.7,
  },
  {
    metric: 'db_queries_total',
    all: [
      DB,
      [
        'load',
        'call',
        'hit',
        'request',
        'round trip',
        'roundtrip',
        'carga',
        'llamada',
        'lookup',
        'trip',
        'operation',
        'peticion',
        'traffic',
        'read',
      ],
    ],
    families: ['count'],
    confidence: 0.75,
  },
  { metric: 'db_connections', all: [DB, CONNECTION], families: ['count'], confidence: 0.9 },
  {
    metric: 'app_db_queries_per_request',
    all: [QUERY, ['per request', 'query request', 'por peticion', 'por solicitud', 'each request']],
    families: ['count'],
    confidence: 0.97,
  },
  {
    metric: 'db_connections',
    all: [CONNECTION],
    not: ['websocket', 'socket', 'tcp', 'http', 'keep alive', 'ssh', 'vpn', ...REDIS],
    families: ['count'],
    confidence: 0.6,
  },
  {
    metric: 'app_db_pool_max',
    all: [
      [
        'connection pool',
        'pool size',
        'pool',
        'pool de conexion',
        'tamano del pool',
        'connection per machine',
        'conexion por maquina',
      ],
    ],
    not: ['thread pool', 'worker pool', ...REDIS],
    families: ['count'],
    confidence: 0.92,
  },
  {
    metric: 'db_connections_max',
    all: [['max connection', 'connection limit', 'maximum connection', 'limite de conexion']],
    families: ['count'],
    confidence: 0.93,
  },
  {
    metric: 'db_longest_query_seconds',
    all: [
      ['longest query', 'slowest query', 'longest running query', 'consulta mas larga', 'consulta mas lenta'],
    ],
    families: ['time'],
    confidence: 0.92,
  },
  {
    metric: 'db_statement_mean_seconds',
    all: [
      [...QUERY, ...DB],
      [...LATENCY, 'query time', 'execution time', 'query duration'],
    ],
    not: ['api latency', 'longest'],
    families: ['time'],
    confidence: 0.7,
  },
  {
    metric: 'db_statement_mean_seconds',
    all: [QUERY],
    not: ['longest', 'graphql', 'search query'],
    families: ['time'],
    needsUnit: true,
    confidence: 0.68,
  },
  {
    metric: 'db_transactions_total',
    all: [['transaction', 'transaccion', 'tps']],
    not: ['payment', 'order', 'purchase', 'stripe', 'checkout'],
    families: ['count'],
    confidence: 0.75,
  },
  {
    metric: 'db_rollbacks_total',
    all: [
      ['transaction', 'db', 'database'],
      ['rollback', 'rolled back'],
    ],
    families: ['count'],
    confidence: 0.85,
  },
  {
    metric: 'db_deadlocks_total',
    all: [['deadlock', 'interbloqueo']],
    families: ['count'],
    confidence: 0.92,
  },
  {
    metric: 'db_locks_waiting',
    all: [
      ['lock wait', 'waiting lock', 'blocked query', 'lock contention', 'lock waiting', 'waiting on lock'],
    ],
    families: ['count'],
    confidence: 0.8,
  },
  {
    metric: 'db_size_bytes',
    all: [
      [...DB, 'table', 'tabla'],
      ['size', 'storage', 'disk', 'tamano', 'almacenamiento'],
    ],
    not: ['pool size', 'batch size', 'page size'],
    families: ['bytes'],
    confidence: 0.75,
  },
  {
    metric: 'db_rows_total',
    all: [
      ['row', 'fila'],
      ['scanned', 'read', 'returned', 'fetched', 'examined', 'leida', 'escaneada'],
    ],
    families: ['count'],
    confidence: 0.75,
  },
  {
    metric: 'db_temp_bytes_total',
    all: [['temp file', 'temporary file', 'work mem', 'archivo temporal']],
    families: ['bytes', 'count'],
    confidence: 0.75,
  },
  {
    metric: 'db_buffer_hit_ratio',
    all: [
      [...DB, 'buffer', 'shared buffer'],
      ['hit rate', 'hit ratio', 'cache hit', 'tasa de acierto'],
    ],
    families: ['percent'],
    confidence: 0.9,
  },
  {
    metric: 'neon_active_seconds_total',
    all: [
      ['neon', 'neondb', 'compute', ...DB],
      [
        'active time',
        'awake',
        'compute time',
        'compute hour',
        'active hour',
        'tiempo activo',
        'cu hour',
        'computo',
      ],
    ],
    families: ['time', 'count'],
    confidence: 0.85,
  },
  {
    metric: 'neon_compute_starts_total',
    all: [
      ['neon', 'neondb', 'compute', 'database', 'db'],
      ['cold start', 'wake up', 'wakeup', 'wake', 'arranque en frio', 'start'],
    ],
    families: ['count'],
    confidence: 0.75,
  },
  {
    metric: 'neon_compute_suspends_total',
    all: [
      ['neon', 'neondb', 'compute', 'database', 'db'],
      ['suspension', 'suspend'],
    ],
    families: ['count'],
    confidence: 0.75,
  },
  {
    metric: 'neon_transfer_bytes_total',
    all: [['neon', 'neondb', ...DB], TRANSFER],
    families: ['bytes', 'count'],
    confidence: 0.85,
  },
  {
    metric: 'neon_storage_bytes',
    all: [
      ['neon', 'neondb'],
      ['storage', 'almacenamiento'],
    ],
    families: ['bytes'],
    confidence: 0.88,
  },
];
