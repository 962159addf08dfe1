import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../time/range.ts';
import { NO_FLEET } from '../facts/fleet.ts';
import type { SourceFact } from '../facts.ts';
import { RULES } from './index.ts';
import { findOne, NOW_MS } from './test-find.ts';

const source = (over: Partial<SourceFact>): SourceFact => ({
  ...{ id: 'harbor/production/app/a1', kind: 'app', name: 'a1', state: 'ok', failures: 0 },
  ...{ errorKind: null, error: null },
  ...over,
});

describe('source_down', () => {
  const found = (over: Partial<SourceFact>, more = {}) =>
    findOne('source_down', { sources: [source(over)], ...more });

  it('one failed visit is nothing, the second one is no answer', () => {
    expect(found({ state: 'stale', failures: 1, errorKind: 'network' }).value).toBeNull();
    expect(
      found({ state: 'down', failures: 2, errorKind: 'timeout', error: 'no answer in 2 s' }),
    ).toMatchObject({
      ...{ value: 1, kind: 'no_data', title: 'a1 gives no answer', detail: 'No answer in 2 s.' },
      ...{ levels: { holdMs: 0 }, source: 'app · a1' },
    });
  });

  it('visits that do not come about at all are missing data, and are told after five minutes', () => {
    expect(found({ state: 'stale' })).toMatchObject({
      ...{ value: 1, kind: 'no_data', title: 'a1 has not been read for a while' },
      levels: { holdMs: 5 * MINUTE_MS },
    });
  });

  it('a log stream that has fallen silent is told though its sink is well', () => {
    const logs = { id: 'harbor/production/logs/lines', kind: 'logs', name: 'lines' } as const;
    const quietLogs = [{ id: logs.id, ageMs: 25 * MINUTE_MS, usualMs: 45_000 }];
    const quiet = found(logs, { fleet: { ...NO_FLEET, quietLogs } });
    expect(quiet).toMatchObject({
      ...{ value: 1, kind: 'no_data', title: 'lines sends no lines' },
      detail: 'The last line came 25 m ago; in the day before that it was never silent for longer than 45 s.',
    });
    expect(found(logs).value).toBe(0);
    const unsure = {
      fleet: { ...NO_FLEET, quietLogs: [{ id: logs.id, ageMs: 25 * MINUTE_MS, usualMs: null }] },
    };
    expect(found(logs, unsure).value).toBeNull();
    expect(found({ ...logs, state: 'down', failures: 2, errorKind: 'network' }, unsure).value).toBe(1);
  });

  it('a machine is held back while a deploy rolls, anything else is not', () => {
    const deploy = {
      id: 'd',
      release: 'v1207',
      kind: 'code',
      startMs: NOW_MS - MINUTE_MS,
      endMs: null,
    } as const;
    const down = { state: 'down', failures: 2, errorKind: 'network' } as const;
    expect(found(down, { deploy }).inhibitedBy).toMatch(/^v1207 has been rolling/);
    expect(found({ ...down, kind: 'postgres' }, { deploy }).inhibitedBy).toBeNull();
  });

  it('sends people to the doctor first, and to Fly for a machine that is there', () => {
    const steps = (subject: string, flyApp: string | null) =>
      RULES.source_down
        .runbook({ scope: { app: 'harbor', environment: 'production' }, subject, flyApp })
        .flatMap(({ command }) => command ?? []);
    expect(steps('harbor/production/app/a1', 'harbor')).toEqual([
      'npm run -s afterwatch -- doctor',
      'fly machine list -a harbor',
    ]);
    expect(steps('harbor/production/redis/cache', 'harbor')).toEqual(['npm run -s afterwatch -- doctor']);
    expect(steps('harbor/production/app/a1', null)).toEqual(['npm run -s afterwatch -- doctor']);
  });
});

describe('observer_paused', () => {
  it('stands quietly while our own budget keeps us away', () => {
    const sources = [source({ state: 'paused_budget' })];
    expect(findOne('observer_paused', { sources })).toMatchObject({
      value: 1,
      inhibitedBy: 'our own budget, until midnight UTC',
    });
    expect(findOne('observer_paused', { sources: [source({})] })).toMatchObject({
      value: 0,
      inhibitedBy: null,
    });
    expect(findOne('observer_paused', { sources: [source({ state: 'starting' })] }).value).toBeNull();
  });
});
