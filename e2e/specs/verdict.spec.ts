import { rm } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { expectNoAxeFindings } from '../fixtures/axe.ts';
import { EVENING_MS, startOnEvening } from '../fixtures/evening.ts';
import { untilItListens } from '../fixtures/keys.ts';
import { sendRaw } from '../fixtures/raw-request.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { refuseOutside } from '../guard.ts';

// A server of its own: what is signed and overridden here would stand on everybody's page.
let server: RunningServer;
const ids = new Map<string, string>();
test.beforeAll(async () => {
  test.setTimeout(EVENING_MS);
  server = await startOnEvening({});
  await expect
    .poll(async () => {
      const { body } = await sendRaw(server.baseUrl, { path: '/api/deploys' });
      for (const { id, release } of JSON.parse(body).deploys as Line[]) ids.set(release, id);
      return [...ids.keys()];
    })
    .toEqual(expect.arrayContaining(['v1203', 'v1206']));
  for (const release of ['v1203', 'v1206']) {
    await expect
      .poll(
        async () => {
          const path = `/api/deploys/${ids.get(release)}/verdict`;
          return JSON.parse((await sendRaw(server.baseUrl, { path })).body).state;
        },
        { timeout: 60_000 },
      )
      .not.toMatch(/settling/);
  }
});
test.afterAll(async () => {
  await server?.stop();
  // Not removed by itself: another server went on there.
  if (server !== undefined) await rm(server.dataDir, { recursive: true, force: true });
});

const at = (path: string) => `${server.baseUrl}${path}`;
const h1 = (page: Page) => page.getByRole('heading', { level: 1 });

interface Line {
  id: string;
  release: string;
}

/** The page of a deploy of the evening. */
async function openWatch(page: Page, release: string): Promise<void> {
  await page.goto(at(`/deploys/${ids.get(release)}`));
  await expect(page.getByRole('region', { name: `Watch of ${release}` })).toBeVisible();
}

async function expectFits(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
}

test('the evening is told: what the suspension cut short cannot be told, and what stood before stays', async ({
  page,
}) => {
  const refused = await refuseOutside(page);
  await openWatch(page, 'v1203');
  await expect(h1(page)).toContainText('v1203');
  const gets = page
    .getByRole('region', { name: 'Claims' })
    .getByRole('row', { name: /GETs/ })
    .filter({ hasText: /suspended/i })
    .first();
  await expect(gets.getByText('Can’t tell')).toBeVisible();
  await gets.getByRole('button').click();
  const rests = page.getByRole('region', { name: /^What the verdict rests on/ });
  await expect(rests).toContainText('Before the guard');
  await expect(rests).toContainText(/14 days before the deploy/);
  await expect(page.getByRole('region', { name: 'Roll back' }).getByRole('button').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'History' })).toContainText(/suspended/i);
  expect(refused).toEqual([]);
});

test('the list says where each deploy stands', async ({ page }) => {
  await openWatch(page, 'v1206');
  await page.goto(at('/deploys'));
  const row = page.getByRole('row', { name: /v1203/ });
  await expect(row.getByText('Can’t tell')).toBeVisible();
  await expect(page.getByRole('row', { name: /v1206/ })).toContainText(/\d of \d met/);
});

test('Now carries the watch: its chip, its rail and its claims', async ({ page }) => {
  await openWatch(page, 'v1206');
  await page.goto(at('/'));
  await expect(page.getByTitle('The watch of v1206')).toContainText(/T\+\d\d:\d\d/);
  await expect(page.getByRole('region', { name: 'Watch of v1206' })).toBeVisible();
  await page.getByRole('link', { name: 'Open the watch' }).click();
  await expect(page).toHaveURL(/\/deploys\/\d/);
});

