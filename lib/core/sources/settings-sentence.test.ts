import { describe, expect, it } from 'vitest';
import { NO_ACTS } from '../budget/acts.ts';
import { settingsSentence } from './settings-sentence.ts';
import type { SourceSettingView } from './settings-view.ts';

function source(given: Partial<SourceSettingView> = {}): SourceSettingView {
  return {
    id: 'harbor/production/redis/main',
    scope: { app: 'harbor', environment: 'production' },
    kind: 'redis',
    name: 'main',
    address: 'cache:6379',
    state: 'ok',
    ageMs: 0,
    error: null,
    fix: null,
    notices: [],
    shape: { kind: 'redis', intervalSeconds: 15, features: [], queries: 0 },
    costToday: NO_ACTS,
    costADay: null,
    budget: null,
    facts: [],
    lit: [],
    backfill: null,
    ...given,
  };
}
const failed = { state: 'down', error: { kind: 'network', message: 'x' } } as const;

describe('settingsSentence', () => {
  it.each<[string, SourceSettingView[], string]>([
    ['none', [], 'Nothing is watched yet.'],
    ['one', [source()], 'The one source is read.'],
    ['all', [source(), source()], 'All 2 sources are read.'],
    [
      'one of them not',
      [source(), source({ name: 'db', ...failed })],
      'db cannot be read; 1 of 2 sources can.',
    ],
    ['more of them not', [source(failed), source(failed)], '2 of 2 sources cannot be read.'],
    [
      'a start',
      [source(), source({ state: 'starting' })],
      '1 of 2 sources were read, the others are starting.',
    ],
    [
      'asleep is no failure',
      [source({ state: 'asleep', error: { kind: 'asleep', message: 'x' } })],
      'The one source is read.',
    ],
  ])('%s', (_, sources, verdict) => {
    expect(settingsSentence({ sources }).verdict).toBe(verdict);
  });

  it('tells the day’s cost by the latest visits, and what of it is billed', () => {
    const metered = source({
      shape: { kind: 'redis', intervalSeconds: 300, features: ['metered'], queries: 0 },
      costADay: { ...NO_ACTS, commands: 290 },
    });
    expect(settingsSentence({ sources: [source(), metered] }).limit).toBe(
      'Watching costs about 6.05K commands a day, $0.000580 of it at list price.',
    );
    expect(settingsSentence({ sources: [source()] }).limit).toBe(
      'Watching costs about 5.76K commands a day, none of them billed.',
    );
    expect(settingsSentence({ sources: [] }).limit).toBeNull();
  });
});
