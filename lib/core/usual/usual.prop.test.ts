import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DaySlots, slotsOf } from './day-slots.ts';
import { DAYS_NEEDED, usualOf } from './usual.ts';

const SLOTS = 24;
const REACH = 3;

const amount = fc.integer({ min: -1_000_000, max: 1_000_000 });
const dayOf = (value: fc.Arbitrary<number | null>) => fc.array(value, { minLength: SLOTS, maxLength: SLOTS });
const fullDays = fc.array(dayOf(amount), { minLength: DAYS_NEEDED, maxLength: 14 });
const days = fc.array(dayOf(fc.option(amount, { freq: 4 })), { maxLength: 14 });

const usual = (list: readonly DaySlots[]) => usualOf(list, SLOTS, REACH);
const near = (a: number | null | undefined, b: number | null | undefined): boolean =>
  a === null || b === null || a === undefined || b === undefined
    ? a === b
    : Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));
const nearAll = (a: DaySlots, b: DaySlots): boolean => a.every((value, i) => near(value, b[i]));

describe('what is usual at a clock time', () => {
  it('is mirrored when the days are mirrored, its band too', () => {
    fc.assert(
      fc.property(days, amount, (list, axis) => {
        const mirror = (values: DaySlots) =>
          values.map((value) => (value === null ? null : 2 * axis - value));
        const plain = usual(list);
        const mirrored = usual(list.map(mirror));
        expect(nearAll(mirrored.middle, mirror(plain.middle))).toBe(true);
        expect(nearAll(mirrored.low, mirror(plain.high))).toBe(true);
        expect(nearAll(mirrored.high, mirror(plain.low))).toBe(true);
      }),
    );
  });

  it('does not depend on the order of the days', () => {
    fc.assert(
      fc.property(
        days.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(usual(shuffled)).toEqual(usual(list));
        },
      ),
    );
  });

  it('is that number, with a band without width, where all days are the same number', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: 1e-6, max: 1e9 }),
        fc.integer({ min: DAYS_NEEDED, max: 14 }),
        (value, count) => {
          const same = Array.from({ length: SLOTS }, () => value);
          const { middle, low, high } = usual(Array.from({ length: count }, () => same));
          expect(middle).toEqual(same);
          expect(low).toEqual(same);
          expect(high).toEqual(same);
        },
      ),
    );
  });

  it('is unknown, not zero, where fewer than seven days were measured; a day without numbers changes nothing', () => {
    fc.assert(
      fc.property(days, (list) => {
        const empty = Array.from({ length: SLOTS }, () => null);
        const plain = usual(list);
        expect(usual([...list, empty])).toEqual(plain);
        for (let slot = 0; slot < SLOTS; slot++) {
          const measured = list.filter((day) => day[slot] !== null).length;
          expect(plain.days[slot]).toBe(measured);
          expect(plain.middle[slot] === null).toBe(measured < DAYS_NEEDED);
          expect(plain.low[slot] === null).toBe(measured < DAYS_NEEDED);
        }
      }),
    );
  });

  it('keeps its median inside its band', () => {
    fc.assert(
      fc.property(fullDays, (list) => {
        const { middle, low, high } = usual(list);
        for (const [i, value] of middle.entries()) {
          expect((low[i] ?? 0) - 1e-6).toBeLessThanOrEqual(value ?? 0);
          expect((high[i] ?? 0) + 1e-6).toBeGreaterThanOrEqual(value ?? 0);
        }
      }),
    );
  });

  it('is not moved by one wild day among days alike', () => {
    fc.assert(
      fc.property(amount, dayOf(amount), fc.integer({ min: DAYS_NEEDED, max: 14 }), (value, wild, count) => {
        const same = Array.from({ length: SLOTS }, () => value);
        const { middle } = usual([wild, ...Array.from({ length: count - 1 }, () => same)]);
        expect(middle).toEqual(same);
      }),
    );
  });

  it('is smoothed across midnight as anywhere else', () => {
    const day = Array.from({ length: SLOTS }, (_, i) => (i === 0 ? 7 : 0));
    const { middle } = usual(Array.from({ length: DAYS_NEEDED }, () => day));
    const touched = [...middle.slice(0, REACH + 1), ...middle.slice(-REACH)];
    expect(touched.every((value) => near(value, 1))).toBe(true);
    expect(middle[4]).toBe(0);
    expect(middle[SLOTS - 4]).toBe(0);
  });
});

describe('a day in wider slots', () => {
  it('takes a ratio from its counts, not from a mean of ratios', () => {
    const day = { top: [90, 0, 5, 5], base: [100, 100, 10, 10] };
    expect(slotsOf(day, 2)).toEqual([0.45, 0.5]);
  });

  it('needs half of a slot, and something to divide by', () => {
    const day = { top: [1, null, null, null, null, 3, 0, 0], base: [1, null, null, null, null, 1, 0, 0] };
    expect(slotsOf(day, 2)).toEqual([1, null, 3, null]);
    expect(slotsOf(day, 4)).toEqual([null, 3]);
  });
});
