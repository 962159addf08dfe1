import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CounterState, stepCounter } from '@/lib/core/metrics/increments.ts';
import { countQueries, type QueryCounter, type StatementsTotal } from './counting.ts';

/** Sum of what the counter rules make of a row of visits, 30 s apart. */
function increaseOver(totals: readonly Omit<StatementsTotal, 'atMs'>[]): number {
  let counter: QueryCounter | null = null;
  let state: CounterState | null = null;
  let sum = 0;
  totals.forEach((total, n) => {
    const atMs = 1_000_000 + n * 30_000;
    const counted = countQueries(counter, { ...total, atMs });
    counter = counted.counter;
    const step = stepCounter(state, {
      atMs,
      value: counted.value,
      intervalMs: 30_000,
      start: counted.start,
      previousVisitMs: n === 0 ? null : atMs - 30_000,
      absentThen: false,
    });
    state = step.state;
    sum += step.increment?.increase ?? 0;
  });
  return sum;
}

describe('counting queries from pg_stat_statements', () => {
  test('as long as nothing is dropped the total itself is the counter', () => {
    const counted = countQueries(null, { atMs: 9_000, calls: 500, dealloc: 0, resetMs: 1_000 });
    expect(counted).toMatchObject({ value: 500, quality: 'measured', start: { atMs: 1_000 } });
  });

  test('a fall of the total by drops adds nothing, and what follows counts on', () => {
    const calls = [10_000, 10_100, 9_900, 9_880, 9_870, 9_960, 10_060];
    const totals = calls.map((value, n) => ({ calls: value, dealloc: n < 2 ? 0 : n, resetMs: 1_000 }));
    expect(increaseOver(totals)).toBe(100 + 90 + 100);
  });

  test('the visit that first sees a drop still counts what it added', () => {
    const totals = [
      { calls: 1_000, dealloc: 0, resetMs: 1_000 },
      { calls: 1_400, dealloc: 1, resetMs: 1_000 },
      { calls: 1_500, dealloc: 1, resetMs: 1_000 },
    ];
    expect(increaseOver(totals)).toBe(500);
  });

  test('a reset by hand counts from zero', () => {
    const totals = [
      { calls: 1_000, dealloc: 3, resetMs: 1_000 },
      { calls: 1_200, dealloc: 3, resetMs: 1_000 },
      { calls: 40, dealloc: 0, resetMs: 1_045_000 },
      { calls: 90, dealloc: 0, resetMs: 1_045_000 },
    ];
    expect(increaseOver(totals)).toBe(200 + 40 + 50);
  });

  test('whatever is dropped, no more is counted than was executed', () => {
    const visit = fc.record({ executed: fc.nat(500), dropped: fc.nat(400) });
    fc.assert(
      fc.property(fc.nat(100_000), fc.array(visit, { maxLength: 40 }), (before, visits) => {
        let calls = before;
        let dealloc = 0;
        const totals = [{ calls, dealloc, resetMs: 1_000 }];
        let executed = 0;
        for (const { executed: more, dropped } of visits) {
          executed += more;
          calls += more;
          if (dropped > 0) {
            calls = Math.max(0, calls - dropped);
            dealloc += 1;
          }
          totals.push({ calls, dealloc, resetMs: 1_000 });
        }
        expect(increaseOver(totals)).toBeLessThanOrEqual(executed);
      }),
    );
  });
});
