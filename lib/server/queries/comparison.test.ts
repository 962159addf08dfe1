import { afterEach, describe, expect, it } from 'vitest';
import type { ChartView } from '@/lib/core/model/view.ts';
import { NOW_CHARTS } from '@/lib/core/model/view.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../collectors/collector.ts';
import { readNow, readNowTick } from './now.ts';
import {
  type Answer,
  fixed,
  good,
  grown,
  live,
  machine,
  openWorld,
  postgres,
  redis,
  START_MS,
  sample,
} from './test-world.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const at = (minutes: number): number => START_MS + minutes * MINUTE_MS;
const pointsOf = (chart: ChartView) => chart.lines[0]?.points ?? [];

/** Twice the rate until the start, once after it. */
const halved = (perSecond: number, atMs: number): number =>
  grown(perSecond, atMs) + Math.min(0, Math.round(((atMs - START_MS) / 1000) * perSecond)) + 10_000_000;

const fleet: Answer = (target, atMs) => {
  if (target.kind === 'redis')
    return good([
      sample('redis_commands_total', halved(100, atMs), { cmd: 'get' }),
      sample('redis_keyspace_hits_total', grown(30, atMs)),
      sample('redis_keyspace_misses_total', halved(10, atMs)),
    ]);
  if (target.kind === 'postgres') return good([sample('db_queries_total', halved(1, atMs))]);
  return good([
    sample('http_responses_total', grown(5, atMs), { status: '200' }),
    sample('http_responses_total', halved(1, atMs), { status: '429' }),
  ]);
};

async function world(answer: Answer, hoursBefore: number, stepMs?: number) {
  const opened = await openWorld([redis, postgres, machine('m1')], answer, {
    fromMs: START_MS - hoursBefore * HOUR_MS,
  });
  closers.push(opened.close);
  await opened.watch(hoursBefore * 60, stepMs);
  return opened;
}

describe('a second window', { timeout: 60_000 }, () => {
  it('is drawn on the steps of the first, moved onto it, with its own level', async () => {
    const { runtime, watch } = await world(fleet, 2);
    await watch(61);
    const { charts, comparison } = await readNow(runtime, fixed(START_MS, at(60), 'before'));
    expect(comparison).toBe('before');
    for (const name of NOW_CHARTS) {
      const chart = charts[name];
      expect(chart.comparison).toMatchObject({ label: 'right before', offsetMs: HOUR_MS });
      expect(chart.comparison?.points.map(([atMs]) => atMs)).toEqual(pointsOf(chart).map(([atMs]) => atMs));
    }
    expect(charts.redisGets.overall).toBeCloseTo(100, 6);
    expect(charts.redisGets.comparison?.overall).toBeCloseTo(200, 6);
    expect(charts.redisGets.comparison?.points[10]?.[1]).toBeCloseTo(200, 6);
    expect(charts.responses429.overall).toBeCloseTo(3_600, 3);
    expect(charts.responses429.comparison?.overall).toBeCloseTo(7_200, 3);
    expect(charts.hitRatio.overall).toBeCloseTo(0.75, 4);
    expect(charts.hitRatio.comparison?.overall).toBeCloseTo(0.6, 4);
    expect(charts.dbQueries.comparison?.overall).toBeCloseTo(2, 4);
  });

  it('a day or a week earlier is that day and that week', async () => {
    const { runtime, watch } = await world(fleet, 8 * 24, 30 * MINUTE_MS);
    await watch(30);
    const day = (await readNow(runtime, live('15m', 'day'))).charts.redisGets.comparison;
    expect(day).toMatchObject({ label: 'the day before', offsetMs: DAY_MS });
    expect(day?.overall).toBeCloseTo(200, 6);
    const week = (await readNow(runtime, live('15m', 'week'))).charts.redisGets.comparison;
    expect(week).toMatchObject({ label: 'the week before', offsetMs: 7 * DAY_MS });
    expect(week?.overall).toBeCloseTo(200, 6);
  });

  it('counts as much time as the first, though its last bucket is over and the other is not', async () => {
    const { runtime, watch } = await world(fleet, 30, MINUTE_MS);
    await watch(100);
    // Bars of two minutes; the first window ends in the middle of one.
    const { responses429 } = (await readNow(runtime, live('1h', 'day'))).charts;
    expect(responses429.comparison?.overall).toBeCloseTo(7_200, 0);
    const long = (await readNow(runtime, fixed(at(0.5), at(95.5), 'day'))).charts.responses429;
    expect(long.stepMs).toBe(2 * MINUTE_MS);
    expect(long.overall).toBeCloseTo(95 * 60, 6);
    expect(long.comparison?.overall).toBeCloseTo(2 * 95 * 60, 6);
  });

  it('without data is null throughout and never zero', async () => {
    const { runtime, watch } = await world(fleet, 1);
    await watch(30);
    const { charts } = await readNow(runtime, live('15m', 'week'));
    for (const name of NOW_CHARTS) {
      expect(charts[name].comparison?.overall).toBeNull();
      expect(charts[name].comparison?.points.length).toBeGreaterThan(0);
      expect(charts[name].comparison?.points.every(([, value]) => value === null)).toBe(true);
      expect(charts[name].overall).not.toBeNull();
    }
  });

  it('in which one machine was silent has no sum either', async () => {
    const opened = await openWorld([machine('m1'), machine('m2')], (target, atMs) => {
      if (target.name === 'm2' && atMs >= at(20) && atMs < at(60)) throw new ScrapeError('network', 'no');
      return good([sample('app_redis_commands_total', grown(10, atMs), { cmd: 'get' })]);
    });
    closers.push(opened.close);
    await opened.watch(100);
    const { redisGets } = (await readNow(opened.runtime, fixed(at(70), at(90), 'before'))).charts;
    expect(redisGets.overall).toBeCloseTo(20, 6);
    // 17:50 to 18:00 of the second window lie in the silence.
    const compared = (redisGets.comparison?.points ?? []).filter(([atMs]) => atMs < at(79));
    expect(compared.every(([, value]) => value === null)).toBe(true);
    const whole = (await readNow(opened.runtime, fixed(at(80), at(95), 'before'))).charts.redisGets;
    expect(whole.comparison?.points.at(-1)?.[1]).toBeCloseTo(20, 6);
    const silent = (await readNow(opened.runtime, fixed(at(45), at(55), 'before'))).charts.redisGets;
    expect(silent.comparison?.overall).toBeNull();
  });

  it('is brought by a tick from the asked time on, and what was known stays true', async () => {
    const { runtime, watch } = await world(fleet, 2);
    await watch(30);
    const before = (await readNow(runtime, live('1h', 'before'))).charts.redisGets;
    const sinceMs = pointsOf(before).at(-3)?.[0] ?? 0;
    await watch(1);
    const tick = (await readNowTick(runtime, { ...live('1h', 'before'), sinceMs })).charts.redisGets;
    const fresh = tick.comparison?.points ?? [];
    expect(fresh.length).toBeLessThanOrEqual(8);
    expect(fresh[0]?.[0]).toBe(sinceMs);
    const whole = (await readNow(runtime, live('1h', 'before'))).charts.redisGets;
    const joined = [...(before.comparison?.points ?? []).filter(([atMs]) => atMs < sinceMs), ...fresh];
    const firstMs = pointsOf(whole)[0]?.[0] ?? 0;
    expect(joined.filter(([atMs]) => atMs >= firstMs)).toEqual(whole.comparison?.points);
    expect(tick.comparison?.offsetMs).toBe(before.comparison?.offsetMs);
  });
});
