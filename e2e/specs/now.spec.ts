import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { startMachine } from '../../test/faults/machines.ts';
import { takePicture } from '../fixtures/picture.ts';
import { startServer } from '../fixtures/server.ts';
import { refuseOutside } from '../guard.ts';

/** Each width and each theme; the gallery looks at all pairs of them. */
const LOOKS = [
  [390, 'light'],
  [1440, 'dark'],
  [1440, 'light'],
  [2560, 'dark'],
] as const;

/** Faults that the browser itself reports: a blocked script or style shows here. */
function watchConsole(page: Page): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  return faults;
}

test('the charts are in the HTML that the server sends, and agree with the API', async ({ request }) => {
  const html = await (await request.get('/?range=1h')).text();
  const line = /<[^>]*data-testid="chart-line"[^>]*>/.exec(html)?.[0] ?? '';
  const points = Number(/data-points="(\d+)"/.exec(line)?.[1]);
  const last = Number(/data-last="([\d.e+-]+)"/.exec(line)?.[1]);
  expect(points).toBeGreaterThanOrEqual(50);

  const answer = await (
    await request.get('/api/query?metric=redis_commands_total&label.cmd=get&as=rate&range=1h&step=15s')
  ).json();
  const values = (answer.series[0].points as [number, number | null][]).map(([, value]) => value);
  const known = values.filter((value) => value !== null);
  const near = known.slice(-6);
  expect(Math.min(...near.map((value) => Math.abs(value - last) / last))).toBeLessThan(0.02);
});

test('the hero changes by ticks, with no reload, no console fault and no request to the outside', async ({
  page,
}) => {
  const faults = watchConsole(page);
  const refused = await refuseOutside(page);
  await page.goto('/?range=5m');
  const line = page.getByTestId('chart-line').first();
  // What is out of sight is not drawn anew.
  await line.scrollIntoViewIfNeeded();
  const before = await line.getAttribute('d');
  await expect.poll(() => line.getAttribute('d'), { timeout: 60_000 }).not.toBe(before);
  expect(faults).toEqual([]);
  expect(refused).toEqual([]);
});

test('a tick is one request, and small', async ({ page }) => {
  await page.goto('/?range=1h');
  await page.waitForRequest((request) => request.method() === 'POST', { timeout: 60_000 });
  const sizes: number[] = [];
  page.on('response', async (response) => {
    if (response.request().method() === 'POST')
      sizes.push((await response.request().sizes()).responseBodySize);
  });
  await page.waitForTimeout(12_000);
  expect(sizes.length).toBeGreaterThanOrEqual(1);
  expect(sizes.length).toBeLessThanOrEqual(4);
  test.info().annotations.push({ type: 'bytes per tick', description: sizes.join(', ') });
  // With the banner of a suspension, its consequences and its stages, which the demo stands in.
  expect(Math.max(...sizes)).toBeLessThan(8_192);
});

test('page, action and route of the production build share one store', async ({ page, request }) => {
  const { store } = (await (await request.get('/api/status')).json()) as { store: { id: string } };
  expect(store.id).toMatch(/./);
  const answers: string[] = [];
  await page.route('**/*', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const response = await route.fetch();
    answers.push(await response.text());
    return route.fulfill({ response });
  });
  const html = await (await page.goto('/'))?.text();
  expect(html).toContain(store.id);
  await expect.poll(() => answers.length, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(answers[0]).toContain(store.id);
});

test('poll now visits every source at once, though its beat is a minute', async ({ page }) => {
  const machine = await startMachine({ name: 'm1' });
  const folder = await mkdtemp(join(tmpdir(), 'afterwatch-config-'));
  const config = join(folder, 'afterwatch.yml');
  const source = `{kind: app, name: web, interval: 60s, machines: ["${machine.metricsUrl}"]}`;
  await writeFile(config, `sources:\n  - ${source}\n`, { mode: 0o600 });
  const server = await startServer({ AFTERWATCH_CONFIG: config });
  try {
    await expect.poll(() => machine.ledger.served.length, { timeout: 60_000 }).toBe(1);
    await page.goto(server.baseUrl);
    await page.getByRole('button', { name: 'Poll now' }).click();
    await expect.poll(() => machine.ledger.served.length, { timeout: 30_000 }).toBe(2);
    await expect(page.getByText('2 requests').first()).toBeVisible({ timeout: 30_000 });
  } finally {
    await server.stop();
    await machine.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test('range is in the URL; back and forward work', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: /^Time range/ }).click();
  await page.getByRole('link', { name: '15m', exact: true }).click();
  await expect(page).toHaveURL(/range=15m/);
  await page.goBack();
  await expect(page).not.toHaveURL(/range=15m/);
});

for (const [width, scheme] of LOOKS) {
  test(`Now at ${width} px in ${scheme}: no sideways scroll, no layout shift, sound`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    const page = await context.newPage();
    await page.addInitScript(() => {
      (globalThis as unknown as { shift: number }).shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
        })[]) {
          if (!entry.hadRecentInput) (globalThis as unknown as { shift: number }).shift += entry.value;
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto('/');
    await expect(page.getByTestId('chart-line').first()).toBeVisible();
    await page.waitForTimeout(7_000);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const shift = await page.evaluate(() => (globalThis as unknown as { shift: number }).shift);
    expect(shift).toBeLessThan(0.02);
    // Between them these two hold every component in every colour.
    if (width === 390 || (width === 1440 && scheme === 'dark')) {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual(
        [],
      );
    }
    await takePicture(page, `now-${scheme}-${width}`);
    await context.close();
  });
}
