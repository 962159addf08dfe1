import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PointCounter } from './point-counter.ts';
import type { Point } from './points.ts';

const STEP = 10_000;
const HOUR = 3_600_000;

/** An answer: each command’s points by time, and what it speaks of. */
function answer(
  series: Record<string, readonly (readonly [number, number])[]>,
  cover: readonly [number, number],
) {
  const points = Object.entries(series).map(([cmd, pairs]): [string, readonly Point[]] => [
    cmd,
    pairs.map(([atMs, value]) => ({ atMs, value })),
  ]);
  return [new Map(points), { startMs: cover[0], endMs: cover[1], stepMs: STEP }, 0] as const;
}

/** `count` points of the same value, `STEP` apart, the first at `fromMs + STEP`. */
function even(fromMs: number, count: number, value: number): (readonly [number, number])[] {
  return Array.from({ length: count }, (_, i) => [fromMs + (i + 1) * STEP, value] as const);
}

function total(counter: PointCounter, cmd = 'get'): number | undefined {
  return counter.totals().get(cmd);
}

describe('each point is counted once', () => {
  test('the first answer only sets where counting begins', () => {
    const counter = new PointCounter();
    expect(counter.add(...answer({ get: even(0, 360, 5) }, [0, HOUR]))).toBe('first');
    expect(total(counter)).toBe(0);
    expect(counter.start).toEqual({ marker: `points:${HOUR}`, atMs: HOUR });
  });

  test('overlapping answers add only what is new, and the same answer again adds nothing', () => {
    const counter = new PointCounter();
    counter.add(...answer({ get: even(0, 360, 5) }, [0, HOUR]));
    const next = answer({ get: even(60_000, 360, 5) }, [60_000, HOUR + 60_000]);
    expect(counter.add(...next)).toBe('joined');
    expect(total(counter)).toBe(30);
    counter.add(...next);
    expect(total(counter)).toBe(30);
  });

  test('a late correction upwards counts, one downwards holds the total until it is passed again', () => {
    const counter = new PointCounter();
    counter.add(...answer({ get: even(0, 6, 5) }, [0, 60_000]));
    counter.add(...answer({ get: [...even(0, 6, 5), [70_000, 2]] }, [0, 70_000]));
    expect(total(counter)).toBe(2);
    counter.add(...answer({ get: [...even(0, 6, 5), [70_000, 9], [80_000, 1]] }, [0, 80_000]));
    expect(total(counter)).toBe(10);
    counter.add(...answer({ get: [...even(0, 6, 5), [70_000, 4], [80_000, 1]] }, [0, 80_000]));
    expect(total(counter)).toBe(10);
    counter.add(...answer({ get: [...even(0, 6, 5), [70_000, 4], [80_000, 1], [90_000, 7]] }, [0, 90_000]));
    expect(total(counter)).toBe(12);
  });

  test('a point that was there and is gone again keeps its count', () => {
    const counter = new PointCounter();
    counter.add(...answer({ get: even(0, 6, 5) }, [0, 60_000]));
    counter.add(...answer({ get: even(0, 8, 5) }, [0, 80_000]));
    counter.add(...answer({ get: even(0, 7, 5) }, [0, 80_000]));
    expect(total(counter)).toBe(10);
  });

  test('a visit left out for an hour is made up by a longer period, on a coarser grid', () => {
    const counter = new PointCounter();
    counter.add(...answer({ get: even(0, 360, 5) }, [0, HOUR]));
    // Three hours in 30 s: the same 0.5 a second.
    const coarse = Array.from({ length: 360 }, (_, i) => [-HOUR + (i + 1) * 30_000, 15] as const);
    expect(counter.add(...answer({ get: coarse }, [-HOUR, 2 * HOUR]))).toBe('joined');
    expect(total(counter)).toBe(1_800);
  });

  test('a long answer that reaches back over what is settled counts nothing of it again', () => {
    const counter = new PointCounter();
    counter.add(...answer({ get: even(0, 360, 5) }, [0, HOUR]));
    counter.add(...answer({ get: even(HOUR / 2, 360, 5) }, [HOUR / 2, 1.5 * HOUR]));
    counter.add(...answer({ get: even(HOUR, 360, 5) }, [HOUR, 2 * HOUR]));
    counter.add(...answer({ get: even(HOUR * 1.5, 360, 5) }, [1.5 * HOUR, 2.5 * HOUR]));
    expect(total(counter)).toBe(2_700);
    const coarse = Array.from({ length: 360 }, (_, i) => [(i + 1) * 30_000, 15] as const);
    counter.add(...answer({ get: coarse }, [0, 3 * HOUR]));
    expect(total(counter)).toBe(3_600);
  });

  test('a point whose step is measured otherwise the next time replaces itself whole', () => {
    const counter = new PointCounter();
    counter.add(...answer({ get: [[0, 9]] }, [-60_000, 0]));
    const wide = [
      [20_000, 4],
      [40_000, 6],
    ] as const;
    counter.add(...answer({ get: wide }, [0, 40_000]));
    counter.add(...answer({ get: [...wide, [50_000, 1], [60_000, 1], [70_000, 1]] }, [0, 70_000]));
    expect(total(counter)).toBe(13);
  });

  test('points between two answers that nobody told are not made up: counting begins anew', () => {
    const counter = new PointCounter();
    counter.add(...answer({ get: even(0, 6, 5) }, [0, 60_000]));
    expect(counter.add(...answer({ get: even(HOUR, 6, 5) }, [HOUR, HOUR + 60_000]))).toBe('lost');
    expect(total(counter)).toBe(30);
    expect(counter.start).toEqual({ marker: `points:${HOUR}`, atMs: HOUR });
  });

  test('a grid that moves with the moment of asking counts each stretch of time once', () => {
    const counter = new PointCounter();
    counter.add(...answer({ get: even(0, 360, 10) }, [0, HOUR]));
    for (let shift = 3_000; shift <= 60_000; shift += 3_000) {
      counter.add(...answer({ get: even(shift, 360, 10) }, [shift, HOUR + shift]));
    }
    expect(total(counter)).toBeCloseTo(60, 6);
  });

  test('a command that begins later counts from its first point; one without calls stays', () => {
    const counter = new PointCounter();
    counter.add(...answer({ get: even(0, 6, 5) }, [0, 60_000]));
    counter.add(...answer({ set: [[70_000, 3]] }, [0, 70_000]));
    expect(Object.fromEntries(counter.totals())).toEqual({ get: 0, set: 3 });
  });

  test('an idle hour without any point is no lost hour', () => {
    const counter = new PointCounter();
    counter.add(...answer({}, [0, HOUR]));
    counter.add(...answer({}, [2 * HOUR, 3 * HOUR].map((ms) => ms - HOUR) as [number, number]));
    expect(counter.add(...answer({ get: [[2 * HOUR + STEP, 4]] }, [HOUR + STEP, 2 * HOUR + STEP]))).toBe(
      'joined',
    );
    expect(total(counter)).toBe(4);
    expect(counter.start?.atMs).toBe(HOUR);
  });

  test('an answer without a point changes nothing', () => {
    const counter = new PointCounter();
    expect(counter.add(new Map(), null, 0)).toBe('empty');
    expect(counter.start).toBeNull();
  });
});

