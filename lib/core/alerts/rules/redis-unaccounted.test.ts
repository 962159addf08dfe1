import { describe, expect, it } from 'vitest';
import { NO_FLEET, type UnaccountedFact } from '../facts/fleet.ts';
import { findOne } from './test-find.ts';

const LEAK: UnaccountedFact = {
  ...{
    what: 'GETs',
    atServer: 1_525.4,
    fromMachines: 310.2,
    machines: 2,
    windowMs: 60_000,
    bound: 152,
    isPartial: false,
  },
};
const found = (over: Partial<UnaccountedFact> | null, settings = {}) =>
  findOne(
    'redis_unaccounted',
    { fleet: { ...NO_FLEET, unaccounted: over === null ? null : { ...LEAK, ...over } } },
    settings,
  );

describe('redis_unaccounted', () => {
  it('says how many come from elsewhere, how many there are and how many your machines sent', () => {
    const { value, title, detail, means } = found({});
    expect(title).toBe(
      '1,215 GETs/min come from somewhere else: 1,525/min at Redis, 310/min from your 2 machines',
    );
    expect(detail).toBe(
      'Counted over 1 m, to within ±152/min. A stale machine, staging, a leaked URL or reconnect attempts send what no machine counts.',
    );
    expect(value).toBeGreaterThan(1);
    expect(means[0]).toEqual({ what: 'Unknown sender', text: '1,215/min, 79.7 % of what Redis executes' });
  });

  it('names one machine and commands where only those are known', () => {
    expect(found({ what: 'commands', machines: 1 }).title).toMatch(
      /^1,215 commands\/min .* from your machine$/,
    );
  });

  it('must last a minute, so that a reconnect is no news', () => {
    expect(found({}).levels).toMatchObject({ trigger: 1, clear: 0.5, holdMs: 60_000 });
  });

  it.each([
    ['the share alone is not enough', { atServer: 100, fromMachines: 50 }, false],
    ['the count alone is not enough', { atServer: 10_000, fromMachines: 9_000, bound: 10 }, false],
    ['both are', { atServer: 300, fromMachines: 240, bound: 20 }, true],
    ['just below the share', { atServer: 301, fromMachines: 241, bound: 20 }, false],
    ['what the counts may be off by never is', { atServer: 1_525, fromMachines: 310, bound: 1_216 }, false],
    ['machines that sent more than arrived', { atServer: 300, fromMachines: 500 }, false],
    ['a Redis that executes nothing', { atServer: 0, fromMachines: 0 }, false],
  ])('%s', (_, over, fires) => {
    const { value } = found(over);
    expect(value).not.toBeNull();
    expect((value ?? 0) >= 1).toBe(fires);
    expect(value).toBeGreaterThanOrEqual(0);
  });

  it('goes by the levels of the team', () => {
    const settings = { unaccounted: { shareAtLeast: 0.9, perMinuteAtLeast: 60 } };
    expect(found({}, settings).value).toBeLessThan(1);
  });

  it('is not known while a machine is silent, or where nothing is counted', () => {
    expect(found({ isPartial: true }).value).toBeNull();
    expect(found(null).value).toBeNull();
  });
});
