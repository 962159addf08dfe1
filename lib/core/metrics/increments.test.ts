import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CounterSample, type CounterState, type Increment, stepCounter } from './increments.ts';

const STEP_MS = 15_000;

interface Reading extends Partial<CounterSample> {
  value: number;
}

/** Feeds readings one interval apart, unless they say otherwise. */
function run(readings: readonly Reading[]): { flags: string[]; increments: Increment[]; total: number } {
  let state: CounterState | null = null;
  const flags: string[] = [];
  const increments: Increment[] = [];
  readings.forEach((reading, i) => {
    const step = stepCounter(state, {
      atMs: (i + 1) * STEP_MS,
      intervalMs: STEP_MS,
      start: null,
      previousVisitMs: i === 0 ? null : i * STEP_MS,
      absentThen: false,
      ...reading,
    });
    state = step.state;
    flags.push(step.flag);
    if (step.increment !== null) increments.push(step.increment);
  });
  return { flags, increments, total: increments.reduce((sum, i) => sum + i.increase, 0) };
}

const values = (...list: number[]): Reading[] => list.map((value) => ({ value }));

describe('counter increments', () => {
  it('integer increments stay integers (prometheus 3746)', () => {
    const { increments } = run(values(10, 11, 13, 13, 20));
    expect(increments.map((i) => i.increase)).toEqual([1, 2, 0, 7]);
  });

  it('the first sample of a counter that began before our first visit adds nothing', () => {
    expect(run(values(5_000_000)).total).toBe(0);
  });

  it('the first sample of a counter that began after our previous visit adds all of it (prometheus 3886)', () => {
    const start = { marker: 'b', atMs: STEP_MS + 4_000 };
    const { increments } = run([{ value: 3, atMs: 2 * STEP_MS, previousVisitMs: STEP_MS, start }]);
    expect(increments).toEqual([
      { fromMs: STEP_MS + 4_000, toMs: 2 * STEP_MS, increase: 3, gap: false, reset: false, partial: false },
    ]);
  });

  it('a labelled series that was absent while its family was there began at zero', () => {
    const { total } = run([{ value: 4, atMs: 2 * STEP_MS, previousVisitMs: STEP_MS, absentThen: true }]);
    expect(total).toBe(4);
  });

  it('a restart with a new marker adds the new value, from the known start', () => {
    const before = { marker: 'a', atMs: 0 };
    const after = { marker: 'b', atMs: 2 * STEP_MS - 5_000 };
    const { flags, increments } = run([
      { value: 900, start: before },
      { value: 40, start: after },
    ]);
    expect(flags[1]).toBe('reset');
    expect(increments[0]).toMatchObject({ fromMs: after.atMs, increase: 40, reset: true, partial: false });
  });

  it('a restart whose start is known is no gap, however long nobody looked before it', () => {
    const wokeMs = 400 * STEP_MS;
    const { increments } = run([
      { value: 50, start: { marker: 'a', atMs: 0 } },
      { value: 7, atMs: wokeMs + 20_000, start: { marker: 'b', atMs: wokeMs } },
      { value: 9, atMs: 2 * wokeMs, start: { marker: 'c', atMs: wokeMs + 60_000 } },
    ]);
    expect(increments).toMatchObject([
      { fromMs: wokeMs, increase: 7, gap: false, partial: false },
      { fromMs: wokeMs + 60_000, increase: 9, gap: true },
    ]);
  });

  it('a restart that has already counted past the old value is still a restart', () => {
    const { total } = run([
      { value: 10, start: { marker: 'a', atMs: null } },
      { value: 15, start: { marker: 'b', atMs: null } },
    ]);
    expect(total).toBe(15);
  });

  it('a start that drifts by a second is the same process', () => {
    const { flags, total } = run([
      { value: 5_000, start: { marker: 's:1000', atMs: -60_000 } },
      { value: 5_010, start: { marker: 's:2000', atMs: -59_000 } },
    ]);
    expect(flags[1]).toBe('ok');
    expect(total).toBe(10);
  });

  it('a crash within seconds of the start is still a restart', () => {
    const { total } = run([
      { value: 100, start: { marker: 'a', atMs: 14_000 } },
      { value: 60, start: { marker: 'b', atMs: 17_000 } },
    ]);
    expect(total).toBe(60);
  });

  it('another process that began before our last visit brings no past with it', () => {
    const { flags, total } = run([
      { value: 100, start: { marker: 'a', atMs: -60_000 } },
      { value: 9_000, start: { marker: 'b', atMs: -500_000 } },
      { value: 9_020, start: { marker: 'b', atMs: -500_000 } },
    ]);
    expect(flags).toEqual(['first', 'first', 'ok']);
    expect(total).toBe(20);
  });

  it('a fall to less than half without a marker is a restart, flagged partial', () => {
    const { increments } = run(values(1000, 100));
    expect(increments[0]).toMatchObject({ increase: 100, reset: true, partial: true });
  });

  it('a small decrease makes no spike and keeps the reference (prometheus 8687)', () => {
    const { flags, increments } = run(values(1000, 995, 1010));
    expect(flags[1]).toBe('glitch');
    expect(increments).toEqual([
      { fromMs: STEP_MS, toMs: 3 * STEP_MS, increase: 10, gap: false, reset: false, partial: false },
    ]);
  });

  it('three low samples in a row are believed', () => {
    const { flags, total } = run(values(1000, 600, 610, 620, 630));
    expect(flags).toEqual(['first', 'glitch', 'glitch', 'reset', 'ok']);
    expect(total).toBe(630);
  });

  it('replicas that answer in turn make no spike (thanos 1326)', () => {
    const { total } = run(values(47_000, 42, 47_000, 66, 115, 201));
    expect(total).toBe(42 + 201);
  });

  it('a duplicate or late sample changes nothing', () => {
    const { flags, total } = run([
      { value: 10, atMs: 60_000 },
      { value: 12, atMs: 60_000 },
      { value: 11, atMs: 45_000 },
      { value: 15, atMs: 75_000 },
    ]);
    expect(flags).toEqual(['first', 'duplicate', 'late', 'ok']);
    expect(total).toBe(5);
  });

  it('further apart than three scheduled intervals is a gap: total known, shape not', () => {
    const { increments } = run([
      { value: 10, atMs: 0 },
      { value: 70, atMs: 3 * STEP_MS + 1 },
    ]);
    expect(increments[0]).toMatchObject({ increase: 60, gap: true });
  });

  it('a sparse poll on its own schedule is no gap', () => {
    const { increments } = run([
      { value: 10, atMs: 0, intervalMs: 300_000 },
      { value: 70, atMs: 300_000, intervalMs: 300_000 },
    ]);
    expect(increments[0]?.gap).toBe(false);
  });
});

