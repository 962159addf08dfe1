import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../time/range.ts';
import { acknowledge, endMaintenance, planMaintenance, silence, wake } from './alert-acts.ts';
import { type AlertBook, EMPTY_ALERTS, stepAlerts } from './alert-book.ts';
import type { AlertFacts } from './facts.ts';
import type { AlertNotice } from './notice.ts';
import { ALERT_RULES } from './rules/rule.ts';
import { DEFAULT_ALERT_SETTINGS } from './settings.ts';
import { isHeldBack, MOST_NOTICES } from './tell.ts';
import { emptyFacts } from './test-facts.ts';

const START_MS = Date.UTC(2026, 3, 9, 20);
const ID = 'http_429';
// One rule is enough for these laws, and one alone is quick.
const SETTINGS = { ...DEFAULT_ALERT_SETTINGS, off: ALERT_RULES.filter((rule) => rule !== ID) };

function factsAt(nowMs: number, limited: number | null, isSuspended = false): AlertFacts {
  const mode = isSuspended ? ('suspended_by_us' as const) : ('active' as const);
  return {
    ...emptyFacts(nowMs),
    mode: { mode, sinceMs: START_MS, evidence: '', machines: [], askedInVain: [], isPartial: false },
    responses: limited === null ? null : { limited, all: 1_000, machines: [], isPartial: false },
  };
}

type Act =
  | { do: 'look'; limited: number | null; isSuspended: boolean }
  | { do: 'silence' | 'maintenance'; forMs: number }
  | { do: 'wake' | 'acknowledge' | 'end' | 'restart' | 'unread' };

const spanMs = fc.integer({ min: 0, max: 30 * MINUTE_MS });
const look = fc.record({
  do: fc.constant('look' as const),
  limited: fc.option(fc.constantFrom(0, 0, 4, 60, 60), { nil: null, freq: 6 }),
  isSuspended: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  { arbitrary: look, weight: 12 },
  {
    arbitrary: fc.record({ do: fc.constantFrom('silence' as const, 'maintenance' as const), forMs: spanMs }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      do: fc.constantFrom(
        'wake' as const,
        'acknowledge' as const,
        'end' as const,
        'restart' as const,
        'unread' as const,
      ),
    }),
    weight: 3,
  },
);
// A state holds for a while as a rule: each act is followed by some looks of the same kind.
const story = fc.array(
  fc.tuple(
    act,
    fc.constantFrom(1, 2, 3, 20),
    fc.constantFrom(...[15_000, MINUTE_MS, MINUTE_MS, MINUTE_MS, MINUTE_MS, 5 * MINUTE_MS]),
  ),
  { maxLength: 40, size: 'max' },
);

interface Moment {
  nowMs: number;
  before: AlertBook;
  after: AlertBook;
  isLook: boolean;
}

/** Plays a story and gives every step of it. */
function play(acts: readonly (readonly [Act, number, number])[]): Moment[] {
  const moments: Moment[] = [];
  let book: AlertBook = EMPTY_ALERTS;
  let nowMs = START_MS;
  const put = (after: AlertBook, isLook: boolean): void => {
    moments.push({ nowMs, before: book, after, isLook });
    book = after;
  };
  for (const [what, times, waitMs] of acts) {
    for (let i = 0; i < (what.do === 'look' ? times : 1); i += 1) {
      nowMs += what.do === 'look' ? waitMs : 1;
      put(acted(book, what, nowMs), what.do === 'look');
    }
  }
  return moments;
}

function acted(book: AlertBook, what: Act, nowMs: number): AlertBook {
  switch (what.do) {
    case 'look':
      return stepAlerts(book, factsAt(nowMs, what.limited, what.isSuspended), SETTINGS);
    case 'silence':
      return silence(book, ID, nowMs + what.forMs, null, nowMs) ?? book;
    case 'maintenance': {
      const window = { id: 'm', startMs: nowMs, endMs: nowMs + what.forMs, reason: 'r', rules: [], by: null };
      return planMaintenance(book, { ...window, createdMs: nowMs }, nowMs);
    }
    case 'wake':
      return wake(book, ID, null, nowMs) ?? book;
    case 'acknowledge':
      return acknowledge(book, ID, 'Ana', nowMs) ?? book;
    case 'end':
      return endMaintenance(book, 'm', nowMs) ?? book;
    case 'unread':
      return stepAlerts(book, factsAt(nowMs, null), SETTINGS, new Set(['series']));
    case 'restart':
      return JSON.parse(JSON.stringify(book)) as AlertBook;
    default:
      return what satisfies never;
  }
}

const fresh = ({ before, after }: Moment): readonly AlertNotice[] =>
  after.notices.filter(({ n }) => n > before.noticed);

