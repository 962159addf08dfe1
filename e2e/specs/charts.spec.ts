import { readdirSync, readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';
import { expectNoAxeFindings } from '../fixtures/axe.ts';
import { GALLERY_ALONE } from '../fixtures/environment.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { test } from '../fixtures/test.ts';
import { refuseOutside } from '../guard.ts';

/** Chunks of the build that hold Recharts. */
function libraryChunks(): string[] {
  const folder = '.next/static/chunks';
  return readdirSync(folder).filter(
    (name) => name.endsWith('.js') && readFileSync(`${folder}/${name}`, 'utf8').includes('recharts-'),
  );
}

/** Holds the drawing library back until it is let go, so that the server's picture can be looked at. */
async function holdLibrary(page: Page): Promise<() => void> {
  const names = libraryChunks();
  let letGo = () => {};
  const gate = new Promise<void>((open) => {
    letGo = open;
  });
  await page.route(
    (url) => names.some((name) => url.pathname.endsWith(name)),
    async (route) => {
      await gate;
      await route.continue();
    },
  );
  return () => letGo();
}

function watchFaults(page: Page): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  return faults;
}

/** Part of the pixels that differ by more than antialiasing does, 0–1. */
async function differingShare(page: Page, one: Buffer, other: Buffer): Promise<number> {
  const blank = await page.context().newPage();
  const share = await blank.evaluate(
    async (pictures) => {
      const [a, b] = await Promise.all(
        pictures.map(async (data) => {
          const image = new Image();
          image.src = `data:image/png;base64,${data}`;
          await image.decode();
          const canvas = document.createElement('canvas');
          canvas.width = image.width;
          canvas.height = image.height;
          const context = canvas.getContext('2d');
          context?.drawImage(image, 0, 0);
          return context?.getImageData(0, 0, image.width, image.height);
        }),
      );
      if (!a || !b || a.width !== b.width || a.height !== b.height) return 1;
      let different = 0;
      for (let at = 0; at < a.data.length; at += 4) {
        const far = [0, 1, 2].some((c) => Math.abs((a.data[at + c] ?? 0) - (b.data[at + c] ?? 0)) > 24);
        if (far) different++;
      }
      return different / (a.data.length / 4);
    },
    [one.toString('base64'), other.toString('base64')],
  );
  await blank.close();
  return share;
}

const charts = (page: Page): Locator => page.getByRole('slider');
const surfaces = (page: Page): Locator => page.locator('.recharts-surface');

