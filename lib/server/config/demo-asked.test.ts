import { describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.ts';

const FILE = `app: shop
sources:
  - { kind: redis, name: real, url: "redis://127.0.0.1:1" }
  - { kind: nonsense }
goals: [nonsense]
server: { port: 4123 }
`;

function load(env: Record<string, string>) {
  return loadConfig({
    env: { REDIS_URL: 'redis://127.0.0.1:2', ...env },
    cwd: '/somewhere',
    readFile: () => ({ text: FILE, mode: 0o600 }),
  });
}

describe('the demo beside a config', () => {
  it('leaves what the file and the variables would watch alone, with its faults', () => {
    const config = load({ AFTERWATCH_DEMO: '1' });
    expect(config).toMatchObject({
      mode: 'demo',
      targets: [],
      goals: [],
      bind: { port: 4123 },
      warnings: [],
    });
  });

  it('is not asked for by any other value', () => {
    expect(() => load({})).toThrow(/sources\[1\]/);
    expect(() => load({ AFTERWATCH_DEMO: 'no' })).toThrow(/sources\[1\]/);
  });
});
