import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GET as readLogs, POST as sendLogs } from '@/app/api/logs/route.ts';
import { DELETE as revokeToken } from '@/app/api/tokens/[id]/route.ts';
import { GET as listTokens, POST as makeToken } from '@/app/api/tokens/route.ts';
import type { MadeToken } from '@/lib/core/model/token.ts';
import { createAuth } from '@/lib/server/auth/index.ts';
import { closeSink } from '@/lib/server/collectors/logs/sinks.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { LogsTarget } from '@/lib/server/config/types.ts';
import type { RouteHandler } from '@/lib/server/http/guard-route.ts';
import { createLog } from '@/lib/server/log/index.ts';
import { MemoryState } from './memory-state.ts';

// The routes themselves, over a runtime that holds only what they read.

const SITE = 'http://127.0.0.1:3000';
const OWNER = 'owner-token-0123456789';
const KEY = Symbol.for('afterwatch');
const holder = globalThis as unknown as Record<symbol, unknown>;
const TARGET: LogsTarget = {
  app: 'harbor',
  environment: 'production',
  kind: 'logs',
  name: 'logs',
  address: 'POST /api/logs',
  patterns: [],
  keepText: true,
  logApp: null,
  intervalSeconds: null,
  timeoutSeconds: null,
};
let targets: LogsTarget[];

beforeEach(async () => {
  targets = [TARGET];
  const clock = { wallMs: () => Date.parse('2026-04-09T20:00:00Z') };
  const auth = await createAuth(
    {
      bind: { host: '127.0.0.1', port: 3000 },
      publicUrl: null,
      password: new Secret('correct horse battery'),
      token: new Secret(OWNER),
    },
    new MemoryState(),
    clock,
  );
  const log = createLog({ level: 'info', destination: { write: () => {} } });
  holder[KEY] = {
    runtime: {
      auth,
      clock,
      log,
      get config() {
        return { targets };
      },
    },
  };
});

afterEach(() => {
  for (const target of targets) closeSink(target);
  delete holder[KEY];
});

interface Call {
  method?: string;
  path?: string;
  token?: string | null;
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  params?: Record<string, string>;
}

