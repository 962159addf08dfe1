import { type Browser, type BrowserContextOptions, expect, type Page, test } from '@playwright/test';
import { expectNoAxeFindings, RULES_OF_COLOUR } from '../fixtures/axe.ts';
import { GALLERY_ALONE } from '../fixtures/environment.ts';
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
  'incidents',
  'shares',
];
const WIDTHS = [390, 1440];
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** What readers ask of a page beside its width and theme is looked at where every component stands, and every chart. */
const WHOLE = ['story', 'parts', 'panels', 'charts'];

/** The first look, which reads the colours too: narrow and light, or wide and dark, in turns. */
function firstLook(show: string): { width: number; colorScheme: Theme } {
  return PAGES.indexOf(show) % 2 === 0
    ? { width: 390, colorScheme: 'light' }
    : { width: 1440, colorScheme: 'dark' };
}

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer(GALLERY_ALONE);
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

/** Pages that show the same panel many times, which no page for readers does. */
const REPEATING = new Set(['panels', 'header', 'alert-parts', 'config', 'budget']);

/** Px by which the page is wider than the window. */
function sidewaysOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** What axe may not say of a page that no reader sees as it is. */
function exceptionsOf(show: string): string[] {
  return REPEATING.has(show) ? ['landmark-unique'] : [];
}

async function expectSound({ page, faults, show }: Opened): Promise<void> {
  expect(await sidewaysOf(page), 'sideways scroll').toBeLessThanOrEqual(0);
  expect(faults).toEqual([]);
  await expectNoAxeFindings(page, { disableRules: exceptionsOf(show) });
}

for (const show of PAGES) {
  test(`${show}: no axe finding, no sideways scroll narrow or wide, no fault`, async ({ browser }) => {
    const { width, colorScheme } = firstLook(show);
    const opened = await open(browser, show, { viewport: { width, height: 900 }, colorScheme });
    const { page } = opened;
    await expectSound(opened);
    const name = `gallery-${show.replace('&scale=', '-')}`;
    await takePicture(page, `${name}-${colorScheme}-${width}`);
    const other = {
      width: width === 390 ? 1440 : 390,
      colorScheme: colorScheme === 'light' ? 'dark' : 'light',
    } as const;
    await page.emulateMedia({ colorScheme: other.colorScheme });
    await page.setViewportSize({ width: other.width, height: 900 });
    // A chart learns of its new width a moment later.
    await expect
      .poll(() => sidewaysOf(page), { message: `sideways scroll at ${other.width} px` })
      .toBeLessThanOrEqual(0);
    // Colours are nine tenths of what axe takes its time for. Those of the other theme are read where every component is.
    const disableRules = [...exceptionsOf(show), ...(WHOLE.includes(show) ? [] : RULES_OF_COLOUR)];
    await expectNoAxeFindings(page, { disableRules });
    await takePicture(page, `${name}-${other.colorScheme}-${other.width}`);
    expect(opened.faults).toEqual([]);
    await opened.close();
  });
}

for (const show of WHOLE) {
  test(`${show} with more contrast: text at 7:1, and in the reader’s own colours: shapes, lines and focus`, async ({
    browser,
  }) => {
    const opened = await open(browser, show, { contrast: 'more', viewport: { width: 1440, height: 900 } });
    const { page } = opened;
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme, contrast: 'more' });
      await expectNoAxeFindings(page, { onlyRules: ['color-contrast-enhanced'] });
      await takePicture(page, `gallery-${show}-contrast-${colorScheme}`);
    }
    await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference', forcedColors: 'active' });
    await expectSound(opened);
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
    await takePicture(page, `gallery-${show}-forced`);
    await opened.close();
  });
}

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
