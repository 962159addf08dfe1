import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, expect, type Page, test } from '@playwright/test';
import { takePicture } from '../fixtures/picture.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { refuseOutside } from '../guard.ts';

/** The pages of the gallery, and for charts each scale. */
const PAGES = [
  'story',
  'first',
  'trouble',
  'stale',
  'error',
  'empty',
  'long',
  'quarter',
  'parts',
  'panels',
  'header',
  'bench',
  'alerts',
  'alert-parts',
  'charts',
  'charts&scale=index',
  'charts&scale=log',
  'config',
];
const WIDTHS = [390, 1440];
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** Every component stands on this page between them: it is looked at narrow and wide, the others in turns. */
const WHOLE = 'panels';

function looksAt(show: string): readonly { width: number; colorScheme: Theme }[] {
  const narrow = { width: 390, colorScheme: 'light' } as const;
  const wide = { width: 1440, colorScheme: 'dark' } as const;
  if (show === WHOLE) return [narrow, wide];
  return PAGES.indexOf(show) % 2 === 0 ? [narrow] : [wide];
}

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer({ AFTERWATCH_GALLERY: '1' });
});
test.afterAll(() => server.stop());

interface Opened {
  show: string;
  page: Page;
  faults: readonly string[];
  close: () => Promise<void>;
}

/** Opens a page of the gallery; faults of the browser's console and requests to the outside are kept. */
async function open(browser: Browser, show: string, options: BrowserContextOptions): Promise<Opened> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  const refused = await refuseOutside(page);
  await page.goto(`${server.baseUrl}/gallery?show=${show}`);
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
  // The charts of the browser have taken over from the server's once nothing is loaded any more.
  await page.waitForLoadState('networkidle');
  return {
    show,
    page,
    faults,
    close: async () => {
      expect(refused).toEqual([]);
      await context.close();
    },
  };
}

/** Pages of states and scales that consist of what the others show: their looks are measured, not read. */
const PLAIN = new Set([
  'first',
  'stale',
  'error',
  'quarter',
  'bench',
  'charts&scale=index',
  'charts&scale=log',
]);

/** Pages that show the same panel many times, which no page for readers does. */
const REPEATING = new Set(['panels', 'header', 'alert-parts', 'config']);

/** Px by which the page is wider than the window. */
function sidewaysOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

