import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlertBook, EMPTY_ALERTS, stepAlerts } from '@/lib/core/alerts/alert-book.ts';
import { DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { emptyFacts } from '@/lib/core/alerts/test-facts.ts';
import type { DemoFaultId } from '@/lib/core/model/demo-fault.ts';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { targetId } from '@/lib/core/model/target.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { demoSummaries } from '@/lib/demo/summaries.ts';
import { sessionOpener } from '../../collectors/index.ts';
import { DemoConfirms } from '../../demo-claims.ts';
import { DEMO_SCOPE, type DemoLink, startDemoFleet } from '../../demo-link.ts';
import { DeployBook } from '../../deploys/deploy-book.ts';
import { Ledger } from '../../poller/ledger.ts';
import { Poller } from '../../poller/poller.ts';
import { preroll } from '../../preroll.ts';
import type { Runtime } from '../../runtime.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import type { Store } from '../../store/store.ts';
import { WatchBook } from '../../watch/watch-book.ts';
import { WatchStep } from '../../watch/watch-step.ts';
import { ModeStep } from '../modes.ts';
import { readClaimFacts } from './claims.ts';
import type { FactDeps } from './fact-reader.ts';
import { readModeFacts } from './mode.ts';
import { readResponseFacts } from './responses.ts';
import { readSeriesFacts } from './series.ts';

// The demo's fleet, read by the real collectors on a clock of our own that runs behind the real one.

const LIVE = new Set(['redis', 'postgres', 'app'] as const);
const LOOK_MS = 15_000;

/** The clock of this test: real stores refuse samples of the future, so it begins some hours ago. */
let nowMs = Date.now() - 5 * HOUR_MS;
const clock = { wallMs: () => nowMs, monoMs: () => nowMs };

let dir: string;
let store: Store;
let link: DemoLink;
let poller: Poller;
let deps: FactDeps;
let modes: ModeStep;
let watching: WatchStep;
let book: AlertBook = EMPTY_ALERTS;
/** Processor time of each look at the series, with what the store did meanwhile. */
const looksMs: number[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'afterwatch-series-'));
  const retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
  const workerPath = join(process.cwd(), 'dist', 'store-worker.mjs');
  store = await openSqliteStore({ dir, workerPath, retention, now: clock.wallMs, onWarning: () => {} });
  link = await startDemoFleet(join(process.cwd(), 'dist', 'demo-fleet.mjs'), nowMs);
  const { targets } = link;
  const ledger = new Ledger(store, clock.wallMs);
  const fail = (message: string, cause: unknown): never => {
    throw new Error(message, { cause });
  };
  poller = new Poller({ ...clock, targets, store, ledger, open: sessionOpener(targets), onFault: fail });
  const config = { targets: [...targets], goals: [], mode: 'demo', retention };
  modes = new ModeStep({ config, store, poller });
  await preroll(poller, store, link, clock, (atMs) => modes.run(atMs));
  await link.setClock(nowMs);
  await poller.readHistory();
  const deploys = new DeployBook({ store, wallMs: clock.wallMs, known: () => ({}) });
  const watches = new WatchBook({ store, wallMs: clock.wallMs, onFault: fail });
  await deploys.load([DEMO_SCOPE]);
  await watches.load([DEMO_SCOPE]);
  for (const deploy of demoSummaries(nowMs)) {
    const replay = { sender: 'test', key: null, signedAs: null, body: deploy.release };
    await deploys.register({ scope: DEMO_SCOPE, deploy, origin: 'api', replay });
  }
  await new DemoConfirms(deploys).run();
  // What readers use of the runtime, and nothing else.
  const runtime = {
    config,
    clock,
    store,
    ledger,
    poller,
    modes,
    deploys,
    watches,
    startedAtMs: nowMs - HOUR_MS,
  };
  deps = runtime as unknown as Runtime;
  watching = new WatchStep({ runtime: runtime as unknown as Runtime, watches, monoMs: () => 0 });
  await watching.run(nowMs);
}, 300_000);

afterAll(async () => {
  await poller.stop();
  await store.close();
  link.stop();
  await rm(dir, { recursive: true, force: true });
});

