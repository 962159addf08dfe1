import { performance } from 'node:perf_hooks';
import { type Browser, type BrowserContext, expect, type Page, type Request, test } from '@playwright/test';
import { expectNoAxeFindings, expectNoAxeFindingsInThemes } from '../fixtures/axe.ts';
import { EVENING_MS, startOnEvening } from '../fixtures/evening.ts';
import { untilItListens } from '../fixtures/keys.ts';
import { sendRaw } from '../fixtures/raw-request.ts';
import type { RunningServer } from '../fixtures/server.ts';
import { refuseOutside } from '../guard.ts';

// Links are made and revoked in turn, by one person who is logged in; everybody else is a stranger.
test.describe.configure({ mode: 'serial' });

const PASSWORD = 'a-password-of-the-tests';
const TOKEN = 'a-token-of-the-tests-0000000000000000';

let server: RunningServer;
let maker: Page;
let incidentPath = '';
let link = '';

test.beforeAll(async ({ browser }) => {
  test.setTimeout(EVENING_MS);
  server = await startOnEvening({ AFTERWATCH_PASSWORD: PASSWORD, AFTERWATCH_TOKEN: TOKEN });
  maker = await browser.newPage();
  await maker.goto(at('/login'));
  await maker.getByLabel('Password').fill(PASSWORD);
  await maker.keyboard.press('Enter');
  await expect(maker).toHaveURL(at('/'));
  await expect(async () => {
    await maker.goto(at('/incidents'));
    const first = maker.locator('main a[href^="/incidents/"]').first();
    incidentPath = (await first.getAttribute('href', { timeout: 2_000 })) ?? '';
    expect(incidentPath).toMatch(/^\/incidents\/[\w-]+$/);
  }).toPass({ timeout: 60_000 });
});
test.afterAll(async () => {
  await maker?.close();
  await server?.stop();
});

const at = (path: string) => `${server.baseUrl}${path}`;
const pathOf = (url: string) => new URL(url).pathname;
const h1 = (page: Page) => page.getByRole('heading', { level: 1 }).first();

/** Makes a link in the open dialog of the maker, and puts the dialog away. */
async function makeLink(title: string, days: string): Promise<string> {
  const dialog = maker.getByRole('dialog', { name: title });
  const preview = dialog.getByRole('region', { name: 'Preview: exactly what leaves' });
  await expect(preview.getByRole('heading', { level: 1 })).toBeVisible({ timeout: 60_000 });
  await dialog
    .locator('label')
    .filter({ hasText: new RegExp(`^${days}$`) })
    .click();
  await dialog.getByLabel('Your name').fill('Ana');
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const field = dialog.getByRole('textbox', { name: 'The link', exact: true });
  await expect(field).toBeFocused();
  const url = await field.inputValue();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/s\/[\w-]{43}$/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(field).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toHaveCount(0);
  return url;
}

interface Stranger {
  context: BrowserContext;
  page: Page;
  requests: Request[];
  faults: string[];
}

/** A browser that has never been here: no cookie, nothing stored. */
async function stranger(browser: Browser, options: { javaScriptEnabled?: boolean } = {}): Promise<Stranger> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await refuseOutside(page);
  const requests: Request[] = [];
  const faults: string[] = [];
  page.on('request', (request) => requests.push(request));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  return { context, page, requests, faults };
}

async function expectFits(page: Page): Promise<void> {
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const sideways = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await expect.poll(sideways, { message: `sideways scroll at ${width} px` }).toBeLessThanOrEqual(0);
  }
}

test('the evening of the demo is looked at before it leaves, and then has a link that is told once', async () => {
  await maker.goto(at(incidentPath));
  await untilItListens(maker);
  await maker.keyboard.press('w');
  const dialog = maker.getByRole('dialog', { name: 'Share this incident' });
  await expect(
    dialog.getByRole('region', { name: /^Preview/ }).getByRole('heading', { level: 1 }),
  ).toBeVisible({
    timeout: 60_000,
  });
  await expectNoAxeFindings(maker);
  await maker.setViewportSize({ width: 390, height: 844 });
  const box = await dialog.boundingBox();
  expect(box, 'on a phone the dialog is the whole screen').toMatchObject({
    x: 0,
    y: 0,
    width: 390,
    height: 844,
  });
  await maker.setViewportSize({ width: 1280, height: 800 });

  const people = dialog.getByRole('switch', { name: 'Names of people' });
  await people.click();
  await expect(people).toHaveAttribute('aria-checked', 'true');
  await people.click();
  await expect(dialog.getByText(/being frozen anew/)).toHaveCount(0);
  link = await makeLink('Share this incident', '7 days');
  expect(await maker.content(), 'the link stands nowhere any more').not.toContain(pathOf(link).slice(3));
});

