import { expect, type Page, test } from '@playwright/test';
import { expectNoAxeFindings } from '../fixtures/axe.ts';
import { EVENING_MS, startOnEvening } from '../fixtures/evening.ts';
import { untilItListens } from '../fixtures/keys.ts';
import type { RunningServer } from '../fixtures/server.ts';
import { refuseOutside } from '../guard.ts';

// A server of its own: what is registered here would be the origin of time on everybody's charts.
let server: RunningServer;
test.beforeAll(async () => {
  test.setTimeout(EVENING_MS);
  server = await startOnEvening({});
});
test.afterAll(() => server?.stop());

const at = (path: string) => `${server.baseUrl}${path}`;

/** A summary with every kind of thing in it, and one of everything that is wrong. */
const SUMMARY = [
  '# Deployment summary',
  '',
  '**Version**: v9001',
  '',
  '- Redis GETs: 733K/hour → 24K/hour (96.7% reduction)',
  '- Database queries: 195,680/day → 50,816/day (80% reduction)',
  '- Onboarding delight: 12 smiles → 40 smiles',
  '',
  '## Next 24 hours',
  '',
  '- [ ] Check the error rate',
  '- [x] 429 errors should not increase',
  '',
  '## Rollback',
  '',
  '```sh',
  'fly deploy --image <previous-image-id>',
  '```',
  '',
  'redis://watcher:canary-pass-4711@cache.internal:6379',
].join('\n');

const editor = (page: Page) => page.getByRole('textbox', { name: /Summary/ });
const items = (page: Page) => page.getByRole('region', { name: 'What was read' });

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((given) => {
    const field = document.querySelector('textarea[data-summary]');
    const data = new DataTransfer();
    data.setData('text/plain', given);
    field?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, text);
}

async function expectFits(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
}

