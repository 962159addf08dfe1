import { afterEach, describe, expect, it } from 'vitest';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../collectors/collector.ts';
import type { Goal, Target } from '../config/types.ts';
import { readNow, readNowTick } from './now.ts';
import { readSeries } from './series.ts';
import { readStatus } from './status.ts';
import {
  type Answer,
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

const known = (points: readonly (readonly [number, number | null])[]): number[] =>
  points.flatMap(([, value]) => (value === null ? [] : [value]));

describe('the Now view', () => {
  it('shows rates, targets and a sentence from what was collected', async () => {
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
      [redis, postgres, machine('m1')],
      (target, atMs) => {
        if (target.kind === 'redis') {
          return good([
            sample('redis_commands_total', grown(200, atMs), { cmd: 'get' }),
            sample('redis_keyspace_hits_total', grown(150, atMs)),
            sample('redis_keyspace_misses_total', grown(50, atMs)),
          ]);
        }
        if (target.kind === 'postgres') return good([sample('db_queries_total', grown(2, atMs))]);
        return good([sample('http_responses_total', grown(5, atMs), { status: '200' })], {
          version: 'v1',
          health: 'passing',
        });
      },
      [goal],
    );
    await watch(30);
    const view = await readNow(runtime, live('1h'));
    expect(view.charts.redisGets.latest?.value).toBeCloseTo(200, 6);
    expect(view.charts.dbQueries.latest?.value).toBeCloseTo(2, 1);
    expect(view.charts.hitRatio.latest?.value).toBeCloseTo(0.75, 3);
    expect(view.charts.redisGets.goals).toEqual([{ direction: 'atMost', value: 10, text: '36K/h' }]);
    expect(view.sentence.verdict).toBe(
      'Redis GETs are at 720K/h, over the target of 36.0K/h; database queries are at 7.20K/h; no 429s in the 30\u00a0m watched of the last hour.',
    );
    expect(view.machines).toEqual([
      expect.objectContaining({ name: 'm1', version: 'v1', health: 'passing', restarts24h: 0, state: 'ok' }),
    ]);
    expect(view.machines[0]?.requestsPerSecond).toBeCloseTo(5, 1);
    expect(view.mode).toMatchObject({ mode: 'active', quality: 'inferred' });
    expect(view.sources.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
  });

  it('a machine’s cache and GETs per request are told where it exports them, and missing where it does not', async () => {
    const { runtime, watch } = await world([machine('m1'), machine('m2'), machine('m3')], (target, atMs) => {
      const responses = sample('http_responses_total', grown(5, atMs), { status: '200' });
      const gets = sample('app_redis_commands_total', grown(2, atMs), { cmd: 'get' });
      if (target.name === 'm1') return good([responses, gets, sample('app_local_cache_bytes', 1_000)]);
      return good(target.name === 'm2' ? [responses] : [gets]);
    });
    await watch(10);
    const { machines } = await readNow(runtime, live('15m'));
    expect(machines[0]).toMatchObject({ localCache: { usedBytes: 1_000, maxBytes: null } });
    expect(machines[0]?.getsPerRequest).toBeCloseTo(0.4, 6);
    for (const one of machines.slice(1)) {
      expect(one).toMatchObject({ localCache: null, getsPerRequest: null });
    }
  });

  it('no 429 while responses are counted is a measured zero', async () => {
    const { runtime, watch } = await world([machine('m1')], (_target, atMs) =>
      good([sample('http_responses_total', grown(5, atMs), { status: '200' })]),
    );
    await watch(10);
    const { responses429 } = (await readNow(runtime, live('15m'))).charts;
    expect(responses429.missing).toBeNull();
    expect(responses429.overall).toBe(0);
    expect(known(responses429.lines[0]?.points ?? []).every((value) => value === 0)).toBe(true);
  });

  it('the first 429s of a machine are all counted', async () => {
    const { runtime, watch } = await world([machine('m1')], (_target, atMs) => {
      const samples = [sample('http_responses_total', grown(5, atMs), { status: '200' })];
      if (atMs >= START_MS + 5 * MINUTE_MS)
        samples.push(sample('http_responses_total', 4, { status: '429' }));
      return good(samples);
    });
    await watch(10);
    expect((await readNow(runtime, live('15m'))).charts.responses429.overall).toBeCloseTo(4, 9);
  });

  it('429s of one machine count in full while another does not answer', async () => {
    const downFrom = START_MS + 5 * MINUTE_MS;
    const { runtime, watch } = await world([machine('m1'), machine('m2')], (target, atMs) => {
      const isDown = atMs >= downFrom && atMs < downFrom + 5 * MINUTE_MS;
      if (target.name === 'm2' && isDown) throw new ScrapeError('network', 'm2 refused');
      const limited = Math.max(0, Math.min(10, Math.floor((atMs - downFrom) / 15_000)));
      return good([
        sample('http_responses_total', grown(5, atMs), { status: '200' }),
        sample('http_responses_total', target.name === 'm1' ? limited : limited / 2, { status: '429' }),
      ]);
    });
    await watch(15);
    const { responses429 } = (await readNow(runtime, live('1h'))).charts;
    expect(responses429.overall).toBeCloseTo(10 + 5, 9);
    expect((responses429.lines[0]?.points ?? []).some(([, value]) => value === null)).toBe(true);
  });

  it('classes such as 4xx are a reason, not a zero', async () => {
    const { runtime, watch } = await world([machine('m1')], (_target, atMs) =>
      good([sample('http_responses_total', grown(5, atMs), { status: '4xx' })]),
    );
    await watch(10);
    const view = await readNow(runtime, live('15m'));
    expect(view.charts.responses429.missing?.reason).toContain('4xx');
    expect(view.charts.responses429.lines[0]?.points).toEqual([]);
    expect(view.sentence.verdict).not.toContain('429');
  });

  it('one machine of two with classes only is said beside the count', async () => {
    const { runtime, watch } = await world([machine('m1'), machine('m2')], (target, atMs) =>
      good([
        sample('http_responses_total', grown(5, atMs), { status: target.name === 'm1' ? '200' : '2xx' }),
      ]),
    );
    await watch(10);
    const { responses429 } = (await readNow(runtime, live('15m'))).charts;
    expect(responses429.note).toContain('1 of 2 machines');
    expect(responses429.missing).toBeNull();
  });

  it('while one machine does not answer the sum is a gap with its reason, never a drop', async () => {
    const downFrom = START_MS + 10 * MINUTE_MS;
    const { runtime, watch } = await world([machine('m1'), machine('m2')], (target, atMs) => {
      if (target.name === 'm2' && atMs >= downFrom && atMs < downFrom + 5 * MINUTE_MS) {
        throw new ScrapeError('network', 'm2 refused');
      }
      return good([sample('app_redis_commands_total', grown(10, atMs), { cmd: 'get' })]);
    });
    await watch(20);
    const { redisGets } = (await readNow(runtime, live('1h'))).charts;
    const values = known(redisGets.lines[0]?.points ?? []);
    expect(Math.min(...values)).toBeGreaterThan(19);
    const inGap = (redisGets.lines[0]?.points ?? []).filter(
      ([atMs]) => atMs >= downFrom + MINUTE_MS && atMs < downFrom + 4 * MINUTE_MS,
    );
    expect(inGap.length).toBeGreaterThan(0);
    expect(inGap.every(([, value]) => value === null)).toBe(true);
    expect(redisGets.gaps.some(({ reason }) => reason === 'm2: unreachable')).toBe(true);
  });

  it('without a counter by command it takes the machines’ own, else read commands under their own name', async () => {
    const reads = (atMs: number): CollectResult =>
      good([sample('redis_read_commands_total', grown(30, atMs))]);
    const both = await world([redis, machine('m1')], (target, atMs) =>
      target.kind === 'redis'
        ? reads(atMs)
        : good([sample('app_redis_commands_total', grown(20, atMs), { cmd: 'get' })]),
    );
    await both.watch(5);
    const fromMachines = await readNow(both.runtime, live('15m'));
    expect(fromMachines.redisGetsTitle).toBe('Redis GETs');
    expect(fromMachines.charts.redisGets.latest?.value).toBeCloseTo(20, 6);
    expect(fromMachines.charts.redisGets.note).toContain('machines');

    const alone = await world([redis], (_target, atMs) => reads(atMs));
    await alone.watch(5);
    const fromReads = await readNow(alone.runtime, live('15m'));
    expect(fromReads.redisGetsTitle).toBe('Redis read commands');
    expect(fromReads.charts.redisGets.note).toContain('Inferred');
  });

  it('a source that fell silent keeps its last numbers, said as old', async () => {
    let silent = false;
    const { runtime, watch } = await world([redis], (_target, atMs) => {
      if (silent) throw new ScrapeError('timeout', 'redis: cache gave no answer within 5 s');
      return good([sample('redis_commands_total', grown(200, atMs), { cmd: 'get' })]);
    });
    await watch(10);
    silent = true;
    await watch(10);
    const view = await readNow(runtime, live('1h'));
    expect(view.charts.redisGets).toMatchObject({ stale: true, missing: null });
    expect(view.charts.redisGets.latest?.value).toBeCloseTo(200, 6);
    expect(view.charts.redisGets.gaps.at(-1)?.reason).toBe('no answer');
    expect(view.sentence.verdict).toContain('were last seen at');
    expect(view.sources[0]).toMatchObject({ state: 'down', fix: expect.stringContaining('Check') });
  });

  it('a counter that goes backwards without a restart is named on the sources list for an hour', async () => {
    const glitchAt = START_MS + 5 * MINUTE_MS;
    const { runtime, watch, wait } = await world([redis], (_target, atMs) =>
      good([sample('redis_commands_total', grown(1, atMs) - (atMs === glitchAt ? 100 : 0), { cmd: 'get' })]),
    );
    await watch(10);
    const shown = async (): Promise<string> =>
      (await readNow(runtime, live('15m'))).sources[0]?.notices.join() ?? '';
    expect(await shown()).toContain('redis_commands_total get went backwards at 17:05Z');
    expect(await shown()).toContain('nothing was added');
    expect((await readNow(runtime, live('15m'))).charts.redisGets.latest?.value).toBeCloseTo(1, 6);
    wait(61);
    expect(await shown()).toBe('');
  });

  it('the first sample is said as the first of two', async () => {
    const { runtime, watch } = await world([redis], (_target, atMs) =>
      good([sample('redis_commands_total', grown(200, atMs), { cmd: 'get' })]),
    );
    await watch(0.25);
    expect((await readNow(runtime, live('5m'))).charts.redisGets.missing?.reason).toBe(
      'Sample 1 of 2, first rate in 15 s',
    );
  });

  it('a tick brings only new points, and together with the old view it is the whole view', async () => {
    const { runtime, watch } = await world([redis], (_target, atMs) =>
      good([sample('redis_commands_total', grown(200, atMs), { cmd: 'get' })]),
    );
    await watch(30);
    const before = await readNow(runtime, live('1h'));
    const points = before.charts.redisGets.lines[0]?.points ?? [];
    const sinceMs = points.at(-2)?.[0] ?? 0;
    await watch(1);
    const tick = await readNowTick(runtime, { ...live('1h'), sinceMs });
    const fresh = tick.charts.redisGets.lines[0]?.points ?? [];
    expect(fresh.length).toBeLessThanOrEqual(8);
    const whole = (await readNow(runtime, live('1h'))).charts.redisGets.lines[0]?.points ?? [];
    const joined = [...points.filter(([atMs]) => atMs < sinceMs), ...fresh].filter(
      ([atMs]) => atMs >= (whole[0]?.[0] ?? 0),
    );
    expect(joined).toEqual(whole);
  });
});

describe('one metric by the API', () => {
  const question = { labels: {}, as: 'rate' as const, stepMs: MINUTE_MS };

  it('names what it does not know and what it cannot do', async () => {
    const { runtime, watch } = await world([redis], (_target, atMs) =>
      good([sample('redis_commands_total', grown(200, atMs), { cmd: 'get' })]),
    );
    await watch(5);
    const range = { startMs: START_MS, endMs: START_MS + 5 * MINUTE_MS };
    expect(await readSeries(runtime, { ...question, metric: 'redis_comands_total', range })).toMatchObject({
      code: 'not_found',
      suggestions: expect.arrayContaining(['redis_commands_total']),
    });
    expect(await readSeries(runtime, { ...question, metric: 'redis_up', range })).toMatchObject({
      code: 'bad_input',
    });
    expect(
      await readSeries(runtime, { ...question, metric: 'redis_commands_total', range, stepMs: 1 }),
    ).toMatchObject({ code: 'bad_input' });
  });

  it('a command that was never called is zero where commands are counted, by target', async () => {
    const { runtime, watch } = await world([redis], (_target, atMs) =>
      good([sample('redis_commands_total', grown(200, atMs), { cmd: 'get' })]),
    );
    await watch(5);
    const range = { startMs: START_MS, endMs: START_MS + 5 * MINUTE_MS };
    const answer = await readSeries(runtime, {
      ...question,
      metric: 'redis_commands_total',
      labels: { cmd: 'set' },
      range,
    });
    if ('code' in answer) throw new Error(answer.message);
    expect(answer.series).toHaveLength(1);
    expect(known(answer.series[0]?.points ?? []).every((value) => value === 0)).toBe(true);
    expect(known(answer.series[0]?.points ?? []).length).toBeGreaterThanOrEqual(4);
  });

  it('the last open bucket is flagged, and a closed one is not', async () => {
    const { runtime, watch } = await world([redis], (_target, atMs) =>
      good([sample('redis_commands_total', grown(200, atMs), { cmd: 'get' })]),
    );
    await watch(5.75);
    const ask = async (endMs: number) => {
      const answer = await readSeries(runtime, {
        ...question,
        metric: 'redis_commands_total',
        range: { startMs: START_MS, endMs },
      });
      if ('code' in answer) throw new Error(answer.message);
      return answer.series[0]?.partial;
    };
    expect(await ask(START_MS + 5.75 * MINUTE_MS)).toBe(true);
    expect(await ask(START_MS + 5 * MINUTE_MS)).toBe(false);
  });

  it('status says ages, errors and what watching has cost', async () => {
    const { runtime, watch, wait } = await world([redis, machine('m1')], (target) => {
      if (target.kind === 'app') throw new ScrapeError('parse', 'app: m1 answered HTML, not metrics');
      return good([]);
    });
    await watch(1);
    wait(1);
    const status = await readStatus(runtime);
    expect(status.observer).toMatchObject({ commands: 8, usdToday: null, days: [] });
    expect(status.sources[0]?.cost).toMatchObject({
      today: { commands: 4 },
      yesterday: null,
      aDay: { commands: 5_760 },
      usdADay: null,
      contactsADay: null,
      pausedUntil: null,
    });
    expect(status.sources).toEqual([
      expect.objectContaining({ kind: 'redis', state: 'stale', ageSeconds: 75, lastError: null }),
      expect.objectContaining({
        kind: 'app',
        state: 'misconfigured',
        lastError: 'app: m1 answered HTML, not metrics',
      }),
    ]);
  });
});