test('a stranger reads it: no login, no back-end call, nothing but the copy', async ({ browser }) => {
  const { context, page, requests, faults } = await stranger(browser);
  await page.goto(at('/'));
  await expect(page, 'the pages themselves stay closed').toHaveURL(/\/login/);
  requests.length = 0;
  const answer = await page.goto(link);
  expect(answer?.status()).toBe(200);
  const headers = answer?.headers() ?? {};
  expect(headers['x-robots-tag']).toBe('noindex, nofollow, noarchive');
  expect(headers['referrer-policy']).toBe('no-referrer');
  expect(headers['cache-control']).toMatch(/no-store/);
  await expect(h1(page)).toContainText(/\S/);
  await expect(page.getByRole('banner')).toContainText(/Frozen .*, expires /);
  for (const name of ['What happened', 'Left out of this view']) {
    await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
  }
  await expect(page.getByTestId('chart-line').first()).toHaveAttribute('d', /^M/);

  // With scripts a chart can be pointed at, and times read as the reader's.
  const slider = page.getByRole('slider').first();
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuetext', /\S/);
  await page.getByRole('button', { name: 'My time' }).click();
  await expect(page.getByRole('button', { name: 'Times in UTC' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Print' })).toBeVisible();
  // Longer than any page of ours waits until it asks again.
  await page.waitForLoadState('networkidle');

  const origin = new URL(link).origin;
  expect(requests.filter((one) => one.method() !== 'GET').map((one) => one.url())).toEqual([]);
  expect(requests.filter((one) => new URL(one.url()).origin !== origin).map((one) => one.url())).toEqual([]);
  expect(requests.map((one) => one.url()).filter((url) => /\/api\/|[?&]_rsc=/.test(url))).toEqual([]);
  expect(requests.filter((one) => one.headers()['next-action'] !== undefined)).toEqual([]);
  expect(await context.cookies()).toEqual([]);
  expect(await page.locator('meta[name=robots]').first().getAttribute('content')).toContain('noindex');
  expect(faults).toEqual([]);
  await expectNoAxeFindingsInThemes(page);
  await expectFits(page);
  await context.close();
});

test('it reads the same without scripts, and on paper it says where it is from', async ({ browser }) => {
  const { context, page, requests } = await stranger(browser, { javaScriptEnabled: false });
  await page.goto(link);
  await expect(h1(page)).toContainText(/\S/);
  await expect(page.getByRole('heading', { level: 2, name: 'What happened' })).toBeVisible();
  await expect(page.getByTestId('chart-line').first()).toHaveAttribute('d', /^M/);
  await expect(page.getByRole('columnheader', { name: 'Claim' })).toBeVisible();
  const numbers = page
    .locator('details')
    .filter({ has: page.locator('table') })
    .first();
  await numbers.locator('summary').click();
  await expect(numbers.getByRole('row').nth(3)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Print' })).toHaveCount(0);
  await expectFits(page);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText(/^Frozen .*/).last()).toBeVisible();
  expect(requests.every((one) => one.method() === 'GET')).toBe(true);
  await context.close();
});

test('what a chat shows of it is a picture of its own, drawn without a way out', async () => {
  const { body } = await sendRaw(server.baseUrl, { path: pathOf(link) });
  const image = /<meta property="og:image" content="([^"]+)"/.exec(body)?.[1] ?? '';
  expect(pathOf(image)).toBe(`${pathOf(link)}/preview.png`);
  const answer = await fetch(image);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('image/png');
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1_200, 630]);
});

test('nothing but GET is answered, and what was never issued is not there', async () => {
  const nobody = `/s/${'A'.repeat(43)}`;
  for (const path of [nobody, pathOf(link).slice(0, -1), '/s/[token]', `${nobody}/preview.png`]) {
    expect((await sendRaw(server.baseUrl, { path })).status, path).toBe(404);
  }
  expect((await sendRaw(server.baseUrl, { path: '/s/%00' })).status).toBeGreaterThanOrEqual(400);
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const { status } = await sendRaw(server.baseUrl, { method, path: pathOf(link), body: '' });
    expect(status, method).toBe(405);
  }
});

