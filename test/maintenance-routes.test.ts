import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DELETE as endOne } from '@/app/api/maintenance/[id]/route.ts';
import { GET as list, POST as plan } from '@/app/api/maintenance/route.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { type AuthService, createAuth } from '@/lib/server/auth/index.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import { AlertShelf } from '@/lib/server/engine/alert-shelf.ts';
import { type AlertDeps, AlertStep } from '@/lib/server/engine/alerts.ts';
import { describeApi } from '@/lib/server/http/openapi.ts';
import { createLog } from '@/lib/server/log/index.ts';
import { maintenanceAnswerSchema } from '@/lib/server/maintenance/schema.ts';
import { MemoryState } from './memory-state.ts';

const SITE = 'http://127.0.0.1:3000';
const OWNER = 'tok-0123456789-of-this-server';
const NOW_MS = Date.UTC(2026, 3, 9, 20);
const KEY = Symbol.for('afterwatch');
const process_ = globalThis as unknown as Record<symbol, unknown>;

let auth: AuthService;
let state: MemoryState;
beforeEach(async () => {
  state = new MemoryState();
  const clock = { wallMs: () => NOW_MS, monoMs: () => NOW_MS };
  const target = (app: string) => ({ app, environment: 'production', kind: 'redis', name: 'c' });
  const config = {
    bind: { host: '0.0.0.0', port: 3000 },
    publicUrl: null,
    password: null,
    token: new Secret(OWNER),
    targets: [target('harbor'), target('pier')],
  };
  auth = await createAuth(config, state, clock);
  // Planning reads the list of apps and the store, and nothing else.
  const alerts = new AlertStep({ config, clock, store: state } as unknown as AlertDeps);
  const log = createLog({ level: 'info', destination: { write: () => undefined } });
  process_[KEY] = { runtime: { config, clock, store: state, auth, log, alerts } };
});
afterEach(() => {
  delete process_[KEY];
});

