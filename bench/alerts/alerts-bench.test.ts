import { describe, expect, it } from 'vitest';
import { delayOf, episodesOf } from './episodes.ts';
import { COUNT_RULES, RATE_RULES } from './fixed-rules.ts';
import { readOptions } from './options.ts';
import { publicSection } from './public-section.ts';
import { printReport } from './report.ts';

const ruleOf = (name: string) => {
  const rule = [...COUNT_RULES, ...RATE_RULES].find((one) => one.name === name);
  if (rule === undefined) throw new Error(`there is no rule ${name}`);
  return rule;
};
const zeros = (count: number): number[] => Array(count).fill(0);

describe('options', () => {
  it('have a size of their own and refuse what is no number or no option', () => {
    expect(readOptions([], '/somewhere', {})).toMatchObject({
      alerts: 10_000,
      kills: 20,
      days: 15,
      writes: false,
    });
    expect(readOptions(['--kills', '3', '--only', 'kills'], '/somewhere', {})).toMatchObject({
      kills: 3,
      only: ['kills'],
    });
    expect(() => readOptions(['--alerts', '0'], '/somewhere', {})).toThrow(/--alerts takes a whole number/);
    expect(() => readOptions(['--alarms', '3'], '/somewhere', {})).toThrow();
  });

  it('look for the public series where they are told to', () => {
    expect(readOptions([], '/somewhere', { AFTERWATCH_NAB: '/series' }).dataFolder).toBe('/series');
    expect(readOptions(['--data', '/mine'], '/somewhere', { AFTERWATCH_NAB: '/series' }).dataFolder).toBe(
      '/mine',
    );
    expect(publicSection('/nowhere')).toBeNull();
  });
});

describe('alarms of a rule', () => {
  it('are one while they are less than 15 min apart', () => {
    const at = (...minutes: number[]) => Array.from({ length: 60 }, (_, i) => minutes.includes(i));
    expect(episodesOf(at(), 1)).toBe(0);
    expect(episodesOf(at(3, 4, 17), 1)).toBe(1);
    expect(episodesOf(at(3, 4, 21), 1)).toBe(2);
    expect(episodesOf(at(3, 5), 5)).toBe(1);
    expect(episodesOf(at(3, 8), 5)).toBe(2);
  });

  it('come at the end of the first bucket that stands after the trouble began', () => {
    expect(delayOf([true, false, false, true], 1, 5)).toBe(15);
    expect(delayOf([true, false], 1, 5)).toBeNull();
  });
});

describe('fixed rules', () => {
  it('3σ: above the mean by three deviations, and by any event where there never was one', () => {
    const rule = ruleOf('3σ per minute');
    expect(rule.stands(zeros(100), [0, 1])).toEqual([false, true]);
    expect(rule.stands([8, 12, 8, 12], [15, 16, 17])).toEqual([false, false, true]);
  });

  it('Poisson: at the first count that comes less than once in a thousand', () => {
    const rule = ruleOf('Poisson p < .001 per minute');
    // Mean 1: P(N ≥ 5) = .0037, P(N ≥ 6) = .00059.
    expect(rule.stands(Array(10_000).fill(1), [5, 6])).toEqual([false, true]);
  });

  it('twice the usual: over five minutes together, and never on nothing', () => {
    const rule = ruleOf('> 2× usual in 5 min');
    expect(rule.stands(Array(100).fill(2), [2, 2, 2, 2, 12, 13])).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(rule.stands(zeros(100), [0, 0, 1, 0])).toEqual([false, false, true, true]);
  });

  it('five in five minutes, whatever is usual', () => {
    expect(ruleOf('5 in 5 min').stands([], [4, 0, 0, 0, 1, 0])).toEqual([
      false,
      false,
      false,
      false,
      true,
      false,
    ]);
  });
});

describe('the report', () => {
  it('puts gates that do not hold first and says what was not measured', () => {
    const gate = (name: string, holds: boolean) => ({ name, measured: '1', gate: '0', holds });
    const text = printReport({
      options: readOptions([], '/somewhere', {}),
      startedMs: Date.UTC(2026, 10, 22),
      tookMs: 60_000,
      sections: [{ gates: [gate('kept', true), gate('broken', false)], tables: [] }],
      left: ['Not measured: public.'],
    });
    expect(text).toContain('1 of 2 gates hold. Measured on 2026-11-22');
    expect(text).toContain('Not measured: public.');
    expect(text.indexOf('broken')).toBeLessThan(text.indexOf('kept'));
    expect(text).toMatch(/broken .*\*\*does not hold\*\*/);
  });
});
