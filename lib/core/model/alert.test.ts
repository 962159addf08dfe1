import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../time/range.ts';
import {
  ALERT_KINDS,
  ALERT_STATES,
  type AlertView,
  alertStanding,
  countFiring,
  orderAlerts,
  SILENCE_SPANS,
  silenceEndMs,
} from './alert.ts';

const NOW_MS = Date.UTC(2026, 3, 10, 0, 50);

function alertOf(over: Partial<AlertView> = {}): AlertView {
  return {
    id: 'a',
    title: 'A',
    detail: null,
    state: 'firing',
    kind: 'rule',
    severity: 'warning',
    sinceMs: NOW_MS - HOUR_MS,
    source: null,
    release: null,
    means: [],
    acknowledged: null,
    silencedUntilMs: null,
    silencedBy: null,
    inhibitedBy: null,
    actions: [],
    ...over,
  };
}

describe('the standing of an alert', () => {
  it.each([
    [{}, 'firing'],
    [{ kind: 'no_data' }, 'no_data'],
    [{ kind: 'source_error' }, 'source_error'],
    [{ kind: 'no_data', state: 'recovering' }, 'recovering'],
    [{ silencedUntilMs: NOW_MS + 1 }, 'silenced'],
    [{ silencedUntilMs: NOW_MS }, 'firing'],
    [{ silencedUntilMs: NOW_MS + 1, inhibitedBy: 'x' }, 'inhibited'],
    [{ state: 'resolved', silencedUntilMs: NOW_MS + 1, inhibitedBy: 'x' }, 'resolved'],
    [{ state: 'inactive', kind: 'no_data' }, 'inactive'],
  ] as const)('of %o is %s', (over, standing) => {
    expect(alertStanding(alertOf(over), NOW_MS)).toBe(standing);
  });
});

describe('the number that fires', () => {
  it('counts what needs a person, whatever it is about, and nothing that is held back or over', () => {
    const all = ALERT_STATES.flatMap((state) => ALERT_KINDS.map((kind) => alertOf({ state, kind })));
    expect(countFiring(all, NOW_MS)).toBe(ALERT_KINDS.length);
    expect(countFiring([alertOf({ inhibitedBy: 'x' })], NOW_MS)).toBe(0);
    expect(countFiring([alertOf({ silencedUntilMs: NOW_MS + 1 })], NOW_MS)).toBe(0);
    expect(countFiring([alertOf({ acknowledged: { by: null, atMs: NOW_MS } })], NOW_MS)).toBe(1);
  });
});

describe('the order of alerts', () => {
  it('puts what fires first, unacknowledged before acknowledged, then the longest standing', () => {
    const alerts = [
      alertOf({ id: 'late', sinceMs: NOW_MS - 1 }),
      alertOf({ id: 'held', inhibitedBy: 'x' }),
      alertOf({ id: 'taken', acknowledged: { by: 'Ana', atMs: NOW_MS }, sinceMs: 0 }),
      alertOf({ id: 'waiting', state: 'pending' }),
      alertOf({ id: 'early' }),
    ];
    const ids = (list: readonly AlertView[]) => orderAlerts(list, NOW_MS).map(({ id }) => id);
    expect(ids(alerts)).toEqual(['early', 'late', 'taken', 'waiting', 'held']);
    expect(ids([...alerts].reverse())).toEqual(ids(alerts));
  });
});

describe('a silence', () => {
  it('ends after an hour, four hours, or with the watch; never in the past', () => {
    const ends = (watchEndMs: number | null) =>
      SILENCE_SPANS.map((span) => silenceEndMs(span, NOW_MS, watchEndMs));
    expect(ends(NOW_MS + 9 * HOUR_MS)).toEqual([
      NOW_MS + HOUR_MS,
      NOW_MS + 4 * HOUR_MS,
      NOW_MS + 9 * HOUR_MS,
    ]);
    expect(ends(null)[2]).toBeNull();
    expect(ends(NOW_MS)[2]).toBeNull();
  });
});
