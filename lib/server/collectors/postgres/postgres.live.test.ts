import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { stepCounter } from '@/lib/core/metrics/increments.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { PostgresTarget } from '@/lib/server/config/types.ts';
import { failure, openCounted, visitNow } from '@/test/collector-visits.ts';
import { freePort, type PostgresPeer, startPostgres } from '@/test/peers.ts';
import { postgres } from './index.ts';

/** A guard that is gone hangs for ever; a busy machine is only late. */
const BUSY_MS = 2_500;
const closers: (() => Promise<unknown>)[] = [];
let peer: PostgresPeer;

beforeAll(async () => {
  peer = await startPostgres();
  peer.psql('CREATE TABLE item (id int PRIMARY KEY, note text); GRANT ALL ON item TO app;');
  peer.psql('CREATE ROLE monitor LOGIN IN ROLE pg_monitor; CREATE ROLE nobody LOGIN;');
});
afterAll(() => peer?.stop());
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function targetAt(url: string, more: Partial<PostgresTarget> = {}): PostgresTarget {
  return {
    app: 'default',
    environment: 'production',
    kind: 'postgres',
    name: 'main-db',
    url: new Secret(url),
    address: new URL(url).host,
    intervalSeconds: null,
    timeoutSeconds: null,
    ...more,
  };
}

const open = (target: PostgresTarget) => openCounted(postgres, target, closers);

async function client(url = peer.url): Promise<pg.Client> {
  const made = new pg.Client({ connectionString: url });
  made.on('error', () => undefined);
  await made.connect();
  closers.push(() => made.end().catch(() => undefined));
  return made;
}

function value(result: CollectResult, metric: string, labels: Labels = {}): number | undefined {
  const wanted = JSON.stringify(labels);
  return result.samples.find((s) => s.metric === metric && JSON.stringify(s.labels) === wanted)?.value;
}

const codes = (result: CollectResult): string[] => result.notices.map((notice) => notice.code);

