import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { NO_FLEET } from './facts/fleet.ts';
import { NO_LIMITS } from './facts/limits.ts';
import type { AlertFacts } from './facts.ts';
import { DEFAULT_ALERT_SETTINGS } from './settings.ts';
import { FiringWalk } from './walk-firings.ts';

const START_MS = Date.UTC(2026, 3, 9, 22);
const LOOK_MS = 15_000;

/** Facts in which the sources named are down; null: nothing is known of them. */
function factsAt(nowMs: number, down: readonly string[] | null): AlertFacts {
  return {
    nowMs,
    ...{ mode: null, responses: null, deploy: null, series: [], claims: [] },
    ...{ limits: NO_LIMITS, fleet: NO_FLEET },
    sources: ['cache', 'db'].map((name) => ({
      ...{ id: name, kind: 'redis', name, failures: 2, errorKind: 'network', error: 'no answer' },
      state: down === null ? 'unknown' : down.includes(name) ? 'down' : 'ok',
    })),
  };
}

/** Walks minutes of a story, look by look. */
function walked(minutes: number, story: (minute: number) => readonly string[] | null) {
  const walk = new FiringWalk('source_down', DEFAULT_ALERT_SETTINGS);
  for (let atMs = START_MS; atMs <= START_MS + minutes * MINUTE_MS; atMs += LOOK_MS)
    walk.accept(walk.look(factsAt(atMs, story((atMs - START_MS) / MINUTE_MS))));
  return walk;
}

const minutesOf = (walk: FiringWalk) =>
  walk.firings.map(({ alertId, startMs, endMs }) => [
    alertId,
    (startMs - START_MS) / MINUTE_MS,
    endMs === null ? null : (endMs - START_MS) / MINUTE_MS,
  ]);

describe('a walk', () => {
  it('notes each firing from its second look until it is resolved, and leaves the last one open', () => {
    const walk = walked(90, (minute) =>
      minute >= 10 && minute < 20 ? ['cache'] : minute >= 60 ? ['db'] : [],
    );
    expect(minutesOf(walk)).toEqual([
      ['source_down:cache', 10.25, 35],
      ['source_down:db', 60.25, null],
    ]);
    expect(walk.firings[0]?.title).toBe('cache gives no answer');
  });

  it('counts an incident that comes back while it recovers once', () => {
    const walk = walked(60, (minute) =>
      (minute >= 10 && minute < 12) || (minute >= 20 && minute < 22) ? ['cache'] : [],
    );
    expect(minutesOf(walk)).toEqual([['source_down:cache', 10.25, 37]]);
  });

  it('counts by day in UTC, and says of which days nothing was known', () => {
    const walk = walked(180, (minute) => (minute < 60 ? [] : minute < 120 ? null : ['cache', 'db']));
    const days = walk.daysOf({ startMs: START_MS - DAY_MS, endMs: START_MS + 3 * HOUR_MS });
    expect(days.map(({ firings, isKnown }) => [firings, isKnown])).toEqual([
      [0, false],
      [0, true],
      [2, true],
    ]);
    const blind = walked(180, (minute) => (minute < 60 ? [] : null));
    const last = blind.daysOf({ startMs: START_MS, endMs: START_MS + 3 * HOUR_MS }).at(-1);
    expect(last).toMatchObject({ firings: 0, isKnown: false });
  });

  it('keeps nothing of a look that is not accepted, and says which ones move something', () => {
    const walk = new FiringWalk('source_down', DEFAULT_ALERT_SETTINGS);
    walk.accept(walk.look(factsAt(START_MS, [])));
    const hit = walk.look(factsAt(START_MS + LOOK_MS, ['cache']));
    expect(hit.isChange).toBe(true);
    expect(walk.look(factsAt(START_MS + LOOK_MS, [])).isChange).toBe(false);
    walk.accept(walk.look(factsAt(START_MS + 2 * LOOK_MS, ['cache'])));
    walk.accept(walk.look(factsAt(START_MS + 3 * LOOK_MS, ['cache'])));
    expect(minutesOf(walk)).toEqual([['source_down:cache', 0.75, null]]);
    const silent = walk.look(factsAt(START_MS + 4 * LOOK_MS, null));
    expect(silent.isChange).toBe(true);
  });

  it('asks no other rule, whatever is switched off', () => {
    const settings = { ...DEFAULT_ALERT_SETTINGS, off: ['source_down' as const] };
    const walk = new FiringWalk('source_down', settings);
    const facts = { ...factsAt(START_MS, ['cache']) };
    Object.defineProperty(facts, 'limits', {
      get: () => {
        throw new Error('another rule was asked');
      },
    });
    walk.accept(walk.look(facts));
    walk.accept(walk.look({ ...factsAt(START_MS + LOOK_MS, ['cache']) }));
    expect(walk.firings).toHaveLength(1);
  });
});
