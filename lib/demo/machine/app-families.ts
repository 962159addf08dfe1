import { countOfKind } from '../flow.ts';
import type { MachineState } from '../world-state.ts';
import type { Family, Sample } from './families.ts';
import { settingFamily } from './settings.ts';

/** The endpoint with a cache of its own, and how long an answer stays in it. */
const ENDPOINT = '/api/session';
const ENDPOINT_TTL_SECONDS = 10;
/** Parts of 1000 of the 200s that the endpoint's cache answers. */
const ENDPOINT_HIT_PARTS = 25;
/** Parts of 1000 of what the local cache takes in that push something out. */
const EVICTED_PARTS = 20;
const BYTES_PER_ENTRY = 1_900;
/** A job is given up after its queue was tried in vain so often. */
const FAILED_PER_JOB = 12;
const INTEGRATIONS = ['billing', 'calendar'] as const;
/** Words that a switch may hold without asking for anything. */
const PLAIN_NO: ReadonlySet<string> = new Set(['', 'false', '0', 'no', 'off']);
/** Places in `story.STATEMENTS`. */
const TENANTS = 0;
const SLOTS = 1;
const SESSIONS = 2;
const JOBS = 5;

/** What the app counts of its own caches, limiter, breakers and workers. */
export function appFamilies(machine: MachineState): readonly Family[] {
  return [
    ...cacheFamilies(machine),
    ...guardFamilies(machine),
    ...workFamilies(machine),
    settingFamily(machine),
  ];
}

function cacheFamilies(machine: MachineState): readonly Family[] {
  const { local, redisCommands, getsByComponent, statements } = machine;
  const localHits = local?.hits ?? 0;
  // What the local cache does not know is asked of Redis.
  const localMisses = machine.redisHits + machine.redisMisses;
  const lookups = { hit: localHits + machine.redisHits, miss: machine.redisMisses };
  const operations = {
    get: localHits + (getsByComponent.cache ?? 0),
    set: redisCommands.set ?? 0,
    delete: redisCommands.del ?? 0,
  };
  const families = [
    counter('app_cache_lookups_total', 'Cache lookups by result.', by('result', lookups)),
    counter('app_cache_operations_total', 'Calls of the cache, by what was asked.', by('op', operations)),
    counter('app_record_lookups_total', 'Lookups of records by kind and result.', [
      ...by(
        'result',
        { hit: getsByComponent.tenants ?? 0, miss: at(statements, TENANTS) },
        { kind: 'tenant' },
      ),
      ...by('result', { hit: machine.responses['201'] ?? 0 }, { kind: 'webhook' }),
    ]),
    counter('app_endpoint_queries_total', 'Statements sent for an endpoint.', [
      ['', { endpoint: ENDPOINT }, at(statements, SESSIONS)],
    ]),
  ];
  if (local === null) return families;
  const entries = Math.round(local.bytes / BYTES_PER_ENTRY);
  families.push(
    gauge('app_local_cache_bytes', 'Size of the local cache.', local.bytes),
    gauge('app_local_cache_max_bytes', 'Most that the local cache may hold.', local.maxBytes),
    gauge('app_local_cache_entries', 'Entries in the local cache.', entries),
    counter('app_local_cache_hits_total', 'Lookups that the local cache answered.', one(local.hits)),
    counter('app_local_cache_misses_total', 'Lookups that went on to Redis.', one(localMisses)),
    counter(
      'app_local_cache_evictions_total',
      'Entries dropped for lack of room.',
      one(countOfKind(localMisses, 0, EVICTED_PARTS)),
    ),
  );
  // The endpoint's cache came with the release that brought Redis back.
  if (machine.manner !== 'v1206') return families;
  const hits = countOfKind(machine.responses['200'] ?? 0, 0, ENDPOINT_HIT_PARTS);
  families.push(
    counter(
      'app_endpoint_cache_lookups_total',
      'Lookups in the cache of an endpoint.',
      by('result', { hit: hits, miss: at(statements, SESSIONS) }, { endpoint: ENDPOINT }),
    ),
    counter('app_endpoint_cache_invalidations_total', 'Cached answers thrown away early.', [
      ['', { endpoint: ENDPOINT }, redisCommands.del ?? 0],
    ]),
    {
      ...gauge('app_endpoint_cache_ttl_seconds', 'How long an answer is kept.', ENDPOINT_TTL_SECONDS),
      samples: [['', { endpoint: ENDPOINT }, ENDPOINT_TTL_SECONDS]],
    },
  );
  return families;
}

function guardFamilies(machine: MachineState): readonly Family[] {
  const { responses, getsByComponent, redisCommands, manner } = machine;
  const limited = responses['429'] ?? 0;
  const all = Object.values(responses).reduce((total, served) => total + served, 0);
  const decisions = {
    allowed: all - limited - machine.failedOpen,
    limited,
    failed_open: machine.failedOpen,
  };
  const fromRedis = getsByComponent.breaker ?? 0;
  // Once a request for each integration, where the state is kept on the machine.
  const fromLocal = manner === 'v1206' || manner === 'suspended' ? all : 0;
  const halves = [Math.ceil(fromRedis / 2), Math.floor(fromRedis / 2)];
  return [
    counter('app_limiter_decisions_total', 'Rate limiter decisions.', by('decision', decisions)),
    counter(
      'app_limiter_syncs_total',
      'Times that local and shared counts were brought together.',
      by('result', { ok: redisCommands.incr ?? 0, failed: machine.failedOpen }),
    ),
    {
      ...gauge('app_breaker_state', 'Circuit breaker: 0 closed, 0.5 half open, 1 open.', 0),
      samples: INTEGRATIONS.map((integration) => ['', { integration }, 0]),
    },
    counter(
      'app_breaker_reads_total',
      'Reads of a breaker, by where its state was.',
      INTEGRATIONS.flatMap((integration, i) =>
        by('from', { redis: halves[i] ?? 0, local: fromLocal }, { integration }),
      ),
    ),
  ];
}

function workFamilies({ statements, connects, switchValue }: MachineState): readonly Family[] {
  const asked = switchValue !== null && !PLAIN_NO.has(switchValue.toLowerCase());
  return [
    counter('app_worker_polls_total', 'Times that workers asked for work.', [
      ['', { family: 'due slots' }, at(statements, SLOTS)],
      ['', { family: 'open jobs' }, at(statements, JOBS)],
    ]),
    counter('app_jobs_dropped_total', 'Jobs given up.', [
      ['', { queue: 'mail' }, Math.floor((connects.failed ?? 0) / FAILED_PER_JOB)],
    ]),
    counter('app_redis_connects_total', 'Attempts to connect to Redis.', by('result', connects)),
    gauge('app_redis_suspend_asked', '1 when the switch holds anything but a plain no.', asked ? 1 : 0),
  ];
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'counter', help, samples };
}

function gauge(name: string, help: string, value: number): Family {
  return { name, type: 'gauge', help, samples: one(value) };
}

function one(value: number): Sample[] {
  return [['', {}, value]];
}

/** A labelled counter does not exist before its first event. */
function by(
  label: string,
  counts: Readonly<Record<string, number>>,
  rest: Readonly<Record<string, string>> = {},
): Sample[] {
  return Object.entries(counts)
    .filter(([, value]) => value > 0)
    .map(([key, value]) => ['', { ...rest, [label]: key }, value]);
}

function at(statements: readonly number[], place: number): number {
  return statements[place] ?? 0;
}
