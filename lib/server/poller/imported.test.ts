import { describe, expect, it } from 'vitest';
import { BLOCK_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import type { BackfillStatus } from './backfill.ts';
import { ImportedHistory } from './imported.ts';

const ID = 'harbor/production/redis/cache';
const NOW_MS = Date.UTC(2026, 3, 9);
const GETS = { metric: 'redis_commands_total', key: 'cmd="get"', fromMs: NOW_MS - HOUR_MS, sampleMs: 15_000 };

function world() {
  const state = new Map<string, unknown>();
  let isAway = false;
  const store = {
    listState: async (prefix: string) => {
      if (isAway) throw new Error('the store does not answer');
      return [...state].filter(([key]) => key.startsWith(prefix));
    },
    putState: async (entries: Readonly<Record<string, unknown>>) => {
      for (const [key, value] of Object.entries(entries)) state.set(key, structuredClone(value));
    },
  };
  return {
    open: () => new ImportedHistory(store),
    setAway: (away: boolean) => {
      isAway = away;
    },
  };
}

describe('what was imported', () => {
  it('is a memory of its target, the same after a restart and after a second time', async () => {
    const { open } = world();
    const first = open();
    expect(first.join(ID, null)).toBeNull();
    await first.note(ID, [GETS, { ...GETS, key: 'cmd="set"', fromMs: NOW_MS - 2 * HOUR_MS }], NOW_MS);
    await first.note(ID, [GETS], NOW_MS + 1);
    const wanted = {
      ...{ kind: 'done', atMs: NOW_MS + 1, series: 2, fromMs: NOW_MS - 2 * HOUR_MS },
      resolutionsMs: { redis_commands_total: BLOCK_MS },
    };
    expect(first.join(ID, null)).toEqual(wanted);
    const second = open();
    await second.load();
    expect(second.join(ID, null)).toEqual(wanted);
    await second.note(ID, [{ ...GETS, sampleMs: HOUR_MS }], NOW_MS + 2);
    expect(second.join(ID, null)).toMatchObject({
      series: 2,
      resolutionsMs: { redis_commands_total: HOUR_MS },
    });
  });

  it('joins a provider’s memory, and hides nothing of one that is being read or has failed', async () => {
    const imported = world().open();
    await imported.note(ID, [GETS], NOW_MS);
    const own: BackfillStatus = {
      ...{ kind: 'done', atMs: NOW_MS - 5, series: 3, fromMs: NOW_MS - 5 * HOUR_MS },
      resolutionsMs: { redis_commands_total: BLOCK_MS, redis_memory_used_bytes: HOUR_MS },
    };
    expect(imported.join(ID, own)).toEqual({ ...own, atMs: NOW_MS, series: 4 });
    const others: BackfillStatus[] = [
      { kind: 'waiting' },
      { kind: 'running', share: 0.5 },
      { kind: 'failed', atMs: NOW_MS, text: 'no answer' },
    ];
    for (const one of others) expect(imported.join(ID, one)).toBe(one);
  });

  it('is read again where the store did not answer the first time', async () => {
    const { open, setAway } = world();
    await open().note(ID, [GETS], NOW_MS);
    const later = open();
    setAway(true);
    await expect(later.load()).rejects.toThrow(/does not answer/);
    setAway(false);
    await later.load();
    expect(later.join(ID, null)).toMatchObject({ kind: 'done', series: 1 });
  });
});
