import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { createAuth } from '@/lib/server/auth/index.ts';
import { ScrapeError } from '@/lib/server/collectors/collector.ts';
import { AlertStep } from '@/lib/server/engine/alerts.ts';
import { openWorld, redis, type World } from '@/lib/server/queries/test-world.ts';
import { MemoryState } from '@/test/memory-state.ts';
import {
  acknowledgeAlert,
  endMaintenance,
  planMaintenance,
  readAlerts,
  silenceAlert,
  wakeAlert,
} from './alerts.ts';

let origin = 'http://127.0.0.1:3000';
// The framework gives headers only inside a request of its own; these are a page of ours on this machine.
vi.mock('next/headers', () => ({
  headers: async () => new Headers({ host: '127.0.0.1:3000', origin, 'sec-fetch-site': 'same-origin' }),
}));

const RUNTIME = Symbol.for('afterwatch');
const SCOPE = { app: 'harbor', environment: 'production' };
const ID = 'source_down:harbor/production/redis/cache';
let world: World;
let watch: { closedMs: number | null; endMs: number } | null = null;

beforeAll(async () => {
  world = await openWorld([redis], () => {
    throw new ScrapeError('auth', 'redis: cache refuses the password');
  });
  const { config, store, poller, clock } = world.runtime;
  const alerts = new AlertStep({ config, clock, store, poller });
  for (let i = 0; i < 2; i += 1) {
    await world.watch(0.25);
    await alerts.run(world.nowMs());
  }
  const auth = await createAuth(
    { bind: { host: '127.0.0.1', port: 3000 }, publicUrl: null, password: null, token: null },
    new MemoryState(),
    clock,
  );
  const watches = { currentNow: () => watch };
  const runtime = { ...world.runtime, auth, alerts, watches, log: { warn: () => {}, error: () => {} } };
  Object.assign(globalThis, { [RUNTIME]: { starting: Promise.resolve(runtime), runtime } });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, RUNTIME);
  await world.close();
});

const first = async () => {
  const answer = await readAlerts({ ...SCOPE, selected: null });
  return answer.ok ? answer.data.alerts?.[0] : null;
};

describe('acting on alerts', () => {
  it('says who took it up, silences it for the time that was asked for, and wakes it', async () => {
    expect(await first()).toMatchObject({ id: ID, state: 'firing', acknowledged: null });
    expect(await acknowledgeAlert({ ...SCOPE, id: ID })).toMatchObject({ ok: true });
    expect(await first()).toMatchObject({ acknowledged: { by: 'somebody on this machine' } });
    expect(await silenceAlert({ ...SCOPE, id: ID, span: 'four_hours' })).toMatchObject({ ok: true });
    expect(await first()).toMatchObject({ silencedUntilMs: world.nowMs() + 4 * HOUR_MS, actions: ['wake'] });
    expect(await wakeAlert({ ...SCOPE, id: ID })).toMatchObject({ ok: true });
    expect(await first()).toMatchObject({ silencedUntilMs: null, actions: ['silence'] });
  });

  it('refuses what is not open, a span that nobody offers, and a watch that does not run', async () => {
    expect(await acknowledgeAlert({ ...SCOPE, id: 'http_429' })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    expect(await wakeAlert({ app: 'other', environment: 'production', id: ID })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    const wrong = { ...SCOPE, id: ID, span: 'year' } as unknown as Parameters<typeof silenceAlert>[0];
    expect(await silenceAlert(wrong)).toMatchObject({ ok: false, error: { code: 'bad_input' } });
    expect(await silenceAlert({ ...SCOPE, id: ID, span: 'watch_end' })).toMatchObject({
      ok: false,
      error: { code: 'bad_input', message: 'No watch is running: silence it for 1 h or 4 h.' },
    });
  });

  it('silences until the end of the watch that runs, and of no other', async () => {
    const endMs = world.nowMs() + 5 * HOUR_MS;
    const silenceIt = () => silenceAlert({ ...SCOPE, id: ID, span: 'watch_end' });
    try {
      watch = { closedMs: world.nowMs(), endMs };
      expect(await silenceIt()).toMatchObject({ ok: false });
      watch = { closedMs: null, endMs: world.nowMs() };
      expect(await silenceIt()).toMatchObject({ ok: false });
      watch = { closedMs: null, endMs };
      expect(await readAlerts({ ...SCOPE, selected: null })).toMatchObject({ data: { watchEndMs: endMs } });
      expect(await silenceIt()).toMatchObject({ ok: true });
      expect(await first()).toMatchObject({ silencedUntilMs: endMs, silencedBy: null });
    } finally {
      watch = null;
      await wakeAlert({ ...SCOPE, id: ID });
    }
  });

  it('keeps alerts quiet in a maintenance window, says why, and tells them again once it is ended', async () => {
    const nowMs = world.nowMs();
    const window = { ...SCOPE, startMs: nowMs, endMs: nowMs + HOUR_MS, reason: 'cache is moved' };
    const other = await planMaintenance({ ...window, rules: ['http_429'] });
    expect(await first()).toMatchObject({ silencedUntilMs: null });
    const own = await planMaintenance({ ...window, rules: ['source_down'] });
    if (!own.ok || !other.ok) throw new Error('not planned');
    expect(await first()).toMatchObject({
      silencedUntilMs: nowMs + HOUR_MS,
      silencedBy: 'maintenance: cache is moved',
      actions: [],
    });
    const view = await readAlerts({ ...SCOPE, selected: null });
    expect(view).toMatchObject({
      data: { maintenance: [{ id: other.data.id }, { id: own.data.id, by: 'somebody on this machine' }] },
    });
    for (const { data } of [own, other])
      expect(await endMaintenance({ ...SCOPE, id: data.id })).toMatchObject({ ok: true });
    expect(await first()).toMatchObject({ silencedUntilMs: null, silencedBy: null });
    expect(await endMaintenance({ ...SCOPE, id: own.data.id })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });

  it('refuses a window that cannot be', async () => {
    const nowMs = world.nowMs();
    const window = { ...SCOPE, startMs: nowMs, endMs: nowMs + HOUR_MS, reason: 'r', rules: [] };
    const refused = { ok: false, error: { code: 'bad_input' } };
    expect(await planMaintenance({ ...window, endMs: nowMs })).toMatchObject(refused);
    expect(await planMaintenance({ ...window, reason: '' })).toMatchObject(refused);
    expect(await planMaintenance({ ...window, startMs: Number.NaN })).toMatchObject(refused);
    expect(await planMaintenance({ ...window, app: 'other' })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });

  it('refuses a page of somebody else', async () => {
    origin = 'https://elsewhere.example';
    try {
      expect(await silenceAlert({ ...SCOPE, id: ID, span: 'hour' })).toMatchObject({
        ok: false,
        error: { code: 'forbidden' },
      });
    } finally {
      origin = 'http://127.0.0.1:3000';
    }
    expect(await first()).toMatchObject({ silencedUntilMs: null });
  });
});
