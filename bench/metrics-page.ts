import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import type { Comparison } from '@/lib/core/time/page-window.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { readMetricsPage } from '@/lib/server/queries/metrics-page.ts';
import {
  good,
  grown,
  live,
  machine,
  openWorld,
  redis,
  sample,
  type World,
} from '@/lib/server/queries/test-world.ts';
import type { Row } from './lib/row.ts';

const MACHINES = 200;
const COMMANDS = Array.from({ length: 30 }, (_, i) => `cmd${i}`);
const REPEATS = 5;

/** What one look at the metrics page costs with 200 machines that count 30 commands each. */
export async function benchMetricsPage(): Promise<Row[]> {
  const world = await openFilled();
  try {
    const rows: Row[] = [];
    const looks: [string, '15m' | '1h', Comparison | null][] = [
      ['15 m', '15m', null],
      ['1 h', '1h', null],
      ['15 m against the time before', '15m', 'before'],
    ];
    for (const [name, range, comparison] of looks) {
      const costs: { cpuMs: number; wallMs: number }[] = [];
      let text = '';
      for (let i = 0; i < REPEATS; i++) {
        // A new visit of all: looks at the same time share one.
        await world.watch(0.25);
        globalThis.gc?.();
        const before = { cpu: process.cpuUsage(), wallMs: performance.now() };
        text = JSON.stringify(await readMetricsPage(world.runtime, live(range, comparison)));
        const used = process.cpuUsage(before.cpu);
        costs.push({
          cpuMs: (used.user + used.system) / 1000,
          wallMs: performance.now() - before.wallMs,
        });
      }
      const middle = costs.sort((a, b) => a.cpuMs - b.cpuMs)[Math.floor(REPEATS / 2)];
      rows.push({
        name: `metrics page, ${MACHINES} machines × ${COMMANDS.length} commands, ${name}, CPU`,
        value: middle?.cpuMs ?? Number.NaN,
        unit: 'ms',
        note: `${(middle?.wallMs ?? Number.NaN).toFixed(0)} ms until the answer; ${gzipSync(text).length} B gzip`,
      });
    }
    return rows;
  } finally {
    await world.close();
  }
}

/** Three quarters of an hour by the minute, then a quarter on the usual beat. */
async function openFilled(): Promise<World> {
  const names = Array.from({ length: MACHINES }, (_, i) => `m${i}`);
  const world = await openWorld([redis, ...names.map(machine)], (target, atMs) =>
    target.kind === 'redis'
      ? good(
          COMMANDS.map((cmd, i) =>
            sample('redis_commands_total', grown((MACHINES * 30) / (i + 1), atMs), { cmd }),
          ),
        )
      : good([
          ...COMMANDS.map((cmd, i) => sample('app_redis_commands_total', grown(30 / (i + 1), atMs), { cmd })),
          sample('http_responses_total', grown(8, atMs), { status: '200' }),
          sample('http_responses_total', grown(0.1, atMs), { status: '429' }),
        ]),
  );
  await world.watch(45, MINUTE_MS);
  await world.watch(15);
  await world.store.maintain(world.nowMs());
  return world;
}
