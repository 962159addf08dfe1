import { describe, expect, it } from 'vitest';
import { type ClaimState, type ClaimView, countClaims } from '../model/claim.ts';
import type { ChartView } from '../model/view.ts';
import type { WatchView } from '../model/watch.ts';
import { DAY_MS, HOUR_MS } from '../time/range.ts';
import { type NowFacts, writeNowSentence } from './now-sentence.ts';

function chart(over: Partial<ChartView> = {}): ChartView {
  return {
    unit: 'commands',
    as: 'rate',
    range: { startMs: 0, endMs: 3_600_000 },
    stepMs: 15_000,
    lines: [],
    lastIsPartial: false,
    gaps: [],
    resets: [],
    goals: [],
    plans: [],
    usual: null,
    comparison: null,
    change: null,
    latest: null,
    overall: null,
    missing: null,
    note: null,
    stale: false,
    ...over,
  };
}
const rate = (perHour: number, over: Partial<ChartView> = {}) =>
  chart({ latest: { atMs: 0, value: perHour / 3600 }, ...over });

function facts(over: Partial<NowFacts> = {}): NowFacts {
  return {
    redisGetsTitle: 'Redis GETs',
    redisGets: rate(24_000, { goals: [{ direction: 'atMost', value: 36_700 / 3600, text: '36.7K/h' }] }),
    dbQueries: rate(2_080),
    responses429: chart({ as: 'increase', overall: 0 }),
    rangeWords: 'last hour',
    sources: [{ name: 'cache', state: 'ok' }],
    watch: null,
    ...over,
  };
}

function claimIn(state: ClaimState): ClaimView {
  return {
    ...{ id: state, title: 'Redis GETs fall', why: null, unit: 'commands', window: 'h', before: null },
    ...{ promised: null, measured: null, effectPct: null, interval: null, provisional: true, state },
    ...{ reason: null, sinceMs: null, provenShare: null, decidableByMs: null, quality: 'measured' },
    metricNote: null,
  };
}

describe('the sentence of the Now page', () => {
  it('says what is known, against its limit, with unit and window', () => {
    expect(writeNowSentence(facts())).toEqual({
      verdict:
        'Redis GETs are at 24.0K/h, within the target of 36.7K/h; database queries are at 2.08K/h; no 429s in the last hour.',
      limit: null,
    });
  });

  it('says first whether the last deploy holds', () => {
    const claims = (['met', 'on_track'] as const).map(claimIn);
    const counts = { ...countClaims([]), met: 1, on_track: 1 };
    const watch: WatchView = {
      ...{ release: 'v1206', href: null, originMs: 0, endMs: DAY_MS, nowMs: HOUR_MS, claims, counts },
      ...{ state: 'on_track', provisional: true, reason: null, stops: [], interruption: null },
      ...{ nextLookMs: null, decidable: null, evidence: null, assumedMachines: null },
    };
    const { verdict } = writeNowSentence(facts({ watch }));
    expect(verdict).toMatch(/^v1206 .*\. Redis GETs are at 24\.0K\/h/);
    expect(writeNowSentence(facts({ watch: { ...watch, claims: [] } }))).toEqual(writeNowSentence(facts()));
  });

  it('a source that is silent is named, and its old numbers are said as old', () => {
    const sentence = writeNowSentence(
      facts({
        redisGets: rate(24_000, { stale: true }),
        sources: [
          { name: 'cache', state: 'down' },
          { name: 'web', state: 'ok' },
        ],
      }),
    );
    expect(sentence.verdict).toContain('were last seen at 24.0K/h');
    expect(sentence.limit).toBe('Cache gives no numbers now: 1 of 2 sources can be trusted.');
  });

  it('zero 429s is not claimed while machines do not answer, nor where 429 cannot be told', () => {
    const stale = writeNowSentence(facts({ responses429: chart({ overall: 0, stale: true }) }));
    expect(stale.verdict).not.toContain('429');
    const classes = writeNowSentence(
      facts({ responses429: chart({ overall: 0, missing: { reason: 'Only 4xx classes', fix: null } }) }),
    );
    expect(classes.verdict).not.toContain('429');
    expect(classes.limit).toBe('429s can’t be told: only 4xx classes.');
  });

  it('what was watched for two minutes is not said of the hour', () => {
    const gaps = [{ startMs: 0, endMs: 3_480_000, reason: 'not watched' }];
    const { verdict } = writeNowSentence(
      facts({ responses429: chart({ as: 'increase', overall: 0, gaps }) }),
    );
    expect(verdict).toMatch(/no 429s in the 2\sm watched of the last hour/);
  });

  it('without any rate it claims none', () => {
    const sentence = writeNowSentence(
      facts({ redisGets: chart(), dbQueries: chart(), responses429: chart({ overall: null }) }),
    );
    expect(sentence.verdict).toBe('No rate can be told yet.');
  });

  it('with nothing configured it says what to do', () => {
    expect(writeNowSentence(facts({ sources: [] })).verdict).toBe('Nothing is watched yet.');
  });

  it('a few 429s are counted, never rounded to none', () => {
    expect(writeNowSentence(facts({ responses429: chart({ overall: 0.4 }) })).verdict).toContain(
      '1 response was 429',
    );
    expect(writeNowSentence(facts({ responses429: chart({ overall: 12 }) })).verdict).toContain(
      '12 responses were 429',
    );
  });
});
