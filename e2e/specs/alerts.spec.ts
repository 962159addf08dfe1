import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type Machine, startMachine } from '../../test/faults/machines.ts';
import { expectNoAxeFindingsInThemes } from '../fixtures/axe.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { refuseOutside } from '../guard.ts';

/** Two looks of the engine and two visits of the machine, with time for a tick of the page. */
const FIRES_WITHIN_MS = 90_000;

let folder = '';
let machine: Machine;
let server: RunningServer;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterwatch-alerts-'));
  machine = await startMachine({ name: 'a', counters: ['http_requests'] });
  machine.inc('http_requests', { status: '200' }, 1_000);
  machine.inc('http_requests', { status: '429' }, 1);
  const config = join(folder, 'afterwatch.yml');
  await writeFile(
    config,
    [
      'app: harbor',
      'sources:',
      '  - kind: app',
      '    name: web',
      '    interval: 5s',
      '    machines:',
      `      - { name: a, url: "${machine.metricsUrl}" }`,
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  server = await startServer({ AFTERWATCH_CONFIG: config });
});
test.afterAll(async () => {
  await server?.stop();
  await machine?.stop();
  await rm(folder, { recursive: true, force: true });
});

const group = (page: Page) => page.getByRole('region', { name: 'Alerts: Responses' });

async function expectSound(page: Page): Promise<void> {
  await expectNoAxeFindingsInThemes(page);
  const sideways = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(sideways, { message: `sideways scroll at ${width} px` }).toBeLessThanOrEqual(0);
  }
}

test('a machine starts answering 429s: the alert fires on the screen, and stays acknowledged after a reload', async ({
  page,
  request,
}) => {
  test.setTimeout(240_000);
  const refused = await refuseOutside(page);
  await page.goto(`${server.baseUrl}/alerts`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Nothing needs a person.', {
    timeout: 60_000,
  });
  await expect
    .poll(async () => JSON.stringify(await (await request.get(`${server.baseUrl}/api/status`)).json()), {
      timeout: 60_000,
    })
    .toContain('"state":"ok"');

  machine.inc('http_requests', { status: '429' }, 60);
  await expect(group(page).getByText(/^60 responses of status 429 in 5 min$/)).toBeVisible({
    timeout: FIRES_WITHIN_MS,
  });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('One alert needs a person', {
    timeout: FIRES_WITHIN_MS,
  });
  await expect(page.getByRole('link', { name: /Alerts/ }).first()).toContainText('1');
  const { alerts } = (await (await request.get(`${server.baseUrl}/api/status`)).json()) as {
    alerts: { id: string }[];
  };
  expect(alerts).toMatchObject([{ id: 'http_429', acknowledged: false }]);

  await page.keyboard.press('e');
  await expect(group(page).getByText(/acknowledged by somebody on this machine/)).toBeVisible();
  await page.reload();
  await expect(group(page).getByText(/acknowledged by somebody on this machine/)).toBeVisible();

  // The detail: what it looked at, the rule, and what to do, with a command to copy.
  for (const name of ['When it fired', 'The rule, in words', 'What it means', 'History', 'Who is told']) {
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
  }
  await expect(page.getByTestId('chart-stretch').first()).toBeAttached();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.baseUrl });
  const steps = page.getByRole('region', { name: 'What to do next' });
  await steps
    .getByRole('button', { name: /^Copy the command of step/ })
    .first()
    .click();
  const command = await steps.locator('pre').first().textContent();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(command);

  await page.getByRole('button', { name: /Would it have fired before/ }).click();
  await expect(page.getByText(/^Would have fired .*\.$/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('list', { name: 'Day by day' }).getByRole('listitem')).not.toHaveCount(0);
  await expectSound(page);

  await page.goto(server.baseUrl);
  const panel = page.getByRole('region', { name: 'Alerts' });
  await panel.getByRole('button', { name: 'Silence' }).click();
  await panel.getByRole('button', { name: 'For 1 h' }).click();
  await expect(panel.getByText(/silenced until/)).toBeVisible();
  const after = await (await request.get(`${server.baseUrl}/api/status`)).json();
  expect(after.alerts).toEqual([]);

  // Woken again, it is silenced by a window of which it names the reason.
  await panel.getByRole('button', { name: 'Wake' }).click();
  await expect(panel.getByRole('button', { name: 'Silence' })).toBeVisible();
  await page.goto(`${server.baseUrl}/alerts?tab=maintenance`);
  await page.getByLabel('Why').fill('cache is moved');
  await page.getByRole('button', { name: 'Plan it' }).click();
  const planned = page.getByRole('listitem', { name: 'cache is moved' });
  await expect(planned).toContainText('Running');
  await expectSound(page);
  await page.goto(`${server.baseUrl}/alerts`);
  await expect(group(page).getByText(/silenced until .*cache is moved/)).toBeVisible({ timeout: 30_000 });
  await page.goto(`${server.baseUrl}/alerts?tab=maintenance`);
  await planned.getByRole('button', { name: 'End cache is moved' }).click();
  await planned.getByRole('button', { name: 'End cache is moved now' }).click();
  await expect(page.getByText('None is running, and none is planned.')).toBeVisible();
  expect(refused).toEqual([]);
});

test('the rules stand on the page in words, and can be walked from there', async ({ page }) => {
  const refused = await refuseOutside(page);
  await page.goto(`${server.baseUrl}/alerts?tab=rules`);
  await expect(page.getByRole('listitem', { name: 'http_429' })).toContainText(/^http_429.*Fires at 5/);
  await expectSound(page);
  const rule = page.getByRole('listitem', { name: 'redis_mixed' });
  await rule.getByRole('button', { name: 'Backtest redis_mixed' }).click();
  await rule.getByRole('button', { name: /Would it have fired before/ }).click();
  await expect(rule.getByRole('status')).toContainText(/Can’t tell|Would not have fired/, {
    timeout: 60_000,
  });
  expect(refused).toEqual([]);
});
