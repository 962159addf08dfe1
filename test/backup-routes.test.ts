import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GET as getBackup } from '@/app/api/backup/route.ts';
import { GET as getRestore, POST as postRestore } from '@/app/api/restore/route.ts';
import { capture } from '@/lib/cli/capture.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { type AuthService, createAuth } from '@/lib/server/auth/index.ts';
import { Sessions } from '@/lib/server/auth/sessions.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import { createLog } from '@/lib/server/log/index.ts';
import { BadgeLinks } from '@/lib/server/notify/badge-links.ts';
import { BackupFile } from '@/lib/server/store/packed/dump-file.ts';
import { openSqliteStore } from '@/lib/server/store/sqlite/sqlite-store.ts';
import type { Store } from '@/lib/server/store/store.ts';

// The routes over a real store, asked by the commands themselves.

const OWNER = 'owner-token-0123456789';
const NOW_MS = Date.parse('2026-04-09T20:00:00Z');
const KEY = Symbol.for('afterwatch');
const holder = globalThis as unknown as Record<symbol, unknown>;
const ROUTES = {
  'GET /api/backup': getBackup,
  'GET /api/restore': getRestore,
  'POST /api/restore': postRestore,
};

let folder: string;
let store: Store;
let auth: AuthService;
let server: Server;
let url: string;
let restarts: number;
let mode: 'configured' | 'demo';
/** Breaks answers off after this many bytes. */
let mostBytes: number;

async function openStore(): Promise<void> {
  const workerPath = join(process.cwd(), 'dist/store-worker.mjs');
  const retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
  store = await openSqliteStore({ dir: join(folder, 'data'), workerPath, retention, now: () => NOW_MS });
  const clock = { wallMs: () => NOW_MS };
  auth = await createAuth(
    {
      ...{ bind: { host: '127.0.0.1', port: 3000 }, publicUrl: null },
      ...{ password: new Secret('correct horse battery'), token: new Secret(OWNER) },
      secretKey: new Secret('k'.repeat(40)),
    },
    store,
    clock,
  );
  const log = createLog({ level: 'info', destination: { write: () => {} } });
  const runtime = {
    ...{ store, auth, clock, log },
    get config() {
      return { dataDir: join(folder, 'data'), mode };
    },
  };
  const restart = async () => {
    restarts += 1;
    await store.close();
    await openStore();
  };
  holder[KEY] = { starting: Promise.resolve({ restart }), runtime };
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'afterwatch-backup-'));
  restarts = 0;
  mode = 'configured';
  mostBytes = Number.POSITIVE_INFINITY;
  await openStore();
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await store.close();
  delete holder[KEY];
  rmSync(folder, { recursive: true, force: true });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', url).pathname;
  const route = Object.entries(ROUTES).find(([name]) => name === `${request.method} ${path}`)?.[1];
  const headers = new Headers({ host: '127.0.0.1:3000' });
  if (request.headers.authorization !== undefined)
    headers.set('authorization', request.headers.authorization);
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const asked = new Request(`http://127.0.0.1:3000${request.url}`, {
    ...{ method: request.method ?? 'GET', headers },
    ...(request.method === 'POST' ? { body: Buffer.concat(parts) } : {}),
  });
  const given = await route?.(asked, { params: Promise.resolve({}) });
  response.writeHead(given?.status ?? 404, Object.fromEntries(given?.headers ?? []));
  if (given?.body == null) return void response.end();
  let bytes = 0;
  for await (const part of Readable.fromWeb(given.body as ReadableStream<Uint8Array>)) {
    bytes += part.length;
    if (bytes > mostBytes) return void response.destroy();
    response.write(part);
  }
  response.end();
}

function run(args: string[], { token = OWNER, typed = '' } = {}) {
  const env = { AFTERWATCH_URL: url, AFTERWATCH_TOKEN: token };
  return capture(args, { cwd: folder, env, stdin: Readable.from([Buffer.from(typed)]) });
}

async function watch(fromMinute: number, toMinute: number): Promise<void> {
  for (let i = fromMinute; i < toMinute; i++) {
    const atMs = NOW_MS - 7 * HOUR_MS + i * MINUTE_MS;
    const samples = [{ metric: 'level_bytes', labels: {}, value: i }];
    await store.append([
      {
        ...{ targetId: 'harbor/production/redis/cache', atMs, intervalMs: MINUTE_MS, durationMs: 2 },
        ...{ ok: true, error: null, start: null, samples },
      },
    ]);
  }
}

const newest = () => store.latest({ metric: 'level_bytes' })[0]?.value;