describe('a real Postgres', () => {
  test('queries of the app are counted exactly, and ours are not among them', async () => {
    const load = await client();
    const { session } = open(targetAt(peer.url));
    const before = await visitNow(session);
    for (let n = 0; n < 120; n += 1) await load.query('SELECT note FROM item WHERE id = $1', [n]);
    for (let n = 0; n < 30; n += 1) await load.query(`INSERT INTO item VALUES (${n}, 'private ${n}')`);
    await visitNow(session);
    const after = await visitNow(session);
    expect((value(after, 'db_queries_total') ?? 0) - (value(before, 'db_queries_total') ?? 0)).toBe(150);
    expect(value(after, 'db_statements_total', { family: 'SELECT note FROM item WHERE id = $1' })).toBe(120);
    expect(value(after, 'db_statement_rows_total', { family: 'INSERT INTO item VALUES ($1, $2)' })).toBe(30);
    expect(JSON.stringify(after)).not.toContain('private');
    expect(JSON.stringify(after)).not.toContain('afterwatch');
  });

  test('five visits use one connection and four statements each, the size once', async () => {
    const { session, sent } = open(targetAt(peer.urlFor('monitor')));
    for (let n = 0; n < 5; n += 1) await visitNow(session);
    expect(sent).toEqual({ command: 0, connect: 1, query: 21, request: 0 });
    const seen = peer.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'afterwatch'");
    expect(seen).toBe('1');
  });

  test('a role with pg_monitor and nothing else sees everything', async () => {
    const load = await client();
    await load.query('SELECT 1');
    const { session } = open(targetAt(peer.urlFor('monitor')));
    const result = await visitNow(session);
    expect(result.notices).toEqual([]);
    expect(result.facts.version).toMatch(/^postgres \d+\.\d+$/);
    expect(value(result, 'db_connections', { state: 'idle' })).toBe(1);
    expect(value(result, 'db_longest_query_seconds')).toBe(0);
    expect(value(result, 'db_connections_max')).toBe(100);
    expect(value(result, 'db_size_bytes')).toBeGreaterThan(1_000_000);
    expect(result.samples.some((s) => s.quality === 'inferred')).toBe(false);
  });

  test('a role with nothing gets what it may see, and the command that mends the rest', async () => {
    const load = await client();
    await load.query('SELECT note FROM item');
    const { session } = open(targetAt(peer.urlFor('nobody')));
    const result = await visitNow(session);
    expect(codes(result)).toEqual(['no_pg_monitor']);
    expect(result.notices[0]?.text).toContain('GRANT pg_monitor TO "nobody"');
    expect(value(result, 'db_queries_total')).toBeGreaterThan(0);
    expect(value(result, 'db_transactions_total')).toBeGreaterThan(0);
    expect(value(result, 'db_connections', { state: 'unknown' })).toBe(1);
    expect(value(result, 'db_longest_query_seconds')).toBeUndefined();
    expect(result.samples.some((s) => s.labels.family?.includes('insufficient'))).toBe(false);
  });

  test('a long transaction and a waiting lock are seen with their age', async () => {
    const holder = await client();
    const waiter = await client();
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE item IN ACCESS EXCLUSIVE MODE');
    const waiting = waiter.query('SELECT count(*) FROM item');
    const { session } = open(targetAt(peer.urlFor('monitor')));
    await expect
      .poll(async () => value(await visitNow(session), 'db_locks_waiting'), { timeout: 5_000 })
      .toBe(1);
    const result = await visitNow(session);
    expect(value(result, 'db_connections', { state: 'idle in transaction' })).toBe(1);
    expect(value(result, 'db_connections', { state: 'active' })).toBe(1);
    expect(value(result, 'db_longest_transaction_seconds')).toBeGreaterThan(0);
    expect(value(result, 'db_longest_query_seconds')).toBeGreaterThan(0);
    await holder.query('COMMIT');
    await waiting;
  });

  test('a clean restart adds nothing to any counter, since statistics outlive it', async () => {
    const own = await startPostgres();
    closers.push(() => own.stop());
    const { session, sent } = open(targetAt(own.url));
    const load = await client(own.url);
    for (let n = 0; n < 50; n += 1) await load.query('SELECT 1');
    await load.end();
    await visitNow(session);
    const before = await visitNow(session);
    await own.restart();
    const after = await visitNow(session);
    expect(sent.connect).toBe(2);
    for (const metric of ['db_queries_total', 'db_transactions_total']) {
      const increase = increaseBetween(before, after, metric);
      expect(increase, metric).toBeGreaterThanOrEqual(0);
      expect(increase, metric).toBeLessThan(30);
    }
  });

  test('a crash in the middle loses no query that was counted and adds none', async () => {
    const own = await startPostgres();
    closers.push(() => own.stop());
    const { session } = open(targetAt(own.url));
    const before = await client(own.url);
    const first = await visitNow(session);
    for (let n = 0; n < 80; n += 1) await before.query('SELECT 1');
    const second = await visitNow(session);
    await own.kill();
    await own.restart();
    const after = await client(own.url);
    for (let n = 0; n < 40; n += 1) await after.query('SELECT 1');
    const third = await visitNow(session);
    expect(increaseBetween(first, second, 'db_queries_total')).toBe(80);
    expect(increaseBetween(second, third, 'db_queries_total')).toBe(40);
  });

  test('without pg_stat_statements queries are inferred from transactions, and it says how to mend that', async () => {
    const plain = await startPostgres({ statements: false });
    closers.push(() => plain.stop());
    const { session } = open(targetAt(plain.url));
    const result = await visitNow(session);
    const sample = result.samples.find((s) => s.metric === 'db_queries_total');
    expect(sample).toMatchObject({ labels: { from: 'transactions' }, quality: 'inferred' });
    expect(codes(result)).toEqual(['no_pg_stat_statements']);
    expect(result.notices[0]?.text).toContain('CREATE EXTENSION pg_stat_statements');
    // Installed, yet not preloaded: the statement fails, the visit does not.
    plain.psql('CREATE EXTENSION pg_stat_statements');
    const second = await visitNow(session);
    expect(second.notices[0]?.text).toContain('shared_preload_libraries');
  });

  test('an extension in a schema of its own, with an odd name, is found', async () => {
    const own = await startPostgres();
    closers.push(() => own.stop());
    own.psql('CREATE SCHEMA "My Ext"; ALTER EXTENSION pg_stat_statements SET SCHEMA "My Ext";');
    own.psql('GRANT USAGE ON SCHEMA "My Ext" TO app;');
    const { session } = open(targetAt(own.url));
    expect(value(await visitNow(session), 'db_queries_total')).toBeGreaterThan(0);
    own.psql('REVOKE USAGE ON SCHEMA "My Ext" FROM app;');
    const denied = await visitNow(session);
    expect(denied.notices.map((notice) => notice.text).join()).toContain(
      'GRANT SELECT ON "My Ext".pg_stat_statements',
    );
  });

  test('statements that are dropped for want of room make the count inferred, never a spike', async () => {
    const own = await startPostgres({ settings: { 'pg_stat_statements.max': '100' } });
    closers.push(() => own.stop());
    const { session } = open(targetAt(own.url));
    const load = await client(own.url);
    const results = [await visitNow(session)];
    for (let round = 0; round < 4; round += 1) {
      // Another number of columns makes another statement.
      for (let n = 0; n < 90; n += 1) await load.query(`SELECT ${'1, '.repeat(round * 90 + n)}1`);
      results.push(await visitNow(session));
    }
    const last = results.at(-1);
    expect(last && codes(last)).toContain('statements_evicted');
    let sum = 0;
    for (let n = 1; n < results.length; n += 1) {
      const [from, to] = [results[n - 1], results[n]];
      if (from && to) sum += increaseBetween(from, to, 'db_queries_total');
    }
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(360);
  });
});