test('law: whatever is visited when, totals never fall and end as the sum of what the points became', () => {
  const some = fc.record({
    counts: fc.array(fc.nat({ max: 1_000 }), { minLength: 100, maxLength: 100 }),
    // How far each point stands beside the even grid.
    jitter: fc.array(fc.nat({ max: 4_000 }), { minLength: 100, maxLength: 100 }),
    // Steps between visits, never so far apart that an answer of 120 points leaves a hole.
    gaps: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 12 }),
    /** Share of its final count that the newest point shows at first. */
    early: fc.double({ min: 0, max: 1, noNaN: true }),
    newestNull: fc.boolean(),
    uneven: fc.boolean(),
  });
  fc.assert(
    fc.property(some, ({ counts, jitter, gaps, early, newestNull, uneven }) => {
      const counter = new PointCounter();
      const valueAt = (i: number) => counts[i % counts.length] ?? 0;
      const timeAt = (i: number) => i * STEP + (uneven ? (jitter[i % jitter.length] ?? 0) : 0);
      const see = (last: number, partial: boolean) => {
        const shown = Array.from({ length: 120 }, (_, k) => last - 119 + k)
          .filter((i) => !(newestNull && i === last))
          .map((i): readonly [number, number] => [
            timeAt(i),
            partial && i === last ? Math.floor(valueAt(i) * early) : valueAt(i),
          ]);
        counter.add(...answer({ get: shown }, [timeAt(last - 120), timeAt(newestNull ? last - 1 : last)]));
      };
      let now = 120;
      see(now, false);
      const first = newestNull ? now - 1 : now;
      let before = 0;
      for (const gap of gaps) {
        now += gap;
        see(now, true);
        const told = total(counter) ?? 0;
        expect(told).toBeGreaterThanOrEqual(before);
        before = told;
      }
      see(now, false);
      const last = newestNull ? now - 1 : now;
      let sum = 0;
      for (let i = first + 1; i <= last; i += 1) sum += valueAt(i);
      expect(total(counter)).toBeCloseTo(sum, 6);
    }),
    { numRuns: 60 },
  );
}, 30_000);
