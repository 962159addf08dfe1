import { expect, type Page, test } from '@playwright/test';
import { expectNoAxeFindings, expectNoAxeFindingsInThemes, RULES_OF_COLOUR } from '../fixtures/axe.ts';
import { EVENING_MS, startOnEvening } from '../fixtures/evening.ts';
import { untilItListens } from '../fixtures/keys.ts';
import type { RunningServer } from '../fixtures/server.ts';
import { refuseOutside } from '../guard.ts';

// One team and one browser: what is written down in one test is what the next one finds.
test.describe.configure({ mode: 'serial' });

const AS_WRITTEN = '<img src=x onerror=alert(1)>';
const NOTE = `Looked at **both machines**. ${AS_WRITTEN} ![x](http://outside.example/x.png)`;

let server: RunningServer;
let page: Page;
let refused: string[] = [];
/** The incident of the demo’s evening. */
let evening = '';

test.beforeAll(async ({ browser }) => {
  test.setTimeout(EVENING_MS);
  server = await startOnEvening({ AFTERWATCH_GALLERY: '1' });
  page = await browser.newPage({
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 900 },
  });
  refused = await refuseOutside(page);
  await expect(async () => {
    await page.goto(at('/incidents'));
    const line = region('Incidents: Open').getByRole('link').first();
    evening = (await line.getAttribute('href', { timeout: 2_000 })) ?? '';
    expect(evening).toMatch(/^\/incidents\/[\w-]+$/);
  }).toPass({ timeout: 60_000 });
});
test.afterAll(async () => {
  await page?.close();
  await server?.stop();
});
test.afterEach(() => {
  expect(refused, 'requests to the outside').toEqual([]);
});

const at = (path: string) => `${server.baseUrl}${path}`;
const h1 = () => page.getByRole('heading', { level: 1 }).first();
const region = (name: string | RegExp) => page.getByRole('region', { name });
const dialog = (name: string) => page.getByRole('dialog', { name });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const strip = () => page.getByRole('navigation', { name: 'Timeline on the charts’ axis' });

async function open(path: string): Promise<void> {
  await page.goto(at(path));
  await expect(h1()).toBeVisible();
  await untilItListens(page);
}

/** Sends the form of a dialog, and waits until it is done. */
async function send(name: string, submit: string): Promise<void> {
  await expect(dialog(name).getByLabel('Your name')).toHaveValue('Ada');
  await dialog(name).getByRole('button', { name: submit, exact: true }).click();
  await expect(dialog(name)).toHaveCount(0);
}

/** Of a label such as `20:30Z`. */
function minutesOf(label: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = label.replace('Z', '').split(':').map(Number);
  return hours * 60 + minutes;
}

async function expectFits(): Promise<void> {
  const sideways = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(sideways, { message: `sideways scroll at ${width} px` }).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

test('the evening is in the list, and its page says what it did, in which order and why', async () => {
  await untilItListens(page);
  await expect(h1()).toContainText(/incidents? (is|are) open/);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(at(evening));
  await expect(h1()).toContainText('Redis GETs did not fall after v1203.');
  await expect(h1()).toContainText(/v1205 set it right at \d\d:\d\dZ/);

  const figure = (label: string) => page.locator('dl > div').filter({ hasText: label });
  await expect(figure('GETs above the promise')).toContainText(/1[.,][89]/);
  await expect(figure('at list price')).toContainText(/\$3\.\d\d/);
  await expect(figure('asked suspended, still active')).toContainText(/1\sh\s1\d\sm/);

  const lines = region('What happened').getByRole('listitem');
  const texts = await lines.allTextContents();
  const place = (text: string) => texts.findIndex((line) => line.includes(text));
  const told = ['v1203 deployed', 'Asked suspended, still active', 'v1205 suspends Redis', 'v1206 deployed'];
  const places = told.map(place);
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  await expect(region('Why').getByRole('listitem').first()).toContainText(
    /Confirmed.*SUSPEND_REDIS was parsed as false/,
  );
  await expect(region('Actions').getByRole('listitem')).not.toHaveCount(0);
  await expect(region(/^v1203 promised/).getByRole('table')).toBeVisible();
  await expectNoAxeFindingsInThemes(page);
  await expectFits();
});

test('a phone shows four pages at its foot, and the others one tap further', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open('/');
  const bar = page.getByRole('navigation', { name: 'Pages' });
  const inBar = await bar.locator(':scope > a').allTextContents();
  expect(inBar.map((text) => text.replace(/\W*\d.*$/, ''))).toEqual(['Now', 'Deploys', 'Alerts', 'Budget']);
  await bar.getByRole('button', { name: 'More' }).click();
  await bar.getByRole('link', { name: 'Incidents' }).click();
  await expect(page).toHaveURL(at('/incidents'));
  await page.setViewportSize({ width: 1280, height: 900 });
});

