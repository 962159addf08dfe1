import { expect, test } from '@playwright/test';
import { startLoad } from '../../test/faults/load.ts';
import { startMachine } from '../../test/faults/machines.ts';
import { startPostgres, startRedis } from '../../test/peers.ts';
import { startServer } from '../fixtures/server.ts';

const GETS_PER_SECOND = 200;
const QUERIES_PER_SECOND = 40;
const CLOSE_ENOUGH = 0.05;

interface QueryAnswer {
  unit: string;
  stepMs: number;
  series: {
    labels: Record<string, string>;
    quality: string;
    points: [number, number | null][];
    partial: boolean;
  }[];
  gaps: { startMs: number; endMs: number; reason: string }[];
}

test('a known load reads true on the screen and by the API, across a Redis restart', async ({ browser }) => {
  test.setTimeout(240_000);
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  const machines = await Promise.all(['m1', 'm2'].map((name) => startMachine({ name })));
  for (const machine of machines) machine.inc('http_requests', { status: '200' }, 1000);
  const load = await startLoad({
    redisUrl: redis.url,
    postgresUrl: postgres.url,
    getsPerSecond: GETS_PER_SECOND,
    queriesPerSecond: QUERIES_PER_SECOND,
  });
  const server = await startServer({
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    APP_METRICS_URLS: machines.map(({ metricsUrl }) => metricsUrl).join(','),
  });
  try {
    await wait(45_000);
    await redis.restart();
    machines[0]?.inc('http_requests', { status: '429' }, 7);
    await wait(60_000);

    const gets = await query(
      server.baseUrl,
      'metric=redis_commands_total&label.cmd=get&as=rate&range=5m&step=15s',
    );
    const rates = (gets.series[0]?.points ?? []).map(([, value]) => value).filter((value) => value !== null);
    expect(rates.length).toBeGreaterThanOrEqual(4);
    for (const rate of rates) expect(rate).toBeLessThan(GETS_PER_SECOND * 1.15);
    expect(relative(mean(rates), GETS_PER_SECOND)).toBeLessThan(CLOSE_ENOUGH);

    const queries = await query(server.baseUrl, 'metric=db_queries_total&as=rate&range=5m&step=30s');
    expect(queries.series).toHaveLength(1);
    expect(queries.series[0]?.quality).toBe('measured');
    const queryRates = (queries.series[0]?.points ?? [])
      .map(([, value]) => value)
      .filter((value) => value !== null);
    expect(queryRates.length).toBeGreaterThanOrEqual(2);
    expect(relative(mean(queryRates), QUERIES_PER_SECOND)).toBeLessThan(CLOSE_ENOUGH);

    const limited = await query(
      server.baseUrl,
      'metric=http_responses_total&label.status=429&as=increase&range=5m&step=5m',
    );
    const sum = limited.series
      .flatMap(({ points }) => points)
      .reduce((total, [, value]) => total + (value ?? 0), 0);
    expect(Math.round(sum)).toBe(7);

    const page = await browser.newPage();
    await page.goto(`${server.baseUrl}/?range=5m`);
    const line = page.getByTestId('chart-line').first();
    const shown = Number(await line.getAttribute('data-last'));
    expect(relative(shown, GETS_PER_SECOND)).toBeLessThan(CLOSE_ENOUGH);
    await expect(page.getByText(/7\d\dK\/h/).first()).toBeVisible();
    await page.close();
  } finally {
    await load.stop();
    await server.stop();
    await Promise.all([redis.stop(), postgres.stop(), ...machines.map((machine) => machine.stop())]);
  }
});

async function query(baseUrl: string, search: string): Promise<QueryAnswer> {
  const response = await fetch(`${baseUrl}/api/query?${search}`);
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as QueryAnswer;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const relative = (value: number, truth: number): number => Math.abs(value - truth) / truth;
/** Real servers count in real time: there is no clock to turn here. */
const wait = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));