/** Presses Tab until `name` has the focus; fails after too many. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    const here = await page.evaluate(() => {
      const { activeElement } = document;
      return `${activeElement?.getAttribute('aria-label') ?? ''} ${activeElement?.textContent ?? ''}`;
    });
    if (name.test(here)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${name}`);
}

test('from a paste to a watch by the keyboard alone; nothing of a secret leaves the page', async ({
  page,
}) => {
  const refused = await refuseOutside(page);
  const posted: string[] = [];
  page.on('request', (request) => posted.push(request.postData() ?? ''));
  await page.goto(at('/deploys/new'));
  await expect(page.getByText('Paste what this deploy promises.')).toBeVisible();
  await untilItListens(page);
  await page.keyboard.press('e');
  await expect(editor(page)).toBeFocused();
  await paste(page, SUMMARY);
  await expect(page.getByText('1 secret replaced')).toBeVisible();
  await expect(editor(page)).not.toHaveValue(/canary-pass/);
  await expect(items(page).getByText(/^\d claims, \d checks?, \d audit findings?$/)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/promises/);

  // From the text to what was read from its first line, and back.
  await page.keyboard.press('Control+Enter');
  await expect(items(page).locator('button[data-item]:focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press('Control+Enter');

  // On to the claim that nothing measures, which is bound by hand.
  await tabTo(page, /Onboarding/);
  await page.keyboard.press('Enter');
  const metric = items(page).getByRole('combobox', { name: 'Metric' });
  await expect(metric).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(metric).toBeFocused();
  await page.keyboard.type('redis commands processed');
  await page.keyboard.press('Enter');
  await expect(metric).toHaveValue('redis_commands_processed_total');
  await page.keyboard.press('Escape');

  await tabTo(page, /^\s*Start the watch/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/deploys\/\d{8}T\d{6}-/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('v9001');
  // Its watch may have begun by now: then what was promised stands below the verdicts.
  const promised = page.getByRole('region', { name: /^(Claims|Promised)$/ });
  await expect(promised.getByText('confirmed', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('fly deploy --image <previous-image-id>').first()).toBeVisible();
  await expect(page.getByText(/Can’t run as written/)).toBeVisible();
  expect(posted.join()).not.toContain('canary-pass');
  expect(await page.content()).not.toContain('canary-pass');
  expect(refused).toEqual([]);

  // What was written is put away once it is registered.
  await page.goto(at('/deploys/new'));
  await expect(editor(page)).toHaveValue('');
});

test('what is typed survives a reload, and a paste that is no text changes nothing', async ({ page }) => {
  await page.goto(at('/deploys/new'));
  await editor(page).fill('- Redis GETs: 733K/hour → 24K/hour');
  await expect(items(page).getByRole('button', { name: /Redis GETs/ })).toBeVisible();
  await paste(page, 'x'.repeat(70_000));
  await expect(page.getByText(/Not pasted\. .*64 KB: 4\.4 KB are too much/)).toBeVisible();
  await paste(page, '\u0000\u0001\u0002\u0003');
  await expect(page.getByText(/is no text/)).toBeVisible();
  await page.reload();
  await expect(editor(page)).toHaveValue('- Redis GETs: 733K/hour → 24K/hour');
});

test('a file is read, a picture is refused with a sentence', async ({ page }) => {
  await page.goto(at('/deploys/new'));
  const picker = page.locator('input[type=file]');
  await picker.setInputFiles({
    name: 'picture.png',
    mimeType: 'image/png',
    buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 0, 1, 2]),
  });
  await expect(page.getByText(/picture\.png is no text/)).toBeVisible();
  await picker.setInputFiles({
    name: 'summary.md',
    mimeType: 'text/markdown',
    buffer: Buffer.from('- API latency p95: 500ms → 200ms\n'),
  });
  await expect(items(page).getByRole('button', { name: /API latency/ })).toBeVisible();
  await editor(page).fill('');
});

for (const [width, colorScheme] of [
  [390, 'light'],
  [1440, 'dark'],
] as const) {
  test(`list, paste page and deploy fit ${width} px and are read by everyone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(at('/deploys/new'));
    await editor(page).focus();
    await paste(page, SUMMARY.replace('v9001', `v91${width}`));
    await expect(
      items(page)
        .getByRole('button', { name: /Redis GETs/ })
        .first(),
    ).toBeVisible();
    await items(page)
      .getByRole('button', { name: /Redis GETs/ })
      .first()
      .click();
    await expect(items(page).getByRole('combobox', { name: 'Metric' })).toBeVisible();
    await expectFits(page);
    await expectNoAxeFindings(page);

    const start = page.getByRole('button', { name: 'Start the watch' });
    await expect(start).toBeEnabled();
    await start.click();
    await expect(page).toHaveURL(/\/deploys\/\d{8}T\d{6}-/);
    await expect(page.getByRole('region', { name: 'Audit' })).toBeVisible();
    await expectFits(page);
    await expectNoAxeFindings(page);

    await page.goto(at('/deploys?kind=code'));
    await expect(page.getByRole('link', { name: `v91${width}` })).toBeVisible();
    await expectFits(page);
    await expectNoAxeFindings(page);
    const kinds = page.getByRole('navigation', { name: 'Kind of deploy' });
    await kinds.getByRole('link', { name: 'Scale' }).click();
    await expect(page).toHaveURL(/kind=scale/);
    await page.goBack();
    await expect(page.getByRole('link', { name: `v91${width}` })).toBeVisible();
  });
}

test('deploys are marked on the charts, and the address says when they are not', async ({ page }) => {
  await page.goto(at('/'));
  await untilItListens(page);
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/marks=off/);
  await page.keyboard.press('d');
  await expect(page).not.toHaveURL(/marks=off/);
});

test('keys lead to the page, through the list, and from one deploy to the next', async ({ page }) => {
  await page.goto(at('/'));
  await untilItListens(page);
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/\/deploys$/);
  await expect(page.getByRole('table')).toBeVisible();
  await untilItListens(page);
  await page.keyboard.press('j');
  await expect(page.getByRole('table').getByRole('link').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/deploys\/\d/);
  await untilItListens(page);
  const first = page.url();
  await page.keyboard.press('[');
  await expect(page).not.toHaveURL(first);
  await untilItListens(page);
  await page.keyboard.press(']');
  await expect(page).toHaveURL(first);
});
