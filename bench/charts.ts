import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from '@playwright/test';
import { CHROMIUM } from '../e2e/fixtures/browser.ts';
import { startServer } from '../e2e/fixtures/server.ts';
import type { Row } from './lib/row.ts';

const TICKS = 20;
/** All six charts are in sight, so that none is spared. */
const VIEWPORT = { width: 1440, height: 2_200 };
/** From here on a browser calls a task long: the page does not answer while it runs. */
const LONG_MS = 50;

/** A busy page in Chromium: what one tick of 6 charts of 6 lines of 600 points costs the main thread, and what the code weighs. */
export async function benchCharts(): Promise<Row[]> {
  const server = await startServer({ AFTERWATCH_GALLERY: '1' });
  const browser = await chromium.launch(CHROMIUM);
  try {
    const ticks = await measureTicks(browser, server.baseUrl);
    const longest = ticks.map((tasks) => Math.max(0, ...tasks.map(({ wallMs }) => wallMs)));
    const longestCpu = ticks.map((tasks) => Math.max(0, ...tasks.map(({ cpuMs }) => cpuMs)));
    const busy = ticks.map((tasks) => tasks.reduce((sum, { cpuMs }) => sum + cpuMs, 0));
    const long = longest.filter((ms) => ms > LONG_MS).length;
    return [
      {
        name: 'longest task of a tick, 6 charts × 6 lines × 600 points',
        value: median(longest),
        unit: 'ms',
        note: `goal ≤ ${LONG_MS}; worst ${Math.round(Math.max(...longest))}, over ${LONG_MS} in ${long} of ${TICKS} ticks`,
      },
      {
        name: 'the same in CPU time',
        value: median(longestCpu),
        unit: 'ms',
        note: `worst ${Math.round(Math.max(...longestCpu))}; what other programs on the machine cannot stretch`,
      },
      {
        name: 'CPU of the main thread for a tick',
        value: median(busy),
        unit: 'ms',
        note: `median of ${TICKS}`,
      },
      ...weights(),
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}

interface Task {
  wallMs: number;
  cpuMs: number;
}

/** The main thread's tasks, one list a tick. */
async function measureTicks(browser: Browser, baseUrl: string): Promise<Task[][]> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.goto(`${baseUrl}/gallery?show=bench`);
  await page.waitForFunction(() => document.querySelectorAll('.recharts-surface').length === 6);
  // The first ticks are spent on warming up the compiler, which a page that is open for a day does once.
  for (let n = 0; n < 5; n++) await tick(page);
  const ticks: Task[][] = [];
  for (let n = 0; n < TICKS; n++) {
    await browser.startTracing(page, { categories: ['toplevel'] });
    await tick(page);
    ticks.push(mainTasks(await browser.stopTracing()));
  }
  return ticks;
}

/** Moves the page on by one bucket and waits until the last chart has followed. */
async function tick(page: Page): Promise<void> {
  const lines = page.getByTestId('bench-line');
  const before = await lines.evaluateAll((all) => all.map((one) => one.getAttribute('data-last-at')));
  await page.getByRole('button', { name: 'Tick', exact: true }).click();
  await page.waitForFunction(
    (old) =>
      [...document.querySelectorAll('[data-testid="bench-line"]')].every(
        (one, index) => one.getAttribute('data-last-at') !== old[index],
      ),
    before,
  );
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds on the clock, and of the thread's own time. */
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

/** Tasks of the page's own thread in a Chromium trace. */
function mainTasks(trace: Buffer): Task[] {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] };
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  return traceEvents
    .filter(
      ({ name, ph, pid, tid }) =>
        ph === 'X' && name === 'ThreadControllerImpl::RunTask' && main.has(`${pid}/${tid}`),
    )
    .map(({ dur = 0, tdur = dur }) => ({ wallMs: dur / 1_000, cpuMs: tdur / 1_000 }));
}

interface RouteStats {
  route: string;
  firstLoadChunkPaths: string[];
}

const kilobytes = (files: readonly string[]) =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).byteLength, 0) / 1_000;

/** What the browser fetches, gzipped: before the first page answers, and later for the charts. */
function weights(): Row[] {
  const stats = JSON.parse(readFileSync('.next/diagnostics/route-bundle-stats.json', 'utf8')) as RouteStats[];
  const first = stats.find(({ route }) => route === '/')?.firstLoadChunkPaths ?? [];
  const chunks = '.next/static/chunks';
  const library = readdirSync(chunks)
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(chunks, name))
    .filter((file) => readFileSync(file, 'utf8').includes('recharts-'));
  return [
    { name: 'first-load JS of /, gzipped', value: kilobytes(first), unit: 'KB' },
    {
      name: 'Recharts, fetched after the first paint, gzipped',
      value: kilobytes(library),
      unit: 'KB',
      note: first.some((file) => library.some((one) => one.endsWith(file)))
        ? 'IN THE FIRST LOAD'
        : 'not in the first load',
    },
  ];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