describe('counter increments, laws', () => {
  const reading = fc.record({
    grow: fc.integer({ min: 0, max: 1000 }),
    event: fc.constantFrom('none', 'none', 'none', 'restart', 'miss', 'duplicate'),
  });

  it('no increment is ever negative, whatever arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e9), { maxLength: 50 }), (list) => {
        expect(run(values(...list)).increments.every((i) => i.increase >= 0)).toBe(true);
      }),
    );
  });

  it('any mix of marked restarts, missed visits and duplicates keeps the exact total', () => {
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 60 }), (steps) => {
        let value = 100;
        let process = 0;
        let truth = 0;
        const readings: Reading[] = [{ value, atMs: 0, start: { marker: 'p0', atMs: null } }];
        steps.forEach((step, i) => {
          const atMs = (i + 1) * STEP_MS;
          if (step.event === 'restart') {
            process += 1;
            value = 0;
          }
          value += step.grow;
          truth += step.grow;
          // A visit that is missed while the process restarts twice would truly lose events: only miss quiet ones.
          const restartsNext = steps[i + 1]?.event === 'restart';
          if (step.event === 'miss' && i + 1 < steps.length && !restartsNext) return;
          const start = { marker: `p${process}`, atMs: null };
          readings.push({ value, atMs, start });
          if (step.event === 'duplicate') readings.push({ value: value + 7, atMs, start });
        });
        expect(run(readings).total).toBe(truth);
      }),
    );
  });
});
