import { afterEach, describe, expect, it } from 'vitest';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import { rememberedAt } from '@/lib/core/series/history.ts';
import { alignDown, alignUp, BLOCK_MS, DAY_MS, HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Target } from '../config/types.ts';
import { readNow, readNowTick } from './now.ts';
import {
  type Answer,
  fixed,
  good,
  grown,
  live,
  machine,
  openWorld,
  prometheus,
  redis,
  START_MS,
  sample,
} from './test-world.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const MEASURED = 200;
const REMEMBERED = 150;

/** A steady counter as a provider tells it, in whole stretches of `widthMs`. */
function steady(
  metric: string,
  labels: Labels,
  perSecond: number,
  range: TimeRange,
  widthMs = BLOCK_MS,
): HistorySeries {
  const stretches: HistorySeries['stretches'][number][] = [];
  for (let atMs = alignUp(range.startMs, widthMs); atMs + widthMs <= range.endMs; atMs += widthMs) {
    stretches.push({ startMs: atMs, endMs: atMs + widthMs, value: (perSecond * widthMs) / 1000 });
  }
  return { metric, labels, quality: 'measured', stretches };
}

const gets = (range: TimeRange, widthMs?: number): HistorySeries =>
  steady('redis_commands_total', { cmd: 'get', instance: 'cache' }, REMEMBERED, range, widthMs);

const answer: Answer = (target, atMs) => {
  switch (target.kind) {
    case 'redis':
      return good([sample('redis_commands_total', grown(MEASURED, atMs), { cmd: 'get' })]);
    case 'app':
      return good([
        sample('http_responses_total', grown(5, atMs), { status: '200' }),
        sample('http_responses_total', grown(0.5, atMs), { status: '429' }),
      ]);
    default:
      return good([]);
  }
};

async function world(
  targets: readonly Target[],
  remembers: (range: TimeRange) => readonly HistorySeries[],
  answers: Answer = answer,
) {
  const opened = await openWorld(targets, answers, { memory: { engine: remembers } });
  closers.push(opened.close);
  return opened;
}

const pointsOf = (chart: ChartView) => chart.lines[0]?.points ?? [];
const isFromMemory = (chart: ChartView, atMs: number) => rememberedAt(chart.history, atMs) !== null;

