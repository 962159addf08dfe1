import { describe, expect, it } from 'vitest';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { Backfill, type HistoryTarget } from './backfill.ts';

const ID = 'shop/production/upstash/main';
const START_MS = Date.UTC(2026, 3, 9, 20);
const GETS: HistorySeries = {
  metric: 'redis_commands_total',
  labels: { cmd: 'get' },
  quality: 'inferred',
  stretches: [{ startMs: START_MS - DAY_MS, endMs: START_MS - DAY_MS + HOUR_MS, value: 5 }],
};

function world() {
  const state = new Map<string, unknown>();
  const kept: { id: string; series: readonly HistorySeries[] }[] = [];
  const asked: { startMs: number; endMs: number }[] = [];
  const clock = { nowMs: START_MS };
  const source: { lastOkAtMs: number | null; answer: () => readonly HistorySeries[]; shares: number[] } = {
    lastOkAtMs: START_MS,
    answer: () => [GETS, { ...GETS, labels: { cmd: 'set' }, stretches: [] }],
    shares: [],
  };
  const target: HistoryTarget = {
    id: ID,
    lastOkAtMs: () => source.lastOkAtMs,
    read: async (range, onProgress) => {
      asked.push(range);
      for (const share of source.shares) onProgress(share);
      return source.answer();
    },
  };
  const open = () =>
    new Backfill([target], {
      wallMs: () => clock.nowMs,
      store: {
        getState: async (key) => state.get(key),
        putState: async (entries) => {
          for (const [key, value] of Object.entries(entries)) state.set(key, structuredClone(value));
        },
        putHistory: async (id, series) => {
          kept.push({ id, series });
        },
      },
    });
  return { open, clock, source, kept, asked };
}

describe('backfill', () => {
  it('asks once, keeps only series that hold something, and says from when', async () => {
    const { open, kept, asked } = world();
    const backfill = open();
    await backfill.run();
    await backfill.run();
    expect(asked).toEqual([{ startMs: START_MS - 15 * DAY_MS, endMs: START_MS }]);
    expect(kept).toEqual([{ id: ID, series: [GETS] }]);
    expect(backfill.status(ID)).toEqual({
      kind: 'done',
      atMs: START_MS,
      series: 1,
      fromMs: START_MS - DAY_MS,
      resolutionsMs: { redis_commands_total: HOUR_MS },
    });
  });

  it('begins again after a crash in the middle, and keeps the same once more', async () => {
    const { open, source, asked, kept } = world();
    const answer = source.answer;
    source.answer = () => {
      throw new Error('the process ended');
    };
    await open().run();
    source.answer = answer;
    const again = open();
    await again.run();
    expect(asked).toHaveLength(2);
    expect(kept).toEqual([{ id: ID, series: [GETS] }]);
    expect(again.status(ID)).toMatchObject({ kind: 'done', series: 1 });
  });

  it('remembers after a restart what it had read of a source that is away', async () => {
    const { open, source, asked } = world();
    await open().run();
    source.lastOkAtMs = null;
    const again = open();
    await again.run();
    expect(again.status(ID)).toMatchObject({
      kind: 'done',
      resolutionsMs: { redis_commands_total: HOUR_MS },
    });
    expect(asked).toHaveLength(1);
  });

  it('does not ask again after a restart', async () => {
    const { open, asked } = world();
    await open().run();
    const again = open();
    expect(again.status(ID)).toEqual({ kind: 'waiting' });
    await again.run();
    expect(asked).toHaveLength(1);
    expect(again.status(ID)).toMatchObject({ kind: 'done', series: 1 });
  });

  it('waits for a good visit', async () => {
    const { open, source, asked } = world();
    source.lastOkAtMs = null;
    const backfill = open();
    await backfill.run();
    expect(asked).toEqual([]);
    expect(backfill.status(ID)).toEqual({ kind: 'waiting' });
  });

  it('says why it failed, and tries again an hour later', async () => {
    const { open, clock, source, asked } = world();
    const good = source.answer;
    source.answer = () => {
      throw new Error('upstash: main answered 429; asked again later');
    };
    const backfill = open();
    await backfill.run();
    expect(backfill.status(ID)).toMatchObject({ kind: 'failed', text: expect.stringContaining('429') });
    source.answer = good;
    clock.nowMs += HOUR_MS - 1;
    await backfill.run();
    expect(asked).toHaveLength(1);
    clock.nowMs += 1;
    await backfill.run();
    expect(backfill.status(ID)).toMatchObject({ kind: 'done' });
  });

  it('shows how far it is, within 0 and 1', async () => {
    const { open, source } = world();
    const backfill = open();
    const seen: unknown[] = [];
    source.shares = [0.5, 7];
    source.answer = () => {
      seen.push(backfill.status(ID));
      return [];
    };
    await backfill.run();
    expect(seen).toEqual([{ kind: 'running', share: 1 }]);
    expect(backfill.status(ID)).toMatchObject({ kind: 'done', series: 0, fromMs: null });
  });

  it('knows nothing of a target without a memory', () => {
    expect(world().open().status('shop/production/redis/main')).toBeNull();
  });
});