test('the timeline stands on the axis of the charts, and a place of it is the same time on each of them', async () => {
  await open(evening);
  const chart = page.getByRole('slider', { name: /^Redis GETs/ });
  await chart.scrollIntoViewIfNeeded();
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    // A chart learns of its new width a moment later.
    await expect(async () => {
      const [above, below] = [await chart.boundingBox(), await strip().boundingBox()];
      expect(Math.abs((above?.x ?? 0) - (below?.x ?? -9))).toBeLessThan(1);
      expect(Math.abs((above?.width ?? 0) - (below?.width ?? -9))).toBeLessThan(1);
    }).toPass();
  }
  const suspended = strip().getByRole('link', { name: /v1205 suspends Redis/ });
  await suspended.focus();
  const times = page.getByTestId('crosshair-label').locator('span:first-child');
  await expect
    .poll(async () => (await times.allTextContents()).length, { message: 'charts that show the time' })
    .toBeGreaterThan(1);
  // Each says the beginning of its own bucket, and bars are 10 min wide where lines have a point each 5 min.
  const minutes = (await times.allTextContents()).map(minutesOf);
  expect(Math.max(...minutes) - Math.min(...minutes), `${minutes} min`).toBeLessThanOrEqual(10);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#entry-\d+$/);
  const line = page.locator(new URL(page.url()).hash);
  await expect(line).toContainText('v1205 suspends Redis');
  await expect(line).toBeInViewport();

  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(strip().locator('p'), 'what had last happened then').toContainText(/^\d\d:\d\dZ /);
});

test('what people write stays as they wrote it, with their name, and nothing of it is loaded', async () => {
  await open(evening);
  const faults: string[] = [];
  page.on('dialog', (shown) => {
    faults.push(shown.message());
    void shown.dismiss();
  });
  await button('Monitoring').click();
  await dialog('Your name').getByLabel('Your name').fill('Ada');
  await send('Your name', 'Sign');
  await expect(button('Monitoring')).toHaveAttribute('aria-pressed', 'true');

  await page.getByLabel('Add a note, in Markdown').fill(NOTE);
  await button('Preview').click();
  await expect(region('Preview of the note').locator('strong')).toHaveText('both machines');
  await button('Add the note').click();
  const note = region('What happened').getByRole('listitem').filter({ hasText: 'both machines' });
  await expect(note).toContainText(AS_WRITTEN);
  await expect(note).toContainText('by Ada');
  await expect(page.locator('main img')).toHaveCount(0);
  expect(faults).toEqual([]);

  await button('Add a hypothesis').click();
  await dialog('Add a hypothesis').getByLabel('What may have caused it').fill('A cache that asks itself');
  await send('Add a hypothesis', 'Add it');
  await button('Judge: A cache that asks itself').click();
  await dialog('Judge a hypothesis').getByLabel('It is').selectOption('refuted');
  await dialog('Judge a hypothesis')
    .getByLabel(/speaks for or against/)
    .fill('0.55 GETs an operation.');
  await send('Judge a hypothesis', 'Save');

  await button('Add an action').click();
  await dialog('Add an action').getByLabel('What is to be done').fill('Test the switch at start');
  await dialog('Add an action')
    .getByLabel(/^Who takes it/)
    .fill('Ben');
  await send('Add an action', 'Add it');
  await button('Done: Test the switch at start').click();
  await expect(button('Open again: Test the switch at start')).toBeVisible();

  await button('Edit').click();
  await dialog('Edit the incident').getByLabel(/^Why/).fill('The switch was read as false.');
  await send('Edit the incident', 'Save');
  await expect(h1()).toContainText('The switch was read as false.');

  await button('Hide: v1206 deployed').click();
  const fold = page.getByText('1 entry is hidden');
  await expect(fold).toBeVisible();

  await page.reload();
  await untilItListens(page);
  await expect(button('Monitoring')).toHaveAttribute('aria-pressed', 'true');
  await expect(h1()).toContainText('The switch was read as false.');
  await expect(note).toContainText(AS_WRITTEN);
  await expect(region('Why').getByRole('listitem').filter({ hasText: 'asks itself' })).toContainText(
    /Refuted.*0\.55 GETs an operation\..*by Ada/,
  );
  await expect(region('Actions').getByRole('listitem').filter({ hasText: 'Test the switch' })).toContainText(
    /Done.*Ben, done by Ada/,
  );
  await fold.click();
  const hidden = page.locator('details').filter({ has: fold });
  await expect(hidden).toContainText(/v1206 deployed.*hidden by Ada/);
  await hidden.getByRole('button', { name: 'Show: v1206 deployed' }).click();
  await expect(fold).toHaveCount(0);
  await expect(button('Hide: v1206 deployed')).toBeAttached();
});

