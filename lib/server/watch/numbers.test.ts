import { afterEach, describe, expect, it } from 'vitest';
import type { Labels } from '@/lib/core/model/sample.ts';
import { alignDown, BLOCK_MS, DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { isUsable } from '@/lib/core/verdict/blocks.ts';
import {
  type Answer,
  good,
  grown,
  machine,
  openWorld,
  postgres,
  prometheus,
  redis,
  START_MS,
  sample,
  type World,
} from '../queries/test-world.ts';
import { type ClaimNumbers, readClaimNumbers, readRequestBlocks } from './numbers.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const SCOPE = { app: 'harbor', environment: 'production' };
const DAYS = 1;
/** T₀: a day and a bit after the first visit. */
const ORIGIN_MS = START_MS + DAYS * DAY_MS + 2 * 60_000;

async function world(answer: Answer, targets = [redis], options = {}): Promise<World> {
  const opened = await openWorld(targets, answer, options);
  closers.push(opened.close);
  return opened;
}

async function read(
  { runtime, nowMs }: World,
  metric: string,
  labels: Labels = {},
  originMs = ORIGIN_MS,
): Promise<ClaimNumbers> {
  const found = await readClaimNumbers(
    runtime,
    SCOPE,
    { metric, labels },
    { originMs, days: DAYS, untilMs: nowMs() },
  );
  if ('unmeasurable' in found) throw new Error(found.unmeasurable);
  return found;
}

/** Rates per second, rounded; null where nothing is known. */
function rates({ blocks }: ClaimNumbers, side: 'before' | 'after'): (number | null)[] {
  if (blocks.kind !== 'counts') throw new Error('counts were expected');
  return blocks[side].map((block) =>
    isUsable(block) ? Math.round((block.increase * 100_000) / block.coveredMs) / 100 : null,
  );
}

describe('the numbers of a claim', () => {
  it('are the same blocks on both sides of T₀, the block that holds T₀ being the first after it', async () => {
    // 200 a second before, 20 since.
    const gets = (atMs: number) =>
      grown(200, Math.min(atMs, ORIGIN_MS)) + Math.max(0, Math.round((atMs - ORIGIN_MS) / 50));
    const all = await world((_t, atMs) => good([sample('redis_commands_total', gets(atMs), { cmd: 'get' })]));
    await all.watch(DAYS * 24 * 60 + 62, 120_000);

    const found = await read(all, 'redis_commands_total', { cmd: 'get' });
    expect(found).toMatchObject({
      midMs: alignDown(ORIGIN_MS, BLOCK_MS),
      baseline: 'measured',
      backfilledStepMs: null,
      quality: 'measured',
      note: null,
    });
    expect(found.blocks).toMatchObject({ kind: 'counts', countsEvents: true });
    expect(found.blocks.before).toHaveLength((DAYS * DAY_MS) / BLOCK_MS);
    expect(new Set(rates(found, 'before').slice(1))).toEqual(new Set([200]));
    expect(rates(found, 'after')).toHaveLength(12);
    // Two of the five minutes of the first block lie before T₀.
    expect(rates(found, 'after')[0]).toBeCloseTo(92, -1);
    expect(new Set(rates(found, 'after').slice(1))).toEqual(new Set([20]));
  });

  it('are missing, and no fall, where one of two machines is silent', async () => {
    const silent = { from: ORIGIN_MS + 30 * 60_000, to: ORIGIN_MS + HOUR_MS };
    const all = await world(
      (target, atMs) => {
        const isSilent = target.name === 'b' && atMs >= silent.from && atMs < silent.to;
        return isSilent
          ? good([])
          : good([sample('http_responses_total', grown(10, atMs), { status: '200' })]);
      },
      [machine('a'), machine('b')] as never,
    );
    await all.watch(DAYS * 24 * 60 + 120, 120_000);

    const after = rates(await read(all, 'http_responses_total'), 'after');
    expect(after.filter((value) => value !== null && value < 19)).toEqual([]);
    expect(after.filter((value) => value === null).length).toBeGreaterThanOrEqual(6);
    expect(after.slice(-6)).toEqual([20, 20, 20, 20, 20, 20]);
  });

  it('count a machine that began with the deploy from its first block on', async () => {
    const all = await world(
      (target, atMs) =>
        target.name === 'b' && atMs < ORIGIN_MS
          ? good([])
          : good([sample('http_responses_total', grown(10, atMs), { status: '200' })]),
      [machine('a'), machine('b')] as never,
    );
    await all.watch(DAYS * 24 * 60 + 60, 120_000);

    const found = await read(all, 'http_responses_total');
    expect(new Set(rates(found, 'before').slice(1))).toEqual(new Set([10]));
    expect(new Set(rates(found, 'after').slice(1))).toEqual(new Set([20]));
  });

  it('follow the rung of Redis GETs that counted before T₀, and none that only counts since', async () => {
    const hasCommandstats = (atMs: number): boolean => atMs < ORIGIN_MS;
    const all = await world(
      (target, atMs) =>
        target.kind === 'redis'
          ? good(
              hasCommandstats(atMs) ? [sample('redis_commands_total', grown(100, atMs), { cmd: 'get' })] : [],
            )
          : good(
              hasCommandstats(atMs)
                ? []
                : [sample('app_redis_commands_total', grown(7, atMs), { cmd: 'get' })],
            ),
      [redis, machine('a')] as never,
    );
    await all.watch(DAYS * 24 * 60 + 60, 120_000);

    const found = await readClaimNumbers(
      all.runtime,
      SCOPE,
      { metric: 'redis_commands_total', labels: { cmd: 'get' } },
      { originMs: alignDown(ORIGIN_MS, BLOCK_MS) + BLOCK_MS, days: DAYS, untilMs: all.nowMs() },
    );
    expect(found).toEqual({
      unmeasurable:
        'It was counted by redis_commands_total of redis before the deploy and by app_redis_commands_total of app after it; the two do not compare.',
    });
  });

  it('say how they are got where it is not plain', async () => {
    const all = await world((_t, atMs) => good([sample('redis_read_commands_total', grown(5, atMs))]));
    await all.watch(DAYS * 24 * 60 + 20, 120_000);
    const found = await read(all, 'redis_commands_total', { cmd: 'get' });
    expect(found.note).toContain('GETs can’t be told apart');
  });

  it('are means of blocks for a level, and follow the unit of the metric where that is a rate', async () => {
    const all = await world((_t, atMs) =>
      good([
        sample('redis_connected_clients', atMs < ORIGIN_MS ? 45 : 36),
        sample('redis_commands_processed_total', grown(1000, atMs)),
      ]),
    );
    await all.watch(DAYS * 24 * 60 + 30, 120_000);

    const clients = await read(all, 'redis_connected_clients');
    expect(clients.blocks).toMatchObject({ kind: 'levels', resolution: null });
    expect(clients.blocks.before[100]).toBe(45);
    expect(clients.blocks.after.at(-1)).toBe(36);
    const money = await read(all, 'redis_commands_cost_usd_per_day');
    expect(money.blocks).toMatchObject({ kind: 'counts', countsEvents: false });
    // 1,000 a second are 86.4 M a day at $0.20 for 100,000.
    expect(rates(money, 'after').at(-1)).toBeCloseTo(172.8, 1);
  });

  it('take the days before a first visit from a provider’s memory, and say so', async () => {
    const firstMs = ORIGIN_MS - HOUR_MS;
    const stretches = Array.from({ length: 24 * DAYS * 2 }, (_, i) => {
      const startMs = alignDown(firstMs, HOUR_MS) - DAYS * DAY_MS + i * HOUR_MS;
      return { startMs, endMs: startMs + HOUR_MS, value: 150 * 3600 };
    }).filter(({ endMs }) => endMs <= firstMs);
    const all = await world(
      (_t, atMs) => good([sample('redis_commands_total', grown(200, atMs), { cmd: 'get' })]),
      [redis, prometheus] as never,
      {
        fromMs: firstMs,
        memory: {
          engine: () => [
            { metric: 'redis_commands_total', labels: { cmd: 'get' }, quality: 'measured', stretches },
          ],
        },
      },
    );
    await all.watch(90, 120_000);
    await all.runtime.poller.readHistory();

    const found = await read(all, 'redis_commands_total', { cmd: 'get' });
    expect(found).toMatchObject({
      baseline: 'backfilled',
      backfilledStepMs: HOUR_MS,
      provider: 'Prometheus',
    });
    expect(rates(found, 'before')[10]).toBe(150);
    expect(rates(found, 'before').at(-1)).toBe(200);
  });

  it('leave out days that nobody looked at, and keep a gap within those that somebody did', async () => {
    const all = await world(
      (_t, atMs) => good([sample('redis_commands_total', grown(9, atMs), { cmd: 'get' })]),
      undefined,
      {
        fromMs: ORIGIN_MS - DAY_MS - HOUR_MS,
      },
    );
    await all.watch(6 * 60, 120_000);
    all.wait(180);
    await all.watch(17 * 60, 120_000);
    const found = await readClaimNumbers(
      all.runtime,
      SCOPE,
      { metric: 'redis_commands_total', labels: { cmd: 'get' } },
      { originMs: ORIGIN_MS, days: 14, untilMs: all.nowMs() },
    );
    if ('unmeasurable' in found) throw new Error(found.unmeasurable);
    expect(found.blocks.before).toHaveLength((2 * DAY_MS) / BLOCK_MS);
    expect(
      found.blocks.before.slice(288).filter((block) => !isUsable(block as never)).length,
    ).toBeGreaterThan(34);
  });

  it('leave out of the days before what depends on Redis while it was suspended, and nothing else', async () => {
    const all = await world(
      ({ kind }, atMs) =>
        kind === 'redis'
          ? good([sample('redis_commands_total', grown(9, atMs), { cmd: 'get' })])
          : good([sample('app_worker_polls_total', grown(2, atMs), { family: 'jobs' })]),
      [redis, machine('a')] as never,
    );
    await all.watch(DAYS * 24 * 60 + 20, 120_000);
    const off = { startMs: START_MS + 6 * HOUR_MS, endMs: START_MS + 8 * HOUR_MS };
    const runtime: World['runtime'] = {
      ...all.runtime,
      modes: { current: () => null, history: () => [], suspended: () => [off] },
    };
    const missing = async (metric: string, labels: Labels = {}) => {
      const found = await read({ ...all, runtime }, metric, labels);
      return rates(found, 'before').filter((value) => value === null).length;
    };
    expect(await missing('redis_commands_total', { cmd: 'get' })).toBeGreaterThanOrEqual(24);
    expect(await missing('app_worker_polls_total')).toBeLessThan(3);
  });

  it('are unmeasurable, with what is missing, where nothing here tells the metric', async () => {
    const all = await world((_t, atMs) =>
      good([sample('redis_commands_total', grown(9, atMs), { cmd: 'get' })]),
    );
    await all.watch(10);
    const ask = (metric: string, labels: Labels = {}) =>
      readClaimNumbers(
        all.runtime,
        SCOPE,
        { metric, labels },
        { originMs: START_MS, days: 1, untilMs: all.nowMs() },
      );
    expect(await ask('http_responses_total')).toEqual({
      unmeasurable: expect.stringContaining('Nothing connected here counts http_responses_total'),
    });
    expect(await ask('redis_read_commands_total')).toEqual({
      unmeasurable: 'Nothing connected here has told redis_read_commands_total yet.',
    });
    expect(await ask('no_such_metric')).toEqual({ unmeasurable: 'There is no metric no_such_metric.' });
  });

  it('give the same row of days to everybody who asks, so that it is read once', async () => {
    const all = await world((_t, atMs) => good([sample('db_queries_total', grown(9, atMs))]), [
      postgres,
    ] as never);
    await all.watch(DAYS * 24 * 60 + 90, 120_000);
    const one = await read(all, 'db_queries_total');
    await all.watch(10, 120_000);
    const two = await read(all, 'db_queries_total');
    expect(two.blocks.before).toBe(one.blocks.before);
    expect(two.blocks.after.length).toBe(one.blocks.after.length + 2);
  });

  it('come with the requests of the same blocks, where anybody counts them', async () => {
    const all = await world(
      (_t, atMs) => good([sample('http_responses_total', grown(3, atMs), { status: '200' })]),
      [machine('a')] as never,
    );
    await all.watch(DAYS * 24 * 60 + 30, 120_000);
    const span = { originMs: ORIGIN_MS, days: DAYS, untilMs: all.nowMs() };
    const requests = await readRequestBlocks(all.runtime, SCOPE, span);
    expect(requests?.after.at(-2)).toMatchObject({ increase: 900 });
    expect(
      await readRequestBlocks(all.runtime, { app: 'other', environment: 'production' }, span),
    ).toBeNull();
  });
});
