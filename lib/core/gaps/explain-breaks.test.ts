import { describe, expect, it } from 'vitest';
import type { Point } from '../model/view.ts';
import { explainBreaks } from './explain-breaks.ts';

const line = (...values: (number | null)[]): Point[] => values.map((value, i) => [i * 10, value]);

describe('breaks of a line', () => {
  it('beside a restart say so, others say what was asked for', () => {
    expect(explainBreaks(line(1, null, 2, null, null, 3), 10, [], [18], 'no lookups')).toEqual([
      { startMs: 10, endMs: 20, reason: 'restart' },
      { startMs: 30, endMs: 50, reason: 'no lookups' },
    ]);
  });

  it('that failed visits explain are left to them', () => {
    const gaps = [{ startMs: 5, endMs: 25, reason: 'no answer' }];
    expect(explainBreaks(line(1, null, 2), 10, gaps, [], 'x')).toEqual([]);
  });

  it('at the ends are no breaks: there the line has not begun or not gone on', () => {
    expect(explainBreaks(line(null, 1, 2, null), 10, [], [], 'x')).toEqual([]);
  });
});
