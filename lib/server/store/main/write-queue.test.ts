import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type VisitRow, writeScrapeRow } from '../codec/scrape-row.ts';
import type { Calls } from '../packed/protocol.ts';
import { StoreCallError } from './client.ts';
import { WriteQueue } from './write-queue.ts';

const START_MS = Date.UTC(2026, 0, 5);
const AWAY = new StoreCallError('ECONNREFUSED', 'nobody listens', true);
let fails: StoreCallError | null;
let commits: [target: number, atMs: number][][];
let shown: [target: number, atMs: number, value: number | undefined][];
let troubles: unknown[];
let queue: WriteQueue;

beforeEach(() => {
  vi.useFakeTimers();
  fails = null;
  commits = [];
  shown = [];
  troubles = [];
  const append = async (ask: Calls['append']['ask']): Promise<Calls['append']['answer']> => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (fails !== null) throw fails;
    commits.push(ask.rows.map(({ target, atMs }) => [target, atMs]));
    return { commitMs: 5 };
  };
  queue = new WriteQueue({
    // The queue makes no other call than `append`.
    client: { call: ((_name: string, ask: Calls['append']['ask']) => append(ask)) as never },
    head: { takeUnsaved: () => ({ targets: [], series: [] }), putBackUnsaved: () => undefined },
    onDurable: (target, row) => shown.push([target, row.atMs, row.values[0]]),
    onTrouble: (error) => troubles.push(error),
  });
});
afterEach(() => vi.useRealTimers());

function visit(i: number, values: readonly number[] = [i]): { target: number; row: VisitRow } {
  const row: VisitRow = {
    ...{ atMs: START_MS + i * 15_000, intervalMs: 15_000, durationMs: 3, ok: true, error: null },
    ...{ starts: [null], seriesIds: values.map((_, n) => n + 1), values: [...values], startOf: null },
  };
  return { target: 1, row };
}

/** What becomes of a put, without waiting for it. */
function watched(work: Promise<void>): { state: string } {
  const seen = { state: 'waiting' };
  work.then(
    () => {
      seen.state = 'durable';
    },
    (error: unknown) => {
      seen.state = String(error);
    },
  );
  return seen;
}

describe('WriteQueue', () => {
  it('keeps what comes while the store is away, says so once, and writes it in order when it is back', async () => {
    fails = AWAY;
    const puts = [];
    for (let i = 0; i < 20; i++) {
      puts.push(watched(queue.put([visit(i)])));
      await vi.advanceTimersByTimeAsync(15_000);
    }
    expect(puts.every(({ state }) => state === 'waiting')).toBe(true);
    expect(queue).toMatchObject({ waiting: 20, lost: 0, trouble: AWAY, busy: true });
    expect(troubles).toEqual([AWAY]);
    fails = null;
    await vi.advanceTimersByTimeAsync(1_100);
    expect(new Set(puts.map(({ state }) => state))).toEqual(new Set(['durable']));
    expect(shown).toEqual(Array.from({ length: 20 }, (_, i) => [1, START_MS + i * 15_000, i]));
    expect(commits).toHaveLength(1);
    expect(queue).toMatchObject({ waiting: 0, trouble: null, busy: false });
  });

  it('rejects at once what is refused for itself, and keeps nothing of it', async () => {
    fails = new StoreCallError('SQLITE_FULL', 'disk full');
    const put = watched(queue.put([visit(0)]));
    await vi.advanceTimersByTimeAsync(10);
    expect(put.state).toContain('disk full');
    expect(queue).toMatchObject({ waiting: 0, busy: false, trouble: null });
    expect(shown).toEqual([]);
  });

  it('refuses, and counts, what would be more than 64 MB, and keeps what it has', async () => {
    fails = AWAY;
    const values = Array.from({ length: 2_000 }, (_, i) => i / 7);
    const many = Array.from({ length: 500 }, (_, i) => visit(i, values));
    const puts = [watched(queue.put([visit(0)]))];
    await vi.advanceTimersByTimeAsync(10);
    while (puts.every(({ state }) => state === 'waiting')) {
      puts.push(watched(queue.put(many)));
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(puts.at(-1)?.state).toContain('nobody listens');
    const kept = 1 + (puts.length - 2) * many.length;
    expect(queue).toMatchObject({ waiting: kept, lost: many.length });
    fails = null;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(shown).toHaveLength(kept);
    expect(Math.max(...commits.map((rows) => rows.length))).toBeLessThanOrEqual(many.length);
  });

  it('holds five minutes of 200 machines with 40 series each many times over', () => {
    const values = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1_000_000 + i * 977.31 : i * 12_345));
    const aVisit = writeScrapeRow(visit(1, values).row).length + 200;
    const aSecond = (200 / 15) * aVisit;
    expect((64 * 1024 * 1024) / aSecond / 60).toBeGreaterThan(60);
  });

  it('tries once more at the end, and then gives up what is left', async () => {
    fails = AWAY;
    const put = watched(queue.put([visit(0)]));
    await vi.advanceTimersByTimeAsync(300);
    const finished = queue.finish();
    await vi.advanceTimersByTimeAsync(20);
    await finished;
    expect(put.state).toContain('nobody listens');
    expect(queue.waiting).toBe(0);
  });
});
