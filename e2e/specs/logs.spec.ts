import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { type RunningServer, startServer } from '../fixtures/server.ts';

const OWNER = 'owner-token-of-this-spec';
const CONFIG = `
sources:
  - kind: logs
    app: shop
    interval: 1s
    keepText: true
    patterns:
      - { name: disk_full, match: "No space left" }
`;

let server: RunningServer;
let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterwatch-logs-'));
  const config = join(folder, 'afterwatch.yml');
  await writeFile(config, CONFIG, { mode: 0o600 });
  server = await startServer({
    AFTERWATCH_CONFIG: config,
    AFTERWATCH_PASSWORD: 'password-of-this-spec',
    AFTERWATCH_TOKEN: OWNER,
  });
});

test.afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Call {
  method?: string;
  token?: string;
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

async function call(path: string, { method = 'GET', token = OWNER, body, headers = {} }: Call = {}) {
  const response = await fetch(`${server.baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function makeToken(scope: string): Promise<{ id: string; token: string }> {
  const body = JSON.stringify({ name: scope, scopes: [scope] });
  const made = await call('/api/tokens', { method: 'POST', body });
  expect(made.status).toBe(200);
  return made.body as { id: string; token: string };
}

/** The increase of a pattern over the last five minutes; null while nothing is known. */
async function increaseOf(pattern: string): Promise<number | null> {
  const search = `metric=logs_pattern_lines_total&label.pattern=${pattern}&as=increase&range=5m&step=5s`;
  const { body } = await call(`/api/query?${search}`);
  const series = body.series as { points: [number, number | null][] }[];
  const values = series
    .flatMap(({ points }) => points.map(([, value]) => value))
    .filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

test('lines that a shipper sends are counted by pattern, once each, and their secrets never kept', async () => {
  const { token } = await makeToken('ingest');
  const line = (message: string) => ({ fly: { app: { instance: '148e2d', name: 'shop' } }, message });
  // From here on the machine is counted without a hole.
  await call('/api/logs', { method: 'POST', token, body: JSON.stringify(line('started')) });
  await expect.poll(() => increaseOf('redis_suspended'), { timeout: 30_000 }).toBe(0);
  const lines = [
    line('REDIS SUSPENDED at redis://default:canary-5e1d@cache:6379'),
    line('No space left on device'),
    line('REDIS SUSPENDED'),
  ];
  const send = { method: 'POST', token, body: JSON.stringify(lines) };
  expect(await call('/api/logs', send)).toEqual({ status: 200, body: { counted: 3, refused: {} } });
  expect(await call('/api/logs', send)).toEqual({
    status: 200,
    body: { counted: 0, refused: { duplicate: 3 } },
  });
  const packed = new Uint8Array(gzipSync(`${JSON.stringify(line('No space left, twice'))}\n{"cut`));
  const zipped = { method: 'POST', token, body: packed, headers: { 'content-encoding': 'gzip' } };
  expect(await call('/api/logs', zipped)).toMatchObject({ body: { counted: 1, refused: { unreadable: 1 } } });
  await expect.poll(() => increaseOf('redis_suspended'), { timeout: 20_000 }).toBe(2);
  await expect.poll(() => increaseOf('disk_full'), { timeout: 20_000 }).toBe(2);
  const kept = JSON.stringify((await call('/api/logs')).body);
  expect(kept).toContain('REDIS SUSPENDED');
  expect(kept).not.toContain('canary');
});

test('a made token does what its scope says and is refused once revoked', async () => {
  const [ingest, read, deploy] = [
    await makeToken('ingest'),
    await makeToken('read'),
    await makeToken('deploy'),
  ];
  const statuses = async (token: string) => [
    (await call('/api/logs', { method: 'POST', token, body: 'x' })).status,
    (await call('/api/status', { token })).status,
    (await call('/api/tokens', { token })).status,
  ];
  expect(await statuses(ingest.token)).toEqual([200, 403, 403]);
  expect(await statuses(read.token)).toEqual([403, 200, 403]);
  expect(await statuses(deploy.token)).toEqual([403, 403, 403]);
  expect((await call(`/api/tokens/${read.id}`, { method: 'DELETE' })).status).toBe(200);
  expect(await statuses(read.token)).toEqual([401, 401, 401]);
});
