import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { CHROMIUM } from '../e2e/fixtures/browser.ts';
import { startServer } from '../e2e/fixtures/server.ts';
import type { Row } from './lib/row.ts';

const MACHINES = 200;
const SERIES = 40;
const INTERVAL_SECONDS = 15;
const SETTLE_MS = 45_000;
const MEASURE_MS = 60_000;
/** Kernel ticks per second, the unit of CPU time in /proc. */
const TICKS_PER_SECOND = 100;

/**
 * The whole product, as built: memory with one machine and with 200 machines × 40 series, CPU per 1,000 samples from
 * scrape to durable, and the delay from a machine's answer to the number on the screen.
 */
export async function benchServer(): Promise<Row[]> {
  const fleet = await startFleet();
  const dir = await mkdtemp(join(tmpdir(), 'afterwatch-bench-'));
  try {
    return [
      ...(await measureIdle(fleet, dir)),
      ...(await measureLoaded(fleet, dir)),
      ...(await measureDelay(fleet, dir)),
    ];
  } finally {
    fleet.server.close();
    await rm(dir, { recursive: true, force: true });
  }
}

interface Fleet {
  server: Server;
  port: number;
  answered: Map<number, number>;
}

/** One HTTP server that plays all machines: `/m/N/metrics` gives SERIES counters of machine N. */
async function startFleet(): Promise<Fleet> {
  const answered = new Map<number, number>();
  const startSeconds = Date.now() / 1000 - 3600;
  const server = createServer((request, response) => {
    const machine = Number(/^\/m\/(\d+)\//.exec(request.url ?? '')?.[1] ?? 0);
    const seconds = Date.now() / 1000 - startSeconds;
    const lines = ['# TYPE http_requests_total counter'];
    for (let i = 0; i < SERIES - 1; i++) {
      lines.push(`http_requests_total{status="${200 + i}"} ${Math.floor(seconds * (i + 1 + (machine % 7)))}`);
    }
    lines.push('# TYPE process_start_time_seconds gauge', `process_start_time_seconds ${startSeconds}`);
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`${lines.join('\n')}\n`);
    answered.set(machine, Date.now());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port, answered };
}

async function writeConfig(
  dir: string,
  fleet: Fleet,
  machines: number,
  intervalSeconds: number,
): Promise<string> {
  const list = Array.from(
    { length: machines },
    (_, i) => `      - {name: m${i}, url: "http://127.0.0.1:${fleet.port}/m/${i}/metrics"}`,
  );
  const file = join(dir, `machines-${machines}.yml`);
  const head = [
    'app: bench',
    'sources:',
    '  - kind: app',
    '    name: web',
    `    interval: ${intervalSeconds}s`,
  ];
  await writeFile(file, [...head, '    machines:', ...list, ''].join('\n'), { mode: 0o600 });
  return file;
}

async function measureIdle(fleet: Fleet, dir: string): Promise<Row[]> {
  const config = await writeConfig(dir, fleet, 1, INTERVAL_SECONDS);
  const server = await startServer({ AFTERWATCH_CONFIG: config });
  try {
    await wait(20_000);
    return [{ name: 'RSS, 1 machine, nobody looking', value: residentMb(server.pid), unit: 'MB' }];
  } finally {
    await server.stop();
  }
}

async function measureLoaded(fleet: Fleet, dir: string): Promise<Row[]> {
  const config = await writeConfig(dir, fleet, MACHINES, INTERVAL_SECONDS);
  const server = await startServer({ AFTERWATCH_CONFIG: config });
  try {
    await wait(SETTLE_MS);
    const before = { cpu: cpuSeconds(server.pid), samples: await samplesStored(server.baseUrl) };
    await wait(MEASURE_MS);
    const cpu = cpuSeconds(server.pid) - before.cpu;
    const samples = (await samplesStored(server.baseUrl)) - before.samples;
    const page = await fetch(`${server.baseUrl}/?range=15m`);
    await page.text();
    return [
      {
        name: `RSS, ${MACHINES} machines × ${SERIES} series`,
        value: residentMb(server.pid),
        unit: 'MB',
        note: 'goal ≤ 180',
      },
      {
        name: 'samples stored',
        value: samples / (MEASURE_MS / 1000),
        unit: 'per s',
        note: `every ${INTERVAL_SECONDS} s`,
      },
      {
        name: 'CPU, scrape to durable',
        value: (cpu * 1000) / (samples / 1000),
        unit: 'ms per 1,000 samples',
        note: 'goal ≤ 13; the Prometheus stack took 26',
      },
    ];
  } finally {
    await server.stop();
  }
}

/** From the end of a machine's answer to the changed picture in Chromium. */
async function measureDelay(fleet: Fleet, dir: string): Promise<Row[]> {
  const config = await writeConfig(dir, fleet, 1, 5);
  const server = await startServer({ AFTERWATCH_CONFIG: config });
  const browser = await chromium.launch(CHROMIUM);
  try {
    const api = await delaysToApi(fleet, server.baseUrl);
    const page = await browser.newPage();
    await page.goto(`${server.baseUrl}/?range=5m`);
    const screen = await delaysToScreen(fleet, page);
    return [
      {
        name: 'delay, answer of a machine → API',
        value: median(api),
        unit: 'ms',
        note: `median of ${api.length}`,
      },
      {
        name: 'delay, answer of a machine → screen',
        value: median(screen),
        unit: 'ms',
        note: `median of ${screen.length}; worst ${Math.round(Math.max(...screen))}; a tick every 5 s`,
      },
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function delaysToApi(fleet: Fleet, baseUrl: string): Promise<number[]> {
  const delays: number[] = [];
  let seen = fleet.answered.get(0) ?? 0;
  while (delays.length < 5) {
    const answeredMs = fleet.answered.get(0) ?? 0;
    if (answeredMs === seen) {
      await wait(5);
      continue;
    }
    seen = answeredMs;
    const before = await samplesStored(baseUrl);
    while ((await samplesStored(baseUrl)) === before && Date.now() - answeredMs < 3_000) await wait(5);
    delays.push(Date.now() - answeredMs);
  }
  return delays;
}

async function delaysToScreen(fleet: Fleet, page: Page): Promise<number[]> {
  const delays: number[] = [];
  const shown = async () => (await page.locator('body').textContent()) ?? '';
  let last = await shown();
  const untilMs = Date.now() + 45_000;
  let waitingSinceMs = 0;
  let seen = fleet.answered.get(0) ?? 0;
  while (Date.now() < untilMs && delays.length < 6) {
    const answeredMs = fleet.answered.get(0) ?? 0;
    if (answeredMs !== seen) {
      seen = answeredMs;
      waitingSinceMs = answeredMs;
      last = requestsToday(await shown());
    }
    const now = requestsToday(await shown());
    if (waitingSinceMs > 0 && now !== last) {
      delays.push(Date.now() - waitingSinceMs);
      waitingSinceMs = 0;
    }
    await wait(25);
  }
  return delays;
}

/** The count of our own requests on the sources list changes with every visit. */
function requestsToday(text: string): string {
  return /([\d,]+) requests?/.exec(text)?.[1] ?? '';
}

async function samplesStored(baseUrl: string): Promise<number> {
  const text = await (await fetch(`${baseUrl}/api/metrics`)).text();
  return Number(/^afterwatch_samples_appended_total (\d+)/m.exec(text)?.[1] ?? Number.NaN);
}

function residentMb(pid: number): number {
  const kb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return (kb * 1024) / 1e6;
}

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const wait = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));
