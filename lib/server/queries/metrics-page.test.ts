import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Target } from '../config/types.ts';
import { readMetricsPage } from './metrics-page.ts';
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

async function world(targets: readonly Target[], answer: Answer) {
  const opened = await openWorld(targets, answer);
  closers.push(opened.close);
  return opened;
}

describe('commands × machines', () => {
  it('gives each command its share, its machines and its line, the largest first', async () => {
    const { runtime, watch } = await world([redis, machine('m1'), machine('m2')], (target, atMs) => {
      if (target.kind === 'redis') {
        return good([
          sample('redis_commands_total', grown(30, atMs), { cmd: 'get' }),
          sample('redis_commands_total', grown(10, atMs), { cmd: 'set' }),
        ]);
      }
      const perSecond = target.name === 'm1' ? 20 : 5;
      return good([
        sample('app_redis_commands_total', grown(perSecond, atMs), { cmd: 'get', component: 'cache' }),
        ...(target.name === 'm1'
          ? [sample('app_redis_commands_total', grown(10, atMs), { cmd: 'set', component: 'limiter' })]
          : []),
        sample('http_responses_total', grown(5, atMs), { status: '200' }),
      ]);
    });
    await watch(20);
    const { commands, requestsPerSecond } = await readMetricsPage(runtime, live('15m'));
    expect(commands).toMatchObject({
      countedBy: 'redis',
      machines: ['m1', 'm2'],
      otherMachines: 0,
      missing: null,
    });
    expect(commands.rows.map(({ key }) => key)).toEqual(['get', 'set']);
    const [get, set] = commands.rows;
    expect(get?.perSecond).toBeCloseTo(30, 1);
    expect(get?.share).toBeCloseTo(0.75, 3);
    expect(get?.byMachine.map((value) => Math.round(value ?? -1))).toEqual([20, 5]);
    expect(set?.byMachine.map((value) => Math.round(value ?? -1))).toEqual([10, 0]);
    expect(get?.points.filter((point) => point !== null).length).toBeGreaterThan(20);
    expect(commands.components.map(({ key, share }) => [key, share?.toFixed(2)])).toEqual([
      ['cache', '0.71'],
      ['limiter', '0.29'],
    ]);
    expect(requestsPerSecond).toBeCloseTo(10, 1);
  });

  it('takes what machines count where Redis has no counter by command, and says so; without either, why', async () => {
    const byMachines = await world([redis, machine('m1')], (target, atMs) =>
      target.kind === 'redis'
        ? good([sample('redis_commands_processed_total', grown(5, atMs))])
        : good([sample('app_redis_commands_total', grown(4, atMs), { cmd: 'get' })]),
    );
    await byMachines.watch(10);
    const view = await readMetricsPage(byMachines.runtime, live('15m'));
    expect(view.commands).toMatchObject({
      countedBy: 'machines',
      note: expect.stringContaining('your machines'),
    });
    expect(view.commands.rows[0]?.perSecond).toBeCloseTo(4, 1);
    expect(view.requestsPerSecond).toBeNull();

    const alone = await world([redis], (_target, atMs) =>
      good([sample('redis_commands_processed_total', grown(5, atMs))]),
    );
    await alone.watch(5);
    const { commands } = await readMetricsPage(alone.runtime, live('15m'));
    expect(commands).toMatchObject({ rows: [], countedBy: null, missing: { reason: expect.any(String) } });
  });

  it('sets a second window beside the first', async () => {
    const middle = START_MS + 30 * MINUTE_MS;
    const { runtime, watch } = await world([redis], (_target, atMs) =>
      good([
        sample(
          'redis_commands_total',
          grown(10, Math.min(atMs, middle)) + Math.max(0, (atMs - middle) / 1_000) * 2,
          {
            cmd: 'get',
          },
        ),
      ]),
    );
    await watch(60);
    const view = await readMetricsPage(
      runtime,
      fixed(middle + 10 * MINUTE_MS, middle + 25 * MINUTE_MS, 'day'),
    );
    expect(view.commands.rows[0]?.beforePerSecond ?? null).toBeNull();
    const near = await readMetricsPage(runtime, fixed(middle, middle + 25 * MINUTE_MS, 'before'));
    expect(near.commands.rows[0]?.perSecond).toBeCloseTo(2, 1);
    expect(near.commands.rows[0]?.beforePerSecond).toBeCloseTo(10, 1);
    expect(near.reconcileBefore).not.toBeNull();
  });
});

