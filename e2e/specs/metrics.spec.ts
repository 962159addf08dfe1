import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { expectNoAxeFindings } from '../fixtures/axe.ts';
import { watchConsole } from '../fixtures/console.ts';
import { untilItListens } from '../fixtures/keys.ts';
import { test } from '../fixtures/test.ts';
import { refuseOutside } from '../guard.ts';

const PAGE = '/metrics-explorer';

test('the server sends the tables and the reconciliation; the page ticks without a fault', async ({
  page,
  request,
}) => {
  const html = await (await request.get(`${PAGE}?range=15m`)).text();
  expect(html).toContain('data-testid="reconcile-sentence"');
  expect(html).toMatch(/<th scope="row"[^>]*>get</);

  const faults = watchConsole(page);
  const refused = await refuseOutside(page);
  await page.goto(`${PAGE}?range=5m`);
  // The line of a command moves with every tick that brings a visit.
  const line = page.getByRole('row', { name: /^get/ }).locator('path');
  const before = await line.getAttribute('d');
  await expect.poll(() => line.getAttribute('d'), { timeout: 90_000 }).not.toBe(before);
  expect(faults).toEqual([]);
  expect(refused).toEqual([]);
});

test('every choice is in the address, and Back undoes the last one', async ({ page }) => {
  await page.goto(`${PAGE}?range=15m`);
  const get = page.getByRole('row', { name: /^get/ });
  await expect(get).toContainText('/min');
  await page.getByRole('switch', { name: 'Per request' }).click();
  await expect(page).toHaveURL(/per=request/);
  await expect(get).not.toContainText('/min');
  await page.getByRole('button', { name: 'Name', exact: true }).click();
  await expect(page).toHaveURL(/sort=name/);
  const names = await page.locator('table').first().locator('tbody th').allTextContents();
  expect(names).toEqual([...names].sort());
  await page.goBack();
  await expect(page).not.toHaveURL(/sort=name/);
  await expect(page).toHaveURL(/per=request/);
});

test('a second window stands beside the first, and a link to it shows the same', async ({ page }) => {
  await page.goto(`${PAGE}?range=15m&compare=before`);
  await expect(page.getByRole('columnheader', { name: 'The time right before' }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Change', exact: true })).toBeVisible();
});

test('a table is saved whole as CSV', async ({ page }) => {
  await page.goto(`${PAGE}?range=15m`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save Redis commands as CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^redis-commands-.*\.csv$/);
  const text = await readFile(await download.path(), 'utf8');
  expect(text.split('\r\n')[0]).toContain('command,');
  expect(text).toMatch(/\r\nget,[\d.]+,0\.\d+/);
});

test('g m leads here from the Now page', async ({ page }) => {
  await page.goto('/');
  await untilItListens(page);
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await expect(page).toHaveURL(new RegExp(PAGE));
});

for (const width of [390, 1440]) {
  test(`fits ${width} px and is read by everyone`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${PAGE}?range=15m`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await expectNoAxeFindings(page);
  });
}