async function expectSound({ page, faults, show }: Opened): Promise<void> {
  expect(await sidewaysOf(page), 'sideways scroll').toBeLessThanOrEqual(0);
  expect(faults).toEqual([]);
  if (PLAIN.has(show)) return;
  const axe = new AxeBuilder({ page });
  const { violations } = await (REPEATING.has(show) ? axe.disableRules(['landmark-unique']) : axe).analyze();
  expect(
    violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((node) => node.html.slice(0, 200))
          .join(' ')}`,
    ),
  ).toEqual([]);
}

for (const show of PAGES) {
  test(`${show}: no axe finding, no sideways scroll narrow or wide, no fault`, async ({ browser }) => {
    for (const { width, colorScheme } of looksAt(show)) {
      const opened = await open(browser, show, { viewport: { width, height: 900 }, colorScheme });
      await expectSound(opened);
      await takePicture(opened.page, `gallery-${show.replace('&scale=', '-')}-${colorScheme}-${width}`);
      for (const other of WIDTHS.filter((one) => one !== width)) {
        await opened.page.setViewportSize({ width: other, height: 900 });
        // A chart learns of its new width a moment later.
        await expect
          .poll(() => sidewaysOf(opened.page), { message: `sideways scroll at ${other} px` })
          .toBeLessThanOrEqual(0);
      }
      await opened.close();
    }
  });
}

test('with more contrast: text at 7:1, nothing lost, in both themes', async ({ browser }) => {
  const opened = await open(browser, WHOLE, { contrast: 'more', viewport: { width: 1440, height: 900 } });
  for (const colorScheme of THEMES) {
    await opened.page.emulateMedia({ colorScheme, contrast: 'more' });
    const { violations } = await new AxeBuilder({ page: opened.page })
      .withRules(['color-contrast-enhanced'])
      .analyze();
    expect(violations.flatMap(({ nodes }) => nodes.map((node) => node.html.slice(0, 200)))).toEqual([]);
    await takePicture(opened.page, `gallery-${WHOLE}-contrast-${colorScheme}`);
  }
  await opened.close();
});

test('in the reader’s own colours it keeps shapes, lines and focus', async ({ browser }) => {
  const opened = await open(browser, WHOLE, {
    forcedColors: 'active',
    viewport: { width: 1440, height: 900 },
  });
  const { page } = opened;
  expect(await sidewaysOf(page), 'sideways scroll').toBeLessThanOrEqual(0);
  // Shapes are drawn in a colour of the system that differs from the page's ground.
  const glyph = page.locator('main svg path[class*="stroke-ok-edge"]').first();
  if ((await glyph.count()) > 0) {
    const stroke = await glyph.evaluate((shape) => getComputedStyle(shape).stroke);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(stroke).not.toBe(ground);
    expect(stroke).not.toBe('none');
  }
  await page.keyboard.press('Tab');
  const outline = await page.evaluate(() =>
    document.activeElement === null ? '' : getComputedStyle(document.activeElement).outlineStyle,
  );
  expect(outline).toBe('solid');
  await takePicture(page, `gallery-${WHOLE}-forced`);
  await opened.close();
});

test('on paper: light, without the frame of the application, charts in their colours, no panel torn', async ({
  browser,
}) => {
  const opened = await open(browser, 'story&theme=dark', {
    colorScheme: 'dark',
    viewport: { width: 794, height: 1123 },
  });
  const { page } = opened;
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByRole('navigation', { name: 'Pages' }).first()).toBeHidden();
  await expect(page.getByRole('banner')).toBeHidden();
  const paper = await page.evaluate(() => {
    const styleOf = (selector: string) => {
      const found = document.querySelector(selector);
      return found === null ? null : getComputedStyle(found);
    };
    return {
      ink: styleOf('h1')?.color,
      scheme: getComputedStyle(document.documentElement).colorScheme,
      breaks: [...document.querySelectorAll('main section')].map((one) => getComputedStyle(one).breakInside),
      adjust: getComputedStyle(document.body).printColorAdjust,
      addresses: [...document.querySelectorAll('a')].map((link) => getComputedStyle(link, '::after').content),
    };
  });
  expect(paper.scheme).toBe('light');
  expect(paper.ink).toBe('rgb(21, 23, 28)');
  expect(paper.adjust).toBe('exact');
  expect(paper.breaks.length).toBeGreaterThan(5);
  expect(new Set(paper.breaks)).toEqual(new Set(['avoid']));
  expect(paper.addresses.filter((content) => content !== 'none' && content !== 'normal')).toEqual([]);
  await takePicture(page, 'gallery-print');
  // A page that cannot be set on paper is found here.
  expect((await page.pdf({ format: 'A4', printBackground: true })).byteLength).toBeGreaterThan(10_000);
  await opened.close();
});

test('every popover of the header opens, is sound, and closes on Escape', async ({ browser }) => {
  for (const width of WIDTHS) {
    const opened = await open(browser, 'header', { viewport: { width, height: 900 } });
    const { page } = opened;
    const buttons = page.getByRole('banner').locator('button[popovertarget]:visible');
    const count = await buttons.count();
    expect(count).toBeGreaterThan(0);
    for (let index = 0; index < count; index++) {
      const button = buttons.nth(index);
      await button.click();
      const panel = page.locator(`[id="${await button.getAttribute('popovertarget')}"]`);
      await expect(panel).toBeVisible();
      await expectSound(opened);
      await takePicture(page, `gallery-popover-${width}-${index}`, false);
      await page.keyboard.press('Escape');
      await expect(panel).toBeHidden();
    }
    await opened.close();
  }
});

test('alerts are acknowledged, silenced and woken in their row, by keyboard too', async ({ browser }) => {
  const opened = await open(browser, 'panels', { viewport: { width: 1440, height: 900 } });
  const { page } = opened;
  const row = page.getByRole('listitem', { name: 'Log stream is silent' }).first();
  await row.getByRole('button', { name: 'Silence' }).focus();
  await page.keyboard.press('Enter');
  await expect(row.getByRole('button', { name: 'For 1 h' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(row.getByRole('button', { name: 'Acknowledge' })).toBeVisible();
  await row.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(row).toContainText('acknowledged at 00:50Z');
  await expectSound(opened);
  await opened.close();
});

test('without the setting there is no gallery', async ({ request }) => {
  // The server of the whole run, which knows nothing of it.
  const answer = await request.get('/gallery');
  expect(answer.status()).toBe(404);
  expect(await answer.text()).not.toContain('3d8dd7a1');
});

test('nothing of the gallery is loaded by the Now page', async ({ page }) => {
  const scripts: Promise<string>[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/_next/static/') && response.url().endsWith('.js'))
      scripts.push(response.text());
  });
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  const texts = await Promise.all(scripts);
  expect(texts.length).toBeGreaterThan(2);
  expect(texts.filter((text) => text.includes('Quota check makes no GET of its own'))).toEqual([]);
});
