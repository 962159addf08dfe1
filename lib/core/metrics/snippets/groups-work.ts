import type { SnippetGroup } from './snippet.ts';

/** The database, workers, and HTTP. */
export const workSnippets: readonly SnippetGroup[] = [
  {
    id: 'database',
    title: 'Database statements and pool',
    lightsUp: 'statements for each request, and pool size × machines against the database’s limit',
    metrics: ['app_db_queries_total', 'app_db_pool_used', 'app_db_pool_size', 'app_db_pool_max'],
    code: {
      node: `// Read at scrape time: a gauge that nobody updates goes stale. \`pool\` is a pg.Pool.
const queries = new Counter({ name: 'app_db_queries_total', help: 'Statements sent.' });
new Gauge({ name: 'app_db_pool_used', help: 'In use.', collect() { this.set(pool.totalCount - pool.idleCount); } });
new Gauge({ name: 'app_db_pool_size', help: 'Open.', collect() { this.set(pool.totalCount); } });
new Gauge({ name: 'app_db_pool_max', help: 'Allowed.', collect() { this.set(pool.options.max); } });

queries.inc();   // where a statement is sent`,
      python: `# With SQLAlchemy.
QUERIES = Counter("app_db_queries", "Statements sent.")
sqlalchemy.event.listen(engine, "before_cursor_execute", lambda *args: QUERIES.inc())
Gauge("app_db_pool_used", "In use.").set_function(lambda: engine.pool.checkedout())
Gauge("app_db_pool_size", "Open.").set_function(lambda: engine.pool.checkedin() + engine.pool.checkedout())
Gauge("app_db_pool_max", "Allowed.").set(pool_size + max_overflow)`,
      go: `// With database/sql, collectors.NewDBStatsCollector(db, "app") gives the pool; these are for other pools, such as pgxpool.
var queries = promauto.NewCounter(prometheus.CounterOpts{Name: "app_db_queries_total", Help: "Statements sent."})

func exportPool(pool *pgxpool.Pool) {
	gauge("app_db_pool_used", "In use.", func() float64 { return float64(pool.Stat().AcquiredConns()) })
	gauge("app_db_pool_size", "Open.", func() float64 { return float64(pool.Stat().TotalConns()) })
	gauge("app_db_pool_max", "Allowed.", func() float64 { return float64(pool.Stat().MaxConns()) })
}

// queries.Inc() where a statement is sent`,
      otel: `// \`pool\` is a pg.Pool.
const queries = meter.createCounter('app.db.queries');
gauge('app.db.pool.used', (observe) => observe(pool.totalCount - pool.idleCount));
gauge('app.db.pool.size', (observe) => observe(pool.totalCount));
gauge('app.db.pool.max', (observe) => observe(pool.options.max));

queries.add(1);   // where a statement is sent`,
    },
  },
  {
    id: 'workers',
    title: 'Background workers',
    lightsUp: 'how often workers ask the database for work, which keeps it awake',
    metrics: ['app_worker_polls_total'],
    code: {
      node: `const polls = new Counter({ name: 'app_worker_polls_total', help: 'Times asked for work.', labelNames: ['family'] });

polls.inc({ family: 'due jobs' });   // where a worker asks; the family is a short name of its statement`,
      python: `POLLS = Counter("app_worker_polls", "Times asked for work.", ["family"])

POLLS.labels(family="due jobs").inc()   # where a worker asks; the family is a short name of its statement`,
      go: `var polls = counter("app_worker_polls_total", "Times asked for work.", "family")

// polls.WithLabelValues("due jobs").Inc() where a worker asks; the family is a short name of its statement`,
      otel: `const polls = meter.createCounter('app.worker.polls');

polls.add(1, { family: 'due jobs' });   // where a worker asks; the family is a short name of its statement`,
    },
  },
  {
    id: 'jobs',
    title: 'Dropped jobs',
    lightsUp: 'work that was lost while its queue could not be reached, such as when Redis is suspended',
    metrics: ['app_jobs_dropped_total'],
    code: {
      node: `const dropped = new Counter({ name: 'app_jobs_dropped_total', help: 'Jobs given up.', labelNames: ['queue'] });
dropped.inc({ queue: 'mail' }, 0);   // so that 0 is a number

dropped.inc({ queue: 'mail' });      // where a job cannot be queued and nobody tries again`,
      python: `DROPPED = Counter("app_jobs_dropped", "Jobs given up.", ["queue"])
DROPPED.labels(queue="mail")         # so that 0 is a number

DROPPED.labels(queue="mail").inc()   # where a job cannot be queued and nobody tries again`,
      go: `var dropped = counter("app_jobs_dropped_total", "Jobs given up.", "queue")

// dropped.WithLabelValues("mail").Inc() where a job cannot be queued and nobody tries again`,
      otel: `const dropped = meter.createCounter('app.jobs.dropped');
dropped.add(0, { queue: 'mail' });   // so that 0 is a number

dropped.add(1, { queue: 'mail' });   // where a job cannot be queued and nobody tries again`,
    },
  },
  {
    id: 'http',
    title: 'HTTP responses',
    lightsUp: 'requests, exact 429s, and everything that is told for each request',
    metrics: ['http_responses_total', 'http_requests_in_flight'],
    code: {
      node: `const responses = new Counter({ name: 'http_responses_total', help: 'Responses.', labelNames: ['status'] });
const inFlight = new Gauge({ name: 'http_requests_in_flight', help: 'Being worked on.' });

/** For http.createServer, Express and everything between; latency comes with the libraries above. */
function countResponses(request, response) {
  inFlight.inc();
  response.once('finish', () => responses.inc({ status: String(response.statusCode) }));
  response.once('close', () => inFlight.dec());
}
server.on('request', countResponses);`,
      python: `RESPONSES = Counter("http_responses", "Responses.", ["status"])
IN_FLIGHT = Gauge("http_requests_in_flight", "Being worked on.")


def count_responses(app):
    """Around any WSGI app; latency comes with the libraries above."""

    def counting(environ, start_response):
        def start(status, headers, exc_info=None):
            RESPONSES.labels(status=status[:3]).inc()
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        with IN_FLIGHT.track_inprogress():
            return app(environ, start)

    return counting`,
      go: `// With promhttp: http.Handle("/", promhttp.InstrumentHandlerInFlight(inFlight, promhttp.InstrumentHandlerCounter(responses, handler)))
var (
	responses = promauto.NewCounterVec(prometheus.CounterOpts{Name: "http_responses_total", Help: "Responses."}, []string{"code"})
	inFlight  = promauto.NewGauge(prometheus.GaugeOpts{Name: "http_requests_in_flight", Help: "Being worked on."})
)`,
      otel: `// The HTTP instrumentation gives http.server.request.duration, which is read as it is; without it:
const responses = meter.createCounter('http.responses');
const inFlight = meter.createUpDownCounter('http.requests_in_flight');

inFlight.add(1);                        // where a request begins, and inFlight.add(-1) where it ends
responses.add(1, { status: '429' });    // where it is answered`,
    },
  },
];
