import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertStanding } from '../model/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { acknowledge, silence, wake } from './alert-acts.ts';
import { type AlertBook, EMPTY_ALERTS, MOST_EVENTS, stepAlerts } from './alert-book.ts';
import { toAlertViews } from './alert-views.ts';
import type { AlertFacts } from './facts.ts';
import { DEFAULT_ALERT_SETTINGS } from './settings.ts';
import { emptyFacts } from './test-facts.ts';
import { playScenario, readScenarios } from './test-scenario.ts';

const START_MS = Date.UTC(2026, 3, 9, 20);
const LOOK_MS = 15_000;

const factsAt = (nowMs: number, limited: number | null): AlertFacts => ({
  ...emptyFacts(nowMs),
  responses:
    limited === null ? null : { limited, all: 1_000, machines: [{ name: 'a', limited }], isPartial: false },
});

function play(values: readonly (number | null)[], from: AlertBook = EMPTY_ALERTS, fromMs = START_MS) {
  let book = from;
  let nowMs = fromMs;
  for (const value of values) {
    book = stepAlerts(book, factsAt(nowMs, value), DEFAULT_ALERT_SETTINGS);
    nowMs += LOOK_MS;
  }
  return { book, nowMs: nowMs - LOOK_MS };
}

const viewOf = (book: AlertBook, nowMs: number) => {
  const [view] = toAlertViews(book, nowMs);
  if (view === undefined) throw new Error('no alert stands');
  return view;
};

describe('scenarios', () => {
  const scenarios = readScenarios(readFileSync(new URL('./alerts.scenario.txt', import.meta.url), 'utf8'));

  it('were read', () => {
    expect(scenarios.length).toBeGreaterThan(10);
  });

  it.each(scenarios.map((scenario) => [scenario.title, scenario] as const))('%s', (_title, scenario) => {
    const results = playScenario(scenario);
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ at, found }) => `${at} ${found}`)).toEqual(
      results.map(({ at, expected }) => `${at} ${expected}`),
    );
  });
});

