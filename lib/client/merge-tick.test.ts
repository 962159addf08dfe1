import { describe, expect, it } from 'vitest';
import { chartOf, storyView } from '@/components/fixtures/story.ts';
import type { ChartView, NowTick, NowView, Point } from '@/lib/core/model/view.ts';
import { mergeTick, nextSinceMs, WHOLE_RANGE_MS } from './merge-tick.ts';

const MINUTE = 60_000;
const T0 = Date.UTC(2026, 3, 9, 20, 0);

function chart(values: readonly (number | null)[], startMs = T0): ChartView {
  const points = values.map((value, i): Point => [startMs + i * MINUTE, value]);
  return chartOf(points, {
    range: { startMs, endMs: startMs + values.length * MINUTE },
    stepMs: MINUTE,
  });
}

function view(one: ChartView): NowView {
  return storyView({ charts: { redisGets: one, dbQueries: one, responses429: one, hitRatio: one } });
}

function tick(one: ChartView, sinceMs: number, over: Partial<NowTick> = {}): NowTick {
  const lines = one.lines.map((line) => ({
    ...line,
    points: line.points.filter(([atMs]) => atMs >= sinceMs),
  }));
  const cut = { ...one, lines };
  return {
    ...view(one),
    charts: { redisGets: cut, dbQueries: cut, responses429: cut, hitRatio: cut },
    sinceMs,
    ...over,
  };
}

const pointsOf = (merged: NowView | null) => merged?.charts.redisGets.lines[0]?.points;

describe('a tick on the view before it', () => {
  it('replaces what it sends, drops what left the range and keeps the rest as it was', () => {
    const before = view(chart([1, 2, 3, 4, 5]));
    const next = chart([2, 3, 4, 50, 60], T0 + MINUTE);
    const merged = mergeTick(before, tick(next, T0 + 4 * MINUTE));
    expect(pointsOf(merged)?.map(([, value]) => value)).toEqual([2, 3, 4, 50, 60]);
    const old = before.charts.redisGets.lines[0]?.points ?? [];
    expect(pointsOf(merged)?.[0]).toBe(old[1]);
  });

  it('gives the same picture as reading everything again', () => {
    const before = view(chart([1, null, 3, 4, null]));
    const next = chart([null, 3, 4, 7, null, 9], T0 + MINUTE);
    expect(pointsOf(mergeTick(before, tick(next, nextSinceMs(before))))).toEqual(next.lines[0]?.points);
  });

  it('keeps the array of a line that did not change', () => {
    const before = view(chart([1, 2, 3, 4, 5]));
    const merged = mergeTick(before, tick(chart([1, 2, 3, 4, 5]), T0 + 3 * MINUTE));
    expect(pointsOf(merged)).toBe(before.charts.redisGets.lines[0]?.points);
  });

  it('keeps marks and origin as they are while they say the same', () => {
    const before = view(chart([1, 2]));
    const marks = before.marks.map((mark) => ({ ...mark }));
    const origin = before.origin && { ...before.origin };
    const merged = mergeTick(before, tick(chart([1, 2]), T0 + MINUTE, { marks, origin }));
    expect(merged?.marks).toBe(before.marks);
    expect(merged?.origin).toBe(before.origin);
    const other = mergeTick(before, tick(chart([1, 2]), T0 + MINUTE, { marks: [], origin: null }));
    expect(other).toMatchObject({ marks: [], origin: null });
  });

  it('keeps the steady parts that it leaves out, and takes those that it brings, nothing for nothing', () => {
    const before = view(chart([1, 2]));
    const { watch, alerts, money, ...rest } = tick(chart([1, 2]), T0, { asOfMs: before.asOfMs + 5_000 });
    const kept = mergeTick(before, rest);
    expect(kept).toMatchObject({ alerts, money });
    // It is the same watch, seen later.
    expect(kept?.watch).toEqual(watch && { ...watch, nowMs: before.asOfMs + 5_000 });
    expect(watch).not.toBeNull();
    const gone = mergeTick(before, { ...rest, watch: null, alerts: null, money: null });
    expect(gone).toMatchObject({ watch: null, alerts: null, money: null });
  });

  it('takes everything else from the tick', () => {
    const before = view(chart([1, 2]));
    const merged = mergeTick(before, tick(chart([1, 2]), T0, { machines: [], asOfMs: 5 }));
    expect(merged).toMatchObject({ machines: [], asOfMs: 5 });
    expect(merged).not.toHaveProperty('sinceMs');
  });

  it('is refused when step, range or scope are other ones, so that two grids never mix', () => {
    const before = view(chart([1, 2]));
    const since = T0 + MINUTE;
    expect(mergeTick(before, tick({ ...chart([1, 2]), stepMs: 1 }, since))).toBeNull();
    expect(
      mergeTick(before, tick(chart([1, 2]), since, { window: { kind: 'live', name: '7d' } })),
    ).toBeNull();
    expect(
      mergeTick(before, tick(chart([1, 2]), since, { scope: { app: 'x', environment: 'y' } })),
    ).toBeNull();
    expect(mergeTick(before, tick(chart([1, 2]), since, { comparison: 'day' }))).toBeNull();
    const { name } = before.window;
    const fixed = { kind: 'fixed' as const, name, startMs: T0, endMs: T0 + MINUTE };
    expect(mergeTick(before, tick(chart([1, 2]), since, { window: fixed }))).toBeNull();
  });

  it('that holds the whole range needs no view before it', () => {
    const whole = tick({ ...chart([9, 9]), stepMs: 1 }, WHOLE_RANGE_MS);
    expect(pointsOf(mergeTick(view(chart([1, 2])), whole))?.map(([, value]) => value)).toEqual([9, 9]);
  });

  it('adds a line that was not there before', () => {
    const before = view({ ...chart([1, 2]), lines: [] });
    expect(pointsOf(mergeTick(before, tick(chart([1, 2]), T0 + MINUTE)))).toHaveLength(1);
  });
});