describe('notices', () => {
  it('are made of stories in which alerts fire, are held back, and end', () => {
    const said = fc.sample(story, { numRuns: 100, seed: 1 }).flatMap(
      (acts) =>
        play(acts)
          .at(-1)
          ?.after.notices.map(({ what }) => what) ?? [],
    );
    for (const what of ['firing', 'acknowledged', 'resolved'])
      expect(said.filter((one) => one === what).length).toBeGreaterThan(20);
  });

  it('tell each firing at most once, whatever was done and however often we began anew', () => {
    fc.assert(
      fc.property(story, (acts) => {
        const told = play(acts).at(-1)?.after.notices ?? [];
        for (const what of ['firing', 'acknowledged', 'resolved'] as const) {
          const times = told.filter((notice) => notice.what === what).map(({ firedAtMs }) => firedAtMs);
          expect(new Set(times).size).toBe(times.length);
        }
      }),
    );
  });

  it('tell of every firing that nothing holds back, and of none that something does', () => {
    fc.assert(
      fc.property(story, (acts) => {
        for (const moment of play(acts)) {
          const entry = moment.after.entries[ID];
          const isFiring = entry?.track.state === 'firing';
          const isHeld = entry !== undefined && isHeldBack(moment.after, entry, moment.nowMs);
          const isTold = fresh(moment).some(({ what }) => what === 'firing');
          if (isTold) expect([isFiring, isHeld]).toEqual([true, false]);
          if (moment.isLook && isFiring && !isHeld) expect(entry.toldMs).toBe(entry.track.fired?.atMs);
        }
      }),
    );
  });

  it('tell the end of every told firing that ends, when it ends, and of no other', () => {
    fc.assert(
      fc.property(story, (acts) => {
        for (const moment of play(acts)) {
          const before = moment.before.entries[ID];
          const after = moment.after.entries[ID];
          const isOver = before?.track.state === 'recovering' && after?.track.state === 'resolved';
          const wasTold = before !== undefined && before.toldMs !== null;
          const ends = fresh(moment).filter(({ what }) => what === 'resolved');
          expect(ends.map(({ firedAtMs }) => firedAtMs)).toEqual(isOver && wasTold ? [before.toldMs] : []);
        }
      }),
    );
  });

  it('say who took it up only where the firing was told, and never before it', () => {
    fc.assert(
      fc.property(story, (acts) => {
        const told = play(acts).at(-1)?.after.notices ?? [];
        for (const { firedAtMs, n } of told.filter(({ what }) => what !== 'firing')) {
          const first = told.find((notice) => notice.what === 'firing' && notice.firedAtMs === firedAtMs);
          expect(first?.n).toBeLessThan(n);
        }
      }),
    );
  });

  it('are counted one by one, for ever', () => {
    fc.assert(
      fc.property(story, (acts) => {
        let n = 0;
        for (const { n: next } of play(acts).flatMap(fresh)) {
          expect(next).toBe(n + 1);
          n = next;
        }
        expect(play(acts).at(-1)?.after.noticed ?? 0).toBe(n);
      }),
    );
  });

  it('of one look have each their own number', () => {
    const source = {
      kind: 'redis' as const,
      state: 'down' as const,
      failures: 3,
      errorKind: null,
      error: null,
    };
    const sources = ['a', 'b', 'c'].map((id) => ({ ...source, id, name: id }));
    let book: AlertBook = EMPTY_ALERTS;
    for (const nowMs of [START_MS, START_MS + 15_000, START_MS + 30_000])
      book = stepAlerts(book, { ...emptyFacts(nowMs), sources }, DEFAULT_ALERT_SETTINGS);
    expect(book.notices.map(({ n, alertId }) => `${n} ${alertId}`)).toEqual([
      '1 source_down:a',
      '2 source_down:b',
      '3 source_down:c',
    ]);
    expect(book.noticed).toBe(3);
  });

  it('keep the newest thousand, and go on counting', () => {
    let book: AlertBook = EMPTY_ALERTS;
    let nowMs = START_MS;
    const values = [60, 60, ...Array<number>(62).fill(0)];
    for (let i = 0; i < 502; i += 1) {
      for (const value of values) {
        nowMs += 15_000;
        book = stepAlerts(book, factsAt(nowMs, value), SETTINGS);
      }
    }
    expect(book.noticed).toBe(1_004);
    expect(book.notices).toHaveLength(MOST_NOTICES);
    expect([book.notices[0]?.n, book.notices.at(-1)?.n]).toEqual([5, 1_004]);
  });

  it('carry what there is to say', () => {
    let book: AlertBook = EMPTY_ALERTS;
    const deploy = { id: 'd', release: 'v1206', kind: 'code' as const, startMs: START_MS, endMs: START_MS };
    for (const nowMs of [START_MS, START_MS + 15_000])
      book = stepAlerts(book, { ...factsAt(nowMs, 60), deploy }, SETTINGS);
    book = acknowledge(book, ID, 'Ana', START_MS + 20_000) ?? book;
    const { fired } = book.entries[ID]?.track ?? {};
    const common = {
      ...{ alertId: ID, rule: ID, kind: 'rule', firedAtMs: fired?.atMs, release: 'v1206' },
      ...{
        severity: expect.stringMatching(/^(warning|critical)$/),
        title: expect.stringContaining('60 responses'),
      },
    };
    expect(book.notices).toMatchObject([
      { ...common, n: 1, atMs: START_MS + 15_000, what: 'firing', by: null },
      { ...common, n: 2, atMs: START_MS + 20_000, what: 'acknowledged', by: 'Ana' },
    ]);
  });
});
