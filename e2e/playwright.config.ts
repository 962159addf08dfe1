import { defineConfig } from '@playwright/test';

export const OPEN_PORT = Number(process.env.AFTERWATCH_E2E_PORT ?? 4310);

/** Against the production build. Nothing here may reach a host that is not loopback: see `guard.ts`. */
export default defineConfig({
  testDir: './specs',
  outputDir: '../test-results',
  workers: 1,
  timeout: 60_000,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: {
    baseURL: `http://127.0.0.1:${OPEN_PORT}`,
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--force-device-scale-factor=1',
        '--font-render-hinting=none',
      ],
    },
  },
  webServer: {
    command: `exec node_modules/.bin/next start -H 127.0.0.1 -p ${OPEN_PORT}`,
    cwd: '..',
    url: `http://127.0.0.1:${OPEN_PORT}/api/ready`,
    timeout: 90_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 12_000 },
    env: {
      NEXT_TELEMETRY_DISABLED: '1',
      NODE_ENV: 'production',
      PORT: String(OPEN_PORT),
      HOST: '127.0.0.1',
      // Not the machine's own settings: the open server is always the demo.
      REDIS_URL: '',
      DATABASE_URL: '',
      APP_METRICS_URLS: '',
      AFTERWATCH_CONFIG: 'e2e/fixtures/none.yml',
      AFTERWATCH_PASSWORD: '',
      AFTERWATCH_TOKEN: '',
      AFTERWATCH_PUBLIC_URL: '',
    },
  },
});
