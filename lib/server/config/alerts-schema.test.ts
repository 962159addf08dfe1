import { describe, expect, it } from 'vitest';
import { DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { loadConfig } from './load-config.ts';

const SOURCE = 'sources: [{kind: redis, url: "redis://127.0.0.1:6379"}]\n';

const load = (text: string, env: Record<string, string> = {}) =>
  loadConfig({
    env: { ...env, AFTERWATCH_CONFIG: 'a.yml' },
    cwd: '/x',
    readFile: () => ({ text: SOURCE + text, mode: 0o600 }),
  });

describe('alerts in the config', () => {
  it('have defaults, each on its own', () => {
    expect(load('').alerts).toEqual(DEFAULT_ALERT_SETTINGS);
    expect(load('alerts: {http429: {atLeast: 20}}').alerts).toEqual({
      ...DEFAULT_ALERT_SETTINGS,
      http429: { atLeast: 20, shareAtLeast: 0.001 },
    });
  });

  it('are read as written, also through a reference', () => {
    const text = `alerts:
  http429: { atLeast: "\${LEVEL}", shareAtLeast: 2.5% }
  suspendedFor: 4h
  expect: suspended
`;
    expect(load(text, { LEVEL: '7' }).alerts).toEqual({
      http429: { atLeast: 7, shareAtLeast: 0.025 },
      suspendedForMs: 4 * 3_600_000,
      expect: 'suspended',
    });
  });

  it.each([
    ['http429: {atLeast: 0}', 'must be a whole number from 1'],
    ['http429: {atLeast: many}', 'must be a whole number from 1'],
    ['http429: {shareAtLeast: 0.1}', 'must be a percentage'],
    ['http429: {shareAtLeast: 101%}', 'must be a percentage'],
    ['suspendedFor: 5s', 'must be a time with its unit'],
    ['expect: active', 'must be suspended'],
    ['http42: {}', 'is not a key here'],
    ['http429: {least: 5}', 'is not a key here'],
  ])('refuse %s and say what was expected', (text, says) => {
    expect(() => load(`alerts: {${text}}`)).toThrow(says);
  });
});
