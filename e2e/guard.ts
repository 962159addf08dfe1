import type { Page } from '@playwright/test';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Refuses every request of the page to a host that is not this machine; returns what was refused, to be asserted empty. */
export async function refuseOutside(page: Page): Promise<string[]> {
  const refused: string[] = [];
  await page.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    if (LOOPBACK.has(url.hostname) || url.protocol === 'data:') return route.continue();
    refused.push(url.origin);
    return route.abort();
  });
  return refused;
}
