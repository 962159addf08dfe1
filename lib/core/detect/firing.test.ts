import { describe, expect, it } from 'vitest';
import { joinSights, type Sight, shortNumber } from './firing.ts';

const MINUTE = 60_000;
const HOLDING = { fireAfter: 2, clearBelow: 0.5, clearAfterMs: 3 * MINUTE };

/** One evaluation a minute; null where nothing was measured. */
function firingsOf(
  scores: readonly (number | null)[],
  holding = HOLDING,
): (readonly [number, number | null])[] {
  const sights = scores.map(
    (score, i): Sight =>
      score === null
        ? null
        : {
            startMs: i * MINUTE,
            endMs: (i + 1) * MINUTE,
            score,
            value: score,
            expected: 0,
            what: `${score}`,
          },
  );
  return joinSights(sights, holding).map(
    ({ startMs, endMs }) => [startMs / MINUTE, endMs === null ? null : endMs / MINUTE] as const,
  );
}

describe('what joins evaluations into firings', () => {
  it('one blip alone does not fire, two in a row do', () => {
    expect(firingsOf([0, 2, 0, 2, 0, 0, 0])).toEqual([]);
    expect(firingsOf([0, 2, 2, 0, 0, 0, 0])).toEqual([[2, 3]]);
  });

  it('hovering about the threshold is one firing', () => {
    expect(firingsOf([1, 1, 0.9, 1.1, 0.7, 1, 0.6, 0.9])).toEqual([[1, null]]);
  });

  it('it recovers only when it stayed below half for long enough', () => {
    expect(firingsOf([1, 1, 0.4, 0.4, 0.6, 0.4, 0.4, 0.4, 0])).toEqual([[1, 5]]);
  });

  it('a series that goes missing neither fires nor recovers', () => {
    expect(firingsOf([2, null, 2])).toEqual([[2, null]]);
    expect(firingsOf([2, 2, null, null, null, null, null])).toEqual([[1, null]]);
  });

  it('it remembers the worst moment, and that it was severe at any time', () => {
    const sight = (i: number, score: number, isSevere: boolean): Sight => ({
      startMs: i,
      endMs: i + 1,
      score,
      value: 10 * score,
      expected: 1,
      what: `${score}`,
      isSevere,
    });
    const found = joinSights([sight(0, 1, false), sight(1, 3, true), sight(2, 2, false)], {
      fireAfter: 1,
      clearBelow: 1,
      clearAfterMs: 0,
    });
    expect(found).toEqual([
      { startMs: 0, endMs: null, score: 3, value: 30, expected: 1, what: '3', isSevere: true },
    ]);
  });
});

it('numbers in a sentence have three digits that count', () => {
  expect([0.123456, 12345.6, 8, 0].map(shortNumber)).toEqual(['0.123', '12300', '8', '0']);
});
