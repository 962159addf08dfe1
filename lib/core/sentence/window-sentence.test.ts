import { describe, expect, it } from 'vitest';
import type { ChartView } from '../model/view.ts';
import { type WindowFacts, writeWindowSentence } from './window-sentence.ts';

const START_MS = Date.UTC(2026, 3, 9, 16);
const END_MS = Date.UTC(2026, 3, 9, 20, 40);
const NOW_MS = Date.UTC(2026, 3, 9, 23);
const RANGE = { startMs: START_MS, endMs: END_MS };

function chart(over: Partial<ChartView> = {}): ChartView {
  return {
    unit: 'commands',
    as: 'rate',
    range: RANGE,
    stepMs: 60_000,
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
const goal = { direction: 'atMost' as const, value: 36_700 / 3600, text: '36.7K/h' };

function facts(over: Partial<WindowFacts> = {}): WindowFacts {
  return {
    redisGetsTitle: 'Redis GETs',
    // The newest level differs from the mean: of a window its mean is told.
    redisGets: chart({ overall: 733_000 / 3600, latest: { atMs: END_MS, value: 1 }, goals: [goal] }),
    dbQueries: chart({ overall: 2_080 / 3600 }),
    responses429: chart({ as: 'increase', overall: 0 }),
    range: RANGE,
    nowMs: NOW_MS,
    sources: [{ name: 'cache', state: 'ok' }],
    ...over,
  };
}

describe('the sentence of a fixed window', () => {
  it('tells the means of its own time, and what on the page is of now', () => {
    expect(writeWindowSentence(facts())).toEqual({
      verdict:
        'Between 16:00Z and 20:40Z Redis GETs averaged 733K/h, over the target of 36.7K/h; database queries averaged 2.08K/h; no response was 429.',
      limit: 'Mode, machines and sources are those of now.',
    });
  });

  it('of a window that ends now needs no such word', () => {
    expect(writeWindowSentence(facts({ nowMs: END_MS + 5_000 })).limit).toBeNull();
  });

  it('says how much of it was watched, and claims no silence of the rest', () => {
    const gaps = [{ startMs: START_MS, endMs: START_MS + 2 * 3_600_000, reason: 'not watched' }];
    const { verdict, limit } = writeWindowSentence(
      facts({
        redisGets: chart({ overall: 1, gaps }),
        responses429: chart({ as: 'increase', overall: 0, gaps }),
      }),
    );
    expect(verdict).toMatch(/no response was 429 in the 2\sh\s40\sm watched\.$/);
    expect(limit).toMatch(/^Redis GETs were watched for 2\sh\s40\sm of these 4\sh\s40\sm\. Mode/);
  });

  it('how the sources are now does not hold back what is known of then', () => {
    const { verdict, limit } = writeWindowSentence(facts({ sources: [{ name: 'cache', state: 'down' }] }));
    expect(verdict).toContain('averaged 733K/h');
    expect(limit).not.toContain('Cache');
  });

  it('without a number it has none', () => {
    const missing = { reason: 'Nothing measured in this time: not watched yet', fix: null };
    const empty = chart({ missing });
    const { verdict, limit } = writeWindowSentence(
      facts({ redisGets: empty, dbQueries: empty, responses429: empty }),
    );
    expect(verdict).toBe('Between 16:00Z and 20:40Z nothing was measured.');
    expect(limit).toContain('Redis GETs can’t be told: nothing measured in this time: not watched yet.');
  });

  it('counts 429s, never rounded to none', () => {
    const of = (overall: number) =>
      writeWindowSentence(facts({ responses429: chart({ as: 'increase', overall }) })).verdict;
    expect(of(0.4)).toContain('1 response was 429.');
    expect(of(12)).toContain('12 responses were 429.');
  });

  it('with nothing configured it says what to do', () => {
    expect(writeWindowSentence(facts({ sources: [] })).verdict).toBe('Nothing is watched yet.');
  });
});
