import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { type HttpReceiver, openHttpReceiver } from '@/test/receivers/http-receiver.ts';
import { Secret } from '../config/secret.ts';
import { Heartbeat } from './heartbeat.ts';

const T = Date.parse('2026-04-09T18:00:00Z');
let server: HttpReceiver;
beforeEach(async () => {
  server = await openHttpReceiver();
});
afterEach(() => server.close());

/** A heartbeat whose only source was last visited at `visitedMs`. */
function open(visitedMs: () => number | null = () => T, intervalMs = 15_000) {
  const state = new MemoryState();
  const statuses = () => [{ history: { lastScrapeAtMs: visitedMs(), intervalMs } }] as never;
  const target = {
    url: new Secret(`${server.origin}/ping/hush-hush`),
    address: server.address,
    everyMs: MINUTE_MS,
  };
  const heartbeat = new Heartbeat(target, { store: state, poller: { statuses } });
  const tick = async (atMs: number) => {
    heartbeat.tick(atMs);
    await heartbeat.settled();
    return heartbeat.view();
  };
  return { state, heartbeat, tick };
}

describe('the heartbeat', () => {
  it('beats once in its time, however often the engine ticks', async () => {
    const { tick } = open(() => T);
    for (let s = 0; s <= 120; s += 15) await tick(T + s * 1_000);
    expect(server.seen.map(({ path }) => path)).toEqual(Array(3).fill('/ping/hush-hush'));
    expect(await tick(T + 121_000)).toMatchObject({ lastOkMs: T + 120_000, lastError: null });
  });

  it('goes on where the clock was set back', async () => {
    const { tick } = open(() => T - 10 * MINUTE_MS);
    await tick(T);
    await tick(T - 9 * MINUTE_MS);
    expect(server.seen).toHaveLength(1);
    const other = open(() => T - 10 * MINUTE_MS);
    await other.tick(T - 9 * MINUTE_MS);
    await other.tick(T - 10 * MINUTE_MS);
    expect(server.seen).toHaveLength(3);
  });

  it('falls silent where no source is visited any more, and says so', async () => {
    const { tick } = open(() => T);
    expect((await tick(T + 5 * MINUTE_MS)).lastError).toBeNull();
    const view = await tick(T + 6 * MINUTE_MS);
    expect(view).toMatchObject({
      lastOkMs: T + 5 * MINUTE_MS,
      lastError: 'not sent: no source was visited of late',
    });
    expect(server.seen).toHaveLength(1);
    expect((await open(() => null).tick(T)).lastError).toMatch(/no source was visited/);
  });

  it('allows a source that is visited seldom its own pace', async () => {
    const { tick } = open(() => T, 10 * MINUTE_MS);
    expect((await tick(T + 30 * MINUTE_MS)).lastError).toBeNull();
    expect((await tick(T + 31 * MINUTE_MS)).lastError).toMatch(/no source/);
  });

  it('falls silent where the store takes no writes', async () => {
    const { tick, state } = open();
    state.putState = async () => {
      throw new Error('disk full');
    };
    expect((await tick(T)).lastError).toBe('not sent: the store takes no writes');
    expect(server.seen).toEqual([]);
  });

  it('that does not arrive is tried with the next one, and its address stays unsaid', async () => {
    const { tick } = open();
    server.behave({ kind: 'answer', status: 404 });
    expect((await tick(T)).lastError).toBe(`${server.address} answered 404 where 2xx was expected`);
    await server.refuse();
    const view = await tick(T + MINUTE_MS);
    expect(view.lastError).toMatch(/refused the connection/);
    expect(JSON.stringify(view)).not.toMatch(/hush|ping/);
    await server.listen();
    server.behave({ kind: 'answer', status: 200 });
    expect(await tick(T + 2 * MINUTE_MS)).toMatchObject({ lastOkMs: T + 2 * MINUTE_MS, lastError: null });
  });
});
