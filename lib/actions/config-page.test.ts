import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAuth } from '@/lib/server/auth/index.ts';
import { good, machine, openWorld, sample, type World } from '@/lib/server/queries/test-world.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { readConfig } from './config-page.ts';

let origin = 'http://127.0.0.1:3000';
// The framework gives headers only inside a request of its own; these are a page of ours on this machine.
vi.mock('next/headers', () => ({
  headers: async () => new Headers({ host: '127.0.0.1:3000', origin, 'sec-fetch-site': 'same-origin' }),
}));

const RUNTIME = Symbol.for('afterwatch');
const SCOPE = { app: 'harbor', environment: 'production' };
let world: World;

beforeAll(async () => {
  world = await openWorld([machine('a')], () =>
    good([sample('app_setting_info', 1, { setting: 'SUSPEND_REDIS', parsed: 'false', looks: 'digest' })]),
  );
  await world.watch(1);
  const auth = await createAuth(
    { bind: { host: '127.0.0.1', port: 3000 }, publicUrl: null, password: null, token: null },
    new MemoryState(),
    world.runtime.clock,
  );
  const runtime = { ...world.runtime, auth, log: { warn: () => {}, error: () => {} } };
  Object.assign(globalThis, { [RUNTIME]: { starting: Promise.resolve(runtime), runtime } });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, RUNTIME);
  await world.close();
});

describe('reading the Config page', () => {
  it('gives settings and machines in one answer', async () => {
    const answer = await readConfig(SCOPE);
    expect(answer).toMatchObject({
      ok: true,
      data: { rows: [{ setting: 'SUSPEND_REDIS' }], fleet: { machines: [{ name: 'a' }] }, firing: null },
    });
  });

  it.each([
    ['a part too many', { ...SCOPE, secret: 'x' }],
    ['no text', { app: 1, environment: 'production' }],
    ['a text that is too long', { ...SCOPE, app: 'x'.repeat(101) }],
  ])('refuses %s', async (_name, input) => {
    expect(await readConfig(input as typeof SCOPE)).toMatchObject({
      ok: false,
      error: { code: 'bad_input' },
    });
  });

  it('refuses a page of somebody else', async () => {
    origin = 'https://evil.example';
    expect((await readConfig(SCOPE)).ok).toBe(false);
    origin = 'http://127.0.0.1:3000';
  });
});
