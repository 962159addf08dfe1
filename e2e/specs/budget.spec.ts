import { expect, type Page } from '@playwright/test';
import { expectNoAxeFindings, expectNoAxeFindingsInThemes } from '../fixtures/axe.ts';
import { test } from '../fixtures/test.ts';
import { refuseOutside } from '../guard.ts';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('the demo says what runs out first, what it costs, and by which prices', async ({ page }) => {
  const refused = await refuseOutside(page);
  await page.goto('/');
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await expect(page).toHaveURL(/\/budget$/);
  await expect(heading(page)).toContainText(/ends in|runs out|lasts|may end/);

  const limits = part(page, 'Limits').getByRole('listitem');
  expect(await limits.count()).toBeGreaterThanOrEqual(1);
  // The band is said in words where it is drawn.
  await expect(
    part(page, 'Limits')
      .getByRole('img', { name: /between \d+\s% and \d+\s%/ })
      .first(),
  ).toBeVisible();

  await expect(part(page, 'Costs').getByRole('row', { name: /^GET/ })).toContainText('$');
  await expect(
    part(page, 'Costs').getByRole('row', { name: /^Everything that is paid by use/ }),
  ).toContainText('$');
  await expect(part(page, 'Connections').getByRole('row', { name: /^main-db/ })).toContainText('%');
  await expect(part(page, 'Awake').getByRole('row', { name: /^main-db-project/ })).toContainText(/\d\s[dhm]/);
  await expect(part(page, 'Targets').getByRole('row', { name: /733K/ })).toContainText(
    '$352.00 → $11.52 a day',
  );
  const prices = part(page, 'Prices').getByRole('row', { name: /upstash_command/ });
  await expect(prices).toContainText('$0.20 per 100,000 commands');
  await expect(prices).toContainText(/20\d\d-\d\d/);
  expect(refused).toEqual([]);
});

test('a limit opens to its chart, and any rate is priced without asking the server', async ({ page }) => {
  await page.goto('/budget');
  const opener = part(page, 'Limits')
    .getByRole('button', { name: /as a chart$/ })
    .first();
  await opener.click();
  await expect(opener).toHaveAttribute('aria-expanded', 'true');
  await expect(part(page, 'Limits').getByRole('slider').first()).toBeVisible();

  const form = page.getByRole('form', { name: 'What would this rate cost?' });
  await form.getByLabel('Commands').fill('733K');
  // 733,000 × 24 / 100,000 × $0.20
  await expect(form).toContainText('$35.18 a day');
  await form.getByLabel('Commands').fill('many');
  await expect(form).toContainText('Write a number such as 24K or 1.5M.');
});

test('it has no fault of accessibility and does not run over, narrow and wide', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/budget');
  await expect(part(page, 'Prices')).toBeVisible();
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await width()).toBeLessThanOrEqual(1440);
  await expectNoAxeFindingsInThemes(page);
  await page.setViewportSize({ width: 390, height: 900 });
  await part(page, 'Limits')
    .getByRole('button', { name: /as a chart$/ })
    .first()
    .click();
  expect(await width()).toBeLessThanOrEqual(390);
  await expectNoAxeFindings(page);
});

test('the page asks once a minute, in one request', async ({ page }) => {
  await page.clock.install();
  await page.goto('/budget');
  await expect(part(page, 'Prices')).toBeVisible();
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') asked.push(request.url());
  });
  await page.clock.runFor(45_000);
  expect(asked).toHaveLength(0);
  const tick = page.waitForRequest((request) => request.method() === 'POST');
  await page.clock.runFor(20_000);
  await tick;
  expect(asked).toHaveLength(1);
});
