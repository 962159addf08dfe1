import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type Machine, startMachine } from '../../test/faults/machines.ts';
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

const firing = (page: Page) => page.getByRole('region', { name: 'Firing' });

test('a machine starts answering 429s: the alert fires on the screen, and stays acknowledged after a reload', async ({
  page,
  request,
}) => {
  test.setTimeout(180_000);
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
  await expect(firing(page).getByText(/^60 responses of status 429 in 5 min$/)).toBeVisible({
    timeout: FIRES_WITHIN_MS,
  });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('One alert needs a person');
  await expect(page.getByRole('link', { name: /Alerts/ }).first()).toContainText('1');
  const { alerts } = (await (await request.get(`${server.baseUrl}/api/status`)).json()) as {
    alerts: { id: string }[];
  };
  expect(alerts).toMatchObject([{ id: 'http_429', acknowledged: false }]);

  await page.keyboard.press('e');
  await expect(firing(page).getByText(/acknowledged by somebody on this machine/)).toBeVisible();
  await page.reload();
  await expect(firing(page).getByText(/acknowledged by somebody on this machine/)).toBeVisible();
  await expect(page.getByText('The rule, in words')).toBeVisible();

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  }

  await page.goto(server.baseUrl);
  const panel = page.getByRole('region', { name: 'Alerts' });
  await panel.getByRole('button', { name: 'Silence' }).click();
  await panel.getByRole('button', { name: 'For 1 h' }).click();
  await expect(panel.getByText(/silenced until/)).toBeVisible();
  const after = await (await request.get(`${server.baseUrl}/api/status`)).json();
  expect(after.alerts).toEqual([]);
  expect(refused).toEqual([]);
});
