import type { SnippetGroup } from './snippet.ts';

/** Redis: what the app sends, whether it may, and how its guards use it. */
export const redisSnippets: readonly SnippetGroup[] = [
  {
    id: 'redis_commands',
    title: 'Redis commands and connects',
    lightsUp:
      'Redis GETs by machine and by part of the app, commands for each request, and attempts to connect that fail',
    metrics: ['app_redis_commands_total', 'app_redis_connects_total'],
    code: {
      node: `const commands = new Counter({ name: 'app_redis_commands_total', help: 'Redis commands sent.', labelNames: ['cmd', 'component'] });
const connects = new Counter({ name: 'app_redis_connects_total', help: 'Attempts to connect to Redis.', labelNames: ['result'] });
const HANDSHAKE = new Set(['hello', 'auth', 'client', 'select', 'info']);

/** Counts what an ioredis client sends, pipelines included; what waits in its offline queue is counted when it goes. */
function countCommands(redis, component) {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, ...rest) => {
    const goes = redis.status === 'ready' || (redis.status === 'connect' && HANDSHAKE.has(command.name));
    if (goes) commands.inc({ cmd: command.name, component });
    return send(command, ...rest);
  };
  redis.on('ready', () => connects.inc({ result: 'ok' }));
  redis.on('error', () => redis.status !== 'ready' && connects.inc({ result: 'failed' }));
  return redis;
}
countCommands(redis, 'cache');`,
      python: `import redis

COMMANDS = Counter("app_redis_commands", "Redis commands sent.", ["cmd", "component"])
CONNECTS = Counter("app_redis_connects", "Attempts to connect to Redis.", ["result"])


def count(args, component):
    COMMANDS.labels(cmd=str(args[0]).split()[0].lower(), component=component).inc()


class CountingConnection(redis.Connection):
    def connect(self):
        if getattr(self, "_sock", None) is not None:
            return
        try:
            super().connect()
        except redis.RedisError:
            CONNECTS.labels(result="failed").inc()
            raise
        CONNECTS.labels(result="ok").inc()


class CountingPipeline(redis.client.Pipeline):
    component = "cache"

    def pipeline_execute_command(self, *args, **options):
        count(args, self.component)
        return super().pipeline_execute_command(*args, **options)

    def immediate_execute_command(self, *args, **options):
        count(args, self.component)
        return super().immediate_execute_command(*args, **options)


class CountingRedis(redis.Redis):
    component = "cache"

    def execute_command(self, *args, **options):
        count(args, self.component)
        return super().execute_command(*args, **options)

    def pipeline(self, transaction=True, shard_hint=None):
        pipe = CountingPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)
        pipe.component = self.component
        return pipe


# For rediss:// derive from redis.SSLConnection instead.
client = CountingRedis(connection_pool=redis.ConnectionPool.from_url(url, connection_class=CountingConnection))`,
      go: `// As a hook of go-redis: client.AddHook(countingHook{component: "cache"})
var (
	commands = counter("app_redis_commands_total", "Redis commands sent.", "cmd", "component")
	connects = counter("app_redis_connects_total", "Attempts to connect to Redis.", "result")
)

type countingHook struct{ component string }

func (h countingHook) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := next(ctx, network, addr)
		if err != nil {
			connects.WithLabelValues("failed").Inc()
		} else {
			connects.WithLabelValues("ok").Inc()
		}
		return conn, err
	}
}

func (h countingHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		commands.WithLabelValues(cmd.Name(), h.component).Inc()
		return next(ctx, cmd)
	}
}

func (h countingHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		for _, cmd := range cmds {
			commands.WithLabelValues(cmd.Name(), h.component).Inc()
		}
		return next(ctx, cmds)
	}
}`,
      otel: `const commands = meter.createCounter('app.redis.commands');
const connects = meter.createCounter('app.redis.connects');

commands.add(1, { cmd: 'get', component: 'cache' });   // where a command is sent
connects.add(1, { result: 'failed' });                 // where a connection was tried: ok or failed`,
    },
  },
  {
    id: 'redis_switch',
    title: 'The switch that suspends Redis',
    lightsUp: 'whether each machine uses Redis, and whether that is what its setting asks for',
    metrics: ['app_redis_suspended', 'app_redis_suspend_asked'],
    code: {
      node: `// As the process parsed it, and as it was written: with asked 1 and suspended 0 the wish was misread.
const raw = (process.env.SUSPEND_REDIS ?? '').trim().toLowerCase();
new Gauge({ name: 'app_redis_suspended', help: 'Redis off.', collect() { this.set(settings.suspendRedis ? 1 : 0); } });
new Gauge({ name: 'app_redis_suspend_asked', help: 'Off was asked for.', collect() { this.set(['', 'false', '0', 'no', 'off'].includes(raw) ? 0 : 1); } });`,
      python: `# As the process parsed it, and as it was written: with asked 1 and suspended 0 the wish was misread.
raw = os.environ.get("SUSPEND_REDIS", "").strip().lower()
Gauge("app_redis_suspended", "Redis off.").set_function(lambda: 1 if settings.suspend_redis else 0)
Gauge("app_redis_suspend_asked", "Off was asked for.").set(0 if raw in ("", "false", "0", "no", "off") else 1)`,
      go: `func exportSwitch(suspended func() bool) {
	is := func(yes bool) float64 {
		if yes {
			return 1
		}
		return 0
	}
	// As the process parsed it, and as it was written: with asked 1 and suspended 0 the wish was misread.
	raw := strings.ToLower(strings.TrimSpace(os.Getenv("SUSPEND_REDIS")))
	asked := !slices.Contains([]string{"", "false", "0", "no", "off"}, raw)
	gauge("app_redis_suspended", "Redis off.", func() float64 { return is(suspended()) })
	gauge("app_redis_suspend_asked", "Off was asked for.", func() float64 { return is(asked) })
}`,
      otel: `// As the process parsed it, and as it was written: with asked 1 and suspended 0 the wish was misread.
const raw = (process.env.SUSPEND_REDIS ?? '').trim().toLowerCase();
gauge('app.redis.suspended', (observe) => observe(settings.suspendRedis ? 1 : 0));
gauge('app.redis.suspend_asked', (observe) => observe(['', 'false', '0', 'no', 'off'].includes(raw) ? 0 : 1));`,
    },
  },
  {
    id: 'limiter',
    title: 'Rate limiter',
    lightsUp:
      'whether limits still hold: what was turned away, what passed because the limiter could not ask, and how often it asks Redis',
    metrics: ['app_limiter_decisions_total', 'app_limiter_syncs_total'],
    code: {
      node: `const decisions = new Counter({ name: 'app_limiter_decisions_total', help: 'Decisions.', labelNames: ['decision'] });
const syncs = new Counter({ name: 'app_limiter_syncs_total', help: 'Syncs with Redis.', labelNames: ['result'] });
for (const decision of ['allowed', 'limited', 'failed_open']) decisions.inc({ decision }, 0);   // so that 0 is a number

decisions.inc({ decision: 'limited' });   // where the limiter decides: allowed, limited or failed_open
syncs.inc({ result: 'ok' });              // where local and shared counts are brought together: ok or failed`,
      python: `DECISIONS = Counter("app_limiter_decisions", "Decisions.", ["decision"])
SYNCS = Counter("app_limiter_syncs", "Syncs with Redis.", ["result"])
for decision in ("allowed", "limited", "failed_open"):
    DECISIONS.labels(decision=decision)   # so that 0 is a number

DECISIONS.labels(decision="limited").inc()   # where the limiter decides: allowed, limited or failed_open
SYNCS.labels(result="ok").inc()              # where local and shared counts are brought together: ok or failed`,
      go: `var (
	decisions = counter("app_limiter_decisions_total", "Decisions.", "decision")
	syncs     = counter("app_limiter_syncs_total", "Syncs with Redis.", "result")
)

func init() {
	for _, decision := range []string{"allowed", "limited", "failed_open"} {
		decisions.WithLabelValues(decision) // so that 0 is a number
	}
}

// decisions.WithLabelValues("limited").Inc() where the limiter decides: allowed, limited or failed_open
// syncs.WithLabelValues("ok").Inc() where local and shared counts are brought together: ok or failed`,
      otel: `const decisions = meter.createCounter('app.limiter.decisions');
const syncs = meter.createCounter('app.limiter.syncs');
for (const decision of ['allowed', 'limited', 'failed_open']) decisions.add(0, { decision });   // so that 0 is a number

decisions.add(1, { decision: 'limited' });   // where the limiter decides: allowed, limited or failed_open
syncs.add(1, { result: 'ok' });              // where local and shared counts are brought together: ok or failed`,
    },
  },
  {
    id: 'breaker',
    title: 'Circuit breakers',
    lightsUp: 'which integration is cut off, and what asking for that costs in reads from Redis',
    metrics: ['app_breaker_state', 'app_breaker_reads_total'],
    code: {
      node: `const breaker = new Gauge({ name: 'app_breaker_state', help: '0 closed, 0.5 half open, 1 open.', labelNames: ['integration'] });
const breakerReads = new Counter({ name: 'app_breaker_reads_total', help: 'Reads of a breaker.', labelNames: ['integration', 'from'] });

breaker.set({ integration: 'billing' }, 1);                        // where the breaker opens or closes
breakerReads.inc({ integration: 'billing', from: 'redis' });       // where its state is read: redis or local`,
      python: `BREAKER = Gauge("app_breaker_state", "0 closed, 0.5 half open, 1 open.", ["integration"])
BREAKER_READS = Counter("app_breaker_reads", "Reads of a breaker.", ["integration", "from"])

BREAKER.labels(integration="billing").set(1)        # where the breaker opens or closes
BREAKER_READS.labels("billing", "redis").inc()      # where its state is read: redis or local`,
      go: `var (
	breaker = promauto.NewGaugeVec(
		prometheus.GaugeOpts{Name: "app_breaker_state", Help: "0 closed, 0.5 half open, 1 open."}, []string{"integration"})
	breakerReads = counter("app_breaker_reads_total", "Reads of a breaker.", "integration", "from")
)

// breaker.WithLabelValues("billing").Set(1) where the breaker opens or closes
// breakerReads.WithLabelValues("billing", "redis").Inc() where its state is read: redis or local`,
      otel: `const breakerReads = meter.createCounter('app.breaker.reads');
gauge('app.breaker.state', (observe) => {
  for (const { name, state } of breakers) observe(state === 'open' ? 1 : state === 'half_open' ? 0.5 : 0, { integration: name });
});

breakerReads.add(1, { integration: 'billing', from: 'redis' });   // where its state is read: redis or local`,
    },
  },
];
