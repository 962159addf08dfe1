import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { startMachine } from '../../test/faults/machines.ts';
import { expectNoAxeFindings } from '../fixtures/axe.ts';
import { watchConsole } from '../fixtures/console.ts';
import { takePicture } from '../fixtures/picture.ts';
import { startServer } from '../fixtures/server.ts';
import { test } from '../fixtures/test.ts';
import { refuseOutside } from '../guard.ts';

/** Each width and each theme. */
const LOOKS = [
  [390, 'light'],
  [1440, 'dark'],
  [1440, 'light'],
  [2560, 'dark'],
] as const;

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
  // With the banner of a suspension, which the demo stands in.
  expect(Math.max(...sizes)).toBeLessThan(4_096);
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

/** Adds up how far things jumped on a page, from its first paint on. */
function watchShifts(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const seen = Object.assign(window, { shift: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[]) {
        if (!entry.hadRecentInput) seen.shift += entry.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

test('Now in every width and theme: no sideways scroll, no layout shift, no axe finding', async ({
  browser,
}) => {
  // All of them wait for their ticks at the same time.
  const opened = await Promise.all(
    LOOKS.map(async ([width, colorScheme]) => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      const page = await context.newPage();
      await watchShifts(page);
      await page.goto('/');
      await expect(page.getByTestId('chart-line').first()).toBeVisible();
      return { look: `${width} px, ${colorScheme}`, context, page };
    }),
  );
  await opened[0]?.page.waitForTimeout(7_000);
  for (const { look, context, page } of opened) {
    await test.step(look, async () => {
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, look).toBeLessThanOrEqual(0);
      const shift = await page.evaluate(() => (window as unknown as { shift: number }).shift);
      expect(shift, look).toBeLessThan(0.02);
      await expectNoAxeFindings(page);
      await takePicture(page, `now-${look.replace(' px, ', '-')}`);
      await context.close();
    });
  }
});

test('without the setting there is no gallery', async ({ request }) => {
  // The server of the whole run, which knows nothing of it.
  const answer = await request.get('/gallery');
  expect(answer.status()).toBe(404);
  expect(await answer.text()).not.toContain('3d8dd7a1');
});

test('nothing of the gallery is loaded by the Now page', async ({ page }) => {
  const scripts: Promise<string>[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/_next/static/') && response.url().endsWith('.js'))
      scripts.push(response.text());
  });
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  const texts = await Promise.all(scripts);
  expect(texts.length).toBeGreaterThan(2);
  expect(texts.filter((text) => text.includes('Quota check makes no GET of its own'))).toEqual([]);
});
