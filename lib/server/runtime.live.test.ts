import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const KEY = Symbol.for('afterwatch');
const onProcess = (): unknown => (globalThis as Record<symbol, unknown>)[KEY];

/** Nothing of the machine that runs the test: an empty configuration starts the demo fleet. */
const SETTINGS = {
  AFTERWATCH_CONFIG: 'e2e/fixtures/none.yml',
  REDIS_URL: '',
  DATABASE_URL: '',
  APP_METRICS_URLS: '',
  AFTERWATCH_PASSWORD: '',
  AFTERWATCH_TOKEN: '',
};

beforeEach(() => {
  for (const [name, value] of Object.entries(SETTINGS)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

describe('what runs once in a process', () => {
  it('a build and the edge runtime start nothing', async () => {
    const { register } = await import('@/instrumentation.ts');
    vi.stubEnv('NEXT_RUNTIME', 'nodejs');
    vi.stubEnv('NEXT_PHASE', 'phase-production-build');
    await register();
    vi.stubEnv('NEXT_PHASE', '');
    vi.stubEnv('NEXT_RUNTIME', 'edge');
    await register();
    expect(onProcess()).toBeUndefined();
  });

  it('a reloaded module finds the same runtime, and stopping it leaves nothing behind', async () => {
    const first = await import('./runtime.ts');
    expect(() => first.getRuntime()).toThrow('starting');
    const runtime = await first.startRuntime();
    vi.resetModules();
    const second = await import('./runtime.ts');
    expect(second.startRuntime).not.toBe(first.startRuntime);
    expect(await second.startRuntime()).toBe(runtime);
    expect(second.getRuntime().store.id).toBe(runtime.store.id);
    expect(runtime.config.mode).toBe('demo');
    // By the cache itself, and by the fleet's Prometheus.
    expect(runtime.store.latest({ metric: 'redis_up' }).map(({ value }) => value)).toEqual([1, 1]);

    const { dataDir } = runtime.config;
    expect(existsSync(dataDir)).toBe(true);
    await first.stopRuntime();
    expect(existsSync(dataDir)).toBe(false);
    delete (globalThis as Record<symbol, unknown>)[KEY];
  });
});
