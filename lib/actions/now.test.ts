import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { createAuth } from '@/lib/server/auth/index.ts';
import {
  fixed,
  good,
  grown,
  live,
  openWorld,
  redis,
  START_MS,
  sample,
  type World,
} from '@/lib/server/queries/test-world.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { readNowTick } from './now.ts';

// The framework gives headers only inside a request of its own; these are a page of ours on this machine.
vi.mock('next/headers', () => ({
  headers: async () =>
    new Headers({
      host: '127.0.0.1:3000',
      origin: 'http://127.0.0.1:3000',
      'sec-fetch-site': 'same-origin',
    }),
}));

const RUNTIME = Symbol.for('afterwatch');
let world: World;

beforeAll(async () => {
  world = await openWorld([redis], (_target, atMs) =>
    good([sample('redis_commands_total', grown(10, atMs), { cmd: 'get' })]),
  );
  await world.watch(30);
  const auth = await createAuth(
    { bind: { host: '127.0.0.1', port: 3000 }, publicUrl: null, password: null, token: null },
    new MemoryState(),
    world.runtime.clock,
  );
  const runtime = { ...world.runtime, auth };
  Object.assign(globalThis, { [RUNTIME]: { starting: Promise.resolve(runtime), runtime } });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, RUNTIME);
  await world.close();
});

const at = (minutes: number): number => START_MS + minutes * MINUTE_MS;
const scope = { app: 'harbor', environment: 'production' };
/** What a caller sends is only known to be what it is when it has been parsed. */
const ask = (input: unknown) => readNowTick(input as Parameters<typeof readNowTick>[0]);

describe('asking for a tick of the Now page', () => {
  it('gives the window and the comparison that were asked for', async () => {
    const asked = { ...scope, ...fixed(at(10), at(20), 'before'), sinceMs: at(15) };
    const answer = await ask(asked);
    expect(answer).toMatchObject({
      ok: true,
      data: { window: asked.window, comparison: 'before', sinceMs: at(15) },
    });
    const chart = answer.ok ? answer.data.charts.redisGets : null;
    expect(chart?.overall).toBeCloseTo(10, 6);
    expect(chart?.lines[0]?.points[0]?.[0]).toBe(at(15));
    expect(chart?.comparison?.points[0]?.[0]).toBe(at(15));
    expect(await ask({ ...scope, ...live('1h'), sinceMs: 0 })).toMatchObject({
      ok: true,
      data: { comparison: null },
    });
  });

  it.each<[what: string, change: object, says: string]>([
    ['a window shorter than a minute', fixed(at(10), at(10.5)), 'window.endMs: at least a minute'],
    ['one longer than 90 days', fixed(0, at(0)), 'window.endMs: at most 90 days'],
    ['one that ends before it begins', fixed(at(20), at(10)), 'window.endMs: at least a minute'],
    ['one that ends in the future', fixed(at(10), at(32)), 'window.endMs: a time that has passed'],
    ['an unknown range', { window: { kind: 'live', name: '2h' } }, 'window.name'],
    ['an unknown comparison', { comparison: 'month' }, 'comparison'],
    ['no comparison at all', { comparison: undefined }, 'comparison'],
    ['what the page asked before', { range: '1h' }, 'range'],
    ['a part that nobody knows', { known: { watch: '', alerts: '', money: '', marks: '' } }, 'known'],
    ['a field that nobody knows', { limit: 5 }, 'limit'],
  ])('refuses %s and says what was expected', async (_what, change, says) => {
    const answer = await ask({ ...scope, ...live('1h'), sinceMs: 0, ...change });
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad_input' } });
    expect(answer.ok ? '' : answer.error.message).toContain(says);
  });
});
