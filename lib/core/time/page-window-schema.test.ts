import { describe, expect, it } from 'vitest';
import { LONGEST_WINDOW_MS, type PageWindow } from './page-window.ts';
import { comparisonSchema, pageWindowSchema, windowFault } from './page-window-schema.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 18);
const fixed = (startMs: unknown, endMs: unknown) => ({ kind: 'fixed', name: '1h', startMs, endMs });
const faults = (input: unknown): string[] => {
  const { error } = pageWindowSchema.safeParse(input);
  return error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
};

describe('a window from outside', () => {
  it.each([
    [{ kind: 'live', name: '24h' }],
    [fixed(NOW_MS - 60_000, NOW_MS)],
    [fixed(NOW_MS - LONGEST_WINDOW_MS, NOW_MS)],
    [fixed(0, 60_000)],
  ])('%j is taken as it is', (input) => {
    expect(pageWindowSchema.parse(input)).toEqual(input);
  });

  it.each([
    ['no kind', { name: '1h' }],
    ['an unknown kind', { kind: 'other', name: '1h' }],
    ['an unknown range', { kind: 'live', name: '2h' }],
    ['ends on a live one', { kind: 'live', name: '1h', startMs: 0, endMs: 60_000 }],
    ['one end', { kind: 'fixed', name: '1h', startMs: 0 }],
    ['a time before 1970', fixed(-1, 60_000)],
    ['half a millisecond', fixed(0.5, 60_000)],
    ['no number', fixed(Number.NaN, 60_000)],
    ['an endless time', fixed(0, Number.POSITIVE_INFINITY)],
    ['text', fixed('0', 60_000)],
    ['a time that no date can hold', fixed(9e15, 9e15 + 60_000)],
    ['an end before the start', fixed(NOW_MS, NOW_MS - 60_000)],
    ['no length', fixed(NOW_MS, NOW_MS)],
  ])('refused with %s', (_what, input) => {
    expect(faults(input)).not.toEqual([]);
  });

  it('says what was expected of a length', () => {
    expect(faults(fixed(NOW_MS - 59_999, NOW_MS))).toEqual([
      'endMs: at least a minute after startMs was expected',
    ]);
    expect(faults(fixed(NOW_MS - LONGEST_WINDOW_MS - 1, NOW_MS))).toEqual([
      'endMs: at most 90 days after startMs was expected',
    ]);
  });

  it('that ends in the future is refused, but for a clock that runs a minute ahead', () => {
    const until = (endMs: number): PageWindow => ({
      kind: 'fixed',
      name: '1h',
      startMs: NOW_MS - 3_600_000,
      endMs,
    });
    expect(windowFault(until(NOW_MS), NOW_MS)).toBeNull();
    expect(windowFault(until(NOW_MS + 60_000), NOW_MS)).toBeNull();
    expect(windowFault(until(NOW_MS + 60_001), NOW_MS)).toContain('has passed');
    expect(windowFault({ kind: 'live', name: '7d' }, NOW_MS)).toBeNull();
  });

  it('a comparison is one of three, or none', () => {
    for (const name of ['before', 'day', 'week', null])
      expect(comparisonSchema.safeParse(name).success).toBe(true);
    for (const name of ['month', '', undefined, 0])
      expect(comparisonSchema.safeParse(name).success).toBe(false);
  });
});
