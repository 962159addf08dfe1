import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, type Peer, type PostgresPeer, startPostgres, startRedis } from '@/test/peers.ts';
import { openLeading } from '../store/postgres/test-place.ts';

const TAKEN_OVER_MS = 15_000;
const PATIENCE_MS = 40_000;
const root = mkdtempSync(join(process.cwd(), 'node_modules', '.afterwatch-instances-'));
const folder = mkdtempSync(join(tmpdir(), 'afterwatch-instances-'));
const childPath = join(root, 'child.mjs');
const running: Instance[] = [];
let database: PostgresPeer;
let databaseUrl = '';
let redis: Peer;
let owner: pg.Client;

interface Instance {
  child: ChildProcess;
  url: string;
  said: () => string;
}

interface Answer {
  pid: number;
  leads: boolean | null;
  fine?: { buckets: unknown[] }[];
  sources?: { state: string }[];
}

beforeAll(async () => {
  [database, redis] = await Promise.all([startPostgres({ statements: false }), startRedis()]);
  // As the documentation says.
  const [sql = ''] = sqlOf(readFileSync('docs/run-on-postgres.md', 'utf8'));
  for (const line of sql.split(';')) if (line.trim() !== '') database.psql(line);
  databaseUrl = database.urlFor('afterwatch', { password: 'PASSWORD', database: 'afterwatch' });
  owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const config = [
    'app: harbor',
    'environment: production',
    'sources:',
    `  - { kind: redis, name: cache, url: ${redis.url}, interval: 1s }`,
  ];
  writeFileSync(join(folder, 'afterwatch.yml'), config.join('\n'), { mode: 0o600 });
  await build({
    entryPoints: ['test/instance-child.ts'],
    outfile: childPath,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    conditions: ['react-server'],
    alias: { 'server-only': './node_modules/server-only/empty.js' },
    logLevel: 'error',
  });
});

afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await owner.end();
  await Promise.all([database.stop(), redis.stop()]);
  rmSync(root, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

/** Blocks of SQL in a text of the documentation. */
function sqlOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
}

async function startInstance(): Promise<Instance> {
  const port = await freePort();
  const child = spawn(process.execPath, [childPath], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: String(port),
      HOST: '127.0.0.1',
      AFTERWATCH_CONFIG: join(folder, 'afterwatch.yml'),
      AFTERWATCH_DATA_DIR: join(folder, `data-${port}`),
      AFTERWATCH_DATABASE_URL: databaseUrl,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (said += String(part)));
  const instance = { child, url: `http://127.0.0.1:${port}`, said: () => said };
  running.push(instance);
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`an instance ended at once: ${said}`);
    return (await ask(instance, '/api/health'))?.leads != null;
  }, 'a start');
  return instance;
}

/** As a machine tells of something: with a token, under `/api/`. */
const tell = (instance: Instance, headers: Record<string, string> = {}) =>
  ask(instance, '/api/deploys', {
    method: 'POST',
    body: 'x=1',
    headers: { authorization: 'Bearer t', ...headers },
  });

async function ask(instance: Instance, path: string, init: RequestInit = {}): Promise<Answer | null> {
  try {
    const response = await fetch(`${instance.url}${path}`, { ...init, signal: AbortSignal.timeout(5_000) });
    return response.ok ? ((await response.json()) as Answer) : null;
  } catch {
    return null;
  }
}

