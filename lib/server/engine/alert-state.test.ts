import { describe, expect, it } from 'vitest';
import { EMPTY_ALERTS, stepAlerts } from '@/lib/core/alerts/alert-book.ts';
import { DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { emptyFacts } from '@/lib/core/alerts/test-facts.ts';
import { parseAlertBook, toAlertState } from './alert-state.ts';

const FIRED_MS = Date.UTC(2026, 3, 9, 20);

/** As the version before notices, maintenance and releases wrote it. */
const OLD = {
  entries: {
    http_429: {
      id: 'http_429',
      rule: 'http_429',
      kind: 'rule',
      title: '60 responses of status 429 in 5 min',
      detail: '6.00 % of 1,000 responses. Fires at 5.',
      source: 'a',
      inhibitedBy: null,
      track: {
        state: 'firing',
        sinceMs: FIRED_MS,
        atMs: FIRED_MS + 15_000,
        seen: { atMs: FIRED_MS + 15_000, value: 60 },
        hits: 3,
        hitSinceMs: FIRED_MS - 15_000,
        clearForMs: 0,
        fired: { atMs: FIRED_MS, peak: 60 },
      },
      acknowledged: { by: 'Ana', atMs: FIRED_MS + 1_000 },
    },
  },
  silences: { http_429: FIRED_MS + 3_600_000 },
  events: [
    { atMs: FIRED_MS, id: 'http_429', title: '60 responses', what: 'firing', by: null, untilMs: null },
  ],
};

describe('what is stored of alerts', () => {
  it('is read as an older version wrote it: what fires goes on, with who took it up and its silence', () => {
    const book = parseAlertBook({ book: OLD, notices: null });
    expect(book).toMatchObject({ ...OLD, maintenance: [], notices: [], noticed: 0 });
    expect(book.entries.http_429).toMatchObject({ means: [], release: null, toldMs: null, absentMs: null });
    const next = stepAlerts(book, emptyFacts(FIRED_MS + 30_000), DEFAULT_ALERT_SETTINGS);
    expect(next.entries.http_429?.track).toMatchObject({ state: 'firing', fired: { atMs: FIRED_MS } });
    expect(next.events).toEqual(OLD.events);
  });

  it('is the same after it was written and read', () => {
    const responses = { limited: 60, all: 1_000, machines: [], isPartial: false };
    let book = EMPTY_ALERTS;
    for (const nowMs of [FIRED_MS, FIRED_MS + 15_000])
      book = stepAlerts(book, { ...emptyFacts(nowMs), responses }, DEFAULT_ALERT_SETTINGS);
    const window = {
      id: 'm',
      startMs: FIRED_MS,
      endMs: FIRED_MS + 60_000,
      reason: 'r',
      rules: ['quota' as const],
    };
    book = { ...book, maintenance: [{ ...window, by: null, createdMs: FIRED_MS }] };
    expect(book.noticed).toBe(1);
    expect(parseAlertBook(JSON.parse(JSON.stringify(toAlertState(book))))).toEqual(book);
  });

  it('loses only the lines that it cannot read', () => {
    const stranger = { ...OLD.entries.http_429, id: 'gone', rule: 'a_rule_of_tomorrow' };
    const book = parseAlertBook({
      book: {
        ...OLD,
        entries: { ...OLD.entries, gone: stranger },
        events: [...OLD.events, { what: 'exploded' }],
        maintenance: [{ id: 'm' }],
        noticed: 7,
      },
      notices: [{ n: 7, what: 'sung' }],
    });
    expect(Object.keys(book.entries)).toEqual(['http_429']);
    expect(book.events).toEqual(OLD.events);
    expect([book.maintenance, book.notices, book.noticed]).toEqual([[], [], 7]);
  });

  it.each([[null], ['text'], [{}], [{ entries: [] }]])('begins anew where %j was written', (state) => {
    expect(parseAlertBook({ book: state, notices: null })).toEqual(EMPTY_ALERTS);
  });

  it('goes on counting notices where the rest was lost', () => {
    const responses = { limited: 60, all: 1_000, machines: [], isPartial: false };
    let book = EMPTY_ALERTS;
    for (const nowMs of [FIRED_MS, FIRED_MS + 15_000])
      book = stepAlerts(book, { ...emptyFacts(nowMs), responses }, DEFAULT_ALERT_SETTINGS);
    const notices = book.notices.map((notice) => ({ ...notice, n: 41 }));
    expect(parseAlertBook({ book: null, notices })).toEqual({ ...EMPTY_ALERTS, notices, noticed: 41 });
  });
});