describe('usual and compared values in a tick', () => {
  const withMore = (values: readonly number[], startMs: number, label = 'usual, 14 days'): ChartView => {
    const one = chart(values, startMs);
    const points = one.lines[0]?.points ?? [];
    return {
      ...one,
      usual: { label, points, band: points.map(([atMs, value]) => [atMs, value, value] as const) },
      comparison: { label: 'the day before', offsetMs: 86_400_000, points, overall: 3 },
    };
  };
  const cutTick = (one: ChartView, sinceMs: number): NowTick => {
    const isNew = ([atMs]: readonly [number, ...unknown[]]): boolean => atMs >= sinceMs;
    const { usual, comparison } = one;
    return tick(
      {
        ...one,
        usual: usual && { ...usual, points: usual.points.filter(isNew), band: usual.band.filter(isNew) },
        comparison: comparison && { ...comparison, points: comparison.points.filter(isNew) },
      },
      sinceMs,
    );
  };

  it('give the same picture as reading everything again', () => {
    const next = withMore([2, 3, 4, 50, 60], T0 + MINUTE);
    const merged = mergeTick(view(withMore([1, 2, 3, 4, 5], T0)), cutTick(next, T0 + 4 * MINUTE));
    expect(merged?.charts.redisGets.usual).toEqual(next.usual);
    expect(merged?.charts.redisGets.comparison).toEqual(next.comparison);
  });

  it('stay the same objects where nothing changed', () => {
    const before = view(withMore([1, 2, 3], T0));
    const merged = mergeTick(before, cutTick(withMore([1, 2, 3], T0), T0 + 2 * MINUTE));
    const { usual, comparison } = before.charts.redisGets;
    expect(merged?.charts.redisGets.usual?.points).toBe(usual?.points);
    expect(merged?.charts.redisGets.usual?.band).toBe(usual?.band);
    expect(merged?.charts.redisGets.comparison?.points).toBe(comparison?.points);
  });

  it('go away when they are no longer known', () => {
    const merged = mergeTick(view(withMore([1, 2], T0)), tick(chart([1, 2]), T0 + MINUTE));
    expect(merged?.charts.redisGets).toMatchObject({ usual: null, comparison: null });
  });

  it('are asked for as a whole when they are new or come from other days', () => {
    const since = T0 + MINUTE;
    const other = withMore([1, 2], T0, 'usual, 15 days');
    expect(mergeTick(view(chart([1, 2])), cutTick(withMore([1, 2], T0), since))).toBeNull();
    expect(mergeTick(view(withMore([1, 2], T0)), cutTick(other, since))).toBeNull();
  });
});

describe('what the next tick asks for', () => {
  it('begins before the buckets that may still change', () => {
    expect(nextSinceMs(view(chart([1, 2, 3, 4, 5])))).toBe(T0 + 2 * MINUTE);
  });

  it('goes back to the last measured bucket, which the next sample may reach', () => {
    expect(nextSinceMs(view(chart([1, 2, 3, null, null, null, null])))).toBe(T0 + MINUTE);
  });

  it('stays short for a source that has long been silent or never spoke', () => {
    const silent = Array.from({ length: 100 }, (_, i) => (i === 0 ? 1 : null));
    expect(nextSinceMs(view(chart(silent)))).toBe(T0 + 79 * MINUTE);
    expect(nextSinceMs(view({ ...chart(silent), lines: [] }))).toBe(T0 + 97 * MINUTE);
  });
});
