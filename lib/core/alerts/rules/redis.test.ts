import { describe, expect, it } from 'vitest';
import type { RedisMode } from '../../model/redis-mode.ts';
import { type BilledFact, NO_FLEET } from '../facts/fleet.ts';
import { NO_LIMITS } from '../facts/limits.ts';
import type { AlertFacts, ModeFact, SourceFact } from '../facts.ts';
import { DEFAULT_ALERT_SETTINGS } from '../settings.ts';
import { RULES } from './index.ts';
import type { AlertFinding, AlertRuleId } from './rule.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 22, 0);
const modeOf = (mode: RedisMode, over: Partial<ModeFact> = {}): ModeFact => ({
  ...{
    mode,
    sinceMs: NOW_MS - 3_600_000,
    evidence: 'all 2 machines say so',
    askedInVain: [],
    isPartial: false,
  },
  machines: [
    { name: '3d8dd7a1', mode: 'suspended_by_us' },
    { name: '9185e2bc', mode: 'suspended_by_us' },
  ],
  ...over,
});
const BILLED: BilledFact = {
  perMinute: 44.2,
  parts: 'failed connects 41/min, unknown 3.2/min',
  usdPerDay: 0.1273,
};

function find(rule: AlertRuleId, over: Partial<AlertFacts>): AlertFinding {
  const facts: AlertFacts = {
    ...{ nowMs: NOW_MS, mode: null, sources: [], responses: null, deploy: null, series: [], claims: [] },
    ...{ limits: NO_LIMITS, fleet: NO_FLEET },
    ...over,
  };
  const [found] = RULES[rule].find(facts, DEFAULT_ALERT_SETTINGS);
  if (found === undefined) throw new Error(`${rule} found nothing`);
  return found;
}

const billed = (mode: ModeFact | null, fact: BilledFact | null) =>
  find('redis_billed', { mode, fleet: { ...NO_FLEET, billed: fact } });

describe('suspended but still billed', () => {
  it('fires from one command a minute on, with who sends them and what they cost', () => {
    const found = billed(modeOf('suspended_by_us'), BILLED);
    expect(found).toMatchObject({
      value: 44.2,
      levels: { trigger: 1, clear: 0.5 },
      title: 'Redis is suspended but still billed: 44 commands/min arrive',
      detail: 'It is failed connects 41/min, unknown 3.2/min.',
      means: [
        { what: 'Cost', text: '$0.13/day at list price' },
        { what: 'Who sends them', text: 'failed connects 41/min, unknown 3.2/min' },
      ],
    });
  });

  it('is not known while nothing counts, or nobody tells whether Redis is suspended', () => {
    expect(billed(modeOf('suspended_by_us'), null).value).toBeNull();
    expect(billed(modeOf('unknown'), BILLED).value).toBeNull();
    expect(billed(null, BILLED).value).toBeNull();
    expect(billed(modeOf('active', { isPartial: true }), BILLED).value).toBeNull();
  });

  it('is over where Redis is in use again, and below half a command a minute', () => {
    expect(billed(modeOf('active'), null).value).toBe(0);
    expect(billed(modeOf('suspended_by_us'), { ...BILLED, perMinute: 0.2 }).value).toBe(0.2);
  });

  it('names no price that nobody knows', () => {
    const { means } = billed(modeOf('suspended_by_us'), { ...BILLED, usdPerDay: null, parts: '' });
    expect(means.map(({ text }) => text)).toEqual(['no price is known here', 'nothing tells']);
  });
});

describe('alerts of a Redis that is out of use', () => {
  const fleet = {
    ...NO_FLEET,
    limiter: { failedOpen: 12, limited: 1, allowed: 900, isPartial: false },
    billed: BILLED,
  };

  it('say what it means in the numbers of the banner', () => {
    const { means } = find('redis_suspended_long', { mode: modeOf('suspended_by_us'), fleet });
    expect(means).toEqual([
      { what: 'Rate limits', text: 'up to 2× what you set' },
      { what: 'Limiter', text: '12 requests let through unchecked in 5 min' },
      { what: 'Shared cache', text: 'not used, and cold when Redis comes back' },
      { what: 'Still billed', text: '44/min, $0.13/day: failed connects 41/min, unknown 3.2/min' },
    ]);
  });

  it('do not say that nobody passed while nothing tells, or a machine is silent', () => {
    const limiterOf = (over: Partial<typeof fleet>) =>
      find('redis_mixed', { mode: modeOf('mixed'), fleet: { ...NO_FLEET, ...over } }).means[1]?.text;
    expect(limiterOf({})).toBe('nothing tells what it lets pass');
    const quiet = { failedOpen: 0, limited: 0, allowed: 9 };
    expect(limiterOf({ limiter: { ...quiet, isPartial: true } })).toBe(
      'no request was seen let through unchecked in 5 min, but a machine is silent',
    );
    expect(limiterOf({ limiter: { ...quiet, isPartial: false } })).toBe(
      'no request was let through unchecked in 5 min',
    );
  });

  it('guess nothing of limits where others took Redis away', () => {
    const { means, value } = find('redis_suspended', { mode: modeOf('quota_exhausted') });
    expect(value).toBe(1);
    expect(means[0]?.text).toBe('nothing tells what the limiter does while Redis refuses');
  });
});

describe('Redis that refuses and nobody here asked for it', () => {
  const source = (over: Partial<SourceFact>): SourceFact => ({
    ...{ id: 'harbor/production/redis/cache', kind: 'redis', name: 'cache', state: 'limited', failures: 2 },
    ...{ errorKind: 'quota', error: 'cache answers that its quota is used up' },
    ...over,
  });
  const mixed = (...sources: SourceFact[]) => find('redis_suspended', { mode: modeOf('mixed'), sources });

  it('shows by what it answers to us, where machines are in different modes', () => {
    expect(mixed(source({}))).toMatchObject({
      value: 1,
      title: 'The Redis quota is used up: commands are refused',
      detail: 'Cache answers that its quota is used up.',
    });
  });

  it('is not known while Redis does not answer us, and over once it does', () => {
    expect(mixed(source({ errorKind: 'timeout', state: 'stale' })).value).toBeNull();
    expect(mixed(source({ errorKind: null, state: 'ok', failures: 0, error: null })).value).toBe(0);
    expect(mixed().value).toBe(0);
  });
});

describe('what to do about it', () => {
  const RULE_IDS = [
    'redis_suspended',
    'redis_suspended_long',
    'redis_not_suspended',
    'redis_mixed',
    'redis_billed',
  ] as const;
  const place = (flyApp: string | null) => ({
    scope: { app: 'harbor', environment: 'production' },
    ...{ subject: '', flyApp },
  });

  it.each(RULE_IDS)('%s: is told in words, and with commands only where the app is on Fly', (id) => {
    const there = RULES[id].runbook(place('harbor'));
    expect(there.length).toBeGreaterThan(0);
    for (const { command } of there) if (command !== null) expect(command).toMatch(/^fly .* -a harbor$/);
    for (const { command } of RULES[id].runbook(place(null))) expect(command).toBeNull();
    expect(RULES[id].chart('')).not.toBeNull();
    expect(RULES[id].reads).not.toBe('');
  });

  it('never sets a digest: the switch is set by a word, and the step says so', () => {
    for (const id of RULE_IDS)
      for (const { text, command } of RULES[id].runbook(place('harbor'))) {
        const value = /SUSPEND_REDIS=(\S+)/.exec(command ?? '')?.[1];
        if (value === undefined) continue;
        expect(['true', 'false']).toContain(value);
        if (value === 'true') expect(text).toContain('digest');
      }
  });
});
