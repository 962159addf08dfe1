import { describe, expect, it } from 'vitest';
import type { AlertView } from '../model/alert.ts';
import { HOUR_MS } from '../time/range.ts';
import { writeAlertsSentence } from './alerts-sentence.ts';
import type { Maintenance } from './maintenance.ts';
import { alertViewOf } from './test-views.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20);

const alert = (title: string, over: Partial<AlertView> = {}): AlertView =>
  alertViewOf({ id: title, sinceMs: NOW_MS - HOUR_MS, ...over });
const silenced = { silencedUntilMs: NOW_MS + HOUR_MS };
const said = (...alerts: AlertView[]) => Object.values(writeAlertsSentence(alerts, NOW_MS));

describe('the sentence over the alerts', () => {
  it('tells nothing known from nothing wrong', () => {
    expect(writeAlertsSentence(null, NOW_MS).verdict).toBe('Rules have not been evaluated yet.');
    expect(said()).toEqual(['Nothing needs a person.', null]);
  });

  it('names the one that fires, and counts several', () => {
    expect(said(alert('Mixed modes: a'))).toEqual(['One alert needs a person: mixed modes, a.', null]);
    expect(said(alert('Redis is away'), alert('cache gives no answer', { kind: 'no_data' }))).toEqual([
      '2 alerts need a person, first: Redis is away.',
      null,
    ]);
  });

  it('tells what needs a person from what can wait', () => {
    const info = (title: string) => alert(title, { severity: 'info' });
    expect(said(info('Quota ends in 3 d: commands'))).toEqual([
      'Nothing needs a person now. One alert can wait: quota ends in 3 d, commands.',
      null,
    ]);
    expect(said(info('a'), info('b'))[0]).toBe('Nothing needs a person now. 2 alerts can wait, first: a.');
    expect(said(info('a'), alert('b'))).toEqual(['One alert needs a person: b.', 'One alert can wait.']);
  });

  it('counts beside it what waits, clears, is silenced or held back, and leaves out what is over', () => {
    expect(
      said(
        alert('a', silenced),
        alert('b', { ...silenced, state: 'pending' }),
        alert('c', { state: 'pending', kind: 'no_data' }),
        alert('d', { state: 'recovering' }),
        alert('e', { inhibitedBy: 'another fact' }),
        alert('f', { state: 'resolved' }),
      ),
    ).toEqual([
      'Nothing needs a person.',
      'One alert waits for a second look, one alert is clearing, 2 alerts are silenced, one alert is held back.',
    ]);
  });

  it('says while nobody is told of alerts, how long and why', () => {
    const window = {
      ...{ id: 'a', startMs: NOW_MS, endMs: NOW_MS + HOUR_MS, reason: 'cache is moved', rules: [] },
      ...{ by: null, createdMs: NOW_MS },
    };
    const some = { ...window, endMs: NOW_MS + 2 * HOUR_MS, rules: ['quota' as const], reason: 'load test' };
    const limitOf = (alerts: AlertView[], maintenance: readonly Maintenance[], nowMs = NOW_MS) =>
      writeAlertsSentence(alerts, nowMs, maintenance).limit;
    const words = 'Nobody is told of alerts until 9 Apr 21:00Z, maintenance: cache is moved.';
    expect(limitOf([], [some, window])).toBe(words);
    expect(limitOf([alert('a', silenced)], [window])).toBe(`One alert is silenced. ${words}`);
    expect(limitOf([], [some])).toBe(
      'Nobody is told of some alerts until 9 Apr 22:00Z, maintenance: load test.',
    );
    expect([limitOf([], [window], NOW_MS - 1), limitOf([], [window], NOW_MS + HOUR_MS)]).toEqual([
      null,
      null,
    ]);
  });
});