test('a person signs, takes it back, overrides and withdraws: each by name, and it survives a reload', async ({
  page,
}) => {
  await openWatch(page, 'v1203');
  await untilItListens(page);
  const checklist = page.getByRole('region', { name: 'Checklist' });
  const line = checklist.getByRole('button', { name: /^Sign: / }).first();
  const title = ((await line.getAttribute('aria-label')) ?? '').replace('Sign: ', '');
  await line.click();
  const sign = page.getByRole('dialog', { name: 'Sign' });
  await sign.getByLabel(/What you saw/).fill('all calm');
  await sign.getByLabel('Your name').fill('Ada');
  await sign.getByRole('button', { name: 'Sign' }).click();
  await expect(sign).toHaveCount(0);
  await page.reload();
  await expect(checklist.getByText(/Signed by Ada, .*: all calm/)).toBeVisible();
  await untilItListens(page);
  await checklist.getByRole('button', { name: `Take the tick back: ${title}` }).click();
  const back = page.getByRole('dialog', { name: 'Take the tick back' });
  await expect(back.getByLabel('Your name')).toHaveValue('Ada');
  await back.getByRole('button', { name: 'Take it back' }).click();
  await expect(page.getByRole('region', { name: 'History' })).toContainText(/Ada took back/);

  const sentence = await h1(page).textContent();
  await page.getByRole('button', { name: 'Override' }).click();
  const override = page.getByRole('dialog', { name: 'Override the verdict' });
  await override.getByLabel('Verdict').selectOption('missed');
  await override.getByLabel('Reason').fill('The bill shows no fall.');
  await override.getByRole('button', { name: 'Override' }).click();
  await expect(page.getByText('Ada says: missed')).toBeVisible();
  // What was measured stays where it is.
  expect(await h1(page).textContent()).toBe(sentence);
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page
    .getByRole('dialog', { name: 'Withdraw the override' })
    .getByRole('button', { name: 'Withdraw' })
    .click();
  await expect(page.getByText('Ada says: missed')).toHaveCount(0);
});

test('m copies the verdict as Markdown', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.baseUrl });
  await openWatch(page, 'v1203');
  await untilItListens(page);
  await page.keyboard.press('m');
  await expect(page.getByText('Copied')).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain('v1203');
  expect(text).toContain('/deploys/');
});

for (const [width, colorScheme] of [
  [390, 'light'],
  [1440, 'dark'],
] as const) {
  test(`the page of a watch fits ${width} px and is read by everyone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    await openWatch(page, 'v1203');
    await page.getByRole('region', { name: 'Claims' }).getByRole('button').first().click();
    await expectFits(page);
    await expectNoAxeFindings(page);
    await page.getByRole('button', { name: 'Override' }).click();
    await expect(page.getByRole('dialog', { name: 'Override the verdict' })).toBeVisible();
    await expectNoAxeFindings(page);
    await page.keyboard.press('Escape');
    await page.goto(at('/deploys'));
    await expect(page.getByRole('row', { name: /v1203/ })).toBeVisible();
    await expectFits(page);
    await expectNoAxeFindings(page);
  });
}

test('what can be told is said beside a claim while its summary is typed, and nothing moves when it comes', async ({
  page,
}) => {
  await page.goto(at('/deploys/new'));
  await page
    .getByRole('textbox', { name: /Summary/ })
    .fill('- Redis GETs: 733K/hour → 24K/hour\n- Redis SETs: 10K/hour → 5K/hour');
  const items = page.getByRole('region', { name: 'What was read' });
  const second = items.getByRole('button', { name: /Claim:.*SETs/ });
  await expect(second).toBeVisible();
  const before = await second.boundingBox();
  await expect(items.getByText(/be told/).first()).toBeVisible();
  const after = await second.boundingBox();
  expect(after?.y).toBe(before?.y);
});

test('a watch survives a kill of the whole server, with nobody looking', async () => {
  test.setTimeout(180_000);
  const path = `/api/deploys/${ids.get('v1203')}/verdict`;
  const read = async () => JSON.parse((await sendRaw(server.baseUrl, { path })).body);
  const before = await read();
  expect(before.claims.length).toBeGreaterThan(3);
  await server.kill();
  server = await startServer({}, { dataDir: server.dataDir });
  const after = await read();
  expect(after.deploy.release).toBe('v1203');
  const standing = ({ id, state, reason, interval }: Record<string, unknown>) => ({
    id,
    state,
    reason,
    interval,
  });
  // The suspension ended what could be told of it: nothing that comes later changes a word.
  const frozen = (answer: typeof before) =>
    answer.claims.filter(({ reason }: { reason: unknown }) => reason === 'redis_suspended').map(standing);
  expect(frozen(before).length).toBeGreaterThan(0);
  expect(frozen(after)).toEqual(frozen(before));
  const signed = ({ checks }: typeof before) => checks.map(({ title }: { title: string }) => title);
  expect(signed(after)).toEqual(signed(before));
});
