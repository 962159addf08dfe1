import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { comparisonText, rangeText, shortRangeText, windowText, zoneText } from './window-words.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20, 40, 12);
const span = (hours: number, endMs = NOW_MS) => ({ startMs: endMs - hours * HOUR_MS, endMs });

describe('a window in words', () => {
  it('is short while it is live', () => {
    expect(windowText({ kind: 'live', name: '6h' }, 'UTC', NOW_MS)).toBe('Last 6 h');
  });

  it('tells the day only where it is not today, and both days over midnight', () => {
    expect(rangeText(span(4), 'UTC', NOW_MS)).toBe('16:40–20:40Z');
    expect(rangeText(span(4), 'UTC', NOW_MS + 24 * HOUR_MS)).toBe('9 Apr 16:40–20:40Z');
    expect(rangeText(span(24), 'UTC', NOW_MS)).toBe('8 Apr 20:40 – 9 Apr 20:40Z');
  });

  it('tells only days where there is no room for more', () => {
    expect(shortRangeText(span(24), 'UTC', NOW_MS)).toBe('8 Apr – 9 Apr');
    expect(shortRangeText(span(4), 'UTC', NOW_MS)).toBe('16:40–20:40Z');
  });

  it('tells seconds where two minutes would else look alike', () => {
    expect(rangeText({ startMs: NOW_MS - MINUTE_MS, endMs: NOW_MS }, 'UTC', NOW_MS)).toBe(
      '20:39:12–20:40:12Z',
    );
  });

  it('is told in the zone that is shown, which is then not UTC’s', () => {
    expect(rangeText(span(1), 'Europe/Berlin', NOW_MS)).toBe('21:40–22:40');
  });

  it('says when the second window was', () => {
    expect(comparisonText('before', span(4), 'UTC', NOW_MS)).toBe('12:40–16:40Z');
    expect(comparisonText('day', span(4), 'UTC', NOW_MS)).toBe('8 Apr 16:40–20:40Z');
    expect(comparisonText('week', span(4), 'UTC', NOW_MS)).toBe('2 Apr 16:40–20:40Z');
  });
});

describe('the zone', () => {
  it('is named by its city, and is never silently UTC', () => {
    expect(zoneText('Europe/Berlin', true)).toBe('Berlin');
    expect(zoneText('America/Argentina/Buenos_Aires', true)).toBe('Buenos Aires');
    expect(zoneText('UTC', false)).toBe('UTC');
    expect(zoneText('UTC', true)).toBe('Local');
  });
});
