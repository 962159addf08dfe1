import type { AlertRuleId } from '../../lib/core/alerts/rules/rule.ts';
import { DAY_MS, MINUTE_MS } from '../../lib/core/time/range.ts';
import { seededRandom } from '../../lib/core/verdict/test-series.ts';
import { backtest } from '../../lib/server/engine/backtest.ts';
import { ModeStep } from '../../lib/server/engine/modes.ts';
import {
  type Answer,
  good,
  grown,
  machine,
  openWorld,
  redis,
  START_MS,
  sample,
} from '../../lib/server/queries/test-world.ts';
import type { Section } from '../verdict/plan.ts';

const RULES: readonly AlertRuleId[] = ['http_429', 'redis_mixed', 'source_down', 'regression', 'quota'];
const SCOPE = { app: 'harbor', environment: 'production' };
const VISIT_MS = MINUTE_MS;
const MOST_SECONDS = 20;

/** Two machines and a Redis with an hour of 429s a day and a machine that suspends Redis for an hour every other day. */
function storyOf(seed: number): Answer {
  const random = seededRandom(seed);
  const at = Array.from({ length: 60 }, () => Math.floor(random() * 23) * 60);
  return (target, atMs) => {
    const minute = Math.floor((atMs - START_MS) / MINUTE_MS);
    const day = Math.floor(minute / 1_440);
    if (target.kind === 'redis')
      return good([sample('redis_commands_total', grown(10, atMs), { cmd: 'get' })]);
    const inDay = minute - day * 1_440;
    const limited = 600 * day + 10 * Math.min(60, Math.max(0, inDay - (at[day] ?? 0)));
    const isOff = target.name === 'b' && day % 2 === 1 && inDay >= 600 && inDay < 660;
    return good([
      ...['200', '404', '500'].map((status, i) =>
        sample('http_responses_total', grown(20 / (1 + 9 * i), atMs), { status }),
      ),
      sample('http_responses_total', limited, { status: '429' }),
      sample('app_redis_suspended', isOff ? 1 : 0),
    ]);
  };
}

/** How long a rule takes over stored days of a small fleet. */
export async function backtestSection({ seed, days }: { seed: number; days: number }): Promise<Section> {
  const world = await openWorld([redis, machine('a'), machine('b')], storyOf(seed));
  try {
    const { config, store, poller } = world.runtime;
    const modes = new ModeStep({ config, store, poller });
    const runtime = Object.assign(world.runtime, { modes });
    for (let minute = 0; minute < (days * DAY_MS) / MINUTE_MS; minute += 5) {
      await world.watch(5, VISIT_MS);
      await modes.run(world.nowMs());
    }
    const endMs = world.nowMs();
    const rows: string[][] = [];
    let slowest = 0;
    for (const rule of RULES) {
      const beganMs = performance.now();
      const beganCpu = process.cpuUsage();
      const range = { startMs: endMs - days * DAY_MS, endMs };
      const view = await backtest(runtime, { scope: SCOPE, rule, range, mostMs: 10 * 60_000 });
      const seconds = (performance.now() - beganMs) / 1_000;
      slowest = Math.max(slowest, seconds);
      rows.push([
        rule,
        `${seconds.toFixed(1)} s`,
        `${cpuSeconds(beganCpu).toFixed(1)} s`,
        `${view.stepMs / 1_000} s`,
        String(view.firings.length),
        view.limit ?? '',
      ]);
    }
    return {
      gates: [
        {
          name: `backtest of ${days} days`,
          measured: `slowest ${slowest.toFixed(1)} s`,
          gate: `≤ ${MOST_SECONDS} s`,
          holds: slowest <= MOST_SECONDS,
        },
      ],
      tables: [
        {
          title: 'Backtests',
          note: `${days} days of a Redis and two machines, visited every minute, with its chart.`,
          head: ['rule', 'took', 'CPU', 'looks apart', 'firings', 'limit'],
          rows,
        },
      ],
    };
  } finally {
    await world.close();
  }
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
