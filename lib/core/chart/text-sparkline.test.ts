import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../model/view.ts';
import { GAP_SIGN, markLine, sparkScale, textSparkline } from './text-sparkline.ts';

const line = (values: readonly (number | null)[]): Point[] =>
  values.map((value, index) => [index * 60_000, value]);
const draw = (values: readonly (number | null)[]) => {
  const points = line(values);
  return textSparkline(points, sparkScale([points]));
};
const maybe = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: null });
const values = fc.array(maybe, { maxLength: 400 });

describe('textSparkline', () => {
  it('draws one sign a bucket, the highest as the full block and only zero on the ground', () => {
    expect(draw([0, 1, 4, 7, null, 0.001])).toBe('▁▂▅█·▂');
    expect(draw([0, 0])).toBe('▁▁');
    expect(draw([null, null])).toBe('··');
    expect(draw([])).toBe('');
  });

  it('keeps a peak of one bucket in a thousand, and a gap among them', () => {
    const calm = Array.from({ length: 1_000 }, () => 1);
    expect(draw(calm.with(777, 100))).toContain('█');
    expect(draw(calm.map((value, index) => (index >= 400 && index < 500 ? null : value)))).toContain('·····');
  });

  it('has at most 60 signs, and as many as buckets while they are fewer', () => {
    fc.assert(
      fc.property(values, (all) => {
        expect([...draw(all)].length).toBe(Math.min(60, all.length));
      }),
    );
  });

  it('shows the highest value wherever it stands', () => {
    fc.assert(
      fc.property(values, (all) => {
        const measured = all.filter((value) => value !== null);
        const text = draw(all);
        expect(text.includes('█')).toBe(measured.some((value) => value > 0));
        // A zero is only ever hidden by a peak that has no other place.
        if (all.every((value) => value !== null)) expect(text.includes('▁')).toBe(measured.includes(0));
      }),
    );
  });

  it('is a gap where none of its buckets was measured, and nowhere else', () => {
    fc.assert(
      fc.property(values, (all) => {
        const signs = [...draw(all)];
        const startOf = (column: number) => Math.floor((column * all.length) / signs.length);
        for (const [column, sign] of signs.entries()) {
          const own = all.slice(startOf(column), startOf(column + 1));
          expect(sign === GAP_SIGN).toBe(own.every((value) => value === null));
        }
      }),
    );
  });
});

describe('markLine', () => {
  const range = { startMs: 0, endMs: 60 };

  it('puts letters under the columns in which things happened', () => {
    expect(markLine([{ startMs: 0 }, { startMs: 35 }, { startMs: 59 }], range, 6)).toBe('a  b c'.padEnd(6));
    expect(markLine([{ startMs: 1 }, { startMs: 2 }], range, 6)).toBe('+');
    expect(markLine([{ startMs: -1 }, { startMs: 60 }], range, 6)).toBe('');
  });
});
