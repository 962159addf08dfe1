import { describe, expect, it } from 'vitest';
import { parseClaims } from '../claims/index.ts';
import { DAY_MS, HOUR_MS } from '../time/range.ts';
import { endOf, reviewOf } from './end-of-watch.ts';

const T0 = Date.parse('2026-04-09T17:54:52Z');
const told = (review: string) => ({
  startMs: T0,
  document: parseClaims(`**Time**: 2026-04-09 17:54:52Z\n\n**Next Review**: ${review}\n`),
});

describe('the end of a watch', () => {
  it.each([
    ['24 hours', T0 + DAY_MS],
    ['6 hours', T0 + 6 * HOUR_MS],
    ['2026-04-11', Date.parse('2026-04-12T00:00:00Z')],
    ['2026-04-10 08:00Z', Date.parse('2026-04-10T08:00:00Z')],
    ['3 days', Date.parse('2026-04-13T00:00:00Z')],
    ['7 days', T0 + 7 * DAY_MS],
    ['9 days', T0 + DAY_MS],
    ['30 minutes', T0 + DAY_MS],
    ['2026-04-01', T0 + DAY_MS],
    ['next quarter', T0 + DAY_MS],
    ['when somebody has time', T0 + DAY_MS],
  ])('is the next review (%s) from 1 h to 7 days on, else 24 h', (review, endMs) => {
    expect(endOf(told(review))).toBe(endMs);
  });

  it('is 24 h without a summary or a review', () => {
    expect(endOf({ startMs: T0, document: null })).toBe(T0 + DAY_MS);
    expect(endOf({ startMs: T0, document: parseClaims('GETs fall by 50 %') })).toBe(T0 + DAY_MS);
    expect(reviewOf({ startMs: T0, document: null })).toBeNull();
  });

  it('counts a review from the first machine, not from the time that the summary gives itself', () => {
    const late = { ...told('24 hours'), startMs: T0 + 20 * 60_000 };
    expect(endOf(late)).toBe(T0 + 20 * 60_000 + DAY_MS);
  });
});