test('it leaves as Markdown, as files and on paper', async () => {
  await open(evening);
  await page.keyboard.press('m');
  await expect(page.getByRole('status').getByText('Copied')).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain('Redis GETs did not fall after v1203');
  expect(text).toContain(at(evening));

  await button('Export').click();
  const files = page.getByRole('menu', { name: 'Export' }).locator('a');
  const hrefs = await files.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
  expect(hrefs).toHaveLength(3);
  for (const href of hrefs) {
    const answer = await page.request.get(at(href));
    expect(answer.status(), href).toBe(200);
    expect(answer.headers()['content-disposition'], href).toMatch(/^attachment; filename=/);
    expect((await answer.text()).length, href).toBeGreaterThan(500);
  }
  await page.keyboard.press('Escape');

  const onScreen = await page.getByRole('slider').count();
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await expect(page.getByText(/^Printed \d+ \w+ 20\d\d \d\d:\d\dZ from http/)).toBeVisible();
  expect(await page.getByRole('slider').count(), 'every chart is on paper').toBeGreaterThan(onScreen);
  await expect(button('Edit')).toBeHidden();
  await expect(page.getByLabel('Add a note, in Markdown')).toBeHidden();
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: 'screen' });
  const paper = await page.pdf({ format: 'A4' });
  expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
});

test('an incident from an alert goes into the one that is open, and can only be read then', async () => {
  test.setTimeout(240_000);
  await page.goto(at('/alerts?alert=redis_mixed'));
  const detail = page.locator('#alert-detail');
  await expect(detail).toContainText('Mixed modes', { timeout: 90_000 });
  await untilItListens(page);
  await detail.getByRole('button', { name: 'Open an incident' }).click();
  await send('Open an incident', 'Open it');
  await expect(h1()).toContainText(/^Mixed modes/);
  const second = new URL(page.url()).pathname;
  expect(second).not.toBe(evening);
  await untilItListens(page);
  await expect(region('What happened')).toContainText('Opened from the alert');
  await expect(page.getByRole('link', { name: 'an alert', exact: true })).toHaveAttribute(
    'href',
    '/alerts?alert=redis_mixed',
  );

  await button('Merge').click();
  await expect(dialog('Merge into another incident').getByLabel('Into')).toHaveValue(
    evening.split('/').at(-1) ?? '',
  );
  await send('Merge into another incident', 'Merge');
  await expect(page.getByText('can only be read here')).toBeVisible();
  for (const name of ['Edit', 'Merge', 'Monitoring', 'Add the note', 'Add an action']) {
    await expect(button(name), name).toHaveCount(0);
  }
  await page.getByRole('main').getByRole('link', { name: 'another incident' }).click();
  await expect(page).toHaveURL(at(evening));
  await expect(page.getByText(/1 incident went into it/)).toBeVisible();
  await open('/incidents');
  await expect(region('Incidents: Over').getByRole('listitem')).toContainText(/^Merged.*Mixed modes/);
  await expectNoAxeFindingsInThemes(page);
  await expectFits();
});

test('a bad verdict leads to the incident that it has already, and one by hand ends when people say so', async () => {
  await page.goto(at(evening));
  const deploy = await page.locator('footer').getByRole('link', { name: 'v1203' }).getAttribute('href');
  await open(deploy ?? '');
  await button('Open an incident').click();
  await send('Open an incident', 'Open it');
  await expect(page).toHaveURL(at(evening));

  await open('/incidents');
  await button('Open an incident').click();
  await dialog('Open an incident')
    .getByLabel(/^What happened/)
    .fill('A drill');
  await send('Open an incident', 'Open it');
  await expect(h1()).toContainText('A drill.');
  await untilItListens(page);
  await button('Resolved').click();
  await expect(button('Resolved')).toHaveAttribute('aria-pressed', 'true');
  await open('/incidents');
  const drill = region('Incidents: Over').getByRole('listitem').filter({ hasText: 'A drill' });
  await expect(drill).toContainText('Resolved');
  expect((await page.goto(at('/incidents/20260101T000000-nothing-here')))?.status()).toBe(404);
});

test('each state fits a phone and a wide screen, and is read by everyone', async () => {
  await page.goto(at('/gallery?show=incidents'));
  const states = page.getByRole('navigation', { name: 'State' }).getByRole('button');
  const names = await states.allTextContents();
  expect(names.length).toBeGreaterThanOrEqual(8);
  for (const name of names) {
    await expect(async () => {
      await states.filter({ hasText: new RegExp(`^${name}$`) }).click();
      await expect(states.filter({ hasText: new RegExp(`^${name}$`) })).toHaveAttribute(
        'aria-pressed',
        'true',
        { timeout: 1_000 },
      );
    }, name).toPass();
    await expectFits();
    // The colours of these parts are read on the pages themselves.
    if (['long', 'merged', 'empty list'].includes(name))
      await expectNoAxeFindings(page, { disableRules: RULES_OF_COLOUR });
  }
});
