import { COMPONENT_OF, COMPONENTS } from '../story.ts';
import type { MachineState } from '../world-state.ts';
import { appFamilies } from './app-families.ts';
import { routeCounts } from './routes.ts';

type Labels = Readonly<Record<string, string>>;
export type Sample = readonly [suffix: string, labels: Labels, value: number];

/** A metric family as a page of Prometheus text holds it. */
export interface Family {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  samples: readonly Sample[];
}

/** Upper bounds of the request histogram, in seconds. */
const BOUNDS = [0.003, 0.03, 0.1, 0.3, 1.5, 10] as const;
/** Part of the fast and of the slow requests that ended within each bound. */
const FAST = [0.08, 0.67, 0.985, 1, 1, 1] as const;
const SLOW = [0, 0, 0.11, 0.58, 0.992, 1] as const;
/** A stalled one waits for something outside: 19 of 20 take longer than half a second. */
const STALLED = [0, 0, 0, 0.03, 1, 1] as const;
const FAST_MEAN_SECONDS = 0.026;
const SLOW_MEAN_SECONDS = 0.31;
const STALLED_MEAN_SECONDS = 0.97;

/** The machine's numbers, as a Node app with prom-client shows them. */
export function machineFamilies(machine: MachineState): readonly Family[] {
  const families: Family[] = [];
  const family = (name: string, type: Family['type'], help: string, samples: readonly Sample[]) => {
    families.push({ name, type, help, samples });
  };
  const one = (value: number): Sample[] => [['', {}, value]];
  family('up', 'gauge', '1 = up, 0 = not up', one(1));
  family(
    'http_request_duration_seconds',
    'histogram',
    'duration histogram of http responses labeled with: status_code',
    requestHistogram(machine),
  );
  family('http_requests_total', 'counter', 'Requests by route and status.', requestsByRoute(machine));
  family(
    'app_redis_commands_total',
    'counter',
    'Commands sent to Redis, by command.',
    redisCommands(machine),
  );
  const isSuspended = machine.manner === 'suspended';
  family('app_redis_suspended', 'gauge', '1 when the app runs without Redis.', one(isSuspended ? 1 : 0));
  families.push(...appFamilies(machine));
  family('app_db_queries_total', 'counter', 'Statements sent to the database.', one(machine.dbQueries));
  family('app_db_pool_used', 'gauge', 'Database connections in use.', one(machine.dbPoolUsed));
  family('app_db_pool_size', 'gauge', 'Database connections held open.', one(machine.dbPoolMax));
  family('app_db_pool_max', 'gauge', 'Most database connections allowed.', one(machine.dbPoolMax));
  family('process_open_fds', 'gauge', 'Number of open file descriptors.', one(21 + machine.dbPoolMax));
  family(
    'http_requests_in_flight',
    'gauge',
    'Requests that the machine is working on.',
    one(machine.dbPoolUsed),
  );
  family(
    'process_cpu_seconds_total',
    'counter',
    'Total user and system CPU time spent in seconds.',
    one(round(machine.cpuSeconds)),
  );
  family(
    'process_start_time_seconds',
    'gauge',
    'Start time of the process since unix epoch in seconds.',
    one(machine.startedMs / 1000),
  );
  family(
    'process_resident_memory_bytes',
    'gauge',
    'Resident memory size in bytes.',
    one(machine.residentBytes),
  );
  family(
    'nodejs_eventloop_lag_seconds',
    'gauge',
    'Lag of event loop in seconds.',
    one(round(machine.eventLoopLagSeconds)),
  );
  return families;
}

const GET_COMPONENTS = Object.keys(COMPONENTS.old);

/** A GET by the part of the app that sends it; every other command has one such part. */
function redisCommands({ redisCommands: sent, getsByComponent }: MachineState): Sample[] {
  // Its client library sets them up at the start, so that a part that sends none shows a 0.
  const gets = GET_COMPONENTS.map(
    (component) => ['get', component, getsByComponent[component] ?? 0] as const,
  );
  const others = Object.entries(sent)
    .filter(([cmd, n]) => cmd !== 'get' && n > 0)
    .map(([cmd, n]) => [cmd, COMPONENT_OF[cmd] ?? 'other', n] as const);
  return [...gets, ...others].map(([cmd, component, n]) => ['', { cmd, component }, n]);
}

/** The same requests as in the histogram, each of one route. */
function requestsByRoute({ responses }: MachineState): Sample[] {
  return Object.entries(responses).flatMap(([status, count]) =>
    Object.entries(routeCounts(status, count)).map(
      ([route, n]): Sample => ['', { route, status_code: status }, n],
    ),
  );
}

/** Buckets are cumulative, and every part of them only rises: each is a fixed share of a counter that does. */
function requestHistogram(machine: MachineState): Sample[] {
  const samples: Sample[] = [];
  for (const [status, count] of Object.entries(machine.responses)) {
    const [slow, stalled] = status === '200' ? [machine.slowOk, machine.stalledOk] : [0, 0];
    const fast = count - slow - stalled;
    const labels = { status_code: status };
    for (const [i, bound] of BOUNDS.entries()) {
      const within =
        Math.floor(fast * (FAST[i] ?? 1)) +
        Math.floor(slow * (SLOW[i] ?? 1)) +
        Math.floor(stalled * (STALLED[i] ?? 1));
      samples.push(['_bucket', { le: String(bound), ...labels }, within]);
    }
    samples.push(['_bucket', { le: '+Inf', ...labels }, count]);
    const seconds = fast * FAST_MEAN_SECONDS + slow * SLOW_MEAN_SECONDS + stalled * STALLED_MEAN_SECONDS;
    samples.push(['_sum', labels, round(seconds)]);
    samples.push(['_count', labels, count]);
  }
  return samples;
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