/** One visit of everything live, and one look. */
async function tick(): Promise<void> {
  nowMs += LOOK_MS;
  await link.setClock(nowMs);
  const scrapes: Scrape[] = await poller.visitAllAt(nowMs, LOOK_MS, LIVE);
  await store.append(scrapes);
  await modes.run(nowMs);
  const statuses = deps.config.targets.flatMap((target) => poller.status(targetId(target), nowMs) ?? []);
  const question = {
    deps,
    scope: DEMO_SCOPE,
    statuses,
    times: { startMs: nowMs, endMs: nowMs },
    isPast: false,
  };
  const before = process.cpuUsage();
  const series = (await readSeriesFacts(question))(nowMs);
  const { user, system } = process.cpuUsage(before);
  looksMs.push((user + system) / 1000);
  const facts = {
    mode: (await readModeFacts(question))(nowMs),
    responses: (await readResponseFacts(question))(nowMs),
    claims: (await readClaimFacts(question))(nowMs),
    series,
  };
  book = stepAlerts(book, { ...emptyFacts(nowMs), ...facts }, DEFAULT_ALERT_SETTINGS);
}

/** Runs a fault; gives when each alert of our own fired, in minutes after its start. */
async function play(
  id: DemoFaultId,
  minutes: number,
): Promise<Map<string, { minute: number; title: string }>> {
  const startMs = nowMs;
  const before = firing();
  await link.setFault(id, true);
  const fired = new Map<string, { minute: number; title: string }>();
  while (nowMs < startMs + minutes * MINUTE_MS) {
    await tick();
    for (const { id: alert, title } of firing().values()) {
      if (before.has(alert) || fired.has(alert)) continue;
      fired.set(alert, { minute: (nowMs - startMs) / MINUTE_MS, title });
    }
  }
  return fired;
}

const OWN = /^(?:http_429|server_errors|regression|plateau|stall|drift)/;

function firing() {
  const all = Object.values(book.entries).filter(({ id, track }) => OWN.test(id) && track.state === 'firing');
  return new Map(all.map((entry) => [entry.id, entry]));
}

async function pass(minutes: number): Promise<void> {
  for (let i = 0; i < minutes * 4; i++) await tick();
}

describe('the demo with fifteen days of memory', { timeout: 300_000 }, () => {
  it('fires nothing by itself, though its GETs fell to a thirtieth today', async () => {
    await pass(10);
    expect([...firing().keys()]).toEqual([]);
  });

  it('“429 spike” fires within 2 min', async () => {
    const fired = await play('limit_spike', 5);
    expect([...fired.keys()]).toEqual(['http_429']);
    expect(fired.get('http_429')?.minute).toBeLessThanOrEqual(2);
  });

  it('“Slow API” fires within 6 min, with what is seen and what is usual', async () => {
    const fired = await play('slow', 10);
    expect([...fired.keys()]).toEqual(['regression:latency_p95']);
    expect(fired.get('regression:latency_p95')?.minute).toBeLessThanOrEqual(6);
    expect(fired.get('regression:latency_p95')?.title).toMatch(/^p95 latency \d+\sms, \d+\sms is usual$/);
  });

  it('both are over within 25 min', async () => {
    await pass(25);
    expect([...firing().keys()]).toEqual([]);
  });

  it('“Plateau” fires within 35 min; that GETs are back at once', async () => {
    const fired = await play('plateau', 36);
    expect([...fired.keys()].sort()).toEqual(['plateau:redis_gets', 'regression:redis_gets']);
    expect(fired.get('regression:redis_gets')?.minute).toBeLessThanOrEqual(6);
    expect(fired.get('plateau:redis_gets')?.minute).toBeLessThanOrEqual(35);
    expect(fired.get('plateau:redis_gets')?.title).toMatch(
      /^Redis GETs flat at the top: 73\dK\/h for 30 min$/,
    );
  });

  it('a look costs less than 20 ms of the processor for each series', () => {
    const sorted = looksMs.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    expect(median / 6).toBeLessThan(20);
  });
});