async function call(
  handler: typeof plan,
  path: string,
  { token = OWNER, body, id = '' }: { token?: string | null; body?: unknown; id?: string } = {},
) {
  const method = handler === plan ? 'POST' : handler === endOne ? 'DELETE' : 'GET';
  const request = new Request(`${SITE}${path}`, {
    method,
    headers: { host: '127.0.0.1:3000', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await handler(request, { params: Promise.resolve({ id }) });
  return { status: response.status, json: await response.json() };
}
const made = (body: unknown, token: string | null = OWNER) =>
  call(plan, '/api/maintenance', { body: { app: 'harbor', ...(body as object) }, token });
const ask = (query = '', token: string | null = OWNER) => call(list, `/api/maintenance${query}`, { token });
const end = (id: string, token: string | null = OWNER) =>
  call(endOne, `/api/maintenance/${id}`, { id, token });
const tokenOf = async (...scopes: ('read' | 'deploy' | 'ingest')[]) =>
  (await auth.tokens.create({ name: scopes.join(), scopes })).token;

describe('/api/maintenance', () => {
  it('plans a window from now for so long, lists it, and ends it', async () => {
    const { status, json } = await made({ reason: 'cache is moved', for: '30m' });
    expect(status).toBe(201);
    expect(maintenanceAnswerSchema.parse(json)).toEqual(json);
    expect(json).toMatchObject({
      ...{ app: 'harbor', environment: 'production', startMs: NOW_MS, endMs: NOW_MS + 30 * MINUTE_MS },
      ...{ reason: 'cache is moved', rules: [], by: 'a program with the token', isRunning: true },
    });
    expect((await ask()).json).toEqual({ maintenance: [json] });
    expect((await end(json.id)).json).toEqual({ ended: json.id });
    expect((await ask()).json).toEqual({ maintenance: [] });
    expect((await end(json.id)).status).toBe(404);
  });

  it('takes a start and an end with their zones, and names of rules', async () => {
    const { json } = await made({
      ...{ start: '2026-04-10T09:00:00+02:00', end: '2026-04-10T08:00:00Z' },
      ...{ reason: 'load test', rules: ['http_429', 'quota'] },
    });
    expect(json).toMatchObject({
      ...{ startMs: Date.UTC(2026, 3, 10, 7), endMs: Date.UTC(2026, 3, 10, 8) },
      ...{ rules: ['http_429', 'quota'], isRunning: false },
    });
  });

  it('is durable when it answers', async () => {
    const { json } = await made({ reason: 'cache is moved', for: '30m' });
    const again = new AlertShelf(state);
    await again.open({ app: 'harbor', environment: 'production' });
    expect(again.current({ app: 'harbor', environment: 'production' })?.maintenance).toMatchObject([
      { id: json.id, reason: 'cache is moved' },
    ]);
  });

  it('lists by app, the first to begin at the top', async () => {
    await made({ reason: 'b', start: NOW_MS + HOUR_MS, for: '1h' });
    await made({ reason: 'c', start: NOW_MS + 2 * HOUR_MS, for: '1h', app: 'pier' });
    await made({ reason: 'a', for: '1h' });
    const reasons = async (query = '') =>
      (await ask(query)).json.maintenance.map(({ reason }: { reason: string }) => reason);
    expect(await reasons()).toEqual(['a', 'b', 'c']);
    expect(await reasons('?app=pier')).toEqual(['c']);
    expect(await reasons('?app=other')).toEqual([]);
  });

  it.each([
    [{ for: '30m' }, 'reason'],
    [{ reason: '  ', for: '30m' }, 'a reason was expected'],
    [{ reason: 'x'.repeat(201), for: '30m' }, 'at most 200 characters'],
    [{ reason: 'a\u0007b', for: '30m' }, 'without control characters'],
    [{ reason: 'r' }, 'either end or for'],
    [{ reason: 'r', for: '1h', end: NOW_MS + HOUR_MS }, 'either end or for'],
    [{ reason: 'r', for: 'soon' }, 'a time with its unit'],
    [{ reason: 'r', end: '2026-04-10T09:00:00' }, 'a time with its zone'],
    [{ reason: 'r', for: '8d' }, 'at most 7 days'],
    [{ reason: 'r', end: NOW_MS - HOUR_MS }, 'ends before it begins'],
    [{ reason: 'r', start: NOW_MS - 2 * HOUR_MS, end: NOW_MS - HOUR_MS }, 'over already'],
    [{ reason: 'r', for: '1h', rules: ['drfit'] }, 'rules'],
    [{ reason: 'r', for: '1h', app: 'other' }, 'no app of that name'],
    [{ reason: 'r', for: '1h', app: undefined }, 'several are watched'],
    [{ reason: 'r', for: '1h', who: 'me' }, 'who'],
  ])('refuses %j', async (body, says) => {
    const { status, json } = await made(body);
    expect([status, json.error.code]).toEqual([400, 'bad_input']);
    expect(json.error.message).toContain(says);
    expect((await ask()).json.maintenance).toEqual([]);
  });

  it('takes fifty windows of an app that are not over, and no more', async () => {
    for (let i = 0; i < 50; i += 1) expect((await made({ reason: `${i}`, for: '1h' })).status).toBe(201);
    expect((await made({ reason: 'one more', for: '1h' })).json.error.message).toContain('50 windows');
    expect((await made({ reason: 'another app', for: '1h', app: 'pier' })).status).toBe(201);
  });

  it('lets tokens that tell of deploys plan and end, those that read only read, and strangers nothing', async () => {
    const [deploy, read, ingest] = [await tokenOf('deploy'), await tokenOf('read'), await tokenOf('ingest')];
    const body = { reason: 'r', for: '1h' };
    for (const token of [read, ingest]) expect((await made(body, token)).status).toBe(403);
    expect((await made(body, null)).status).toBe(403);
    const { status, json } = await made(body, deploy);
    expect(status).toBe(201);
    expect((await ask('', read)).status).toBe(200);
    for (const token of [deploy, ingest]) expect((await ask('', token)).status).toBe(403);
    for (const token of [read, ingest]) expect((await end(json.id, token)).status).toBe(403);
    expect((await end(json.id, null)).status).toBe(403);
    expect((await end(json.id, deploy)).status).toBe(200);
  });

  it('knows no id that cannot be one', async () => {
    for (const id of ['', '__proto__', '../tokens', 'x'.repeat(16)]) expect((await end(id)).status).toBe(404);
  });

  it('is described as it judges', () => {
    const api = JSON.parse(JSON.stringify(describeApi()));
    const { schema } = api.paths['/api/maintenance'].post.requestBody.content['application/json'];
    expect(Object.keys(schema.properties).sort()).toEqual(
      ['app', 'end', 'environment', 'for', 'reason', 'rules', 'start'].sort(),
    );
  });
});
