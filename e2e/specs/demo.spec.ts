import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type APIRequestContext, expect, type Page, test } from '@playwright/test';
import { DEMO_FAULTS, type DemoFaultId } from '../../lib/core/model/demo-fault.ts';
import { freePort } from '../../test/peers.ts';
import { NO_SETTINGS } from '../fixtures/environment.ts';
import { copyEvening, EVENING_MS } from '../fixtures/evening.ts';
import { sendRaw } from '../fixtures/raw-request.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';

// One fleet for all: faults that were played stay in its past, as they would for a person.
test.describe.configure({ mode: 'serial' });

let server: RunningServer;
let page: Page;

test.beforeAll(async ({ browser }) => {
  // From nothing, with an evening of its own that is read while this runs.
  server = await startServer({});
  page = await browser.newPage();
});
test.afterAll(async () => {
  await page.close();
  await server.stop();
});

/** Two visits of the fast sources and the page's own ticks, with room for a busy machine. */
const TWO_TICKS_MS = 30_000;

/** Sum over all series of a metric in the newest whole buckets. */
async function newest(
  request: APIRequestContext,
  query: string,
  { buckets = 2, step = '10s' } = {},
): Promise<number | null> {
  const answer = await request.get(`${server.baseUrl}/api/query?${query}&range=5m&step=${step}`);
  const { series } = (await answer.json()) as { series: { points: [number, number | null][] }[] };
  const known = series.map(({ points }) =>
    points.map(([, value]) => value).filter((value) => value !== null),
  );
  if (known.every((values) => values.length === 0)) return null;
  return known.reduce((sum, values) => sum + mean(values.slice(-buckets)), 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}

async function press(verb: 'Start' | 'Stop', id: DemoFaultId): Promise<void> {
  const name = DEMO_FAULTS.find((fault) => fault.id === id)?.name;
  await page.getByRole('button', { name: `${verb}: ${name}`, exact: true }).click();
  const other = verb === 'Start' ? 'Stop' : 'Start';
  await expect(page.getByRole('button', { name: `${other}: ${name}`, exact: true })).toBeVisible();
}

/** Plays a fault until `seen` holds, says how long it took, and ends it. */
async function play(id: DemoFaultId, seen: () => Promise<void>): Promise<void> {
  await press('Start', id);
  const beganMs = performance.now();
  await expect(page.locator(`[data-fault="${id}"]`)).toContainText(/\d+ (min|s) left/);
  await seen();
  const tookMs = Math.round(performance.now() - beganMs);
  test.info().annotations.push({ type: 'seen after', description: `${tookMs} ms` });
  await press('Stop', id);
}

const machineRow = (name: string) => page.getByRole('row').filter({ hasText: name }).first();
/** Of one target: the fleet's Prometheus tells much of the same once more. */
const of = (kind: string, name: string) =>
  `target=${encodeURIComponent(`harbor/production/${kind}/${name}`)}`;
const gets = `metric=redis_commands_total&label.cmd=get&as=rate&${of('redis', 'cache')}`;

test('the evening is there at first paint, and 15 days of it soon after', async ({ request }) => {
  await page.goto(`${server.baseUrl}/?range=24h`);
  await expect(page.getByRole('complementary', { name: 'Demo' })).toContainText('15 days');
  const answer = await request.get(`${server.baseUrl}/api/query?${gets}&range=12h&step=5m`);
  const { series } = (await answer.json()) as { series: { points: [number, number | null][] }[] };
  const points = (series[0]?.points ?? []).filter((point): point is [number, number] => point[1] !== null);
  const hoursAgo = (hours: number) => {
    const at = Date.now() - hours * 3_600_000;
    return (points.toSorted((a, b) => Math.abs(a[0] - at) - Math.abs(b[0] - at))[0]?.[1] ?? -1) * 3_600;
  };
  expect(hoursAgo(8) / 733_000).toBeCloseTo(1, 1);
  expect(hoursAgo(6) / 731_000).toBeCloseTo(1, 1);
  expect(hoursAgo(3.5)).toBe(0);
  expect(hoursAgo(1)).toBeGreaterThan(15_000);
  expect(hoursAgo(1)).toBeLessThan(35_000);
});

test('the summaries of the evening come in by the API', async () => {
  const { baseUrl } = server;
  await expect
    .poll(async () => {
      const { body } = await sendRaw(baseUrl, { path: '/api/deploys?kind=code&kind=suspend' });
      return JSON.parse(body).deploys.map(({ release }: { release: string }) => release);
    })
    .toEqual(expect.arrayContaining(['v1206', 'v1205', 'v1203']));
});

test('429 spike: rejected requests are counted on the machine', async ({ request }) => {
  await page.getByRole('button', { name: 'Break something' }).click();
  await play('limit_spike', async () => {
    const query = `metric=http_responses_total&label.status=429&as=rate&${of('app', '3d8dd7a1')}`;
    await expect.poll(() => newest(request, query), { timeout: TWO_TICKS_MS }).toBeGreaterThan(0.2);
  });
});

test('suspend by a bad value: a release comes, and the suspended machine uses Redis again', async ({
  request,
}) => {
  await play('bad_value', async () => {
    await expect(machineRow('9185e2bc')).toContainText('v1207', { timeout: TWO_TICKS_MS });
    await expect
      .poll(
        () => newest(request, `metric=app_redis_suspended&as=value&${of('app', '9185e2bc')}`, { buckets: 1 }),
        {
          timeout: TWO_TICKS_MS,
        },
      )
      .toBe(0);
  });
});

test('quota exhausted: the cache says so', async () => {
  await play('quota', async () => {
    await expect(page.getByText(/monthly command quota is used up/).first()).toBeVisible({
      timeout: TWO_TICKS_MS,
    });
  });
});

test('after the quota fault the cache is believed again soon', async ({ request }) => {
  const state = async () => {
    const { sources } = (await (await request.get(`${server.baseUrl}/api/status`)).json()) as {
      sources: { name: string; state: string }[];
    };
    return sources.find(({ name }) => name === 'cache')?.state;
  };
  await expect.poll(state, { timeout: TWO_TICKS_MS }).toBe('ok');
});

test('leak from a stale machine: Redis counts what no machine sent', async ({ request }) => {
  await play('leak', async () => {
    const remainder = async () => {
      const [all, known] = await Promise.all([
        newest(request, gets),
        newest(request, `metric=app_redis_commands_total&label.cmd=get&as=rate&${of('app', '3d8dd7a1')}`),
      ]);
      return (all ?? 0) - (known ?? 0);
    };
    await expect.poll(remainder, { timeout: TWO_TICKS_MS }).toBeGreaterThan(12);
  });
});

test('kill a machine: it does not answer, and comes back', async () => {
  const row = machineRow('9185e2bc');
  await expect(row).toContainText('Passing');
  await play('kill', async () => {
    await expect(row).not.toContainText('Passing', { timeout: TWO_TICKS_MS });
  });
  await expect(row).toContainText('Passing', { timeout: TWO_TICKS_MS });
});

test('restart storm: the machine begins again and again', async ({ request }) => {
  const query = `metric=app_process_start_time_seconds&as=value&${of('app', '3d8dd7a1')}`;
  const startedAt = () => newest(request, query, { buckets: 1 });
  const before = (await startedAt()) ?? Number.NaN;
  await play('storm', async () => {
    await expect.poll(startedAt, { timeout: TWO_TICKS_MS }).toBeGreaterThan(before + 1);
  });
});

test('plateau: GETs are back at the top', async ({ request }) => {
  await play('plateau', async () => {
    await expect.poll(() => newest(request, gets), { timeout: TWO_TICKS_MS }).toBeGreaterThan(120);
  });
});

test('slow API: requests take longer', async ({ request }) => {
  await play('slow', async () => {
    const within = (le: string) =>
      newest(
        request,
        `metric=http_request_seconds_bucket_total&label.le=${encodeURIComponent(le)}&as=rate&${of('app', '3d8dd7a1')}`,
      );
    const share = async () => ((await within('0.3')) ?? 0) / ((await within('+Inf')) ?? Number.NaN);
    await expect.poll(share, { timeout: TWO_TICKS_MS }).toBeLessThan(0.96);
  });
});

test('npm start -- --demo shows it beside a config, whatever that names', async ({ request }) => {
  test.setTimeout(EVENING_MS);
  const folder = await copyEvening();
  const config = join(folder, 'afterwatch.yml');
  await writeFile(config, 'sources:\n  - { kind: redis, name: real, url: "redis://127.0.0.1:1" }\n', {
    mode: 0o600,
  });
  const port = await freePort();
  const child = spawn(process.execPath, ['scripts/start.mjs', '--demo'], {
    env: {
      ...{ ...process.env, ...NO_SETTINGS, AFTERWATCH_CONFIG: config, AFTERWATCH_DATA_DIR: folder },
      ...{ PORT: String(port), HOST: '127.0.0.1' },
    },
    stdio: 'ignore',
  });
  try {
    const status = `http://127.0.0.1:${port}/api/status`;
    await expect
      .poll(async () => (await request.get(status).catch(() => null))?.ok() ?? false, { timeout: 60_000 })
      .toBe(true);
    const body = await (await request.get(status)).text();
    expect(body).toContain('harbor');
    expect(body).not.toContain('"real"');
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    await rm(folder, { recursive: true, force: true });
  }
});

test('where real sources are watched there is nothing to break', async ({ browser }) => {
  const real = await startServer({ REDIS_URL: 'redis://127.0.0.1:1' });
  const other = await browser.newPage();
  try {
    await other.goto(real.baseUrl);
    await expect(other.getByRole('complementary', { name: 'Demo' })).toHaveCount(0);
    await expect(other.getByRole('button', { name: 'Break something' })).toHaveCount(0);
  } finally {
    await other.close();
    await real.stop();
  }
});
