import type { PromWorld } from '../prometheus/world.ts';
import { APP } from '../story.ts';
import type { World } from '../world.ts';
import { type PutSeries, SeriesMemory } from './series-memory.ts';

const SCRAPES_EVERY_MS = 15_000;
const MEMORY_BYTES = 512 * 1_048_576;
/** Upper bounds of Fly's own response times, and the part of the responses that ended within each. */
const BOUNDS: readonly (readonly [le: string, usual: number, slow: number])[] = [
  ['0.025', 0.61, 0.2],
  ['0.1', 0.94, 0.72],
  ['0.25', 0.981, 0.84],
  ['0.5', 0.993, 0.885],
  ['1', 0.9985, 0.985],
  ['+Inf', 1, 1],
];
const MEAN_SECONDS = { usual: 0.034, slow: 0.14 };

/** What Fly measures around the machines, from outside of them. */
export function flyMetrics(world: World): PromWorld {
  const memory = new SeriesMemory(world.faults);
  return {
    seriesAt(atMs) {
      const scrapedMs = Math.floor(atMs / SCRAPES_EVERY_MS) * SCRAPES_EVERY_MS;
      return memory.at(scrapedMs, (put) => putSeries(world, scrapedMs, put));
    },
  };
}

function putSeries(world: World, atMs: number, into: PutSeries): void {
  const { machines } = world.at(atMs);
  const served = world.served(atMs);
  for (const [i, machine] of machines.entries()) {
    const where = { app: APP, instance: machine.name, region: machine.region, host: '7f3c' };
    const put = (name: string, value: number, labels?: Readonly<Record<string, string>>) =>
      into(name, value, where, labels);
    const proxy = { proxy_id: 'blue' };
    let all = 0;
    for (const [status, count] of Object.entries(served[i] ?? {})) {
      all += count;
      put('fly_app_http_responses_count', count, { ...proxy, status });
    }
    const slow = slowResponses(world, i, atMs);
    for (const [le, usualPart, slowPart] of BOUNDS) {
      const within = Math.floor((all - slow) * usualPart) + Math.floor(slow * slowPart);
      put('fly_app_http_response_time_seconds_bucket', within, { ...proxy, le });
    }
    put('fly_app_http_response_time_seconds_count', all, proxy);
    const seconds = (all - slow) * MEAN_SECONDS.usual + slow * MEAN_SECONDS.slow;
    put('fly_app_http_response_time_seconds_sum', seconds, proxy);
    put('fly_app_concurrency', machine.dbPoolUsed + 1);
    put('fly_instance_memory_mem_total', MEMORY_BYTES);
    put('fly_instance_memory_mem_available', Math.max(0, MEMORY_BYTES * 0.94 - machine.residentBytes));
    put('fly_instance_cpu', Math.floor(machine.cpuSeconds * 100), { cpu_id: '0', mode: 'user' });
    put('fly_instance_net_sent_bytes', all * 7_400, { device: 'eth0' });
  }
}

/** Responses of the time in which the API is slow. */
function slowResponses(world: World, i: number, atMs: number): number {
  const allAt = (momentMs: number) =>
    Object.values(world.served(momentMs)[i] ?? {}).reduce((sum, count) => sum + count, 0);
  let sum = 0;
  for (const { fromMs, toMs } of world.faults.of('slow')) {
    if (fromMs < atMs) sum += allAt(Math.min(toMs, atMs)) - allAt(fromMs);
  }
  return sum;
}
