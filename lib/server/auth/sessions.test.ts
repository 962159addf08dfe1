import { beforeEach, expect, test } from 'vitest';
import { MemoryState } from '@/test/memory-state.ts';
import { IDLE_MS, Sessions } from './sessions.ts';

const MINUTE_MS = 60_000;
let nowMs: number;
let isAway: boolean;
let state: MemoryState;
let sessions: Sessions;

/** As a store says it whose database can't be reached. */
class Away extends Error {
  readonly isAway = true;
}

beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 1);
  isAway = false;
  state = new MemoryState();
  const unless = <T>(read: () => Promise<T>): Promise<T> =>
    isAway ? Promise.reject(new Away('no answer')) : read();
  sessions = new Sessions(
    {
      getState: (key) => unless(() => state.getState(key)),
      putState: (entries) => unless(() => state.putState(entries)),
    },
    'fingerprint',
    () => nowMs,
  );
});

test('a session that the store confirmed lately lives on while the store is away, for an hour', async () => {
  const token = await sessions.open();
  expect(await sessions.isLive(token)).toBe(true);
  isAway = true;
  nowMs += 30 * MINUTE_MS;
  expect(await sessions.isLive(token)).toBe(true);
  nowMs += 31 * MINUTE_MS;
  await expect(sessions.isLive(token)).rejects.toThrow('no answer');
  isAway = false;
  expect(await sessions.isLive(token)).toBe(true);
});

test('a store that is away makes no session: not an unknown one, not one that was closed, not one that is over', async () => {
  const closed = await sessions.open();
  const unseen = await sessions.open();
  const old = await sessions.open();
  expect(await sessions.isLive(closed)).toBe(true);
  await sessions.close(closed);
  nowMs += IDLE_MS - MINUTE_MS;
  isAway = true;
  await expect(sessions.isLive(closed)).rejects.toThrow('no answer');
  await expect(sessions.isLive(unseen)).rejects.toThrow('no answer');
  isAway = false;
  nowMs += 2 * MINUTE_MS;
  expect(await sessions.isLive(old)).toBe(false);
  isAway = true;
  await expect(sessions.isLive(old)).resolves.toBe(false);
});