describe('refusals', () => {
  test.each([
    [
      'a wrong password',
      'auth',
      'refused the role or password of "app"',
      (p: PostgresPeer) => p.urlFor('app', { password: 's3cr3t' }),
    ],
    ['no password', 'auth', 'refused the role or password of "app"', (p: PostgresPeer) => p.urlFor('app')],
    [
      'an unknown role',
      'auth',
      'refused the role or password of "ghost"',
      (p: PostgresPeer) => p.urlFor('ghost', { password: 'x' }),
    ],
    [
      'a role that may not log in',
      'grant',
      'ALTER ROLE "nologin" LOGIN',
      (p: PostgresPeer) => p.urlFor('nologin', { password: 'x' }),
    ],
    [
      'a role that may not enter the database',
      'grant',
      'GRANT CONNECT ON DATABASE "closed" TO "app"',
      (p: PostgresPeer) => p.urlFor('app', { password: 'app', database: 'closed' }),
    ],
    [
      'a database that does not exist',
      'grant',
      'has no database "missing"',
      (p: PostgresPeer) => p.urlFor('app', { password: 'app', database: 'missing' }),
    ],
    [
      'TLS that the server does not offer',
      'network',
      'TLS',
      (p: PostgresPeer) => `${p.urlFor('app', { password: 'app' })}?sslmode=require`,
    ],
  ])('%s is of kind %s and says what to do', async (_name, kind, words, urlOf) => {
    const strict = await strictPeer();
    const { session } = open(targetAt(urlOf(strict)));
    const error = await failure(session);
    expect(error.message).toContain(words);
    expect(error.kind).toBe(kind);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s3cr3t');
  });

  let strict: PostgresPeer | null = null;
  async function strictPeer(): Promise<PostgresPeer> {
    if (strict !== null) return strict;
    strict = await startPostgres({ hba: ['local all all trust', 'host all all 127.0.0.1/32 scram-sha-256'] });
    strict.psql(
      "CREATE ROLE nologin PASSWORD 'x'; CREATE DATABASE closed; REVOKE CONNECT ON DATABASE closed FROM PUBLIC;",
    );
    return strict;
  }
  afterAll(() => strict?.stop());

  test('no free connection is a limit, not an outage', async () => {
    const small = await startPostgres({
      settings: { max_connections: '5', superuser_reserved_connections: '3' },
    });
    closers.push(() => small.stop());
    await client(small.url);
    await client(small.url);
    const { session } = open(targetAt(small.url));
    const error = await failure(session);
    expect(error.kind).toBe('limit');
    expect(error.message).toContain('no free connection left');
  });

  test('a server that is down is refused in words, and the next visit after its return is good', async () => {
    const own = await startPostgres();
    closers.push(() => own.stop());
    const { session, sent } = open(targetAt(own.url));
    await visitNow(session);
    await own.kill();
    const error = await failure(session);
    expect(error.kind).toBe('network');
    expect(error.message).toBe(
      `postgres: main-db refused the connection at 127.0.0.1:${own.port}; is Postgres running there?`,
    );
    expect(sent.connect).toBe(2);
    await own.restart();
    expect((await visitNow(session)).facts.version).toMatch(/^postgres /);
  });

  test('a connection that the server ended while idle is mended within the visit', async () => {
    const { session, sent } = open(targetAt(peer.urlFor('monitor')));
    await visitNow(session);
    peer.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'afterwatch'");
    expect((await visitNow(session)).facts.version).toMatch(/^postgres /);
    expect(sent.connect).toBe(2);
  });
});

