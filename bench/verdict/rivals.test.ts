import { describe, expect, it } from 'vitest';
import { GrowingPair, kayentaSays, mannWhitneyP, shiftBetween, watchRivals } from './rivals.ts';

const day = (value: (minute: number) => number): number[] =>
  Array.from({ length: 1_440 }, (_, i) => value(i));

describe('the Mann–Whitney test', () => {
  it('gives the p of an example worked by hand', () => {
    // Ranks of the first: 4, 6, 7, 8, 9, 10 = 44, so U = 44 − 21 = 23 of 24; mean 12, σ² = 24·11/12 = 22.
    // z = (11 − 0.5)/√22 = 2.2386, p = 2·0.01259 = 0.0252.
    const p = mannWhitneyP([19, 22, 24, 25, 27, 30], [11, 15, 17, 20]);
    expect(p).toBeCloseTo(0.0252, 4);
  });

  it('takes ties into the ranks and out of the variance', () => {
    // U = 2·1 (3 over 2) + ties of 2 with 2 … : first {2, 3}, second {1, 2}: 2>1, 2=2, 3>1, 3>2 → 3.5 of 4.
    // σ² = 4/12·(5 − 6/12) = 1.5; z = (1.5 − 0.5)/√1.5 = 0.8165, p = 0.4142.
    expect(mannWhitneyP([2, 3], [1, 2])).toBeCloseTo(0.4142, 4);
    expect(mannWhitneyP([5, 5, 5], [5, 5])).toBe(1);
  });

  it('is the same in whatever order the values come', () => {
    const pair = new GrowingPair();
    for (const [one, other] of [
      [30, 17],
      [19, 11],
      [25, 20],
      [22, 15],
    ] as const) {
      pair.addToSecond(other);
      pair.addToFirst(one);
    }
    expect(pair.p()).toBeCloseTo(mannWhitneyP([19, 22, 25, 30], [11, 15, 17, 20]), 12);
  });
});

describe('the shift of Hodges and Lehmann', () => {
  it('is the median of all differences, with the ends of its interval', () => {
    // Differences of {7, 9, 12} and {1, 2, 6}: 1, 3, 5, 6, 6, 7, 8, 10, 11; the median is 6.
    const shift = shiftBetween([7, 9, 12], [1, 2, 6], 0.8);
    expect(shift?.estimate).toBeCloseTo(6, 5);
    // σ = √(9·7/12) = 2.291, z(.9) = 1.2816: 4.5 ± 3.436, so 1.06 and 7.94 of nine differences lie below: 3 and 10.
    expect(shift?.low).toBeCloseTo(3, 5);
    expect(shift?.high).toBeCloseTo(10, 5);
    expect(shiftBetween([1], [2, 3], 0.98)).toBeNull();
  });
});

describe("Kayenta's rule", () => {
  it('says changed only where the interval lies beyond a quarter of the shift', () => {
    const control = Array.from({ length: 30 }, (_, i) => 100 + i);
    expect(
      kayentaSays(
        control.map((value) => value + 40),
        control,
      ),
    ).toEqual({ changed: true, strict: true });
    expect(
      kayentaSays(
        control.map((value) => value + 2),
        control,
      ).changed,
    ).toBe(false);
    expect(kayentaSays(control, control)).toEqual({ changed: false, strict: false });
  });

  it('its strict form forgives what changes the mean by less than a tenth', () => {
    const control = Array.from({ length: 400 }, (_, i) => 1_000 + (i % 20));
    const shifted = control.map((value) => value + 50);
    expect(kayentaSays(shifted, control)).toEqual({ changed: true, strict: false });
  });
});

describe('a watch of a day', () => {
  it('has no alarm where each day is the one before', () => {
    const same = day((i) => 100 + (i % 7));
    const alarms = watchRivals({
      stepMinutes: 1,
      watch: same,
      yesterday: same,
      lastThreeDays: [same, same, same],
    });
    expect(Object.values(alarms)).toEqual([null, null, null, null, null]);
  });

  it('each rival sees a doubled rate at its first look that has enough of it', () => {
    const same = day((i) => 100 + (i % 7));
    const doubled = day((i) => 200 + (i % 7));
    expect(
      watchRivals({ stepMinutes: 1, watch: doubled, yesterday: same, lastThreeDays: [same, same, same] }),
    ).toEqual({
      mannWhitney05: 15,
      mannWhitney001: 15,
      kayenta: 30,
      kayentaStrict: 30,
      tenPercent: 60,
    });
  });

  it('the rule of three days looks at each hour by itself, and never at a fall', () => {
    const same = day(() => 100);
    const late = day((i) => (i >= 600 && i < 660 ? 111 : 100));
    const days = [same, same, same];
    expect(
      watchRivals({ stepMinutes: 1, watch: late, yesterday: same, lastThreeDays: days }).tenPercent,
    ).toBe(660);
    const lower = day(() => 50);
    expect(
      watchRivals({ stepMinutes: 1, watch: lower, yesterday: same, lastThreeDays: days }).tenPercent,
    ).toBeNull();
  });
});
