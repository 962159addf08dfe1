import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { nextTryMs } from './backoff.ts';
import { Outbox } from './outbox.ts';

const T = Date.parse('2026-04-09T18:00:00Z');
const message = (id: string) => ({ id, about: `about ${id}`, body: `{"id":"${id}"}` });
const fault = (error = 'refused') => ({ error, retryAfterMs: null, chance: 1 });

describe('the outbox', () => {
  it('what was kept waits for the next process, oldest first, with the same id and text', async () => {
    const state = new MemoryState();
    const before = await Outbox.open(state);
    await before.take('d1', 2, T, () => [message('a'), message('b')]);
    const after = await Outbox.open(state);
    expect(await after.next(T)).toMatchObject({ entry: { id: 'a' }, body: '{"id":"a"}' });
    await after.delivered('a', T);
    expect(await (await Outbox.open(state)).next(T)).toMatchObject({ entry: { id: 'b' } });
  });

  it('changes that were taken are not taken again, also by the next process', async () => {
    const state = new MemoryState();
    const outbox = await Outbox.open(state);
    expect(await outbox.take('d1', 2, T, (from) => [message(`from-${from}`)])).toBe(1);
    expect(await outbox.take('d1', 2, T, () => [message('again')])).toBe(0);
    expect(await (await Outbox.open(state)).take('d1', 1, T, () => [message('older')])).toBe(0);
    expect(await outbox.take('d1', 5, T, (from) => [message(`from-${from}`)])).toBe(1);
    expect(outbox.status().waiting).toBe(2);
    expect((await outbox.next(T))?.entry.id).toBe('from-null');
  });

  it('a write that fails takes nothing: the same changes are taken with the next try', async () => {
    const state = new MemoryState();
    const outbox = await Outbox.open(state);
    const put = state.putState.bind(state);
    state.putState = async () => {
      throw new Error('disk full');
    };
    await expect(outbox.take('d1', 1, T, () => [message('a')])).rejects.toThrow('disk full');
    expect(outbox.status().waiting).toBe(0);
    state.putState = put;
    expect(await outbox.take('d1', 1, T, () => [message('a')])).toBe(1);
    expect((await outbox.next(T))?.body).toBe('{"id":"a"}');
  });

  it('a reminder is kept once under its name', async () => {
    const state = new MemoryState();
    const outbox = await Outbox.open(state);
    expect(await outbox.remind('d1 f1', message('a'), T)).toBe(true);
    expect(await outbox.remind('d1 f1', message('a'), T)).toBe(false);
    expect(await (await Outbox.open(state)).remind('d1 f1', message('b'), T)).toBe(false);
  });

  it('tries again with growing waits, the last time after 24 h, and then gives up and says so', async () => {
    const state = new MemoryState();
    const outbox = await Outbox.open(state);
    await outbox.take('d1', 1, T, () => [message('a')]);
    const triedMs: number[] = [];
    for (let nowMs: number | null = T; nowMs !== null; ) {
      expect(await outbox.next(nowMs - 1), 'not before its time').toBeNull();
      expect((await outbox.next(nowMs))?.entry.id).toBe('a');
      triedMs.push(nowMs - T);
      nowMs = await outbox.failed('a', nowMs, fault());
    }
    const waits = triedMs.slice(1).map((atMs, i) => atMs - (triedMs[i] ?? 0));
    expect(waits.slice(0, 3)).toEqual([5 * SECOND_MS, 30 * SECOND_MS, 120 * SECOND_MS]);
    expect(triedMs.at(-1)).toBe(DAY_MS);
    expect(triedMs.length).toBeGreaterThan(8);
    expect(outbox.status()).toMatchObject({ waiting: 0, givenUp: [{ about: 'about a', why: 'refused' }] });
    expect(await outbox.next(T + 10 * DAY_MS)).toBeNull();
    expect(state.rows.get('notify/message/a')).toBeNull();
  });

  it('a receiver that says when to come again is not asked sooner', () => {
    const at = { createdMs: T, attempts: 1 };
    expect(nextTryMs(at, T, { chance: 0, retryAfterMs: null })).toBe(T + 2_500);
    expect(nextTryMs(at, T, { chance: 0, retryAfterMs: HOUR_MS })).toBe(T + HOUR_MS);
    expect(nextTryMs({ createdMs: T, attempts: 30 }, T + DAY_MS - 1, { chance: 1, retryAfterMs: null })).toBe(
      T + DAY_MS,
    );
    expect(
      nextTryMs({ createdMs: T, attempts: 30 }, T + DAY_MS, { chance: 1, retryAfterMs: null }),
    ).toBeNull();
  });

  it('holds a thousand at most: the oldest are given up for the newest', async () => {
    const outbox = await Outbox.open(new MemoryState());
    await outbox.take('d1', 1, T, () => Array.from({ length: 1_005 }, (_, i) => message(`m${i}`)));
    expect(outbox.status().waiting).toBe(1_000);
    expect((await outbox.next(T))?.entry.id).toBe('m5');
    expect(outbox.status().givenUp.at(-1)).toMatchObject({
      about: 'about m4',
      why: 'too many messages wait',
    });
  });

  it('a message whose text is lost does not stand before the others', async () => {
    const state = new MemoryState();
    const outbox = await Outbox.open(state);
    await outbox.take('d1', 2, T, () => [message('a'), message('b')]);
    state.rows.delete('notify/message/a');
    expect((await outbox.next(T))?.entry.id).toBe('b');
    expect(outbox.status().givenUp).toMatchObject([{ about: 'about a' }]);
  });

  it('what a newer version wrote is left alone', async () => {
    const state = new MemoryState();
    state.rows.set('notify/outbox', { version: 9 });
    await expect(Outbox.open(state)).rejects.toThrow(/newer version/);
    expect(state.writes).toBe(0);
  });
});
