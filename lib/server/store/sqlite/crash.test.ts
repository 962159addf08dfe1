import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { BLOCK_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import type { Store } from '../store.ts';
import { openSqliteStore } from './sqlite-store.ts';

const KILLS = 20;
const START_MS = Date.UTC(2026, 2, 2);
const INTERVAL_MS = 120_000;
const TARGETS = ['a/p/redis/one', 'a/p/redis/two'];
const COMMANDS = ['get', 'set', 'del'];
const retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
const workerPath = join(process.cwd(), 'dist/store-worker.mjs');
const root = mkdtempSync(join(tmpdir(), 'afterwatch-crash-'));
const dir = join(root, 'data');
const childPath = join(root, 'child.mjs');

/** The target's own book: what it counted at each visit, and which visits it was told are stored. */
const counted = new Map<number, number>();
const stored = new Set<number>();
let visits = 0;
let server: Server;
let address = '';
let onStored: () => void = () => {};

beforeAll(async () => {
  await build({
    entryPoints: ['test/crash-child.ts'],
    outfile: childPath,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: { 'server-only': './test/empty.ts' },
    logLevel: 'error',
  });
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/stored') {
      stored.add(Number(url.searchParams.get('atMs')));
      onStored();
    }
    response.end(url.pathname === '/scrape' ? JSON.stringify(nextVisit()) : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  address = typeof bound === 'object' && bound !== null ? `http://127.0.0.1:${bound.port}` : '';
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(root, { recursive: true, force: true });
});

/** The next visit of both targets; every counter has moved by a few. */
function nextVisit(): Scrape[] {
  visits += 1;
  const atMs = START_MS + visits * INTERVAL_MS + (visits % 5);
  const value =
    [...counted.values()].reduce((most, n) => Math.max(most, n), 1000) + 1 + ((visits * 7919) % 23);
  counted.set(atMs, value);
  return TARGETS.map((targetId) => ({
    targetId,
    atMs,
    intervalMs: INTERVAL_MS,
    durationMs: 1,
    ok: true,
    error: null,
    start: { marker: 'only one', atMs: START_MS - HOUR_MS },
    samples: COMMANDS.map((cmd, i) => ({
      metric: 'redis_commands_total',
      labels: { cmd },
      value: value * (i + 1),
    })),
  }));
}

/** Lets a child live until it has stored `more` visits and `delayMs` more, then kills it without warning. */
async function runAndKill(more: number, delayMs: number): Promise<void> {
  const wanted = stored.size + more;
  const child: ChildProcess = spawn(process.execPath, [childPath, dir, workerPath, address], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr?.on('data', (part) => {
    complaint += String(part);
  });
  const ended = once(child, 'exit');
  await Promise.race([
    new Promise<void>((resolve) => {
      onStored = () => {
        if (stored.size >= wanted) resolve();
      };
    }),
    ended.then(() => {
      throw new Error(`the child ended by itself: ${complaint}`);
    }),
  ]);
  // Somewhere inside the next append or packing slice; where exactly must not matter.
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  child.kill('SIGKILL');
  await ended;
}

async function compare(store: Store): Promise<void> {
  const range = { startMs: START_MS, endMs: START_MS + (visits + 1) * INTERVAL_MS };
  for (const targetId of TARGETS) {
    const marks = (await store.readScrapes([targetId], range)).map(({ atMs }) => atMs);
    expect(new Set(marks).size).toBe(marks.length);
    expect([...stored].filter((atMs) => !marks.includes(atMs))).toEqual([]);
    const first = counted.get(marks[0] ?? 0) ?? Number.NaN;
    const last = counted.get(marks.at(-1) ?? 0) ?? Number.NaN;
    for (const [i, cmd] of COMMANDS.entries()) {
      const selector = { metric: 'redis_commands_total', labels: { cmd }, targetIds: [targetId] };
      expect(store.latest(selector)[0]?.value).toBe(last * (i + 1));
      for (const stepMs of [BLOCK_MS, HOUR_MS]) {
        const [series] = await store.readBuckets(selector, range, stepMs);
        const sum = (series?.buckets ?? []).reduce(
          (n, b) => n + (b?.increase ?? 0) + (b?.gapIncrease ?? 0),
          0,
        );
        expect(sum).toBe((last - first) * (i + 1));
      }
    }
  }
}

it(`loses nothing acknowledged in ${KILLS} kills in mid-write, and every sum stays exact`, async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    await runAndKill(5 + ((kill * 37) % 60), kill % 8);
    const now = () => START_MS + visits * INTERVAL_MS;
    const store = await openSqliteStore({ dir, workerPath, retention, now });
    await compare(store);
    await store.close();
  }
  expect(stored.size).toBeGreaterThan(KILLS * 5);
}, 120_000);
