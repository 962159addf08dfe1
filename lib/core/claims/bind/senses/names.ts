// What people call things, in the form of `plainWords`; used by several senses.

/** Stores that speak the Redis protocol. */
export const REDIS = ['redis', 'upstash', 'valkey', 'elasticache', 'keydb', 'dragonfly'];
/** Databases of SQL. */
export const DB = [
  'database',
  'db',
  'postgres',
  'postgresql',
  'neon',
  'neondb',
  'sql',
  'supabase',
  'rds',
  'base de dato',
  'bd',
  'pg',
  'aurora',
];
/** What is asked of a database. */
export const QUERY = ['query', 'consulta', 'sql statement', 'sql call'];
/** How long an answer takes. */
export const LATENCY = [
  'latency',
  'response time',
  'latencia',
  'tiempo de respuesta',
  'respond in',
  'responding in',
  'request time',
  'request duration',
];
/** Connections that are open. */
export const CONNECTION = ['connection', 'conexion', 'connected client', 'client connection'];
/** What went wrong. */
export const ERROR = ['error', 'failure', 'fallo', 'errore', 'failed'];
/** Memory of a process or a store. */
export const MEMORY = ['memory', 'memoria', 'ram', 'rss', 'heap'];
/** Bytes that leave. */
export const TRANSFER = [
  'bandwidth',
  'egress',
  'transfer',
  'network out',
  'ancho de banda',
  'transferencia',
  'data out',
];
/** What answers HTTP. */
export const HTTP = ['http', 'api', 'endpoint', 'route', 'web', 'server', 'app', 'proxy', 'backend', 'ruta'];
/** What is asked of Redis. */
export const OPERATION = [
  'command',
  'operation',
  'op',
  'ops',
  'request',
  'call',
  'comando',
  'operacion',
  'peticion',
  'solicitud',
  'llamada',
  'traffic',
  'load',
  'trafico',
  'hit',
  'round trip',
  'roundtrip',
];
/** Services of others: their calls and latencies are measured by nobody here. */
export const FOREIGN = [
  'stripe',
  'slack',
  'github',
  'openai',
  'anthropic',
  'google',
  'salesforce',
  'hubspot',
  'twilio',
  'sendgrid',
  'shopify',
  'third party',
  'external',
  'llm',
  'webhook',
];
/** The rate limiter. */
export const LIMITER = ['limiter', 'rate limit', 'rate limiting'];
