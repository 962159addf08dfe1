import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { DAY_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { type NowInput, readNow, readNowTick } from '@/lib/server/queries/now.ts';
import {
  fixed,
  good,
  grown,
  live,
  machine,
  openWorld,
  postgres,
  redis,
  START_MS,
  sample,
  type World,
} from '@/lib/server/queries/test-world.ts';
import type { Row } from './lib/row.ts';

const DAYS = 15;
const HISTORY_STEP_MS = MINUTE_MS;
const COMMANDS = [
  'get',
  'set',
  'del',
  'expire',
  'incr',
  'hget',
  'hset',
  'lpush',
  'rpop',
  'mget',
  'exists',
  'ttl',
];
const STATUSES = ['200', '201', '204', '301', '304', '400', '401', '404', '429', '500'];
const REPEATS = 9;

/**
 * What one look at the Now page costs with 15 days of about 60 series behind it, comparison and usual included: CPU of
 * the whole process, time, the longest stall of the main loop, and the bytes of a tick.
 */
export async function benchNow(): Promise<Row[]> {
  const world = await openFilled();
  try {
    const rows: Row[] = [];
    rows.push(
      ...costRows('24 h, first look', await measure(() => readNow(world.runtime, live('24h', 'day')), 1)),
    );
    const looks: [string, NowInput][] = [
      ['1 h', live('1h', 'day')],
      ['24 h', live('24h', 'day')],
      ['24 h without comparison', live('24h')],
      ['7 d', live('7d', 'week')],
      ['90 d', fixed(world.nowMs() - 90 * DAY_MS, world.nowMs(), 'week')],
    ];
    for (const [name, asked] of looks) {
      await readNow(world.runtime, asked);
      rows.push(...costRows(name, await measure(() => readNow(world.runtime, asked), REPEATS)));
    }
    for (const name of ['1h', '24h'] as const) {
      const sinceMs = world.nowMs() - (name === '1h' ? 45_000 : 15 * MINUTE_MS);
      const whole = await readNow(world.runtime, live(name, 'day'));
      const tick = await readNowTick(world.runtime, { ...live(name, 'day'), sinceMs });
      const plain = await readNowTick(world.runtime, { ...live(name), sinceMs });
      rows.push(
        { name: `now, ${name}, whole view`, ...sizeOf(whole) },
        { name: `now, ${name}, a tick`, ...sizeOf(tick) },
        { name: `now, ${name}, a tick without comparison`, ...sizeOf(plain) },
      );
    }
    return rows;
  } finally {
    await world.close();
  }
}

/** 4 targets, 58 series: a day of fine visits at the end of two weeks of coarser ones. */
async function openFilled(): Promise<World> {
  const world = await openWorld(
    [redis, postgres, machine('m1'), machine('m2')],
    (target, atMs) => {
      const rate = (base: number) => grown(base, atMs + 20_000 * Math.sin((atMs / DAY_MS) * 2 * Math.PI));
      if (target.kind === 'redis')
        return good([
          ...COMMANDS.map((cmd, i) => sample('redis_commands_total', rate(200 / (i + 1)), { cmd })),
          sample('redis_keyspace_hits_total', rate(150)),
          sample('redis_keyspace_misses_total', rate(50)),
        ]);
      if (target.kind === 'postgres')
        return good([
          sample('db_queries_total', rate(2.3)),
          ...Array.from({ length: 8 }, (_, i) =>
            sample('db_statements_total', rate(i + 1), { family: `f${i}` }),
          ),
        ]);
      return good(STATUSES.map((status, i) => sample('http_responses_total', rate(8 / (i + 1)), { status })));
    },
    { fromMs: START_MS - DAYS * DAY_MS },
  );
  await world.watch((DAYS - 1) * 24 * 60, HISTORY_STEP_MS);
  await world.watch(24 * 60);
  await world.store.maintain(world.nowMs());
  return world;
}

/** As JSON; what travels is compressed. */
function sizeOf(view: unknown): Omit<Row, 'name'> {
  const text = JSON.stringify(view);
  return { value: text.length, unit: 'B', note: `${gzipSync(text).length} B gzip` };
}

interface Cost {
  /** CPU of the main thread and of all threads. */
  mainMs: number;
  allMs: number;
  wallMs: number;
  /** Longest turn of the main thread, in CPU time: other processes on the machine do not lengthen it. */
  stallMs: number;
}

/** Medians of `repeats` runs, and the longest turn of the main thread in the run in the middle. */
async function measure(work: () => Promise<unknown>, repeats: number): Promise<Cost> {
  const costs: Cost[] = [];
  for (let i = 0; i < repeats; i++) {
    globalThis.gc?.();
    const before = { all: process.cpuUsage(), mainMs: mainCpuMs(), wallMs: performance.now() };
    await work();
    const used = process.cpuUsage(before.all);
    const mainMs = mainCpuMs() - before.mainMs;
    const wallMs = performance.now() - before.wallMs;
    const stallMs = await longestTurn(work);
    costs.push({ allMs: (used.user + used.system) / 1000, mainMs, wallMs, stallMs });
  }
  const median = (read: (cost: Cost) => number): number =>
    costs.map(read).sort((a, b) => a - b)[Math.floor(costs.length / 2)] ?? Number.NaN;
  return {
    allMs: median(({ allMs }) => allMs),
    mainMs: median(({ mainMs }) => mainMs),
    wallMs: median(({ wallMs }) => wallMs),
    stallMs: median((cost) => cost.stallMs),
  };
}

/** Watching keeps the loop turning, so this is a run of its own. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longestMs = 0;
  let lastMs = mainCpuMs();
  let isRunning = true;
  const turn = (): void => {
    const nowMs = mainCpuMs();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    if (isRunning) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isRunning = false;
  return Math.max(longestMs, mainCpuMs() - lastMs);
}

/** CPU time that the main thread has used; its id is that of the process. */
function mainCpuMs(): number {
  const [ns] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(ns) / 1e6;
}

function costRows(name: string, cost: Cost): Row[] {
  return [
    {
      name: `now, ${name}, CPU of the main thread`,
      value: cost.mainMs,
      unit: 'ms',
      note: `${cost.allMs.toFixed(0)} of all threads; ${cost.wallMs.toFixed(0)} ms until the answer`,
    },
    { name: `now, ${name}, longest turn`, value: cost.stallMs, unit: 'ms', note: 'goal < 10' },
  ];
}
