import { expect, type Page } from '@playwright/test';
import { expectNoAxeFindings, RULES_OF_COLOUR } from '../fixtures/axe.ts';
import { watchConsole } from '../fixtures/console.ts';
import { untilItListens } from '../fixtures/keys.ts';
import { takePicture } from '../fixtures/picture.ts';
import { test } from '../fixtures/test.ts';

/** Counts requests for the page itself, whole or as a server component. */
function watchPageLoads(page: Page): { count: number } {
  const loads = { count: 0 };
  page.on('request', (request) => {
    const isPage = request.resourceType() === 'document' || request.headers().rsc !== undefined;
    if (isPage && request.method() === 'GET') loads.count++;
  });
  return loads;
}

/** Counts ticks. */
function watchTicks(page: Page): { count: number } {
  const ticks = { count: 0 };
  page.on('request', (request) => {
    if (request.method() === 'POST') ticks.count++;
  });
  return ticks;
}

/** Waits until the page listens: keys pressed before would be lost. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByTestId('chart-line').first()).toBeAttached();
  await untilItListens(page);
}

const range = (page: Page) => page.getByRole('button', { name: /^Time range: / });

test('everything the header and its keys change is in the URL; back and forward work, and no page is loaded', async ({
  page,
}) => {
  await open(page, '/');
  const loads = watchPageLoads(page);
  const steps: [what: () => Promise<void>, url: RegExp][] = [
    [
      async () => {
        await range(page).click();
        await page.getByRole('link', { name: '15m', exact: true }).click();
      },
      /\?range=15m$/,
    ],
    [
      async () => {
        await page.getByRole('button', { name: 'Compare' }).click();
        await page.getByRole('menuitemradio', { name: /^A day before/ }).click();
      },
      /&compare=day$/,
    ],
    [() => page.getByRole('button', { name: /Show the local zone/ }).click(), /&tz=local$/],
    [() => page.keyboard.press('l'), /&scale=index$/],
    [() => page.keyboard.press('v'), /&view=table$/],
    [() => page.keyboard.press('f'), /\?range=15m&from=[\d:TZ-]+&to=[\d:TZ-]+&compare=day/],
    [() => page.keyboard.press('-'), /\?range=15m&from=/],
    [() => page.keyboard.press('.'), /\?range=15m&compare=day&tz=local&scale=index&view=table$/],
  ];
  const urls = [page.url()];
  for (const [act, url] of steps) {
    await act();
    await expect(page).toHaveURL(url);
    await expect.poll(() => page.url()).not.toBe(urls.at(-1));
    urls.push(page.url());
  }
  for (const url of urls.slice(0, -1).reverse()) {
    await page.goBack();
    await expect(page).toHaveURL(url);
  }
  await expect(range(page)).toHaveAccessibleName('Time range: Last 1 h');
  for (const url of urls.slice(1)) {
    await page.goForward();
    await expect(page).toHaveURL(url);
  }
  await expect(range(page)).toHaveAccessibleName('Time range: Last 15 m');
  expect(loads.count).toBe(0);
});

test('a frozen page does not tick, its link shows the same, and “now” leads back to live', async ({
  page,
}) => {
  await open(page, '/?range=5m');
  const ticks = watchTicks(page);
  await page.getByRole('button', { name: 'Live: freeze what is seen now' }).click();
  const frozen = page.getByRole('button', { name: /^Frozen \d\d:\d\dZ: back to now$/ });
  await expect(frozen).toBeVisible();
  // The sentence speaks of the window once that was read.
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/^(Between|On) /);
  const seen = ticks.count;
  const line = page.getByTestId('chart-line').first();
  const drawn = await line.getAttribute('d');
  const [shown, sentence] = [
    await range(page).getAttribute('aria-label'),
    await page.getByRole('heading', { level: 1 }).textContent(),
  ];
  await page.waitForTimeout(12_000);
  expect(ticks.count).toBe(seen);
  expect(await line.getAttribute('d')).toBe(drawn);

  const other = await page.context().newPage();
  const asked = watchTicks(other);
  await other.goto(page.url());
  await expect(range(other)).toHaveAccessibleName(shown ?? '');
  // The visit that ends the window's last bucket may land after the freeze: the same words, numbers as near as that.
  const words = (text: string | null) => (text ?? '').replace(/\d+(?:\.\d+)?(?=[KM]?\/)/g, '#');
  const numbers = (text: string | null) =>
    [...(text ?? '').matchAll(/\d+(?:\.\d+)?(?=[KM]?\/)/g)].map(Number);
  const heading = other.getByRole('heading', { level: 1 });
  await expect.poll(async () => words(await heading.textContent())).toBe(words(sentence));
  const told = numbers(await heading.textContent());
  for (const [i, number] of numbers(sentence).entries()) {
    expect(Math.abs((told[i] ?? 0) - number)).toBeLessThanOrEqual(0.03 * number);
  }
  expect(asked.count).toBe(0);
  await other.close();

  await page.bringToFront();
  await page.keyboard.press('.');
  await expect(page).toHaveURL(/\?range=5m$/);
  await expect.poll(() => ticks.count, { timeout: 10_000 }).toBeGreaterThan(seen);
});

test('a hidden page does not tick, and ticks once when it is seen again', async ({ page }) => {
  await open(page, '/?range=5m');
  const show = (state: DocumentVisibilityState) =>
    page.evaluate((next) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => next });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, state);
  await show('hidden');
  await page.waitForTimeout(500);
  const ticks = watchTicks(page);
  await page.waitForTimeout(12_000);
  expect(ticks.count).toBe(0);
  await show('visible');
  await expect.poll(() => ticks.count, { timeout: 2_000 }).toBe(1);
});

test('a window can be typed; what is wrong with it is said at its field', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('t');
  const panel = page.getByRole('dialog', { name: 'Time range' });
  await panel.getByLabel('From').fill('yesterday');
  await panel.getByRole('button', { name: 'Show' }).click();
  await expect(panel.getByRole('alert')).toHaveText('Write it as 2026-04-09 20:40, or as 2026-04-09T20:40Z.');
  await expect(panel.getByLabel('From')).toBeFocused();
  const end = new Date(Date.now() - 3_600_000);
  const start = new Date(end.getTime() - 30 * 60_000);
  await panel.getByLabel('From').fill(start.toISOString().slice(0, 16).replace('T', ' '));
  await panel.getByLabel('To').fill(`${end.toISOString().slice(0, 16)}Z`);
  await panel.getByLabel('To').press('Enter');
  await expect(panel).toBeHidden();
  await expect(page).toHaveURL(/from=[\d:TZ-]+&to=[\d:TZ-]+$/);
  await expect(range(page)).toHaveAccessibleName(/\d\d:\d\d–\d\d:\d\dZ$/);
});

test('Escape closes a panel and gives the focus back', async ({ page }) => {
  await open(page, '/');
  for (const [name, role] of [
    ['Compare', 'menu'],
    ['Copy link', 'menu'],
    [/^Time range/, 'dialog'],
  ] as const) {
    const button = page.getByRole('button', { name });
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole(role)).toBeVisible();
    await expect(button).toHaveAttribute('aria-expanded', 'true');
    await page.keyboard.press('Escape');
    await expect(page.getByRole(role)).toBeHidden();
    await expect(button).toBeFocused();
  }
});

test('the palette comes when it is asked for, finds a panel, and leads to it', async ({ page }) => {
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(request.url());
  });
  await page.getByRole('button', { name: 'Search' }).first().click();
  const field = page.getByRole('combobox', { name: 'Search commands' });
  await expect(field).toBeFocused();
  expect(scripts.length).toBeGreaterThan(0);
  await field.fill('data que');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Database queries', level: 2 })).toBeFocused();
  await expect(page.getByRole('heading', { name: 'Database queries', level: 2 })).toBeInViewport();
});

test('single keys are switched off in the help, stay off, and do nothing while typing', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await expect(help.getByText('Freeze what is seen now')).toBeVisible();
  await page.keyboard.press('f');
  await help.getByRole('switch', { name: 'Single keys' }).click();
  await page.keyboard.press('Escape');
  await open(page, '/');
  await page.keyboard.press('f');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page).not.toHaveURL(/from=/);
});

test('the link is copied as it is, or as seen now', async ({ page, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '/?range=6h&compare=day');
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press('y');
  await expect(page.getByText('Link copied')).toBeVisible();
  expect(await clipboard()).toBe(`${baseURL}/?range=6h&compare=day`);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByRole('menuitem', { name: /^As seen now/ }).click();
  await expect.poll(clipboard).toMatch(/\/\?range=6h&from=[\d:TZ-]+&to=[\d:TZ-]+&compare=day$/);
});

test('times are told in the viewer’s zone on request, with nothing that did not match the server', async ({
  browser,
}) => {
  const context = await browser.newContext({ timezoneId: 'Europe/Berlin' });
  const page = await context.newPage();
  const faults = watchConsole(page);
  const html = await (await page.request.get('/?tz=local')).text();
  expect(html).not.toContain('Berlin');
  await page.goto('/?tz=local&from=2026-04-09T16:00Z&to=2026-04-09T20:40Z');
  await expect(page.getByRole('button', { name: 'Times are in Europe/Berlin. Show UTC' })).toBeVisible();
  await expect(range(page)).toHaveAccessibleName('Time range: 9 Apr 18:00–22:40');
  await page.getByRole('button', { name: /Show UTC/ }).click();
  await expect(range(page)).toHaveAccessibleName('Time range: 9 Apr 16:00–20:40Z');
  expect(faults).toEqual([]);
  await context.close();
});

test('an address that cannot be shown falls back and says so', async ({ page }) => {
  const faults = watchConsole(page);
  await page.goto(
    '/?range=2x&from=monday&to=2026-04-09T20:00Z&compare=year&tz=mars&scale=cubic&view=3d&app=ghost',
  );
  for (const text of [
    '“2x” is no time range here; shown: the last 1h.',
    '“monday” is no instant such as 2026-04-09T16:00Z; shown: the last 1h.',
    '“year” is no comparison here; shown: without one.',
    '“mars” is no time zone here; shown: UTC.',
    '“cubic” is no scale here; shown: level.',
    '“3d” is no view here; shown: charts.',
    /^“ghost” is not watched here; shown: /,
  ]) {
    await expect(page.getByText(text)).toBeVisible();
  }
  await expect(page.getByTestId('chart-line').first()).toBeVisible();
  expect(faults).toEqual([]);
});

test('at any width the header is 56 high, sticky, and nothing in it overlaps', async ({ page }) => {
  const end = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000);
  const start = new Date(end.getTime() - 48 * 3_600_000);
  for (const address of ['/', `/?compare=week&from=${start.toISOString()}&to=${end.toISOString()}`]) {
    await page.goto(address);
    await expect(range(page)).toBeVisible();
    for (const width of [390, 720, 721, 1100, 1101, 1440, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await page.mouse.wheel(0, 600);
      const header = await page.getByRole('banner').boundingBox();
      expect(header).toMatchObject({ y: 0, height: 56 });
      const boxes = await page.getByRole('banner').evaluate((banner) => {
        const isSeen = (element: Element) => element.getClientRects().length > 0;
        const [chips, ...controls] = [
          banner.querySelector('.overflow-x-auto'),
          ...banner.querySelectorAll('button'),
        ].filter((element): element is Element => element !== null && isSeen(element));
        return [chips, ...controls].map((element) => {
          const box = element?.getBoundingClientRect();
          return { left: box?.left ?? 0, right: box?.right ?? 0, height: box?.height ?? 0 };
        });
      });
      const sorted = boxes.toSorted((a, b) => a.left - b.left);
      for (const [index, box] of sorted.entries()) {
        expect(box.left).toBeGreaterThanOrEqual((sorted[index - 1]?.right ?? 0) - 0.5);
        expect(box.right).toBeLessThanOrEqual(width);
        if (width <= 720) expect(box.height).toBeGreaterThanOrEqual(36);
      }
      // The mode can be read without scrolling.
      expect((sorted[0]?.right ?? 0) - (sorted[0]?.left ?? 0)).toBeGreaterThan(60);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
  }
});

test('no axe finding in any open panel or dialog, light or dark', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  // Without motion nothing fades: what is looked at has the colours that it will have.
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const opened: [keys: string, role: 'dialog' | 'menu'][] = [
    ['t', 'dialog'],
    ['c', 'menu'],
    ['?', 'dialog'],
    ['Control+k', 'dialog'],
  ];
  await open(page, '/');
  for (const [keys, role] of opened) {
    // A menu may close when a deploy comes in and changes what it offers.
    await expect(async () => {
      if (!(await page.getByRole(role).isVisible())) await page.keyboard.press(keys);
      await expect(page.getByRole(role)).toBeVisible({ timeout: 2_000 });
    }).toPass();
    if (keys === 't') await expect(page.getByLabel('From')).toBeVisible();
    // The page around it too: whether its regions and names still fit together. Its colours have their own tests.
    await expectNoAxeFindings(page, { disableRules: RULES_OF_COLOUR });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectNoAxeFindings(page, { include: `[role=${role}]` });
      await takePicture(page, `header-${colorScheme}-${keys === '?' ? 'help' : keys}`, false);
    }
    await page.keyboard.press('Escape');
    await expect(page.getByRole(role)).toHaveCount(0);
  }
});