describe('servers that are no Postgres, or behave badly', () => {
  test('one that accepts and stays silent is a timeout in time, with no socket left', async () => {
    const fake = await serve(() => undefined);
    const { session } = open(targetAt(fake.url, { timeoutSeconds: 2 }));
    const begunMs = performance.now();
    const error = await failure(session);
    expect(error.kind).toBe('timeout');
    expect(error.message).toBe(
      'postgres: main-db accepted no session within 1.6 s; check the network rule or raise timeoutSeconds',
    );
    expect(performance.now() - begunMs).toBeLessThan(1_600 + BUSY_MS);
    await fake.allClosed();
  });

  test('one that goes silent in mid-life is held to the deadline of the statement', async () => {
    const relay = await relayTo(peer.port);
    const { session } = open(
      targetAt(`postgres://monitor@127.0.0.1:${relay.port}/app`, { timeoutSeconds: 3 }),
    );
    await visitNow(session);
    relay.mute();
    const begunMs = performance.now();
    const error = await failure(session);
    expect(error.kind).toBe('timeout');
    expect(error.message).toContain('did not answer our statement within 1.2 s');
    expect(performance.now() - begunMs).toBeLessThan(1_200 + BUSY_MS);
    relay.unmute();
    expect((await visitNow(session)).facts.version).toMatch(/^postgres /);
  });

  test('the abort of the visit ends it at once', async () => {
    const fake = await serve(() => undefined);
    const { session } = open(targetAt(fake.url));
    const abort = new AbortController();
    fake.onConnection(() => abort.abort());
    await expect(session.collect({ signal: abort.signal, nowMs: Date.now() })).rejects.toMatchObject({
      kind: 'timeout',
    });
    await fake.allClosed();
  });

  test('an answer that is cut in the middle is a network failure without samples', async () => {
    const relay = await relayTo(peer.port);
    const { session } = open(targetAt(`postgres://monitor@127.0.0.1:${relay.port}/app`));
    relay.cutAfterBytes(700);
    expect((await failure(session)).kind).toBe('network');
  });

  test.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
    ['a row that nobody asked for', Buffer.from([0x44, 0, 0, 0, 10, 0, 9, 0, 0, 0, 1])],
    ['an error without its end', Buffer.from([0x45, 0, 0, 0, 6, 0x53, 0])],
    ['a message whose inside is cut', Buffer.from([0x52, 0, 0, 0, 5, 0])],
    ['noise', Buffer.from(Array.from({ length: 64 }, (_, n) => (n * 37) % 256))],
  ])('%s never ends our process', async (_name, bytes) => {
    const fake = await serve((socket) => socket.write(bytes));
    const { session } = open(targetAt(fake.url, { timeoutSeconds: 1 }));
    expect(['parse', 'timeout', 'network']).toContain((await failure(session)).kind);
    await fake.allClosed();
  });

  test('150 made-up conversations never end, hold or leak anything', async () => {
    const conversations = fc.sample(fc.array(madeUpMessage, { maxLength: 6 }), { numRuns: 150, seed: 20 });
    for (const messages of conversations) {
      const fake = await serve((socket) => socket.once('data', () => socket.end(Buffer.concat(messages))));
      const { session } = open(targetAt(fake.url, { timeoutSeconds: 1 }));
      expect(['parse', 'timeout', 'network', 'auth']).toContain((await failure(session)).kind);
      await fake.allClosed();
    }
  });

  test('an answer without end is cut before it fills our memory', async () => {
    const fake = await serve((socket) => {
      // An error message of 2 GB.
      socket.write(Buffer.from([0x45, 0x7f, 0xff, 0xff, 0xff]));
      const block = Buffer.alloc(256 * 1024, 'a');
      const more = (): void => {
        while (!socket.destroyed && socket.write(block));
      };
      socket.on('drain', more);
      more();
    });
    const { session } = open(targetAt(fake.url));
    const before = process.memoryUsage().rss;
    expect((await failure(session)).kind).toBe('parse');
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
  });
});