describe('the book of alerts', () => {
  it('tells in words what is the case, how much, and where', () => {
    const { book, nowMs } = play([60, 60]);
    expect(viewOf(book, nowMs)).toMatchObject({
      id: 'http_429',
      title: '60 responses of status 429 in 5 min',
      detail: expect.stringMatching(/^6\.00.% of 1,000 responses\. Fires at 5\.$/),
      source: 'a',
      state: 'firing',
      actions: ['acknowledge', 'silence'],
    });
  });

  it('keeps the words of what was the case when it is over', () => {
    const { book, nowMs } = play([60, 60, 0, 0]);
    expect(viewOf(book, nowMs)).toMatchObject({
      state: 'recovering',
      title: '60 responses of status 429 in 5 min',
    });
  });

  it('says since when nothing is known, and stays firing', () => {
    const { book, nowMs } = play([60, 60, ...Array<null>(5).fill(null)]);
    expect(viewOf(book, nowMs)).toMatchObject({
      state: 'firing',
      detail: expect.stringContaining('Nothing newer than 20:00Z is known.'),
    });
  });

  it('remembers who took it up until it is over, through a relapse, and asks anew the next time', () => {
    const fired = play([60, 60]);
    const taken = acknowledge(fired.book, 'http_429', 'Ana', fired.nowMs);
    if (taken === null) throw new Error('not taken');
    const back = play([0, 60], taken, fired.nowMs + LOOK_MS);
    expect(viewOf(back.book, back.nowMs)).toMatchObject({
      acknowledged: { by: 'Ana' },
      actions: ['silence'],
    });
    const over = play([...Array<number>(62).fill(0), 60], back.book, back.nowMs + LOOK_MS);
    expect(viewOf(over.book, over.nowMs)).toMatchObject({ state: 'pending', acknowledged: null });
    expect(over.book.events.map(({ what }) => what)).toEqual([
      'firing',
      'acknowledged',
      'recovering',
      'firing',
      'recovering',
      'resolved',
    ]);
  });

  it('goes on evaluating what is silenced, tells it again at the end of the silence, or when it is woken', () => {
    const fired = play([60, 60]);
    const untilMs = fired.nowMs + HOUR_MS;
    const silenced = silence(fired.book, 'http_429', untilMs, null, fired.nowMs);
    if (silenced === null) throw new Error('not silenced');
    const standingAt = (book: AlertBook, ms: number) => alertStanding(viewOf(book, ms), ms);
    expect(standingAt(silenced, untilMs - 1)).toBe('silenced');
    expect(viewOf(silenced, untilMs - 1).actions).toEqual(['wake']);
    expect(standingAt(silenced, untilMs)).toBe('firing');
    const woken = wake(silenced, 'http_429', null, fired.nowMs + 1);
    expect(woken && standingAt(woken, fired.nowMs + 1)).toBe('firing');
  });

  it('keeps a silence for an alert that comes and goes within it', () => {
    const { book, nowMs } = play([60]);
    const silenced = silence(book, 'http_429', nowMs + HOUR_MS, null, nowMs);
    if (silenced === null) throw new Error('not silenced');
    const again = play([0, 60, 60], silenced, nowMs + LOOK_MS);
    expect(viewOf(again.book, again.nowMs)).toMatchObject({
      state: 'firing',
      silencedUntilMs: nowMs + HOUR_MS,
    });
  });

  it('refuses to act on what is not open', () => {
    const { book, nowMs } = play([60, 60, ...Array<number>(62).fill(0)]);
    expect(viewOf(book, nowMs).state).toBe('resolved');
    for (const id of ['http_429', 'nothing', '__proto__', 'constructor']) {
      expect(acknowledge(book, id, null, nowMs)).toBeNull();
      expect(silence(book, id, nowMs + 1, null, nowMs)).toBeNull();
      expect(wake(book, id, null, nowMs)).toBeNull();
    }
  });

  it('goes on in its state when a level is changed, and is judged by the new one from then on', () => {
    const fired = play([60, 60]);
    const sinceMs = viewOf(fired.book, fired.nowMs).sinceMs;
    const judged = (atLeast: number, limited: number) => {
      const http429 = { atLeast, shareAtLeast: 0 };
      const nowMs = fired.nowMs + LOOK_MS;
      const settings = { ...DEFAULT_ALERT_SETTINGS, http429 };
      const book = stepAlerts(fired.book, factsAt(nowMs, limited), settings);
      return { ...viewOf(book, nowMs), told: book.noticed };
    };
    expect(judged(100, 60)).toMatchObject({ state: 'firing', sinceMs, told: 1 });
    expect(judged(100, 40)).toMatchObject({ state: 'recovering', told: 1 });
    expect(judged(1, 2)).toMatchObject({ state: 'firing', sinceMs, told: 1 });
  });

  it('keeps the newest thousand events', () => {
    let { book, nowMs } = play([60, 60]);
    for (let i = 0; i < MOST_EVENTS; i += 1) {
      const silenced = silence(book, 'http_429', nowMs + HOUR_MS, String(i), nowMs);
      if (silenced !== null) book = silenced;
    }
    expect(book.events).toHaveLength(MOST_EVENTS);
    expect(book.events.at(-1)?.by).toBe(String(MOST_EVENTS - 1));
  });

  const run = fc.array(
    fc.tuple(
      fc.option(fc.integer({ min: 0, max: 12 }), { nil: null }),
      fc.integer({ min: 1, max: 4 * MINUTE_MS }),
    ),
    { maxLength: 80 },
  );

  it('is the same after it was written down and read again, at any time', () => {
    fc.assert(
      fc.property(run, (looks) => {
        let kept: AlertBook = EMPTY_ALERTS;
        let reread: AlertBook = EMPTY_ALERTS;
        let nowMs = START_MS;
        for (const [value, waitMs] of looks) {
          nowMs += waitMs;
          kept = stepAlerts(kept, factsAt(nowMs, value), DEFAULT_ALERT_SETTINGS);
          const back = JSON.parse(JSON.stringify(reread)) as AlertBook;
          reread = stepAlerts(back, factsAt(nowMs, value), DEFAULT_ALERT_SETTINGS);
          expect(reread).toEqual(kept);
        }
      }),
    );
  });

  it('changes nothing when it is stepped twice at one time, and never fires at one look', () => {
    fc.assert(
      fc.property(run, (looks) => {
        let book: AlertBook = EMPTY_ALERTS;
        let nowMs = START_MS;
        for (const [value, waitMs] of looks) {
          nowMs += waitMs;
          const before = book.entries.http_429?.track;
          book = stepAlerts(book, factsAt(nowMs, value), DEFAULT_ALERT_SETTINGS);
          expect(stepAlerts(book, factsAt(nowMs, value), DEFAULT_ALERT_SETTINGS)).toEqual(book);
          const after = book.entries.http_429?.track;
          if (after?.state === 'firing' && before?.state !== 'firing' && before?.state !== 'recovering') {
            expect(after.hits).toBeGreaterThanOrEqual(2);
            expect(waitMs).toBeLessThanOrEqual(MINUTE_MS);
          }
          if (value === null && before !== undefined) expect(after?.state).toBe(before.state);
        }
      }),
    );
  });
});
