import type { SnippetGroup } from './snippet.ts';

/** Caches: the shared one, the one inside the process, and those of endpoints and records. */
export const cacheSnippets: readonly SnippetGroup[] = [
  {
    id: 'cache',
    title: 'Cache',
    lightsUp: 'the hit ratio as the app sees it, and Redis GETs for each call of the cache',
    metrics: ['app_cache_lookups_total', 'app_cache_operations_total'],
    code: {
      node: `const lookups = new Counter({ name: 'app_cache_lookups_total', help: 'Cache lookups.', labelNames: ['result'] });
const operations = new Counter({ name: 'app_cache_operations_total', help: 'Calls of the cache.', labelNames: ['op'] });

operations.inc({ op: 'get' });                               // once a call: get, set or delete
lookups.inc({ result: value === null ? 'miss' : 'hit' });    // where the cache is read`,
      python: `LOOKUPS = Counter("app_cache_lookups", "Cache lookups.", ["result"])
OPERATIONS = Counter("app_cache_operations", "Calls of the cache.", ["op"])

OPERATIONS.labels(op="get").inc()                                  # once a call: get, set or delete
LOOKUPS.labels(result="miss" if value is None else "hit").inc()    # where the cache is read`,
      go: `var (
	lookups    = counter("app_cache_lookups_total", "Cache lookups.", "result")
	operations = counter("app_cache_operations_total", "Calls of the cache.", "op")
)

// operations.WithLabelValues("get").Inc() once a call: get, set or delete
// lookups.WithLabelValues("hit").Inc() where the cache is read: hit or miss`,
      otel: `const lookups = meter.createCounter('app.cache.lookups');
const operations = meter.createCounter('app.cache.operations');

operations.add(1, { op: 'get' });                               // once a call: get, set or delete
lookups.add(1, { result: value === null ? 'miss' : 'hit' });    // where the cache is read`,
    },
  },
  {
    id: 'local_cache',
    title: 'The cache inside the process',
    lightsUp: 'how warm and how full each machine’s own cache is, above all after a deploy',
    metrics: [
      'app_local_cache_bytes',
      'app_local_cache_max_bytes',
      'app_local_cache_entries',
      'app_local_cache_hits_total',
      'app_local_cache_misses_total',
      'app_local_cache_evictions_total',
    ],
    code: {
      node: `// \`cache\` is an LRUCache with maxSize, sizeCalculation and dispose: (value, key, reason) => reason === 'evict' && evictions.inc().
const hits = new Counter({ name: 'app_local_cache_hits_total', help: 'Answered here.' });
const misses = new Counter({ name: 'app_local_cache_misses_total', help: 'Not answered here.' });
const evictions = new Counter({ name: 'app_local_cache_evictions_total', help: 'Dropped for lack of room.' });
new Gauge({ name: 'app_local_cache_bytes', help: 'Size.', collect() { this.set(cache.calculatedSize); } });
new Gauge({ name: 'app_local_cache_max_bytes', help: 'Limit.', collect() { this.set(cache.maxSize); } });
new Gauge({ name: 'app_local_cache_entries', help: 'Entries.', collect() { this.set(cache.size); } });

(cache.get(key) === undefined ? misses : hits).inc();   // where it is read`,
      python: `# \`cache\` is a cachetools.LRUCache with getsizeof.
HITS = Counter("app_local_cache_hits", "Answered here.")
MISSES = Counter("app_local_cache_misses", "Not answered here.")
EVICTIONS = Counter("app_local_cache_evictions", "Dropped for lack of room.")
Gauge("app_local_cache_bytes", "Size.").set_function(lambda: cache.currsize)
Gauge("app_local_cache_max_bytes", "Limit.").set_function(lambda: cache.maxsize)
Gauge("app_local_cache_entries", "Entries.").set_function(lambda: len(cache))

(MISSES if cache.get(key) is None else HITS).inc()   # where it is read
EVICTIONS.inc()                                      # in popitem() of a subclass`,
      go: `type localCache interface {
	Bytes() int64
	MaxBytes() int64
	Len() int
}

var (
	hits      = promauto.NewCounter(prometheus.CounterOpts{Name: "app_local_cache_hits_total", Help: "Answered here."})
	misses    = promauto.NewCounter(prometheus.CounterOpts{Name: "app_local_cache_misses_total", Help: "Not answered here."})
	evictions = promauto.NewCounter(prometheus.CounterOpts{Name: "app_local_cache_evictions_total", Help: "Dropped for lack of room."})
)

func exportLocalCache(cache localCache) {
	gauge("app_local_cache_bytes", "Size.", func() float64 { return float64(cache.Bytes()) })
	gauge("app_local_cache_max_bytes", "Limit.", func() float64 { return float64(cache.MaxBytes()) })
	gauge("app_local_cache_entries", "Entries.", func() float64 { return float64(cache.Len()) })
}

// hits.Inc() or misses.Inc() where it is read, evictions.Inc() where an entry makes room`,
      otel: `// \`cache\` is an LRUCache with maxSize, sizeCalculation and dispose: (value, key, reason) => reason === 'evict' && evictions.add(1).
const hits = meter.createCounter('app.local_cache.hits');
const misses = meter.createCounter('app.local_cache.misses');
const evictions = meter.createCounter('app.local_cache.evictions');
gauge('app.local_cache.bytes', (observe) => observe(cache.calculatedSize));
gauge('app.local_cache.max_bytes', (observe) => observe(cache.maxSize));
gauge('app.local_cache.entries', (observe) => observe(cache.size));
for (const one of [hits, misses, evictions]) one.add(0);   // so that 0 is a number

(cache.get(key) === undefined ? misses : hits).add(1);     // where it is read`,
    },
  },
  {
    id: 'endpoint_cache',
    title: 'The cache of an endpoint',
    lightsUp: 'an endpoint’s hit ratio, statements, time to live and invalidations',
    metrics: [
      'app_endpoint_cache_lookups_total',
      'app_endpoint_queries_total',
      'app_endpoint_cache_ttl_seconds',
      'app_endpoint_cache_invalidations_total',
    ],
    code: {
      node: `// \`endpoint\` is the route’s template, such as /session/:id: an address would make a series of its own for each id.
const endpointLookups = new Counter({ name: 'app_endpoint_cache_lookups_total', help: 'Lookups.', labelNames: ['endpoint', 'result'] });
const endpointQueries = new Counter({ name: 'app_endpoint_queries_total', help: 'Statements.', labelNames: ['endpoint'] });
const invalidations = new Counter({ name: 'app_endpoint_cache_invalidations_total', help: 'Thrown away.', labelNames: ['endpoint'] });
const ttl = new Gauge({ name: 'app_endpoint_cache_ttl_seconds', help: 'Kept for.', labelNames: ['endpoint'] });

ttl.set({ endpoint }, ttlSeconds);                       // once, at the start
endpointLookups.inc({ endpoint, result: 'hit' });        // where it is read: hit or miss
endpointQueries.inc({ endpoint });                       // where a statement is sent for it
invalidations.inc({ endpoint });                         // where its answers are thrown away early`,
      python: `# \`endpoint\` is the route's template, such as /session/{id}: an address would make a series of its own for each id.
ENDPOINT_LOOKUPS = Counter("app_endpoint_cache_lookups", "Lookups.", ["endpoint", "result"])
ENDPOINT_QUERIES = Counter("app_endpoint_queries", "Statements.", ["endpoint"])
INVALIDATIONS = Counter("app_endpoint_cache_invalidations", "Thrown away.", ["endpoint"])
TTL = Gauge("app_endpoint_cache_ttl_seconds", "Kept for.", ["endpoint"])

TTL.labels(endpoint).set(ttl_seconds)            # once, at the start
ENDPOINT_LOOKUPS.labels(endpoint, "hit").inc()   # where it is read: hit or miss
ENDPOINT_QUERIES.labels(endpoint).inc()          # where a statement is sent for it
INVALIDATIONS.labels(endpoint).inc()             # where its answers are thrown away early`,
      go: `// endpoint is the route's template, such as /session/{id}: an address would make a series of its own for each id.
var (
	endpointLookups = counter("app_endpoint_cache_lookups_total", "Lookups.", "endpoint", "result")
	endpointQueries = counter("app_endpoint_queries_total", "Statements.", "endpoint")
	invalidations   = counter("app_endpoint_cache_invalidations_total", "Thrown away.", "endpoint")
	ttl             = promauto.NewGaugeVec(
		prometheus.GaugeOpts{Name: "app_endpoint_cache_ttl_seconds", Help: "Kept for."}, []string{"endpoint"})
)

// ttl.WithLabelValues(endpoint).Set(10) once, at the start
// endpointLookups.WithLabelValues(endpoint, "hit").Inc() where it is read: hit or miss
// endpointQueries.WithLabelValues(endpoint).Inc() where a statement is sent for it
// invalidations.WithLabelValues(endpoint).Inc() where its answers are thrown away early`,
      otel: `// \`endpoint\` is the route’s template, such as /session/:id: an address would make a series of its own for each id.
const endpointLookups = meter.createCounter('app.endpoint_cache.lookups');
const endpointQueries = meter.createCounter('app.endpoint.queries');
const invalidations = meter.createCounter('app.endpoint_cache.invalidations');
gauge('app.endpoint_cache.ttl_seconds', (observe) => observe(ttlSeconds, { endpoint }));

endpointLookups.add(1, { endpoint, result: 'hit' });     // where it is read: hit or miss
endpointQueries.add(1, { endpoint });                    // where a statement is sent for it
invalidations.add(1, { endpoint });                      // where its answers are thrown away early`,
    },
  },
  {
    id: 'records',
    title: 'Lookups of tenants and webhooks',
    lightsUp: 'which kind of record is asked of the database again and again',
    metrics: ['app_record_lookups_total'],
    code: {
      node: `const records = new Counter({ name: 'app_record_lookups_total', help: 'Lookups.', labelNames: ['kind', 'result'] });

records.inc({ kind: 'tenant', result: 'miss' });   // hit: a cache had it; miss: the database was asked
records.inc({ kind: 'webhook', result: 'hit' });`,
      python: `RECORDS = Counter("app_record_lookups", "Lookups.", ["kind", "result"])

RECORDS.labels(kind="tenant", result="miss").inc()   # hit: a cache had it; miss: the database was asked
RECORDS.labels(kind="webhook", result="hit").inc()`,
      go: `var records = counter("app_record_lookups_total", "Lookups.", "kind", "result")

// records.WithLabelValues("tenant", "miss").Inc() hit: a cache had it; miss: the database was asked
// records.WithLabelValues("webhook", "hit").Inc()`,
      otel: `const records = meter.createCounter('app.record.lookups');

records.add(1, { kind: 'tenant', result: 'miss' });   // hit: a cache had it; miss: the database was asked
records.add(1, { kind: 'webhook', result: 'hit' });`,
    },
  },
];
