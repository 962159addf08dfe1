import { describe, expect, it } from 'vitest';
import type { SourceState } from '../model/source-state.ts';
import type { SourceKind } from '../model/target.ts';
import type { SourceFact } from './facts.ts';
import { missingSource } from './inhibit.ts';

const source = (kind: SourceKind, name: string, state: SourceState = 'ok', failures = 0): SourceFact => ({
  ...{ id: `harbor/production/${kind}/${name}`, kind, name, state, failures, errorKind: null, error: null },
});
const reason = (
  subject: string,
  sources: SourceFact[],
  rule: 'stall' | 'plateau' | 'drift' | 'http_429' = 'stall',
) => missingSource(rule, subject, { sources });

describe('an alert about a series of which a part is missing', () => {
  it('is held back and says which source gives nothing', () => {
    const sources = [source('app', 'a'), source('app', 'b', 'down', 3), source('app', 'c', 'refused', 1)];
    for (const rule of ['stall', 'plateau', 'drift'] as const)
      expect(reason('requests', sources, rule)).toBe(
        'nothing is known of b and 1 more, so a part of it is missing',
      );
    expect(reason('requests', sources.slice(0, 2))).toBe('nothing is known of b, so a part of it is missing');
  });

  it('is told while all its sources answer, sleep or have failed only once', () => {
    const states = ['ok', 'asleep', 'stale', 'starting', 'unknown'] as const;
    for (const state of states) expect(reason('requests', [source('app', 'a', state, 1)])).toBeNull();
    expect(reason('requests', [source('app', 'a', 'limited', 1)])).toBeNull();
    expect(reason('requests', [source('app', 'a', 'limited', 2)])).not.toBeNull();
  });

  it('goes by the source that tells the series, not by another', () => {
    const sources = [
      source('redis', 'cache'),
      source('upstash', 'api', 'down', 3),
      source('app', 'a', 'down', 3),
    ];
    expect(reason('redis_gets', sources)).toBeNull();
    expect(reason('redis_gets', sources.slice(1))).toContain('api');
    expect(reason('db_queries', sources)).toBeNull();
  });

  it('a rule that too little data cannot set off is not held back', () => {
    expect(reason('limited', [source('app', 'a', 'down', 3)], 'http_429')).toBeNull();
    expect(reason('constructor', [source('app', 'a', 'down', 3)])).toBeNull();
  });
});
