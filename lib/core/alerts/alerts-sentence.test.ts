import { describe, expect, it } from 'vitest';
import type { AlertView } from '../model/alert.ts';
import { HOUR_MS } from '../time/range.ts';
import { writeAlertsSentence } from './alerts-sentence.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20);

const alert = (title: string, over: Partial<AlertView> = {}): AlertView => ({
  id: title,
  title,
  detail: null,
  state: 'firing',
  kind: 'rule',
  sinceMs: NOW_MS - HOUR_MS,
  source: null,
  release: null,
  acknowledged: null,
  silencedUntilMs: null,
  inhibitedBy: null,
  actions: [],
  ...over,
});
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
});