describe('TLS', () => {
  const openssl = spawnSync('openssl', ['version']).status === 0;

  test.skipIf(!openssl)(
    'is checked unless the url says otherwise (skipped without the program openssl)',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'afterwatch-tls-'));
      closers.push(async () => rmSync(folder, { recursive: true, force: true }));
      chmodSync(folder, 0o755);
      const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
      const made = spawnSync('openssl', [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
      ]);
      expect(made.status).toBe(0);
      const owner = systemUser();
      if (owner !== null) chownSync(key, owner.uid, owner.gid);
      chmodSync(key, 0o600);
      const own = await startPostgres({
        settings: { ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key },
      });
      closers.push(() => own.stop());
      const url = own.url.replace('127.0.0.1', 'localhost');

      const unknown = await failure(open(targetAt(`${url}?sslmode=require`)).session);
      expect(unknown.kind).toBe('network');
      expect(unknown.message).toContain('signed by nobody we know');
      const known = open(targetAt(`${url}?sslmode=require&sslrootcert=${certificate}`));
      for (let n = 0; n < 3; n += 1)
        expect((await visitNow(known.session)).facts.version).toMatch(/^postgres /);
      expect(known.sent.connect).toBe(1);
      const missing = await failure(open(targetAt(`${url}?sslrootcert=${folder}/none.pem`)).session);
      expect(missing.message).toContain('sslrootcert');
    },
  );
});

describe('through a pooler in transaction mode', () => {
  const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));

  test.skipIf(program === undefined)(
    'pgbouncer takes our connection and five visits (skipped without the package pgbouncer)',
    async () => {
      if (program === undefined) return;
      const port = await freePort();
      const folder = mkdtempSync(join(tmpdir(), 'afterwatch-pooler-'));
      chmodSync(folder, 0o755);
      const file = join(folder, 'pgbouncer.ini');
      // With "any" the role on the server is named by the pool, not by the client.
      writeFileSync(
        file,
        `[databases]\napp = host=127.0.0.1 port=${peer.port} dbname=app user=monitor\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n`,
      );
      const asUser = systemUser() ?? {};
      const pooler = spawn(program, [file], { ...asUser, stdio: 'ignore' });
      closers.push(async () => {
        const ended = new Promise((resolve) => pooler.once('exit', resolve));
        pooler.kill('SIGINT');
        await ended;
        rmSync(folder, { recursive: true, force: true });
      });
      await expect.poll(() => canConnect(port), { timeout: 5_000 }).toBe(true);

      const { session, sent } = open(
        targetAt(`postgres://monitor@127.0.0.1:${port}/app?statement_timeout=5000`),
      );
      for (let n = 0; n < 5; n += 1)
        expect(value(await visitNow(session), 'db_queries_total')).toBeGreaterThan(0);
      expect(sent).toMatchObject({ connect: 1, query: 21 });
    },
  );
});

