import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uncoveredShare } from './uncovered.ts';

const range = { startMs: 0, endMs: 1_000 };
const span = (startMs: number, endMs: number) => ({ startMs, endMs });
const step = (fromMs: number, toMs: number, partial = false) => ({ fromMs, toMs, partial });

describe('uncoveredShare', () => {
  test('is the part of the awake time that no increment covers', () => {
    expect(uncoveredShare([span(100, 500), span(700, 800)], [step(100, 300), step(300, 450)], range)).toEqual(
      {
        awakeMs: 500,
        coveredMs: 350,
        uncoveredMs: 150,
        share: 0.3,
      },
    );
  });

  test('never awake is nothing to cover, not a full cover', () => {
    expect(uncoveredShare([], [step(0, 900)], range)).toMatchObject({ awakeMs: 0, share: null });
  });

  test('awake and never seen is all of it', () => {
    expect(uncoveredShare([span(0, 1_000)], [], range).share).toBe(1);
  });

  test('an increment that lost events covers nothing', () => {
    expect(uncoveredShare([span(0, 100)], [step(0, 100, true)], range).share).toBe(1);
  });

  test('time outside the range, and cover of time asleep, change nothing', () => {
    const inside = uncoveredShare([span(100, 200)], [step(100, 150)], range);
    const more = uncoveredShare(
      [span(-500, -100), span(100, 200), span(1_000, 2_000)],
      [step(-400, -200), step(100, 150), step(300, 900)],
      range,
    );
    expect(more).toEqual(inside);
  });

  test('parts always add up, and more cover never makes the share larger', () => {
    const spans = fc.array(fc.tuple(fc.integer({ min: -200, max: 1_200 }), fc.nat(300)), { maxLength: 12 });
    fc.assert(
      fc.property(spans, spans, spans, (awake, covered, extra) => {
        const awakeSpans = awake.map(([at, length]) => span(at, at + length));
        const steps = covered.map(([at, length]) => step(at, at + length));
        const few = uncoveredShare(awakeSpans, steps, range);
        expect(few.coveredMs + few.uncoveredMs).toBe(few.awakeMs);
        expect(few.uncoveredMs).toBeGreaterThanOrEqual(0);
        const many = uncoveredShare(
          awakeSpans,
          [...steps, ...extra.map(([at, length]) => step(at, at + length))],
          range,
        );
        expect(many.awakeMs).toBe(few.awakeMs);
        expect(many.uncoveredMs).toBeLessThanOrEqual(few.uncoveredMs);
      }),
    );
  });
});