interface Status {
  observer: Record<string, unknown>;
}

/** Everything that was sent to sources since midnight. */
async function actsSent(): Promise<number> {
  const { body } = await sendRaw(server.baseUrl, {
    path: '/api/status',
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const { observer } = JSON.parse(body) as Status;
  return ['commands', 'connects', 'queries', 'requests'].reduce((sum, act) => sum + Number(observer[act]), 0);
}

test('200 viewers of one link cost the systems nothing', async () => {
  test.setTimeout(180_000);
  const QUIET_MS = 20_000;
  const before = await actsSent();
  await new Promise((wake) => setTimeout(wake, QUIET_MS));
  const quiet = await actsSent();
  const spentMs: number[] = [];
  const startMs = performance.now();
  const viewer = async (): Promise<void> => {
    while (spentMs.length < 200) {
      const from = performance.now();
      spentMs.push(Number.NaN);
      const place = spentMs.length - 1;
      const { status } = await sendRaw(server.baseUrl, { path: pathOf(link) });
      expect(status).toBe(200);
      spentMs[place] = performance.now() - from;
    }
  };
  await Promise.all([viewer(), viewer()]);
  const tookMs = performance.now() - startMs;
  const sent = (await actsSent()) - quiet;
  const sorted = spentMs.toSorted((a, b) => a - b);
  console.log(
    `200 GETs of a link, 2 at a time: p50 ${sorted[99]?.toFixed(0)} ms, p95 ${sorted[189]?.toFixed(0)} ms; ${sent} acts in ${(tookMs / 1_000).toFixed(1)} s, ${quiet - before} in ${QUIET_MS / 1_000} s of quiet`,
  );
  // Its own visits go on while it is looked at: at most those, with one round of each source to spare.
  expect(sent).toBeLessThanOrEqual((quiet - before) * (tookMs / QUIET_MS + 1));
});

test('a deploy and a chart are shared in the same way', async ({ browser }) => {
  await maker.goto(at('/deploys'));
  const deploy = await maker
    .locator('main a[href^="/deploys/"]')
    .filter({ hasText: 'v1203' })
    .first()
    .getAttribute('href');
  await maker.goto(at(deploy ?? ''));
  await maker.getByRole('button', { name: 'Share', exact: true }).click();
  const deployLink = await makeLink('Share this deploy', '1 day');

  await maker.goto(at('/'));
  await maker.getByRole('button', { name: /^Save or copy Database queries/ }).click();
  await maker.getByRole('button', { name: 'Share this chart…' }).click();
  const chartLink = await makeLink('Share this chart', '30 days');

  const { context, page, faults } = await stranger(browser);
  await page.goto(deployLink);
  await expect(page.getByRole('region', { name: 'Watch of v1203' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: 'What v1203 promised' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Checklist' })).toBeVisible();
  await expectNoAxeFindings(page);
  await expectFits(page);
  await page.goto(chartLink);
  await expect(page.getByRole('slider', { name: /^Database queries/ })).toBeVisible();
  await expectNoAxeFindings(page);
  await expectFits(page);
  expect(faults).toEqual([]);
  await context.close();
});

test('a link that is revoked is gone at once, for everybody who has it', async ({ browser }) => {
  const { context, page } = await stranger(browser);
  await page.goto(link);
  await maker.goto(at('/settings#shares'));
  const shares = maker.getByRole('region', { name: 'Shares' });
  const line = shares.getByRole('listitem').filter({ hasText: 'incident view' }).first();
  await expect(line).toContainText(/opened \d+ times/);
  await line.getByRole('button', { name: /^Revoke/ }).click();
  const dialog = maker.getByRole('dialog', { name: 'Revoke this link' });
  await expect(dialog.getByLabel('Your name')).toHaveValue('Ana');
  await dialog.getByRole('button', { name: 'Revoke now' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(line).toContainText(/revoked/);

  expect((await page.reload())?.status()).toBe(410);
  await expect(h1(page)).toBeVisible();
  await expectNoAxeFindings(page);
  expect((await sendRaw(server.baseUrl, { path: `${pathOf(link)}/preview.png` })).status).toBe(410);
  expect(server.output(), 'no token in what the server writes').not.toContain(pathOf(link).slice(3));
  await context.close();
});
