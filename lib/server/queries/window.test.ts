import { afterEach, describe, expect, it } from 'vitest';
import type { ChartView } from '@/lib/core/model/view.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../collectors/collector.ts';
import type { Goal, Target } from '../config/types.ts';
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

async function world(targets: readonly Target[], answer: Answer, goals: readonly Goal[] = []) {
  const opened = await openWorld(targets, answer, { goals });
  closers.push(opened.close);
  return opened;
}

const gets =
  (perSecond: number): Answer =>
  (_target, atMs) =>
    good([sample('redis_commands_total', grown(perSecond, atMs), { cmd: 'get' })]);
const at = (minutes: number): number => START_MS + minutes * MINUTE_MS;
const pointsOf = (chart: ChartView) => chart.lines[0]?.points ?? [];
const known = (chart: ChartView) => pointsOf(chart).filter(([, value]) => value !== null);

describe('a fixed window', { timeout: 60_000 }, () => {
  it('gives the same charts and the same words however much later it is looked at', async () => {
    const { runtime, watch, wait } = await world([redis, postgres, machine('m1')], (target, atMs) => {
      if (target.kind === 'redis')
        return good([
          sample('redis_commands_total', grown(200, atMs), { cmd: 'get' }),
          sample('redis_keyspace_hits_total', grown(150, atMs)),
          sample('redis_keyspace_misses_total', grown(50, atMs)),
        ]);
      if (target.kind === 'postgres') return good([sample('db_queries_total', grown(2, atMs))]);
      return good([sample('http_responses_total', grown(5, atMs), { status: '200' })]);
    });
    await watch(40);
    const asked = fixed(at(5), at(25));
    const first = await readNow(runtime, asked);
    await watch(30);
    wait(200);
    // Hours are packed meanwhile, and the sources are silent.
    await runtime.store.maintain(runtime.clock.wallMs());
    const second = await readNow(runtime, asked);
    expect(second.charts).toEqual(first.charts);
    expect(second.sentence).toEqual(first.sentence);
    expect(second.sources[0]?.state).toBe('stale');
    expect(first.charts.redisGets).toMatchObject({
      lastIsPartial: false,
      stale: false,
      missing: null,
      gaps: [],
      range: { startMs: at(5), endMs: at(25) },
    });
    expect(first.charts.redisGets.overall).toBeCloseTo(200, 6);
    expect(first.charts.hitRatio.overall).toBeCloseTo(0.75, 3);
  });

  it('is written of in the past and with its times, and says what is of now', async () => {
    const goal: Goal = {
      app: 'harbor',
      environment: 'production',
      metric: 'redis_commands_total',
      labels: { cmd: 'get' },
      direction: 'atMost',
      perSecond: 10,
      text: '36K/h',
    };
    const { runtime, watch } = await world(
      [redis, machine('m1')],
      (target, atMs) => {
        if (target.kind === 'redis')
          return good([sample('redis_commands_total', grown(200, atMs), { cmd: 'get' })]);
        return good([sample('http_responses_total', grown(5, atMs), { status: '200' })]);
      },
      [goal],
    );
    await watch(40);
    const { sentence } = await readNow(runtime, fixed(at(5), at(25)));
    expect(sentence.verdict).toBe(
      'Between 17:05Z and 17:25Z Redis GETs averaged 720K/h, over the target of 36.0K/h; no response was 429.',
    );
    expect(sentence.limit).toBe(
      'Database queries can’t be told: no Postgres is configured. Mode, machines and sources are those of now.',
    );
    expect(`${sentence.verdict} ${sentence.limit}`).not.toMatch(/ are at |last seen/);
  });

  it('has an open bucket only while that bucket really is open, and nothing else of it changes', async () => {
    const { runtime, watch } = await world([redis], gets(10));
    await watch(60.5);
    // Steps of a minute, so the last bucket is half over.
    const frozen = fixed(at(-120), at(60.5));
    const before = (await readNow(runtime, frozen)).charts.redisGets;
    expect(before.lastIsPartial).toBe(true);
    await watch(5);
    const after = (await readNow(runtime, frozen)).charts.redisGets;
    expect(after.lastIsPartial).toBe(false);
    expect(pointsOf(after).slice(0, -1)).toEqual(pointsOf(before).slice(0, -1));
    expect(pointsOf(after).at(-1)).toEqual([at(60), 10]);
  });

  it('counts the 429s of its own time only, however wide its bars are', async () => {
    const { runtime, watch } = await world([machine('m1')], (_target, atMs) =>
      good([
        sample('http_responses_total', grown(5, atMs), { status: '200' }),
        sample('http_responses_total', grown(1, atMs), { status: '429' }),
      ]),
    );
    await watch(240);
    // Bars of two minutes that begin before the window and end after it.
    const { responses429 } = (await readNow(runtime, fixed(at(31), at(174)))).charts;
    expect(responses429.stepMs).toBe(2 * MINUTE_MS);
    expect(pointsOf(responses429)[0]?.[0]).toBe(at(30));
    expect(responses429.overall).toBeCloseTo((174 - 31) * 60, 6);
    // The newest visit was 15 s ago.
    const { overall } = (await readNow(runtime, live('3h'))).charts.responses429;
    expect(overall).toBeCloseTo(179.75 * 60, 6);
  });

  it('shows as not watched yet what lies before the first visit, and as not watched a pause of ours', async () => {
    const { runtime, watch, wait } = await world([redis], gets(10));
    await watch(20);
    wait(20);
    await watch(20);
    const gapsOf = async (fromMinute: number, toMinute: number) => {
      const { gaps } = (await readNow(runtime, fixed(at(fromMinute), at(toMinute)))).charts.redisGets;
      return gaps.map(({ startMs, endMs, reason }) => [
        Math.round((startMs - START_MS) / MINUTE_MS),
        Math.round((endMs - START_MS) / MINUTE_MS),
        reason,
      ]);
    };
    expect(await gapsOf(-30, 10)).toEqual([[-30, 0, 'not watched yet']]);
    expect(await gapsOf(-30, 50)).toEqual([
      [-30, 0, 'not watched yet'],
      [20, 40, 'not watched'],
    ]);
    expect(await gapsOf(25, 50)).toEqual([[25, 40, 'not watched']]);
    const empty = (await readNow(runtime, fixed(at(-60), at(-30)))).charts.redisGets;
    expect(empty.missing?.reason).toBe('Nothing measured in this time: not watched yet');
    expect(empty).toMatchObject({ overall: null, latest: null });
    const { sentence } = await readNow(runtime, fixed(at(-60), at(-30)));
    expect(sentence.verdict).toBe('Between 16:00Z and 16:30Z nothing was measured.');
  });

  it('shows as before retention what is no longer kept', async () => {
    const { runtime, watch } = await world([redis], gets(10));
    await watch(5);
    const keptMs = runtime.clock.wallMs() - 730 * DAY_MS;
    const { gaps } = (await readNow(runtime, fixed(keptMs - DAY_MS, keptMs + DAY_MS))).charts.redisGets;
    expect(gaps.map(({ reason }) => reason)).toEqual(['before retention', 'not watched yet']);
    expect(gaps[0]).toMatchObject({ startMs: keptMs - DAY_MS, endMs: keptMs });
  });

  it('that ends in a silence of a source knows so, whether that source answers now or not', async () => {
    const { runtime, watch } = await world([redis], (target, atMs) => {
      if (atMs >= at(10) && atMs < at(30)) throw new ScrapeError('network', 'refused');
      return gets(10)(target, atMs);
    });
    await watch(40);
    const inside = (await readNow(runtime, fixed(at(0), at(12)))).charts.redisGets;
    expect(inside.stale).toBe(true);
    expect(inside.gaps.at(-1)).toMatchObject({ endMs: at(12), reason: 'unreachable' });
    expect(inside.latest?.value).toBeCloseTo(10, 6);
    expect(inside.latest?.atMs).toBeLessThanOrEqual(at(10));
    const after = (await readNow(runtime, fixed(at(0), at(35)))).charts.redisGets;
    expect(after.stale).toBe(false);
    expect(after.gaps).toEqual([expect.objectContaining({ reason: 'unreachable' })]);
  });

  it('inside the silence of one machine has no sum: the others alone are no sum', async () => {
    const { runtime, watch } = await world([machine('m1'), machine('m2')], (target, atMs) => {
      if (target.name === 'm2' && atMs >= at(20)) throw new ScrapeError('network', 'm2 refused');
      return good([sample('app_redis_commands_total', grown(10, atMs), { cmd: 'get' })]);
    });
    await watch(60);
    const { redisGets } = (await readNow(runtime, fixed(at(30), at(50)))).charts;
    expect(known(redisGets)).toEqual([]);
    expect(redisGets.overall).toBeNull();
    expect(redisGets.missing?.reason).toBe('Nothing measured in this time: unreachable');
    // The same holds of the range that ends now.
    expect(known((await readNow(runtime, live('15m'))).charts.redisGets)).toEqual([]);
  });

  it('before a second machine began has the sum of the first, without a gap', async () => {
    const { runtime, watch } = await world([machine('m1'), machine('m2')], (target, atMs) => {
      if (target.name === 'm2' && atMs < at(30)) return good([]);
      return good([sample('app_redis_commands_total', grown(10, atMs), { cmd: 'get' })]);
    });
    await watch(60);
    const { redisGets } = (await readNow(runtime, fixed(at(10), at(20)))).charts;
    expect(redisGets.overall).toBeCloseTo(10, 6);
    expect(redisGets.gaps).toEqual([]);
  });

  it('that is older than samples are kept is drawn from blocks, and older than those from hours', async () => {
    const opened = await openWorld([redis], gets(10), { fromMs: START_MS - 100 * DAY_MS });
    closers.push(opened.close);
    const { runtime, watch, wait } = opened;
    const oldMs = START_MS - 100 * DAY_MS;
    await watch(3 * 60, MINUTE_MS);
    wait(57 * 24 * 60 - 3 * 60);
    await watch(3 * 60, MINUTE_MS);
    wait(43 * 24 * 60 - 3 * 60);
    await watch(10);
    for (let hour = 0; hour < 4; hour++) {
      await runtime.store.maintain(runtime.clock.wallMs());
      wait(60);
    }
    const blocks = START_MS - 43 * DAY_MS;
    const byBlocks = (await readNow(runtime, fixed(blocks, blocks + 2 * HOUR_MS))).charts.redisGets;
    expect(byBlocks.stepMs).toBe(5 * MINUTE_MS);
    expect(byBlocks.overall).toBeCloseTo(10, 6);
    expect(byBlocks.gaps).toEqual([]);
    const byHours = (await readNow(runtime, fixed(oldMs, oldMs + 2 * HOUR_MS))).charts.redisGets;
    expect(byHours.stepMs).toBe(HOUR_MS);
    expect(byHours.overall).toBeCloseTo(10, 6);
    expect(known(byHours)).toHaveLength(2);
  });

  it('of weeks names its silences as a short one does', async () => {
    const opened = await openWorld(
      [redis],
      (target, atMs) => {
        if (atMs >= START_MS - DAY_MS && atMs < START_MS - DAY_MS + 2 * HOUR_MS)
          throw new ScrapeError('auth', 'refused');
        return gets(10)(target, atMs);
      },
      { fromMs: START_MS - 3 * DAY_MS },
    );
    closers.push(opened.close);
    const { runtime, watch, wait } = opened;
    await watch(24 * 60, 5 * MINUTE_MS);
    wait(6 * 60);
    await watch(42 * 60, 5 * MINUTE_MS);
    const { redisGets } = (await readNow(runtime, live('7d'))).charts;
    expect(redisGets.gaps.map(({ startMs, endMs, reason }) => [reason, endMs - startMs])).toEqual([
      ['not watched yet', 4 * DAY_MS],
      ['not watched', 6 * HOUR_MS],
      ['login refused', 2 * HOUR_MS],
    ]);
    const day = (await readNow(runtime, live('24h'))).charts.redisGets;
    expect(day.gaps.map(({ reason }) => reason)).toEqual(['login refused']);
  });
});

describe('a tick of a fixed window', { timeout: 60_000 }, () => {
  it('brings only what may still change', async () => {
    const { runtime, watch } = await world([redis], gets(10));
    await watch(20);
    const tick = await readNowTick(runtime, { ...fixed(at(0), at(10)), sinceMs: at(9) });
    expect(pointsOf(tick.charts.redisGets).map(([atMs]) => atMs)).toEqual([
      at(9),
      at(9.25),
      at(9.5),
      at(9.75),
    ]);
    expect(tick.window).toEqual({ kind: 'fixed', name: '1h', startMs: at(0), endMs: at(10) });
  });
});
