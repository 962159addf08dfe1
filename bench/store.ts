import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { openSqliteStore } from '@/lib/server/store/sqlite/sqlite-store.ts';
import type { Store } from '@/lib/server/store/store.ts';
import type { Row } from './lib/row.ts';

const START_MS = Date.UTC(2026, 0, 5);
const RETENTION = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };

/** Measures the embedded store: writing, packing, size, memory, reopening, reading. About a minute. */
export async function benchStore(): Promise<Row[]> {
  const rows: Row[] = [];
  rows.push(...(await benchSize()));
  rows.push(...(await benchLoad({ targets: 36, seriesEach: 36, intervalMs: 10_000, hours: 2.1 })));
  rows.push(...(await benchLoad({ targets: 200, seriesEach: 40, intervalMs: 15_000, hours: 2.1 })));
  return rows;
}

/** A repeatable generator: the same figures from run to run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Lines like those of a real fleet: a third busy counters, slow counters, 2-decimal walks, sizes, near-constants. */
function makeTarget(
  name: string,
  series: number,
  seed: number,
): (atMs: number, intervalMs: number) => Scrape {
  const random = randomFrom(seed);
  const noise = () => random() + random() + random() + random() - 2;
  const values = Array.from({ length: series }, (_, i) => (i % 6 < 2 ? 1e6 * random() : 1000 * random()));
  const steps: ((value: number, i: number) => number)[] = [
    (value, i) => Math.round(value) + Math.max(0, Math.round((20 + i * 10) * (1 + 0.2 * noise()))),
    (value) => Math.round(value) + (random() < 0.1 ? 1 : 0),
    (value) => Math.max(0, Math.round((value + noise()) * 100) / 100),
    (value) => Math.round(value + 4096 * noise()) + 4096,
    (value) => (random() < 0.02 ? Math.round(20 * random()) : Math.round(value)),
    (value, i) => Math.round(value) + Math.max(0, Math.round((3 + i) * (1 + noise()))),
  ];
  const counters = new Set([0, 1, 5]);
  const labels = values.map((_, i) => ({ cmd: `c${i}` }));
  return (atMs, intervalMs) => {
    const samples: Sample[] = values.map((value, i) => {
      const kind = i % steps.length;
      const next = steps[kind]?.(value, i) ?? value;
      values[i] = next;
      return {
        metric: counters.has(kind) ? 'bench_events_total' : 'bench_level',
        labels: labels[i] ?? {},
        value: next,
      };
    });
    const durationMs = 2 + Math.floor(random() * 3);
    return { targetId: name, atMs, intervalMs, durationMs, ok: true, error: null, start: null, samples };
  };
}

interface Clock {
  nowMs: number;
}

function openAt(dir: string, clock: Clock): Promise<Store> {
  const workerPath = join(process.cwd(), 'dist/store-worker.mjs');
  return openSqliteStore({ dir, workerPath, retention: RETENTION, now: () => clock.nowMs });
}

async function withFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'afterwatch-bench-'));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A day and a bit of few series, so that days are folded: what a sample costs on disk, all in. */
function benchSize(): Promise<Row[]> {
  return withFolder(async (dir) => {
    const clock = { nowMs: START_MS };
    const store = await openAt(dir, clock);
    const intervalMs = 15_000;
    const hours = 26;
    const seriesEach = 30;
    const jitter = randomFrom(9);
    const scrape = [1, 2, 3, 4, 5, 6].map((n) => makeTarget(`bench/p/app/${n}`, seriesEach, n));
    const ticks = (hours * HOUR_MS) / intervalMs;
    for (let tick = 0; tick < ticks; tick++) {
      clock.nowMs = START_MS + tick * intervalMs + Math.floor(jitter() * 4);
      await store.append(scrape.map((one) => one(clock.nowMs, intervalMs)));
      if (tick % 240 === 0) await store.maintain(clock.nowMs);
    }
    // Everything is packed and folded before it is weighed.
    clock.nowMs = START_MS + (hours + 6) * HOUR_MS;
    await store.maintain(clock.nowMs);
    await store.close();
    const samples = ticks * seriesEach * scrape.length;
    const parts = weigh(join(dir, 'afterwatch.db'));
    const note = `${seriesEach * scrape.length} series, 240 points an hour, ${hours} h, ms of jitter`;
    return [
      { name: 'bytes per sample, all in', value: parts.file / samples, unit: 'B', note },
      { name: '… samples alone', value: parts.chunk / samples, unit: 'B' },
      { name: '… 5-minute blocks', value: parts.block / samples, unit: 'B' },
      { name: '… times and visits', value: parts.visits / samples, unit: 'B' },
    ];
  });
}

/** Bytes of packed rows by table, and of the whole file without free pages. */
function weigh(file: string): { file: number; chunk: number; block: number; visits: number } {
  const db = new Database(file);
  const bytes = (table: string) => {
    const row = db.prepare(`SELECT coalesce(sum(length(data)), 0) FROM ${table}`).raw().get();
    return Number((row as number[])[0]);
  };
  const parts = { chunk: bytes('chunk'), block: bytes('block') + bytes('recent'), visits: bytes('visits') };
  const copy = `${file}.copy`;
  db.exec(`VACUUM INTO '${copy}'`);
  db.close();
  return { ...parts, file: statSync(copy).size };
}

interface Load {
  targets: number;
  seriesEach: number;
  intervalMs: number;
  hours: number;
}

