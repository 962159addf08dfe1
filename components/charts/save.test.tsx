import { describe, expect, it } from 'vitest';
import { fileName } from './save.ts';
import { tooltipLeftPx } from './tooltip.tsx';

describe('fileName', () => {
  it.each([
    ['Redis GETs', 'redis-gets'],
    ['../../etc/passwd', 'etc-passwd'],
    ['Überlast: 5 %', 'uberlast-5'],
    ['…', 'chart'],
  ])('makes of %s a name that every system takes', (title, words) => {
    expect(fileName(title, Date.UTC(2026, 3, 10, 0, 50, 20), 'csv')).toBe(`${words}-20260410T0050Z.csv`);
  });
});

describe('a tooltip', () => {
  it('stands beside the line, on the side with more room', () => {
    expect(tooltipLeftPx(100, 150, 600)).toBe(112);
    expect(tooltipLeftPx(500, 150, 600)).toBe(338);
  });

  it.each([0, 40, 120, 170, 290])('stays on a narrow plot with its line at %s px', (atPx) => {
    const left = tooltipLeftPx(atPx, 220, 300);
    expect(left).toBeGreaterThanOrEqual(-44);
    expect(left + 220).toBeLessThanOrEqual(306);
  });
});
