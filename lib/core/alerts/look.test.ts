import { describe, expect, it } from 'vitest';
import type { AlertFacts } from './facts.ts';
import { lookAround } from './look.ts';
import { ALERT_RULES } from './rules/rule.ts';
import { DEFAULT_ALERT_SETTINGS } from './settings.ts';
import { emptyFacts } from './test-facts.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20);

/** Facts of which one part cannot be asked for without a fault. */
function brokenAt(part: 'sources' | 'responses'): AlertFacts {
  return Object.defineProperty({ ...emptyFacts(NOW_MS) }, part, {
    get: () => {
      throw new Error(`no ${part}`);
    },
  });
}

describe('a look of all rules', () => {
  it('asks each rule that is not switched off, and no other', () => {
    const off = ALERT_RULES.filter((rule) => rule !== 'http_429');
    const settings = { ...DEFAULT_ALERT_SETTINGS, off };
    expect(lookAround(emptyFacts(NOW_MS), settings).seen.map(({ id }) => id)).toEqual(['http_429']);
    const { seen } = lookAround(emptyFacts(NOW_MS), { ...DEFAULT_ALERT_SETTINGS, off: ['http_429'] });
    expect(seen.map(({ rule }) => rule)).not.toContain('http_429');
  });

  it('reads no part of the facts that no rule asks for', () => {
    const off = ALERT_RULES.filter((rule) => rule !== 'redis_mixed');
    const settings = { ...DEFAULT_ALERT_SETTINGS, off };
    expect(() => lookAround(brokenAt('responses'), settings)).not.toThrow();
    expect(() => lookAround(brokenAt('responses'), DEFAULT_ALERT_SETTINGS)).toThrow('no responses');
  });

  it('names the rules that asked for what could not be read', () => {
    const { blind, seen } = lookAround(emptyFacts(NOW_MS), DEFAULT_ALERT_SETTINGS, new Set(['sources']));
    expect(blind).toContain('source_down');
    expect(blind).not.toContain('redis_mixed');
    expect(seen.map(({ rule }) => rule)).toContain('redis_mixed');
  });

  it('of a rule that could read only a part, what fires counts and what does not is not known', () => {
    const source = {
      ...{ id: 's', kind: 'redis' as const, name: 's', errorKind: null, error: null },
      failures: 2,
    };
    const sources = [
      { ...source, id: 'down', state: 'down' as const },
      { ...source, id: 'ok', state: 'ok' as const },
    ];
    const facts = { ...emptyFacts(NOW_MS), sources };
    const valuesOf = (unread: ReadonlySet<'sources'>) =>
      lookAround(facts, DEFAULT_ALERT_SETTINGS, unread)
        .seen.filter(({ rule }) => rule === 'source_down')
        .map(({ finding }) => finding.value);
    expect(valuesOf(new Set())).toEqual([1, 0]);
    expect(valuesOf(new Set(['sources']))).toEqual([1, null]);
  });

  it('between the two levels of a rule with a part missing nothing is known', () => {
    const valueAt = (limited: number) => {
      const responses = { limited, all: 1_000, machines: [], isPartial: false };
      const facts = { ...emptyFacts(NOW_MS), responses };
      const { seen } = lookAround(facts, DEFAULT_ALERT_SETTINGS, new Set(['series']));
      return seen.find(({ rule }) => rule === 'http_429')?.finding.value;
    };
    expect([valueAt(60), valueAt(5), valueAt(4), valueAt(0)]).toEqual([60, 5, null, null]);
  });

  it('a rule that fails is told of, knows nothing, and keeps no other from being asked', () => {
    const faults: string[] = [];
    const { blind, seen } = lookAround(
      brokenAt('sources'),
      DEFAULT_ALERT_SETTINGS,
      new Set(),
      (rule, error) => faults.push(`${rule}: ${error instanceof Error ? error.message : ''}`),
    );
    expect(faults).toContain('source_down: no sources');
    expect(blind).toContain('source_down');
    expect(seen.map(({ rule }) => rule)).toContain('http_429');
  });
});