async function until(isSo: () => Promise<boolean>, what: string, withinMs = PATIENCE_MS): Promise<number> {
  const beganMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - beganMs > withinMs)
      throw new Error(
        `not within ${withinMs} ms: ${what}\n${running.map(({ said }) => said()).join('\n---\n')}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return performance.now() - beganMs;
}

const leads = async (instance: Instance) => (await ask(instance, '/api/health'))?.leads === true;

/** Waits until one of these leads; gives it, and how long that took. */
async function newLeader(among: readonly Instance[]): Promise<{ leader: Instance; tookMs: number }> {
  let leader: Instance | undefined;
  const tookMs = await until(async () => {
    for (const one of among) if (await leads(one)) leader = one;
    return leader !== undefined;
  }, 'another one leads');
  if (leader === undefined) throw new Error('nobody leads');
  return { leader, tookMs };
}

/** All numbers of the last seconds but the newest, which may not have reached everybody. */
async function numbersOf(instance: Instance, range: string): Promise<unknown> {
  const metrics = ['redis_up', 'redis_commands_processed_total', 'redis_connected_clients'];
  return Promise.all(
    metrics.map(async (metric) => {
      const { pid, leads: _, ...rest } = (await ask(instance, `/api/query?metric=${metric}&${range}`)) ?? {};
      expect(pid).toBe(instance.child.pid);
      return rest;
    }),
  );
}

/** Both show the same once neither is in the middle of a second. */
async function sameNumbers(one: Instance, other: Instance): Promise<void> {
  const range = `startMs=${Date.now() - 90_000}&endMs=${Date.now()}`;
  await expect
    .poll(
      async () => {
        const [a, b] = await Promise.all([numbersOf(one, range), numbersOf(other, range)]);
        expect(JSON.stringify(a)).toContain('"last"');
        return { same: JSON.stringify(a) === JSON.stringify(b), a, b };
      },
      { timeout: 20_000, interval: 300 },
    )
    .toMatchObject({ same: true });
}

test('a role that owns only a schema is enough', async () => {
  const [, sql = ''] = sqlOf(readFileSync('docs/run-on-postgres.md', 'utf8'));
  for (const line of sql
    .replaceAll('ROLE afterwatch', 'ROLE guest')
    .replace('AUTHORIZATION afterwatch', 'AUTHORIZATION guest')
    .split(';'))
    if (line.trim() !== '') database.psql(line, 'app');
  const url = database.urlFor('guest', { password: 'PASSWORD', database: 'app' });
  const store = await openLeading(url, { retention: { samplesDays: 30, blocksDays: 90, hourlyDays: 730 } });
  await store.putState({ a: 1 });
  await store.maintain(Date.now());
  expect(store.stats().lastError).toBeNull();
  await store.close();
  expect(
    database.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'afterwatch'", 'app').trim(),
  ).not.toBe('0');
});

test('three instances: one visits and all show the same; killed or paused, another takes over within 15 s and nothing is twice', async () => {
  const first = await startInstance();
  expect(await leads(first)).toBe(true);
  const others = [await startInstance(), await startInstance()];
  for (const other of others) expect(await leads(other)).toBe(false);

  // What followers show.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  for (const other of others) await sameNumbers(first, other);

  // What changes something goes to the one that leads, through any of them.
  for (const other of others)
    expect(await tell(other)).toMatchObject({
      pid: first.child.pid,
      method: 'POST',
    });
  // A header that claims to come from another instance is not believed.
  expect(await tell(others[0] as Instance, { 'x-afterwatch-passed-on': 'guess 1.2.3.4' })).toMatchObject({
    pid: first.child.pid,
  });

  // Killed.
  first.child.kill('SIGKILL');
  const killed = await newLeader(others);
  console.log(`taken over ${Math.round(killed.tookMs)} ms after a kill`);
  expect(killed.tookMs).toBeLessThan(TAKEN_OVER_MS);
  const standing = others.find((one) => one !== killed.leader) as Instance;
  await until(
    async () => (await tell(standing))?.pid === killed.leader.child.pid,
    'a request is passed on to the new leader',
  );

  // Paused: it thinks that it still leads when it wakes up.
  const paused = killed.leader;
  paused.child.kill('SIGSTOP');
  const resumed = await newLeader([standing]);
  console.log(`taken over ${Math.round(resumed.tookMs)} ms after a pause`);
  expect(resumed.tookMs).toBeLessThan(TAKEN_OVER_MS);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  paused.child.kill('SIGCONT');
  await until(async () => (await ask(paused, '/api/health'))?.leads === false, 'the old leader follows');
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect(await leads(standing)).toBe(true);
  await sameNumbers(standing, paused);

  // Nothing twice: not the same visit, and not two visits where there should be one.
  const { rows } = await owner.query<{ at_ms: string }>('SELECT at_ms FROM scrape ORDER BY at_ms');
  const times = rows.map((row) => Number(row.at_ms));
  expect(new Set(times).size).toBe(times.length);
  const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
  expect(gaps.filter((gap) => gap < 400)).toEqual([]);
  // A clean end lets the next one lead at once.
  standing.child.kill('SIGTERM');
  const ended = await newLeader([paused]);
  expect(ended.tookMs).toBeLessThan(8_000);
}, 180_000);
