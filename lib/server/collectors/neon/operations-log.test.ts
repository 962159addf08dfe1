import { afterEach, describe, expect, test } from 'vitest';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import { stillWorld } from '@/lib/demo/neon/still-world.ts';
import type { NeonWorld } from '@/lib/demo/neon/world.ts';
import { codes, metrics, NOW_MS, operation, startScene, value } from './test-world.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const closers: (() => Promise<unknown>)[] = [];
const scene = startScene.bind(null, closers);

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('the log of operations', () => {
  const day = Date.UTC(2026, 10, 3);
  /** A start and a suspend every six minutes since yesterday. */
  const busy = Array.from({ length: 700 }, (_, n) =>
    operation(
      n + 1,
      day - DAY_MS + Math.floor(n / 2) * 6 * MINUTE_MS + (n % 2) * 5 * MINUTE_MS,
      n % 2 === 0 ? 'start_compute' : 'suspend_compute',
    ),
  );

  test('the first visit follows it back to midnight, later ones ask one short page, and nothing counts twice', async () => {
    const { api, visit } = await scene({
      operations: busy,
      endpoints: [{ startedMs: null, suspendedMs: null, current: 'idle' }],
    });
    const first = await visit();
    const asked = () =>
      api.ledger.filter(({ path }) => path.endsWith('/operations')).map(({ query }) => query);
    expect(asked()).toEqual(['?limit=1000']);
    // 09:50: 98 whole turns of 6 min and one that began at 09:48.
    expect(value(first, 'neon_compute_starts_total')).toBe(99);
    expect(value(first, 'neon_compute_suspends_total')).toBe(98);
    const second = await visit(NOW_MS + 6 * MINUTE_MS);
    expect(asked().at(-1)).toBe('?limit=100');
    expect(value(second, 'neon_compute_starts_total')).toBe(100);
    const awake = [first, second].map((one) => value(one, 'neon_compute_awake_seconds_total') ?? 0);
    expect((awake[1] ?? 0) - (awake[0] ?? 0)).toBeCloseTo(300, 0);
  });

  test('after hours without visits it is followed back to what was known', async () => {
    const { api, visit } = await scene({ operations: busy });
    await visit(day + 30 * MINUTE_MS);
    const late = await visit(day + 11 * 60 * MINUTE_MS);
    expect(value(late, 'neon_compute_starts_total')).toBe(110);
    expect(api.ledger.filter(({ query }) => query.includes('cursor='))).toHaveLength(2);
  });

  test('at midnight the counters begin again with a marker of the day', async () => {
    const { visit } = await scene({ operations: busy });
    const before = await visit(day - MINUTE_MS);
    const after = await visit(day + 7 * MINUTE_MS);
    const start = (one: CollectResult) =>
      one.samples.find(({ metric }) => metric === 'neon_compute_starts_total')?.start;
    expect(value(before, 'neon_compute_starts_total')).toBeGreaterThan(200);
    expect(value(after, 'neon_compute_starts_total')).toBe(2);
    expect([start(before)?.marker, start(after)?.marker]).toEqual(['day 2026-11-02', 'day 2026-11-03']);
    expect(start(after)?.atMs).toBe(day);
  });

  test('awake seconds never fall within a day, although the log tells of a suspend late', async () => {
    const world = stillWorld(NOW_MS);
    let asleep = false;
    const late: NeonWorld = {
      ...world,
      operations: () => [operation(1, NOW_MS - 20 * MINUTE_MS, 'start_compute')],
      endpoints: () =>
        world.endpoints(NOW_MS).map((one) => ({
          ...one,
          startedMs: null,
          current: asleep ? ('idle' as const) : ('active' as const),
          suspendedMs: asleep ? NOW_MS - 5 * MINUTE_MS : null,
        })),
    };
    const { visit } = await scene({ whole: late });
    const told = value(await visit(), 'neon_compute_awake_seconds_total') ?? 0;
    asleep = true;
    expect(value(await visit(NOW_MS + MINUTE_MS), 'neon_compute_awake_seconds_total')).toBe(told);
    expect(told).toBeCloseTo(1_200, 0);
  });

  test('a log that does not end, or is in no order, counts nothing and says so', async () => {
    const { api, visit } = await scene();
    const row = (n: number, at: string) => ({
      id: `x${n}`,
      action: 'start_compute',
      status: 'finished',
      created_at: at,
      updated_at: at,
    });
    const bodies = [
      { operations: [row(1, '2026-11-03T09:00:00Z')], pagination: { cursor: 'a' } },
      { operations: [row(1, '2026-11-03T08:00:00Z'), row(2, '2026-11-03T09:00:00Z')] },
    ];
    for (const body of bodies) {
      api.setFault({ kind: 'body', body: JSON.stringify(body), path: '/operations' });
      const result = await visit();
      expect(codes(result)).toEqual(['log_incomplete']);
      expect(metrics(result).has('neon_compute_awake_seconds_total')).toBe(false);
      expect(metrics(result).has('neon_compute_state')).toBe(true);
    }
    expect(api.ledger.filter(({ path }) => path.endsWith('/operations')).length).toBeLessThanOrEqual(4);
    api.setFault(null);
    expect(codes(await visit())).toEqual([]);
  });
});
