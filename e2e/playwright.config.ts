import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { CHROMIUM } from './fixtures/browser.ts';
import { NO_SETTINGS } from './fixtures/environment.ts';

export const OPEN_PORT = Number(process.env.AFTERWATCH_E2E_PORT ?? 4310);

/** What takes minutes begins first, or the run would end with one of these alone and a core idle. */
const LONG = /(gallery|share|incidents|verdict|demo|config|truth)\.spec\.ts$/;

/** Against the production build. Nothing here may reach a host that is not loopback: see `guard.ts`. */
export default defineConfig({
  testDir: './specs',
  outputDir: '../test-results',
  // Each file by itself: tests of one file share a server, and mostly wait for its ticks.
  workers: Number(process.env.AFTERWATCH_E2E_WORKERS ?? 2),
  projects: [
    { name: 'long', testMatch: LONG },
    { name: 'short', testIgnore: LONG },
  ],
  // Real servers on a shared machine: a limit ends what hangs, it measures nothing.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  // A test that passes only at its second try is listed as flaky at the end of the run.
  retries: 1,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: {
    baseURL: `http://127.0.0.1:${OPEN_PORT}`,
    launchOptions: CHROMIUM,
    actionTimeout: 30_000,
    navigationTimeout: 45_000,
  },
  webServer: {
    // A demo that was cut off would go on where it was.
    command: `rm -rf "$AFTERWATCH_DATA_DIR" && exec node_modules/.bin/next start -H 127.0.0.1 -p ${OPEN_PORT}`,
    cwd: '..',
    url: `http://127.0.0.1:${OPEN_PORT}/api/ready`,
    timeout: 150_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 12_000 },
    env: {
      ...NO_SETTINGS,
      PORT: String(OPEN_PORT),
      HOST: '127.0.0.1',
      AFTERWATCH_DATA_DIR: join(tmpdir(), `afterwatch-e2e-${OPEN_PORT}`),
    },
  },
});