/** Appends whole ticks as fast as they go, then packs, reads, closes and opens again. */
function benchLoad({ targets, seriesEach, intervalMs, hours }: Load): Promise<Row[]> {
  return withFolder(async (dir) => {
    const clock = { nowMs: START_MS };
    let store = await openAt(dir, clock);
    const scrape = Array.from({ length: targets }, (_, i) =>
      makeTarget(`bench/p/app/${i}`, seriesEach, i + 1),
    );
    const series = targets * seriesEach;
    const label = `${series.toLocaleString('en')} series`;
    collectGarbage();
    const memoryBefore = process.memoryUsage();
    const commits: number[] = [];
    let cpuMicros = 0;
    let wallMs = 0;
    const ticks = Math.floor((hours * HOUR_MS) / intervalMs);
    for (let tick = 0; tick < ticks; tick++) {
      clock.nowMs = START_MS + tick * intervalMs;
      // The load itself is not the store's cost.
      const visits = scrape.map((one) => one(clock.nowMs, intervalMs));
      const cpu = process.cpuUsage();
      const startedMs = performance.now();
      await store.append(visits);
      wallMs += performance.now() - startedMs;
      const used = process.cpuUsage(cpu);
      cpuMicros += used.user + used.system;
      commits.push(store.stats().lastCommitMs ?? 0);
    }
    collectGarbage();
    const memory = process.memoryUsage();
    const samples = ticks * series;
    const packing = await benchPacking(store, clock);
    const reading = await benchReading(store, clock);
    await store.close();
    const reopenStartedMs = performance.now();
    store = await openAt(dir, clock);
    const reopenMs = performance.now() - reopenStartedMs;
    await store.close();
    const headBytes =
      memory.heapUsed + memory.arrayBuffers - memoryBefore.heapUsed - memoryBefore.arrayBuffers;
    const packedCpu = packing.cpuMs / (packing.samplesPacked(ticks, series, hours) / 1000);
    return [
      { name: `append, ${label} a call`, value: samples / (wallMs / 1000), unit: 'samples/s' },
      {
        name: `CPU of append per 1,000 samples, ${label}`,
        value: cpuMicros / samples,
        unit: 'ms',
        note: 'worker included',
      },
      { name: `CPU of packing per 1,000 samples, ${label}`, value: packedCpu, unit: 'ms' },
      { name: `commit p99, ${label}`, value: quantile(commits, 0.99), unit: 'ms' },
      { name: `commit p50, ${label}`, value: quantile(commits, 0.5), unit: 'ms' },
      {
        name: `longest stall of the main loop while packing, ${label}`,
        value: packing.stallMs,
        unit: 'ms',
        note: `${packing.idleStallMs.toFixed(1)} ms in a second of doing nothing`,
      },
      { name: `longest append while packing, ${label}`, value: packing.appendMs, unit: 'ms' },
      { name: `packing an hour, ${label}`, value: packing.wallMs, unit: 'ms' },
      { name: `head in memory, ${label}, ${hours} h`, value: headBytes / 2 ** 20, unit: 'MB' },
      { name: `RSS of the bench process, ${label}`, value: memory.rss / 2 ** 20, unit: 'MB' },
      { name: `reopen, ${label}`, value: reopenMs, unit: 'ms' },
      ...reading.map((row) => ({ ...row, name: `${row.name}, ${label}` })),
    ];
  });
}

async function benchPacking(store: Store, clock: Clock) {
  clock.nowMs = START_MS + 2 * HOUR_MS + HOUR_MS / 2;
  const idle = watchLoop();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const idleStallMs = idle();
  const busy = watchLoop();
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  let done = false;
  const packed = store.maintain(clock.nowMs).finally(() => {
    done = true;
  });
  let appendMs = 0;
  const probe = makeTarget('bench/p/app/probe', 10, 77);
  for (let tick = 0; !done; tick++) {
    const beforeMs = performance.now();
    await store.append([probe(clock.nowMs + tick, 15_000)]);
    appendMs = Math.max(appendMs, performance.now() - beforeMs);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await packed;
  const stallMs = busy();
  const used = process.cpuUsage(cpu);
  const samplesPacked = (ticks: number, series: number, hours: number) => (ticks * series) / hours;
  return {
    stallMs,
    idleStallMs,
    appendMs,
    wallMs: performance.now() - startedMs,
    cpuMs: (used.user + used.system) / 1000,
    samplesPacked,
  };
}

async function benchReading(store: Store, clock: Clock): Promise<Row[]> {
  const range = { startMs: START_MS, endMs: clock.nowMs };
  const targetIds = ['bench/p/app/0'];
  const time = async (work: () => unknown) => {
    const took: number[] = [];
    for (let i = 0; i < 15; i++) {
      const startedMs = performance.now();
      await work();
      took.push(performance.now() - startedMs);
    }
    return quantile(took, 0.5);
  };
  const select = { metric: 'bench_events_total', targetIds };
  const count = store.findSeries(select).length;
  return [
    {
      name: `read ${count} series in 5 min buckets, packed and live`,
      value: await time(() => store.readBuckets(select, range, 300_000)),
      unit: 'ms',
    },
    {
      name: `read ${count} series in 1 min buckets, packed and live`,
      value: await time(() => store.readBuckets(select, range, 60_000)),
      unit: 'ms',
    },
    {
      name: 'latest of all series',
      value: await time(() => store.latest({ metric: 'bench_level' })),
      unit: 'ms',
    },
  ];
}

/** Longest time that the main loop was held up, from the call until its answer is called. */
function watchLoop(): () => number {
  let stallMs = 0;
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    stallMs = Math.max(stallMs, nowMs - lastMs - 1);
    lastMs = nowMs;
  }, 1);
  return () => {
    clearInterval(timer);
    return stallMs;
  };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** Settles memory before it is read, where Node was started with --expose-gc. */
function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}
