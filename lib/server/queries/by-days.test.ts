import { afterEach, describe, expect, it } from 'vitest';
import { BLOCK_MS, DAY_MS, HOUR_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { beforeReads } from '../store/test-reads.ts';
import { readFlows, readFlowsOnce, readFlowsSince } from './flows.ts';
import { gridOf } from './grid.ts';
import { readNow } from './now.ts';
import { good, grown, live, machine, openWorld, START_MS, sample } from './test-world.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function watchedDays(days: number) {
  const opened = await openWorld(
    [machine('m1'), machine('m2')],
    (target, atMs) => {
      const isLate = target.name === 'm2' && atMs < START_MS - 2 * DAY_MS;
      return isLate
        ? good([])
        : good([
            sample('app_redis_commands_total', grown(10, atMs + 1e6 * Math.sin(atMs / 7e6)), { cmd: 'get' }),
          ]);
    },
    { fromMs: START_MS - days * DAY_MS },
  );
  closers.push(opened.close);
  await opened.watch(days * 24 * 60, 15 * MINUTE_MS);
  return opened;
}

describe('days that are over', { timeout: 60_000 }, () => {
  it('kept or read anew, whole or cut, give the same numbers', async () => {
    const { runtime } = await watchedDays(4);
    const selection = {
      metric: 'app_redis_commands_total' as const,
      labels: { cmd: 'get' },
      targetIds: ['harbor/production/app/m1', 'harbor/production/app/m2'],
    };
    const ranges: [TimeRange, number][] = [
      [{ startMs: START_MS - 3.3 * DAY_MS, endMs: START_MS }, HOUR_MS],
      [{ startMs: START_MS - 2.6 * DAY_MS + 7, endMs: START_MS - 1.7 * DAY_MS - 11 }, HOUR_MS],
      [{ startMs: START_MS - DAY_MS, endMs: START_MS }, BLOCK_MS],
      [{ startMs: START_MS - 6 * DAY_MS, endMs: START_MS }, DAY_MS],
      [{ startMs: START_MS - 2 * HOUR_MS, endMs: START_MS }, MINUTE_MS],
    ];
    for (const [range, stepMs] of ranges) {
      const grid = gridOf(range, stepMs);
      const anew = await readFlowsOnce(runtime, selection, grid);
      expect(await readFlows(runtime, selection, grid)).toEqual(anew);
      expect(await readFlows(runtime, selection, grid)).toEqual(anew);
    }
  });

  it('and hours of the last day that have settled, as the day goes on, give the same numbers from fewer reads', async () => {
    const { runtime, store, watch, nowMs } = await watchedDays(2);
    const selection = {
      metric: 'app_redis_commands_total' as const,
      labels: { cmd: 'get' },
      targetIds: ['harbor/production/app/m1', 'harbor/production/app/m2'],
    };
    const longest: number[] = [];
    beforeReads(store, (_selector, range) => longest.push(range.endMs - range.startMs));
    const deployMs = START_MS - 9 * HOUR_MS - 5 * MINUTE_MS;
    for (let look = 0; look < 24; look += 1) {
      const grid = gridOf({ startMs: deployMs, endMs: nowMs() }, BLOCK_MS);
      longest.length = 0;
      const since = await readFlowsSince(runtime, selection, grid);
      // Once an hour all of it is read, else the hours that have not settled.
      if (look % 3 !== 0) expect(Math.max(...longest)).toBeLessThanOrEqual(4 * HOUR_MS + BLOCK_MS);
      expect(since).toEqual(await readFlowsOnce(runtime, selection, grid));
      await watch(20);
    }
  });

  it('show within an hour what a source tells of settled hours long after them', async () => {
    const { runtime, store, watch, nowMs } = await watchedDays(1);
    const targetId = 'harbor/production/app/m1';
    const selection = {
      metric: 'app_redis_commands_total' as const,
      labels: { cmd: 'get' },
      targetIds: [targetId],
    };
    const deployMs = START_MS - 9 * HOUR_MS;
    const gridNow = () => gridOf({ startMs: deployMs, endMs: nowMs() }, BLOCK_MS);
    const known = (flows: Awaited<ReturnType<typeof readFlowsSince>>): number =>
      (flows.byTarget.get(targetId) ?? []).filter((bucket) => bucket !== null).length;
    let isToldLate = true;
    const scan = store.scanBuckets.bind(store);
    store.scanBuckets = async (selector, range, stepMs, take) => {
      if (!isToldLate || range.startMs >= START_MS - 3 * HOUR_MS) await scan(selector, range, stepMs, take);
    };
    const before = known(await readFlowsSince(runtime, selection, gridNow()));
    isToldLate = false;
    await watch(61);
    expect(known(await readFlowsSince(runtime, selection, gridNow()))).toBeGreaterThan(before + 60);
  });

  it('are not read again by the next tick of a long range', async () => {
    const { runtime, store, watch } = await watchedDays(8);
    await readNow(runtime, live('7d', 'week'));
    const reads: string[] = [];
    beforeReads(store, ({ metric }, range, stepMs) => {
      // Beginnings are looked up by one series of a target, once in five minutes.
      if (range.endMs - range.startMs > DAY_MS && stepMs !== DAY_MS) reads.push(`${metric} ${stepMs}`);
    });
    await watch(0.25);
    await readNow(runtime, live('7d', 'week'));
    expect(reads).toEqual([]);
  });
});
