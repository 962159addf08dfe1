import { describe, expect, it } from 'vitest';
import { readAskedRange } from './asked-range.ts';
import { alignDown, alignUp, chooseStepMs } from './range.ts';

const NOW = Date.UTC(2026, 3, 9, 20, 40);

describe('an asked range', () => {
  it('is the last hour when nothing is said', () => {
    expect(readAskedRange({}, NOW)).toEqual({ startMs: NOW - 3_600_000, endMs: NOW });
  });
  it('takes ISO instants with a zone and Unix ms, and never ends after now', () => {
    expect(readAskedRange({ start: '2026-04-09T17:54:00Z', end: String(NOW + 5) }, NOW)).toEqual({
      startMs: Date.UTC(2026, 3, 9, 17, 54),
      endMs: NOW,
    });
  });
  it.each([
    { range: 'soon' },
    { range: '0h' },
    { range: '1h', start: '5' },
    { start: '2026-04-09' },
    { start: 'x', end: '5' },
    { start: '10', end: '5' },
    { end: '5' },
  ])('says what was expected of %j', (asked) => {
    expect(readAskedRange(asked, NOW)).toHaveProperty('fault');
  });
});

describe('steps', () => {
  it('align to multiples on both sides of zero', () => {
    expect(alignDown(-1, 10)).toBe(-10);
    expect(alignUp(1, 10)).toBe(10);
    expect(alignUp(10, 10)).toBe(10);
  });
  it('keep a line within its points and are no finer than the scrapes', () => {
    const day = { startMs: 0, endMs: 86_400_000 };
    expect(chooseStepMs(day, 300)).toBe(300_000);
    expect(chooseStepMs({ startMs: 0, endMs: 3_600_000 }, 300, 15_000)).toBe(15_000);
    expect(chooseStepMs({ startMs: 0, endMs: 300_000 }, 300, 300_000)).toBe(300_000);
  });
});