describe('pace', () => {
  test('every 30 s, 15 s when dense, and the config may set it', () => {
    const { session } = open(targetAt(peer.url));
    expect(session.pace()).toEqual({
      normalSeconds: 30,
      denseSeconds: 15,
      fixedBeat: false,
      timeoutSeconds: 10,
    });
    const own = open(targetAt(peer.url, { intervalSeconds: 5, timeoutSeconds: 4 })).session;
    expect(own.pace()).toEqual({ normalSeconds: 5, denseSeconds: 5, fixedBeat: false, timeoutSeconds: 4 });
  });

  test('a database on Neon is never visited more often than its sleep allows, whatever the config says', () => {
    const url = 'postgres://app:pw@ep-calm-lake-123.eu-central-1.aws.neon.tech/app?sslmode=require';
    for (const intervalSeconds of [null, 15]) {
      const { session } = open(targetAt(url, { intervalSeconds }));
      expect(session.pace()).toMatchObject({ normalSeconds: 360, denseSeconds: 360 });
    }
    expect(open(targetAt('postgres://a:b@notneon.tech/app')).session.pace().normalSeconds).toBe(30);
  });
});

/** A message of the protocol with a true type, mostly a true length and an inside that means nothing. */
const madeUpMessage = fc
  .tuple(
    fc.constantFrom(...'RRRSKZTDCENAvI1234nstGHWdcV'),
    fc.array(fc.oneof(fc.nat(3), fc.nat(255)), { maxLength: 20 }),
    fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(30) }),
  )
  .map(([type, body, length]) => {
    const header = Buffer.alloc(5);
    header.write(type, 'latin1');
    header.writeUInt32BE(length ?? body.length + 4, 1);
    return Buffer.concat([header, Buffer.from(body)]);
  });

/** What the counter rules make of a metric between two visits. */
function increaseBetween(from: CollectResult, to: CollectResult, metric: string): number {
  let state = null;
  let increase = 0;
  for (const [atMs, result] of [
    [1_000, from],
    [31_000, to],
  ] as const) {
    const sample = result.samples.find((s) => s.metric === metric);
    if (sample === undefined) throw new Error(`no ${metric}`);
    const start = sample.start ?? result.start;
    const step = stepCounter(state, {
      atMs,
      value: sample.value,
      intervalMs: 30_000,
      start: start === null ? null : { marker: start.marker, atMs: null },
      previousVisitMs: null,
      absentThen: false,
    });
    state = step.state;
    increase = step.increment?.increase ?? 0;
  }
  return increase;
}

/** The user that servers run as when we are root; null when we are not. */
function systemUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string): number =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

interface Fake {
  url: string;
  port: number;
  onConnection(listener: () => void): void;
  /** Resolves when no connection is open any more. */
  allClosed(): Promise<void>;
}

/** A server on loopback whose every connection is handed to `onConnection`. */
async function serve(onConnection: (socket: Socket) => unknown): Promise<Fake> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    // Reads and drops what nobody else reads, so that the end of the stream is seen.
    socket.resume();
    socket.once('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `postgres://app:pw@127.0.0.1:${address.port}/app`,
    port: address.port,
    onConnection: (listener) => server.once('connection', listener),
    allClosed: async () => {
      await Promise.all(
        [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
      );
    },
  };
}

interface Relay {
  port: number;
  /** From now on nothing passes, and nothing is closed either: a half-open connection. */
  mute(): void;
  unmute(): void;
  /** Cuts a connection once this many bytes of the server have passed. */
  cutAfterBytes(bytes: number): void;
}

async function relayTo(port: number): Promise<Relay> {
  let isMuted = false;
  let limit = Number.POSITIVE_INFINITY;
  const fake = await serve((socket) => {
    const upstream = dial({ port, host: '127.0.0.1' });
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.on('data', (chunk) => {
      if (!isMuted) upstream.write(chunk);
    });
    let passed = 0;
    upstream.on('data', (chunk) => {
      if (isMuted) return;
      const rest = limit - passed;
      passed += chunk.length;
      socket.write(chunk.subarray(0, Math.max(0, rest)));
      if (passed >= limit) socket.destroySoon();
    });
    upstream.on('close', () => socket.destroy());
  });
  return {
    port: fake.port,
    mute: () => {
      isMuted = true;
    },
    unmute: () => {
      isMuted = false;
    },
    cutAfterBytes: (bytes) => {
      limit = bytes;
    },
  };
}