async function call(route: RouteHandler, change: Call = {}) {
  const { method = 'POST', path = '/api/logs', token = OWNER, body, headers = {}, params = {} } = change;
  const request = new Request(`${SITE}${path}`, {
    method,
    headers: {
      host: '127.0.0.1:3000',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const response = await route(request, { params: Promise.resolve(params) });
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
}

async function make(...scopes: string[]): Promise<MadeToken> {
  const { body } = await call(makeToken, {
    path: '/api/tokens',
    body: JSON.stringify({ name: 'x', scopes }),
  });
  return body as MadeToken;
}

describe('/api/logs', () => {
  it('takes lines plain and as gzip, and tells what it did with each', async () => {
    const lines = '{"message":"REDIS SUSPENDED","host":"m1"}\n{"cut';
    expect(await call(sendLogs, { body: lines })).toMatchObject({
      status: 200,
      body: { counted: 1, refused: { unreadable: 1 } },
    });
    const packed = gzipSync('REDIS SUSPENDED token=hunter2-canary');
    expect(
      await call(sendLogs, { body: new Uint8Array(packed), headers: { 'content-encoding': 'gzip' } }),
    ).toMatchObject({ body: { counted: 1, refused: {} } });
    const kept = await call(readLogs, { method: 'GET' });
    expect(kept.body).toMatchObject({
      sources: [{ id: 'harbor/production/logs/logs', lines: [{ machine: 'm1' }, {}] }],
    });
    expect(JSON.stringify(kept.body)).not.toContain('canary');
  });

  it('reads nothing of a body that is too large, a bomb too, and says so to the shipper', async () => {
    const large = 'x'.repeat(5 * 1024 * 1024 + 1);
    expect(await call(sendLogs, { body: large })).toMatchObject({ status: 413 });
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    expect(
      await call(sendLogs, { body: new Uint8Array(bomb), headers: { 'content-encoding': 'gzip' } }),
    ).toMatchObject({ status: 413 });
    expect(await call(sendLogs, { body: 'x\n'.repeat(10_001) })).toMatchObject({ status: 413 });
    const torn = { body: 'no gzip', headers: { 'content-encoding': 'gzip' } };
    expect(await call(sendLogs, torn)).toMatchObject({ status: 400, body: { error: { code: 'bad_input' } } });
  });

  it('answers a flood with 429 and the time to wait', async () => {
    for (let i = 0; i < 30; i += 1)
      expect((await call(sendLogs, { body: `${i}\n`.repeat(10_000) })).status).toBe(200);
    const flooded = await call(sendLogs, { body: 'more\n'.repeat(10_000) });
    expect(flooded).toMatchObject({ status: 429, body: { error: { code: 'too_many' } } });
    expect(flooded.headers.get('retry-after')).toBe('2');
  });

  it('asks which source is meant when there are several, and says when there is none', async () => {
    targets = [TARGET, { ...TARGET, name: 'workers' }];
    expect(await call(sendLogs, { body: 'x' })).toMatchObject({ status: 400 });
    expect(await call(sendLogs, { path: '/api/logs?source=workers', body: 'x' })).toMatchObject({
      status: 200,
    });
    expect(await call(sendLogs, { path: '/api/logs?source=nobody', body: 'x' })).toMatchObject({
      status: 404,
    });
    expect(await call(sendLogs, { path: '/api/logs?x=1', body: 'x' })).toMatchObject({ status: 400 });
  });

  it('takes lines only from those who may send, and shows them only to those who may read', async () => {
    const [ingest, read, deploy] = [await make('ingest'), await make('read'), await make('deploy')];
    const statuses = async (token: string | null) => [
      (await call(sendLogs, { body: 'x', token })).status,
      (await call(readLogs, { method: 'GET', token })).status,
    ];
    expect(await statuses(null)).toEqual([401, 401]);
    expect(await statuses('wrong')).toEqual([401, 401]);
    expect(await statuses(ingest.token)).toEqual([200, 403]);
    expect(await statuses(read.token)).toEqual([403, 200]);
    expect(await statuses(deploy.token)).toEqual([403, 403]);
  });
});

describe('/api/tokens', () => {
  const path = '/api/tokens';
  it('shows a token once, lists it without its text, and refuses it once revoked', async () => {
    const made = await make('ingest');
    const listed = await call(listTokens, { method: 'GET', path });
    expect(listed.body).toMatchObject({ tokens: [{ id: made.id, name: 'x', scopes: ['ingest'] }] });
    expect(JSON.stringify(listed.body)).not.toContain(made.token);
    const revoke = () =>
      call(revokeToken, { method: 'DELETE', path: `${path}/${made.id}`, params: { id: made.id } });
    expect(await revoke()).toMatchObject({ status: 200, body: { revoked: made.id } });
    expect(await revoke()).toMatchObject({ status: 404 });
    expect(await call(sendLogs, { body: 'x', token: made.token })).toMatchObject({ status: 401 });
  });

  it('is for the owner alone: no made token makes, lists or revokes any', async () => {
    const { id, token } = await make('ingest', 'deploy', 'read');
    const body = JSON.stringify({ name: 'mine', scopes: ['read'] });
    for (const other of [null, token]) {
      const status = other === null ? 401 : 403;
      expect(await call(makeToken, { path, token: other, body })).toMatchObject({ status });
      expect(await call(listTokens, { method: 'GET', path, token: other })).toMatchObject({ status });
      const revoke = { method: 'DELETE', path: `${path}/${id}`, token: other, params: { id } };
      expect(await call(revokeToken, revoke)).toMatchObject({ status });
    }
  });

  it('says what is wrong with a request', async () => {
    for (const body of ['{', '{}', '{"name":"x","scopes":["owner"]}', `{"name":"${'x'.repeat(20_000)}"}`]) {
      expect(await call(makeToken, { path, body })).toMatchObject({
        status: 400,
        body: { error: { code: 'bad_input' } },
      });
    }
    const revoke = { method: 'DELETE', path: `${path}/x`, params: { id: '../x' } };
    expect(await call(revokeToken, revoke)).toMatchObject({ status: 404 });
  });
});
