import { expect, type Page, test } from '@playwright/test';
import { expectNoAxeFindingsInThemes } from '../fixtures/axe.ts';
import { EVENING_MS, startOnEvening } from '../fixtures/evening.ts';
import type { RunningServer } from '../fixtures/server.ts';
import { refuseOutside } from '../guard.ts';

// One fleet for all: what was broken stays in its past, as it would for a person.
test.describe.configure({ mode: 'serial' });

/** Both machines begin anew, are visited, and a whole minute of the new process is counted. */
const SEEN_WITHIN_MS = 200_000;

let server: RunningServer;
test.beforeAll(async () => {
  test.setTimeout(EVENING_MS);
  server = await startOnEvening({});
});
test.afterAll(() => server?.stop());

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const switchRow = (page: Page) => page.getByRole('row', { name: /^SUSPEND_REDIS/ });

test('at rest the page says what each machine reads, and that one was left behind', async ({ page }) => {
  const refused = await refuseOutside(page);
  await page.goto(server.baseUrl);
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/\/config$/);
  await expect(heading(page)).toContainText('No setting was misread that we can see', { timeout: 90_000 });
  await expect(heading(page)).toContainText('2 releases run: v1206 on 3d8dd7a1, v1205 on 9185e2bc.');
  await expect(switchRow(page)).toContainText('Partial');
  await expect(page.getByRole('region', { name: 'Machines' })).toContainText(
    'v1203 counts on 3 machines; 2 run.',
  );
  await expect(page.getByRole('row', { name: /^LIMITER_SYNC_SECONDS/ })).toContainText('set');
  expect(refused).toEqual([]);
});

test('it has no fault of accessibility and does not run over, narrow or wide, in either theme', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 900 });
  await page.goto(`${server.baseUrl}/config`);
  await expect(switchRow(page)).toBeVisible();
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoAxeFindingsInThemes(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});

test('a digest in place of a value is caught by what was set, by what was read and by what is seen', async ({
  page,
}) => {
  test.setTimeout(360_000);
  await page.goto(server.baseUrl);
  await page.getByRole('button', { name: 'Break something' }).click();
  await page.getByRole('button', { name: 'Start: Suspend Redis by a bad value', exact: true }).click();
  await expect(
    page.getByRole('button', { name: 'Stop: Suspend Redis by a bad value', exact: true }),
  ).toBeVisible();

  await page.goto(`${server.baseUrl}/config`);
  await expect(heading(page)).toContainText(
    'SUSPEND_REDIS does not run as it was meant: what was set, what its processes read and what its machines do show it.',
    { timeout: SEEN_WITHIN_MS },
  );
  const wrong = page.getByRole('list', { name: 'What is wrong with SUSPEND_REDIS' });
  await expect(wrong).toContainText('Asked in vain declared');
  await expect(wrong).toContainText(
    'a digest, copied in place of a value? Read as false. Accepted: true, 1, yes, on',
  );
  await expect(wrong).toContainText('Traffic differs observed');
  await expect(switchRow(page)).toContainText('looks like a digest');
  await expect(page.getByText('fly secrets set SUSPEND_REDIS=true -a harbor')).toBeVisible();
  // The value itself is nowhere: neither on the page nor in what was sent for it.
  expect(await page.content()).not.toContain('fa61a13817d73a23');
});