describe('a provider’s memory on a chart', { timeout: 60_000 }, () => {
  it('stands before the first visit, with its resolution, and never in a bucket of which a part was measured', async () => {
    const { runtime, watch } = await world([redis, prometheus], (range) => [gets(range)]);
    await watch(52);
    await runtime.poller.readHistory();
    const { redisGets: chart } = (await readNow(runtime, live('24h'))).charts;
    const points = pointsOf(chart);
    const known = points.filter(([, value]) => value !== null);
    expect(known.length).toBeGreaterThan(280);
    for (const [atMs, value] of known) {
      const isMemory = atMs + chart.stepMs <= START_MS;
      expect(isFromMemory(chart, atMs)).toBe(isMemory);
      expect(value).toBeCloseTo(isMemory ? REMEMBERED : MEASURED, 6);
    }
    expect(chart.history).toEqual([
      {
        provider: 'Prometheus',
        resolutionMs: BLOCK_MS,
        startMs: alignDown(chart.range.startMs, chart.stepMs),
        endMs: alignDown(START_MS, chart.stepMs),
      },
    ]);
    expect(chart.gaps).toEqual([]);
    expect(chart.lines[0]?.quality).toBe('measured');
    expect(chart.coverage?.backfilledMs).toBeGreaterThan(22 * HOUR_MS);
    expect(chart.coverage?.measuredMs).toBeGreaterThanOrEqual(50 * 60_000);
    expect((chart.coverage?.measuredMs ?? 0) + (chart.coverage?.backfilledMs ?? 0)).toBeLessThanOrEqual(
      DAY_MS,
    );
    const hours = 23 + 8 / 60;
    expect(chart.overall).toBeCloseTo((REMEMBERED * hours + MEASURED * (24 - hours)) / 24, 0);
  });

  it('is no level of now and no part of what was watched', async () => {
    const { runtime, watch } = await world([redis, machine('m1'), prometheus], (range) => [
      gets(range),
      steady('http_responses_total', { status: '200', machine: 'm1' }, 5, range),
    ]);
    await watch(0.25);
    await runtime.poller.readHistory();
    const view = await readNow(runtime, live('24h'));
    expect(view.charts.redisGets.lines[0]?.quality).toBe('backfilled');
    expect(view.charts.redisGets.latest).toBeNull();
    expect(view.charts.redisGets.coverage?.measuredMs).toBe(0);
    expect(view.sentence.verdict).not.toContain('Redis GETs');
    expect(view.charts.responses429.overall).toBe(0);
    expect(view.sentence.verdict).toBe('No rate can be told yet.');
  });

  it('is where the band, the usual line and the second window come from, and they say so', async () => {
    const { runtime, watch } = await world([redis, prometheus], (range) => [gets(range)]);
    await watch(30);
    const before = await readNow(runtime, live('1h', 'day'));
    expect(before.charts.redisGets.usual).toBeNull();
    expect(before.charts.redisGets.comparison?.points.every(([, value]) => value === null)).toBe(true);
    await runtime.poller.readHistory();
    const { redisGets: chart } = (await readNow(runtime, live('1h', 'day'))).charts;
    expect(chart.usual?.label).toBe('usual, 14 days');
    expect(chart.usual?.backfilled).toEqual({ days: 14, of: 14, provider: 'Prometheus' });
    expect(chart.usual?.points.every(([, value]) => value === REMEMBERED)).toBe(true);
    expect(chart.comparison?.label).toBe('the day before');
    expect(chart.comparison?.history?.[0]?.provider).toBe('Prometheus');
    expect(chart.comparison?.overall).toBeCloseTo(REMEMBERED, 6);
    expect(chart.comparison?.history?.[0]?.startMs).toBe(alignDown(chart.range.startMs, chart.stepMs));
  });

  it('says hours as hours on any step, and gives no usual from means of days', async () => {
    const hourly = await world([redis, prometheus], (range) => [gets(range, HOUR_MS)]);
    await hourly.watch(10);
    await hourly.runtime.poller.readHistory();
    const { redisGets: byHour } = (await readNow(hourly.runtime, live('3h'))).charts;
    expect(byHour.stepMs).toBeLessThan(HOUR_MS);
    expect(byHour.history?.[0]?.resolutionMs).toBe(HOUR_MS);
    expect(byHour.usual?.backfilled?.days).toBe(14);
    const daily = await world([redis, prometheus], (range) => [gets(range, DAY_MS)]);
    await daily.watch(10);
    await daily.runtime.poller.readHistory();
    const { redisGets: byDay } = (await readNow(daily.runtime, live('3h'))).charts;
    expect(byDay.usual).toBeNull();
    expect(byDay.usualForming).toEqual({ days: 0, needed: 7 });
  });

  it('is left alone where an engine tells of more servers than are watched', async () => {
    const { runtime, watch } = await world([redis, prometheus], (range) => [
      gets(range),
      steady('redis_commands_total', { cmd: 'get', instance: 'of-others' }, 9_000, range),
    ]);
    await watch(30);
    await runtime.poller.readHistory();
    const { redisGets: chart } = (await readNow(runtime, live('24h'))).charts;
    expect(chart.history).toBeUndefined();
    expect(chart.gaps[0]?.reason).toBe('not watched yet');
  });

  it('counts 429s of every machine, whole, and only on bars as wide as they were told', async () => {
    const remembers = (range: TimeRange) => [
      ...['m1', 'm2'].map((name) =>
        steady('http_responses_total', { status: '200', machine: name }, 5, range),
      ),
      steady('http_responses_total', { status: '429', machine: 'm2' }, 0.1, range),
    ];
    const { runtime, watch } = await world([machine('m1'), machine('m2'), prometheus], remembers);
    await watch(40);
    await runtime.poller.readHistory();
    const day = (await readNow(runtime, live('24h'))).charts.responses429;
    const sum = pointsOf(day).reduce((all, [, value]) => all + (value ?? 0), 0);
    const memory = pointsOf(day).filter(([atMs]) => isFromMemory(day, atMs));
    expect(memory.length).toBeGreaterThan(45);
    for (const [, value] of memory) expect(value).toBeCloseTo((0.1 * day.stepMs) / 1000, 3);
    // What the first and the last bar hold beyond the range is not in the total.
    expect(Math.abs((day.overall ?? 0) - sum)).toBeLessThan((2 * day.stepMs) / 1000);
    const hour = (await readNow(runtime, live('1h'))).charts.responses429;
    expect(hour.stepMs).toBeLessThan(BLOCK_MS);
    expect(hour.history).toBeUndefined();
  });

  it('adds nothing to a count of a later gap, which the visit after it has told', async () => {
    const { runtime, watch, wait } = await world([machine('m1'), prometheus], (range) => [
      steady('http_responses_total', { status: '200', machine: 'm1' }, 5, range),
      steady('http_responses_total', { status: '429', machine: 'm1' }, 0.5, range),
    ]);
    await watch(60);
    wait(120);
    await watch(60);
    await runtime.poller.readHistory();
    const chart = (await readNow(runtime, fixed(START_MS, START_MS + 4 * HOUR_MS))).charts.responses429;
    expect(chart.overall).toBeCloseTo(0.5 * 4 * 3600, -2);
    expect(chart.history).toBeUndefined();
    expect(chart.gaps.map(({ reason }) => reason)).toContain('not watched');
  });

  it('fills a later gap of a rate, of which the visits tell no shape', async () => {
    const { runtime, watch, wait } = await world([redis, prometheus], (range) => [gets(range)]);
    await watch(60);
    wait(120);
    await watch(60);
    await runtime.poller.readHistory();
    const asked = fixed(START_MS, START_MS + 4 * HOUR_MS);
    const chart = (await readNow(runtime, asked)).charts.redisGets;
    expect(chart.history).toHaveLength(1);
    const [span] = chart.history ?? [];
    expect(span?.startMs).toBeGreaterThanOrEqual(START_MS + 59 * 60_000);
    expect(span?.endMs).toBeLessThanOrEqual(START_MS + 181 * 60_000);
  });

  it('is the same when it is read twice', async () => {
    const first = await world([redis, prometheus], (range) => [gets(range)]);
    await first.watch(30);
    await first.runtime.poller.readHistory();
    const asked = fixed(START_MS - DAY_MS, START_MS, 'day');
    const once = await readNow(first.runtime, asked);
    const id = 'harbor/production/prometheus/engine';
    const range = { startMs: START_MS - 15 * DAY_MS, endMs: first.nowMs() };
    await first.store.putHistory(id, [gets(range)]);
    await first.store.putHistory(id, [gets({ ...range, startMs: START_MS - 3 * DAY_MS })]);
    const selector = { metric: 'redis_commands_total', targetIds: [id] };
    const [series] = await first.store.readHistory(selector, range, DAY_MS);
    const total = (series?.buckets ?? []).reduce((sum, bucket) => sum + (bucket?.increase ?? 0), 0);
    const [told] = [gets(range).stretches];
    expect(total).toBeCloseTo(
      told.reduce((sum, { value }) => sum + value, 0),
      3,
    );
    expect((await readNow(first.runtime, asked)).charts.redisGets).toEqual(once.charts.redisGets);
  });

  it('makes a tick say that it came, so that the page asks for the whole range', async () => {
    const { runtime, watch } = await world([redis, prometheus], (range) => [gets(range)]);
    await watch(30);
    const first = await readNow(runtime, live('24h'));
    await runtime.poller.readHistory();
    const tick = await readNowTick(runtime, { ...live('24h'), sinceMs: START_MS });
    expect(tick.historyRevision).not.toBe(first.historyRevision);
  });
});
