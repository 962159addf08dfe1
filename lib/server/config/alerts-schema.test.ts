import { describe, expect, it } from 'vitest';
import { DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
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
  drift: { atLeast: 15% }
  quota: { within: 2d }
  cost: { perDay: $12.50 }
  planCheaper: { shareAtLeast: 50%, perMonthAtLeast: $20 }
  pool: { shareAtLeast: 70% }
  awakeFor: 3d
  restarts: { atLeast: "\${LEVEL}" }
  skewFor: 1h
  unaccounted: { shareAtLeast: 5%, perMinuteAtLeast: 600 }
  off: [never_asleep, drift]
budget: { perMonth: 250 }
`;
    expect(load(text, { LEVEL: '7' }).alerts).toEqual({
      http429: { atLeast: 7, shareAtLeast: 0.025 },
      suspendedForMs: 4 * HOUR_MS,
      expect: 'suspended',
      driftAtLeast: 0.15,
      quotaWithinMs: 48 * HOUR_MS,
      costPerDay: 12.5,
      // The budget of a month stands among the budgets, and rules go by it.
      costPerMonth: 250,
      planCheaper: { shareAtLeast: 0.5, usdPerMonthAtLeast: 20 },
      poolShareAtLeast: 0.7,
      awakeForMs: 72 * HOUR_MS,
      restartsAtLeast: 7,
      skewForMs: HOUR_MS,
      unaccounted: { shareAtLeast: 0.05, perMinuteAtLeast: 600 },
      off: ['never_asleep', 'drift'],
    });
  });

  it('keep the default of every level beside one that is written', () => {
    const written = 'alerts: {unaccounted: {shareAtLeast: 5%}, cost: {perDay: 8}, quota: {}, pool: {}}';
    expect(load(written).alerts).toEqual({
      ...DEFAULT_ALERT_SETTINGS,
      unaccounted: { ...DEFAULT_ALERT_SETTINGS.unaccounted, shareAtLeast: 0.05 },
      costPerDay: 8,
    });
  });

  it.each([
    ['http429: {atLeast: 0}', 'must be a whole number from 1'],
    ['http429: {atLeast: many}', 'must be a whole number from 1'],
    ['http429: {shareAtLeast: 0.1}', 'must be a percentage'],
    ['http429: {shareAtLeast: 101%}', 'must be a percentage'],
    ['suspendedFor: 5s', 'must be a time with its unit'],
    ['expect: active', 'must be suspended'],
    ['drift: {atLeast: 0%}', 'must be a percentage from 1% to 100%'],
    ['drift: 10%', 'must be keys with values'],
    ['quota: {within: 5m}', 'must be a time with its unit'],
    ['cost: {perDay: 0}', 'must be an amount in dollars'],
    ['cost: {perDay: much}', 'must be an amount in dollars'],
    ['cost: {perDay: -1}', 'must be an amount in dollars'],
    ['pool: {shareAtLeast: 0.8}', 'must be a percentage'],
    ['awakeFor: 5m', 'must be a time with its unit'],
    ['restarts: {atLeast: 0}', 'must be a whole number from 1'],
    ['skewFor: soon', 'must be a time with its unit'],
    ['unaccounted: {perMinuteAtLeast: 0.5}', 'must be a whole number from 1'],
    ['off: [drfit]', 'must be redis_suspended or'],
    ['off: [drift, drift]', 'names a rule twice'],
    ['off: drift', 'must be a list'],
    ['http42: {}', 'is not a key here'],
    ['http429: {least: 5}', 'is not a key here'],
  ])('refuse %s and say what was expected', (text, says) => {
    expect(() => load(`alerts: {${text}}`)).toThrow(says);
  });

  it('name the line of each fault', () => {
    const text = 'alerts:\n  drift: { atLeast: 10% }\n  off:\n    - quota\n    - nothing\n';
    expect(() => load(text)).toThrow(/a\.yml:6\b.*alerts\.off\[1\]/s);
  });
});