describe('backup and restore', () => {
  it('bring back what was kept, and leave who may sign in as it is', async () => {
    await watch(0, 400);
    await store.maintain(NOW_MS);
    await store.putState({ 'deploys/one': { release: 'v1' } });
    const made = await run(['backup', 'one.backup', '--json']);
    expect(made).toMatchObject({ code: 0, err: expect.stringMatching(/^wrote one\.backup: .* from sqlite/) });
    expect(JSON.parse(made.out)).toMatchObject({ schema: 1, engine: 'sqlite', file: 'one.backup' });
    expect(statSync(join(folder, 'one.backup')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, 'one.backup.part'))).toBe(false);
    expect(await run(['backup', 'one.backup'])).toMatchObject({ code: 2 });

    await watch(400, 420);
    await store.putState({ 'deploys/one': null, 'deploys/two': { release: 'v2' } });
    const ci = await auth.tokens.create({ name: 'ci', scopes: ['read'] });
    expect(newest()).toBe(419);
    const done = await run(['restore', 'one.backup'], { typed: 'replace everything\n' });
    expect(done).toMatchObject({ code: 0 });
    expect(restarts).toBe(1);
    expect(newest()).toBe(399);
    expect(await store.listState('deploys/')).toEqual([['deploys/one', { release: 'v1' }]]);
    expect(auth.tokens.scopesOf(ci.token)).toEqual(['read']);
    await watch(400, 401);
    expect(newest()).toBe(400);
    expect(readdirSync(join(folder, 'data', 'restore'))).toEqual([]);
  });

  it('hold none of the secrets that a store keeps, by whichever part of the server', async () => {
    await watch(0, 5);
    await auth.tokens.create({ name: 'ci', scopes: ['read'] });
    await auth.hooks.create('github');
    await new Sessions(store, 'fingerprint', () => NOW_MS).open();
    const badges = await BadgeLinks.open(store, () => NOW_MS);
    await badges.create({ name: 'readme', app: 'harbor', environment: 'production' });
    await store.putState({ 'shares/index': ['canary'], 'shares/copy/1': 'canary', 'deploys/one': 'kept' });
    const kept = await store.listState('');
    expect(kept.length).toBeGreaterThan(7);
    expect(await run(['backup', 'one.backup'])).toMatchObject({ code: 0 });
    const file = new BackupFile(join(folder, 'one.backup'));
    const all = [...file.rows()].flatMap(({ rows }) =>
      rows.flatMap((row) =>
        row.map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell).toString('latin1') : '')),
      ),
    );
    file.close();
    expect(all.join('\n')).toContain('deploys/one');
    for (const [key, value] of kept) {
      if (key === 'deploys/one') continue;
      expect(all.join('\n')).not.toContain(key);
      for (const secret of JSON.stringify(value).match(/[\w+/=-]{16,}|canary/g) ?? [])
        expect(all.join('\n')).not.toContain(secret);
    }
  });

  it('are for the owner only', async () => {
    const all = await auth.tokens.create({ name: 'all', scopes: ['read', 'ingest', 'deploy'] });
    expect(await run(['backup', 'one.backup'], { token: all.token })).toMatchObject({ code: 3 });
    expect(await run(['backup', 'one.backup'])).toMatchObject({ code: 0 });
    const refused = await run(['restore', 'one.backup', '--yes'], { token: all.token });
    expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('nothing was changed') });
    expect(restarts).toBe(0);
  });

  it('change nothing without a yes, with a wrong file, or where the demo is shown', async () => {
    await watch(0, 30);
    await run(['backup', 'one.backup']);
    await watch(30, 40);
    for (const typed of ['', 'yes\n', 'replace\n'])
      expect(await run(['restore', 'one.backup'], { typed })).toMatchObject({ code: 2 });
    const good = readFileSync(join(folder, 'one.backup'));
    writeFileSync(join(folder, 'cut.backup'), good.subarray(0, good.length - 9));
    expect(await run(['restore', 'cut.backup', '--yes'])).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('cut off') },
    });
    expect(await run(['restore', 'none.backup', '--yes'])).toMatchObject({ code: 2 });
    // What reaches the server damaged all the same.
    const upload = 'a'.repeat(32);
    const ask = (query: string, body?: Buffer) =>
      fetch(`${url}/api/restore?upload=${upload}&${query}`, {
        ...{ method: 'POST', headers: { authorization: `Bearer ${OWNER}` } },
        ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      }).then((response) => response.json());
    expect(await ask('replace=everything')).toMatchObject({ error: { code: 'not_found' } });
    expect(await ask('offset=0', good.subarray(0, 300))).toEqual({ received: 300 });
    expect(await ask('offset=0', good.subarray(0, 200))).toEqual({ received: 200 });
    expect(await ask('offset=0', good.subarray(0, 200))).toEqual({ received: 200 });
    expect(await ask('offset=250', good.subarray(250))).toMatchObject({ error: { code: 'bad_input' } });
    expect(await ask('replace=everything')).toMatchObject({
      ...{ state: 'failed', message: expect.stringMatching(/^Nothing was changed: .*cut off/) },
    });
    mode = 'demo';
    expect(await run(['restore', 'one.backup', '--yes'])).toMatchObject({ code: 1 });
    expect(restarts).toBe(0);
    expect(newest()).toBe(39);
  });

  it('leave no file behind when the connection breaks', async () => {
    await watch(0, 30);
    mostBytes = 300;
    const broken = await run(['backup', 'one.backup']);
    expect(broken).toMatchObject({ code: 3, err: expect.stringContaining('nothing was written') });
    expect(existsSync(join(folder, 'one.backup'))).toBe(false);
    expect(existsSync(join(folder, 'one.backup.part'))).toBe(false);
    mostBytes = Number.POSITIVE_INFINITY;
    expect(await run(['backup', 'one.backup'])).toMatchObject({ code: 0 });
  });
});
