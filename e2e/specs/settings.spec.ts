import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { expectNoAxeFindings } from '../fixtures/axe.ts';
import { untilItListens } from '../fixtures/keys.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { test } from '../fixtures/test.ts';
import { refuseOutside } from '../guard.ts';

const PAGE = '/settings';
const TOKEN = 'canary-token-of-the-machine';

test('g s leads here, and the server sends the sources with their calls', async ({ page, request }) => {
  const html = await (await request.get(PAGE)).text();
  expect(html).toContain('GET /v1/apps/');
  expect(html).toContain('Connect a source');
  expect(html).not.toMatch(/ style="/);
  await page.goto('/');
  await untilItListens(page);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page).toHaveURL(new RegExp(PAGE));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('sources are read');
});

test('the history of every provider of the demo is read to its end', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto(PAGE);
  const sources = page.getByRole('region', { name: 'Sources' });
  await expect(sources.getByText(/^History: back to .* series$/)).toHaveCount(4, { timeout: 90_000 });
  await expect(sources.getByRole('progressbar')).toHaveCount(0);
});

test('the form writes lines that the server’s config reads, and refuses a credential', async ({ page }) => {
  const refused = await refuseOutside(page);
  const posted: string[] = [];
  page.on('request', (request) => posted.push(request.postData() ?? ''));
  await page.goto(`${PAGE}?kind=fly#connect`);
  const form = page.getByRole('region', { name: 'Connect a source' });
  await form.getByLabel('App on Fly').fill('harbor');
  await expect(form.locator('pre')).toContainText('flyApp: harbor');
  await expect(form.getByText('Sound')).toBeVisible();
  await form.getByLabel('Variable with the token').fill('FlyV1 fm2_canary');
  await expect(form.getByText(/and never what it holds/)).toBeVisible();
  await expect(form.locator('pre')).toHaveCount(0);
  await form.getByLabel('Kind').selectOption('logs');
  await expect(page).toHaveURL(/kind=logs/);
  await expect(form.getByText('Sound')).toBeVisible();
  expect(posted.join()).not.toContain('fm2_canary');
  expect(refused).toEqual([]);
});

for (const [width, colorScheme] of [
  [390, 'light'],
  [1440, 'dark'],
] as const) {
  test(`fits ${width} px with everything open, and is read by everyone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(PAGE);
    await expect(page.getByText('Sound')).toBeVisible();
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await expectNoAxeFindings(page);
  });
}

test.describe('sources of a team', () => {
  let folder = '';
  let machine: Server;
  let server: RunningServer;
  let visits = 0;

  test.beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'afterwatch-settings-'));
    machine = createServer((request, response) => {
      if (request.url === '/open') {
        visits += 1;
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
        response.end('# TYPE http_requests_total counter\nhttp_requests_total{status="200"} 5\n');
      } else response.writeHead(401).end();
    });
    await new Promise<void>((done) => machine.listen(0, '127.0.0.1', done));
    const address = machine.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const config = join(folder, 'afterwatch.yml');
    const lines = [
      'sources:',
      '  - kind: app',
      '    name: web',
      '    interval: 1h',
      '    token: $' + '{METRICS_TOKEN}',
      '    machines:',
      `      - { name: open, url: "http://127.0.0.1:${port}/open" }`,
      `      - { name: closed, url: "http://127.0.0.1:${port}/closed" }`,
      '',
    ];
    await writeFile(config, lines.join('\n'), { mode: 0o600 });
    server = await startServer({ AFTERWATCH_CONFIG: config, METRICS_TOKEN: TOKEN });
  });
  test.afterAll(async () => {
    await server?.stop();
    await new Promise((done) => machine?.close(done));
    await rm(folder, { recursive: true, force: true });
  });

  test('a test is one visit; it says what was read and what is missing, and is not made twice in a moment', async ({
    page,
    request,
  }) => {
    test.setTimeout(60_000);
    await page.goto(`${server.baseUrl}${PAGE}`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('closed cannot be read', {
      timeout: 40_000,
    });
    const before = visits;
    await page.getByRole('button', { name: 'Test open' }).click();
    const good = page.getByRole('region', { name: 'Test of open' });
    await expect(good.getByText('http_responses_total')).toBeVisible();
    await expect(good.getByText(/sent 1 request|sent 1 connect, 1 request/)).toBeVisible();
    expect(visits).toBe(before + 1);
    await page.getByRole('button', { name: 'Test open' }).click();
    await expect(page.getByText(/^Not tested: It was tested a moment ago/)).toBeVisible();
    expect(visits).toBe(before + 1);

    await page.getByRole('button', { name: 'Test closed' }).click();
    const bad = page.getByRole('region', { name: 'Test of closed' });
    await expect(bad.getByText(/the right to read its metrics or health page/)).toBeVisible();
    await expect(bad.getByText(/METRICS_TOKEN/)).toBeVisible();
    expect(await (await request.get(`${server.baseUrl}${PAGE}`)).text()).not.toContain(TOKEN);
    await expect(
      page.getByRole('region', { name: 'Not configured' }).getByRole('heading', { level: 3 }),
    ).toHaveCount(7);
  });
});
