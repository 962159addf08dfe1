import { defineConfig } from '@playwright/test';
import { CHROMIUM } from './fixtures/browser.ts';

/** These need nothing of the evening that is being read meanwhile. */
const BESIDE = /(gallery|truth|demo|alerts|bad-input|logs)\.spec\.ts$/;
/** What takes minutes begins before the rest, or the run would end with one of these alone and a core idle. */
const LONG = /(share|incidents|verdict|config|header|security)\.spec\.ts$/;

/** Against the production build. Nothing here may reach a host that is not loopback: see `guard.ts`. */
export default defineConfig({
  testDir: './specs',
  outputDir: '../test-results',
  globalSetup: './global-setup.ts',
  // Each file by itself: tests of one file share a server, and mostly wait for its ticks.
  workers: Number(process.env.AFTERWATCH_E2E_WORKERS ?? 2),
  projects: [
    { name: 'beside', testMatch: BESIDE },
    { name: 'long', testMatch: LONG },
    { name: 'short', testIgnore: [BESIDE, LONG] },
  ],
  // Real servers on a shared machine: a limit ends what hangs, it measures nothing.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  // A test that passes only at its second try is listed as flaky at the end of the run.
  retries: 1,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: { launchOptions: CHROMIUM, actionTimeout: 30_000, navigationTimeout: 45_000 },
});