test.describe('charts', () => {
  let server: RunningServer;
  test.beforeAll(async () => {
    server = await startServer(GALLERY_ALONE);
  });
  test.afterAll(async () => {
    await server.stop();
  });

  test('no page loads the drawing library before its first paint', () => {
    const stats = JSON.parse(readFileSync('.next/diagnostics/route-bundle-stats.json', 'utf8')) as {
      route: string;
      firstLoadChunkPaths: string[];
    }[];
    const names = libraryChunks();
    expect(names.length).toBeGreaterThan(0);
    expect(stats.length).toBeGreaterThan(1);
    for (const { route, firstLoadChunkPaths } of stats) {
      const found = firstLoadChunkPaths.filter((path) => names.some((name) => path.endsWith(name)));
      expect(found, route).toEqual([]);
    }
  });

  for (const { width, scheme } of [
    { width: 1440, scheme: 'light' },
    { width: 390, scheme: 'dark' },
  ] as const) {
    test(`Recharts takes over from the server's picture without a jump, ${width} ${scheme}`, async ({
      browser,
    }) => {
      const context = await browser.newContext({ viewport: { width, height: 4_000 }, colorScheme: scheme });
      const page = await context.newPage();
      const faults = watchFaults(page);
      const refused = await refuseOutside(page);
      const letGo = await holdLibrary(page);
      await page.addInitScript(() => {
        const shifts: number[] = [];
        Object.assign(window, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.goto(`${server.baseUrl}/gallery?show=story`);
      await page
        .getByRole('button', { name: /^Save or copy/ })
        .first()
        .waitFor();
      const first = charts(page).first();
      await first.focus();
      await page.keyboard.press('Escape');
      expect(await surfaces(page).count()).toBe(0);
      const before = await page.screenshot();

      letGo();
      await expect.poll(() => surfaces(page).count()).toBe(await charts(page).count());
      const after = await page.screenshot();
      expect(await differingShare(page, before, after)).toBeLessThan(0.005);
      expect(await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)).toEqual([]);
      // The slider is the same one: focus stayed, and keys go on moving it.
      await expect(first).toBeFocused();
      const spoken = await first.getAttribute('aria-valuetext');
      await page.keyboard.press('PageDown');
      await expect(first).not.toHaveAttribute('aria-valuetext', spoken ?? '');
      await expectNoAxeFindings(page, { include: 'main' });
      expect(faults).toEqual([]);
      expect(refused).toEqual([]);
      await context.close();
    });
  }

  test('a tick draws one chart a task, on the nodes that are there, and none that is out of sight', async ({
    page,
  }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${server.baseUrl}/gallery?show=bench`);
    await expect(surfaces(page).first()).toBeVisible();
    await page.evaluate(() => {
      const lines = [...document.querySelectorAll('[data-testid="bench-line"]')];
      const sliders = [...document.querySelectorAll('[role="slider"]')];
      const batches: number[][] = [];
      Object.assign(window, { lines, batches });
      // A callback a task: what is in one was drawn in one.
      new MutationObserver((records) => {
        const touched = records.flatMap(({ target }) => sliders.findIndex((one) => one.contains(target)));
        batches.push([...new Set(touched.filter((index) => index >= 0))]);
      }).observe(document.body, { subtree: true, attributes: true, childList: true, characterData: true });
    });
    const last = page.getByTestId('bench-line').last();
    const firstLine = page.getByTestId('bench-line').first();
    const [lastBefore, firstBefore] = await Promise.all(
      [last, firstLine].map((line) => line.getAttribute('data-last-at')),
    );
    await page.getByRole('button', { name: 'Tick', exact: true }).click();
    await expect(firstLine).not.toHaveAttribute('data-last-at', firstBefore ?? '');
    expect(await last.getAttribute('data-last-at')).toBe(lastBefore);

    await last.scrollIntoViewIfNeeded();
    await expect(last).not.toHaveAttribute('data-last-at', lastBefore ?? '');
    const { batches, isSame } = await page.evaluate(() => {
      const seen = window as unknown as { lines: Element[]; batches: number[][] };
      const now = [...document.querySelectorAll('[data-testid="bench-line"]')];
      return { batches: seen.batches, isSame: now[0] === seen.lines[0] };
    });
    const drawing = batches.filter((batch) => batch.length > 0);
    expect(new Set(drawing.flat()).size).toBe(6);
    expect(drawing.filter((batch) => batch.length > 1)).toEqual([]);
    // Charts out of sight still show the server's picture, and change their nodes once, when Recharts takes over.
    expect(isSame).toBe(true);
  });

  test('one crosshair stands on every chart and says when, since when and how much', async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 2_400 });
    await page.goto(`${server.baseUrl}/gallery?show=story`);
    await expect.poll(() => surfaces(page).count()).toBe(await charts(page).count());
    const box = await charts(page).first().boundingBox();
    if (box === null) throw new Error('the first chart has no place on the page');
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2);
    const labels = page.getByTestId('crosshair-label');
    await expect(labels).toHaveCount(await charts(page).count());
    await expect(labels.first()).toHaveText(/^\d\d:\d\dZT[−+]\d\d:\d\d7\d\dK\/h$/);
    const tip = page.getByTestId('chart-tooltip');
    await expect(tip).toHaveCount(1);
    await expect(tip).toContainText(/7\d\d,\d{3}\/h/);
    await expect(tip).toContainText('/day');
    await page.mouse.move(box.x + box.width * 0.2, 4);
    await expect(labels).toHaveCount(0);
  });

  test('a finger moves the crosshair along and the page up and down', async ({ browser }) => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const page = await context.newPage();
    await page.goto(`${server.baseUrl}/gallery?show=story`);
    const chart = charts(page).first();
    await chart.scrollIntoViewIfNeeded();
    await expect(surfaces(page).first()).toBeVisible();
    const box = await chart.boundingBox();
    if (box === null) throw new Error('the first chart has no place on the page');
    const y = Math.min(box.y + 60, 800);
    const client = await context.newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove', x: number) =>
      client.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y }] });
    await touch('touchStart', box.x + 40);
    await touch('touchMove', box.x + 60);
    const label = page.getByTestId('crosshair-label').first();
    const before = await label.textContent();
    await touch('touchMove', box.x + 160);
    await expect(label).not.toHaveText(before ?? '');
    await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect(label).toBeVisible();

    const from = await page.evaluate(() => scrollY);
    await client.send('Input.synthesizeScrollGesture', { x: box.x + 80, y, yDistance: -250, speed: 2_000 });
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(from + 100);
    await context.close();
  });

  test('picture and numbers are saved under the strict policy, colours resolved', async ({ page }) => {
    const faults = watchFaults(page);
    await page.goto(`${server.baseUrl}/gallery?show=story`);
    await charts(page).first().scrollIntoViewIfNeeded();
    await expect(surfaces(page).first()).toBeVisible();
    const menu = page.getByRole('button', { name: /^Save or copy/ }).first();
    await menu.click();
    const picture = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as PNG' }).click();
    const png = await picture;
    expect(png.suggestedFilename()).toMatch(/^redis-gets-\d{8}T\d{4}Z\.png$/);
    const bytes = readFileSync(await png.path());
    expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    // Twice the size of the panel, and not an empty sheet.
    expect(bytes.readUInt32BE(16)).toBeGreaterThan(800);
    expect(bytes.byteLength).toBeGreaterThan(20_000);
    await expect(menu).toBeFocused();

    await menu.click();
    const numbers = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as CSV' }).click();
    const csv = readFileSync(await (await numbers).path(), 'utf8').split('\r\n');
    expect(csv[0]).toContain('start (UTC)');
    expect(csv.length).toBeGreaterThan(100);

    await menu.click();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Save as PNG' })).toHaveCount(0);
    await expect(menu).toBeFocused();
    expect(faults).toEqual([]);
  });

  test('dragging over a chart, or choosing with keys, zooms the page; a click does not', async ({ page }) => {
    await page.goto('/?range=1h');
    const chart = charts(page).first();
    await chart.scrollIntoViewIfNeeded();
    await expect(surfaces(page).first()).toBeVisible();
    const box = await chart.boundingBox();
    if (box === null) throw new Error('the first chart has no place on the page');
    const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const;
    await page.mouse.click(...at(0.5));
    expect(page.url()).not.toContain('from=');

    await page.mouse.move(...at(0.3));
    await page.mouse.down();
    await page.mouse.move(...at(0.4));
    await page.mouse.move(...at(0.6));
    await expect(page.getByTestId('chart-selection')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('chart-selection')).toHaveCount(0);
    await page.mouse.up();
    expect(page.url()).not.toContain('from=');

    await page.mouse.move(...at(0.3));
    await page.mouse.down();
    await page.mouse.move(...at(0.6), { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => page.url()).toContain('from=');
    const zoomed = page.url();

    await chart.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+PageDown');
    await page.keyboard.press('Shift+PageUp');
    await page.keyboard.press('Shift+PageUp');
    await expect(chart).toHaveAttribute('aria-valuetext', /selected, Enter zooms$/);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).not.toBe(zoomed);
  });
});
