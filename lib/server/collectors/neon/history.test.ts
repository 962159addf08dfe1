import { afterEach, describe, expect, test } from 'vitest';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { StillParts } from '@/lib/demo/neon/still-world.ts';
import { failureOf, NOW_MS, operation, PROJECT, type Scene, startScene } from './test-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const closers: (() => Promise<unknown>)[] = [];
const scene = startScene.bind(null, closers);

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const range = { startMs: NOW_MS - 7 * DAY_MS, endMs: NOW_MS };

async function history({ session }: Scene, asked = range) {
  const shares: number[] = [];
  const series = await session.history({
    signal: new AbortController().signal,
    nowMs: NOW_MS,
    range: asked,
    onProgress: (share) => shares.push(share),
  });
  return { series, shares };
}

const of = (series: readonly HistorySeries[], metric: string) =>
  series.find((one) => one.metric === metric)?.stretches ?? [];

/** Awake for the first ten minutes of each of the last 3,000 hours. */
const hourly: StillParts = {
  endpoints: [{ current: 'idle', startedMs: null, suspendedMs: null, createdMs: NOW_MS - 400 * DAY_MS }],
  operations: Array.from({ length: 6_000 }, (_, n) => {
    const hourMs = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS - Math.floor(n / 2) * HOUR_MS;
    return n % 2 === 0
      ? operation(n, hourMs + 599_200, 'suspend_compute')
      : operation(n, hourMs, 'start_compute');
  }),
  usage: (fromMs) => ({ computeUnitSeconds: 150, publicBytes: fromMs % 7, privateBytes: 1_000 }),
};

describe('history', () => {
  test('gives awake time and starts by hour from the log, and consumption where the plan has it', async () => {
    const found = await scene(hourly);
    const { series, shares } = await history(found);
    const awake = of(series, 'neon_compute_awake_seconds_total');
    expect(awake).toHaveLength(169);
    expect(new Set(awake.slice(1).map(({ value }) => value))).toEqual(new Set([600]));
    // The first hour is cut to the range: its ten minutes were over at 50 past.
    expect(awake[0]).toEqual({ startMs: range.startMs, endMs: range.startMs + 10 * 60_000, value: 0 });
    expect(
      new Set(
        of(series, 'neon_compute_starts_total')
          .slice(1)
          .map(({ value }) => value),
      ),
    ).toEqual(new Set([1]));
    const units = of(series, 'neon_compute_unit_seconds_total');
    expect(units.length).toBeGreaterThanOrEqual(165);
    expect(new Set(units.map(({ value }) => value))).toEqual(new Set([150]));
    expect(units.at(-1)?.endMs).toBeLessThanOrEqual(NOW_MS - HOUR_MS);
    expect(of(series, 'neon_transfer_bytes_total')[0]?.value).toBeGreaterThanOrEqual(1_000);
    expect(shares.at(-1)).toBe(1);
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
  });

  test('asking twice gives the same, in few requests', async () => {
    const found = await scene(hourly, { target: { project: PROJECT } });
    const first = await history(found);
    const requests = found.api.ledger.length;
    expect(await history(found)).toEqual(first);
    // Endpoints, project, one page of the log, consumption and the end of its list.
    expect(requests).toBe(5);
    expect(found.api.ledger.length).toBe(2 * requests);
  });

  test('stretches are in order, inside the range and never overlap', async () => {
    const { series } = await history(await scene(hourly));
    for (const { stretches } of series) {
      let beforeMs = range.startMs;
      for (const { startMs, endMs } of stretches) {
        expect(startMs).toBeGreaterThanOrEqual(beforeMs);
        expect(endMs).toBeGreaterThan(startMs);
        beforeMs = endMs;
      }
      expect(beforeMs).toBeLessThanOrEqual(range.endMs);
    }
  });

  test('pages a long log with its cursor', async () => {
    const found = await scene(hourly);
    const { series } = await history(found, { startMs: NOW_MS - 100 * DAY_MS, endMs: NOW_MS });
    expect(of(series, 'neon_compute_awake_seconds_total')).toHaveLength(2_401);
    const pages = found.api.ledger.filter(({ path }) => path.endsWith('/operations'));
    expect(pages.map(({ query }) => query.includes('cursor='))).toEqual([false, true, true, true, true]);
  });

  test('a plan or a key without consumption history still has the log', async () => {
    for (const more of [
      { parts: { ...hourly, usage: () => null } },
      { parts: hourly, keyScope: 'project' as const },
      { parts: { ...hourly, project: { orgId: null } } },
    ]) {
      const options = { target: { project: PROJECT }, ...(more.keyScope && { keyScope: more.keyScope }) };
      const { series } = await history(await scene(more.parts, options));
      expect(series.map(({ metric }) => metric)).toEqual([
        'neon_compute_awake_seconds_total',
        'neon_compute_starts_total',
      ]);
    }
  });

  test('nothing is told of the time before the compute was made', async () => {
    const createdMs = NOW_MS - 5 * HOUR_MS;
    const { series } = await history(await scene({ endpoints: [{ createdMs, startedMs: createdMs }] }));
    expect(of(series, 'neon_compute_awake_seconds_total')[0]?.startMs).toBe(createdMs);
  });

  test('what may work at the next try is thrown, so that nothing is taken for missing', async () => {
    for (const path of ['/operations', '/consumption_history', '/endpoints']) {
      const found = await scene(hourly);
      found.api.setFault({ kind: 'status', status: 429, message: 'slow', retryAfter: '40', path });
      const error = await failureOf(history(found));
      expect([error.kind, error.retryAfterMs]).toEqual(['limit', 40_000]);
    }
  });
});