describe('the other tables', () => {
  it('give each statement family its calls, its time and its share', async () => {
    const { runtime, watch } = await world([postgres], (_target, atMs) =>
      good([
        sample('db_statements_total', grown(3, atMs), { family: 'select from a' }),
        sample('db_statement_seconds_total', ((atMs - START_MS) / 1_000) * 0.03, { family: 'select from a' }),
        sample('db_statements_total', grown(1, atMs), { family: 'update b' }),
      ]),
    );
    await watch(20);
    const { families } = await readMetricsPage(runtime, live('15m'));
    expect(families.rows.map(({ key, share }) => [key, share?.toFixed(2)])).toEqual([
      ['select from a', '0.75'],
      ['update b', '0.25'],
    ]);
    expect(families.rows[0]?.meanSeconds).toBeCloseTo(0.01, 4);
    expect(families.rows[1]?.meanSeconds).toBeNull();
  });

  it('count 429s by machine: a machine without one is a zero, one that gives classes is left out and said', async () => {
    const { runtime, watch } = await world([machine('m1'), machine('m2'), machine('m3')], (target, atMs) => {
      if (target.name === 'm3')
        return good([sample('http_responses_total', grown(5, atMs), { status: '4xx' })]);
      const limited =
        target.name === 'm1' ? [sample('http_responses_total', grown(1, atMs), { status: '429' })] : [];
      return good([sample('http_responses_total', grown(4, atMs), { status: '200' }), ...limited]);
    });
    await watch(20);
    const { limited } = await readMetricsPage(runtime, live('15m'));
    expect(limited.rows.map(({ key, share }) => [key, share])).toEqual([
      ['m1', 1],
      ['m2', 0],
    ]);
    expect(limited.rows[0]?.ofOwn).toBeCloseTo(0.2, 2);
    expect(limited.rows[0]?.count).toBeGreaterThan(850);
    expect(limited.rows[1]).toMatchObject({ count: 0, perSecond: 0, ofOwn: 0 });
    expect(limited.note).toContain('1 of 3 machines');
  });

  it('gives 429s by route, and in one row those of routes that are not kept', async () => {
    const { runtime, watch } = await world([machine('m1'), machine('m2')], (target, atMs) => {
      const route = (name: string, limited: number, rest: number) => [
        sample('http_route_responses_total', grown(limited, atMs), { route: name, status: '429' }),
        sample('http_route_responses_total', grown(rest, atMs), { route: name, status: 'rest' }),
      ];
      return good([
        sample('http_responses_total', grown(10, atMs), { status: '200' }),
        sample('http_responses_total', grown(3, atMs), { status: '429' }),
        ...(target.name === 'm1' ? [...route('/search', 2, 6), ...route('/feed', 0, 4)] : []),
      ]);
    });
    await watch(20);
    const { limited } = await readMetricsPage(runtime, live('15m'));
    expect(limited.routes.map(({ key }) => key)).toEqual(['/search', '/feed', 'other routes']);
    const [search, feed, others] = limited.routes;
    expect(search).toMatchObject({ share: expect.closeTo(1 / 3, 2), ofOwn: expect.closeTo(0.25, 2) });
    expect(feed).toMatchObject({ count: 0, perSecond: 0, ofOwn: 0 });
    expect(others?.perSecond).toBeCloseTo(4, 1);
    expect(others?.share).toBeCloseTo(2 / 3, 2);
    const all = limited.rows.reduce((sum, { count }) => sum + count, 0);
    expect(limited.routes.reduce((sum, { count }) => sum + count, 0)).toBe(all);
  });
});
