import { createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stepCounter } from '@/lib/core/metrics/increments.ts';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { RedisTarget } from '@/lib/server/config/types.ts';
import { failure, openCounted, visitNow } from '@/test/collector-visits.ts';
import { type Peer, startRedis } from '@/test/peers.ts';
import { redis } from './index.ts';

/** A guard that is gone hangs for ever; a busy machine is only late. */
const BUSY_MS = 2_500;
const closers: (() => Promise<unknown>)[] = [];
let peer: Peer;

beforeEach(async () => {
  peer = await startRedis();
  closers.push(() => peer.stop());
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function targetAt(url: string, more: Partial<RedisTarget> = {}): RedisTarget {
  return {
    app: 'default',
    environment: 'production',
    kind: 'redis',
    name: 'main-cache',
    url: new Secret(url),
    address: new URL(url).host,
    metered: 'auto',
    plan: null,
    intervalSeconds: null,
    timeoutSeconds: null,
    ...more,
  };
}

const open = (target: RedisTarget) => openCounted(redis, target, closers);

/** A client of the load, with its own connection. */
function client(): Redis {
  const made = new Redis(peer.url, { retryStrategy: () => 20 });
  made.on('error', () => undefined);
  closers.push(async () => made.disconnect());
  return made;
}

function calls(result: CollectResult, cmd: string): number | undefined {
  return result.samples.find((s) => s.metric === 'redis_commands_total' && s.labels.cmd === cmd)?.value;
}

describe('a real Redis', () => {
  test('GETs are counted exactly, and our own visits are not among them', async () => {
    const load = client();
    await load.get('warm');
    const { session } = open(targetAt(peer.url));
    const before = await visitNow(session);
    for (let n = 0; n < 250; n += 1) await load.get(`key-${n % 7}`);
    const after = await visitNow(session);
    expect((calls(after, 'get') ?? 0) - (calls(before, 'get') ?? 0)).toBe(250);
    expect((calls(after, 'info') ?? 0) - (calls(before, 'info') ?? 0)).toBe(1);
    expect(after.facts.version).toMatch(/^redis \d+\.\d+\.\d+$/);
    expect(after.notices).toEqual([]);
  });

  test('five visits use one connection and one command each', async () => {
    const { session, sent } = open(targetAt(peer.url));
    const first = await visitNow(session);
    for (let n = 0; n < 4; n += 1) await visitNow(session);
    const last = await visitNow(session);
    expect(sent).toEqual({ command: 6, connect: 1, query: 0, request: 0 });
    const received = (result: CollectResult): number =>
      result.samples.find((s) => s.metric === 'redis_connections_received_total')?.value ?? Number.NaN;
    expect(received(last) - received(first)).toBe(0);
    const processed = (result: CollectResult): number =>
      result.samples.find((s) => s.metric === 'redis_commands_processed_total')?.value ?? Number.NaN;
    expect(processed(last) - processed(first)).toBe(5);
  });

  test('the start is the same on every visit and changes with a restart', async () => {
    const { session, sent } = open(targetAt(peer.url));
    const first = (await visitNow(session)).start;
    const second = (await visitNow(session)).start;
    expect(second).toEqual(first);
    expect(Math.abs((first?.atMs ?? 0) - Date.now())).toBeLessThan(5_000);
    await peer.restart();
    const third = (await visitNow(session)).start;
    expect(third?.marker).not.toBe(first?.marker);
    expect(sent.connect).toBe(2);
  });

  test('a restart in the middle loses no GET that was counted and adds none', async () => {
    const load = client();
    await load.get('warm');
    const { session } = open(targetAt(peer.url));
    const results: { atMs: number; result: CollectResult }[] = [];
    const visit = async (): Promise<void> => {
      results.push({ atMs: Date.now(), result: await visitNow(session) });
    };
    await visit();
    for (let n = 0; n < 100; n += 1) await load.get('a');
    await visit();
    await peer.restart();
    for (let n = 0; n < 60; n += 1) await load.get('a').catch(() => load.get('a'));
    await visit();

    let state = null;
    let sum = 0;
    for (const { atMs, result } of results) {
      const step = stepCounter(state, {
        atMs,
        value: calls(result, 'get') ?? 0,
        intervalMs: 15_000,
        start: result.start,
        previousVisitMs: null,
        absentThen: false,
      });
      state = step.state;
      sum += step.increment?.increase ?? 0;
    }
    expect(sum).toBe(160);
  });

  test('a server that is down is refused in words, and the next visit after its return is good', async () => {
    const { session, sent } = open(targetAt(peer.url));
    await visitNow(session);
    await peer.kill();
    const error = await failure(session);
    expect(error.kind).toBe('network');
    expect(error.message).toBe(
      `redis: main-cache refused the connection at 127.0.0.1:${peer.port}; is Redis running there?`,
    );
    await failure(session);
    // Each failed visit tried once.
    expect(sent.connect).toBe(3);
    await peer.restart();
    expect((await visitNow(session)).facts.version).toMatch(/^redis /);
  });

  test('a user without +info is told the command that mends it', async () => {
    const admin = client();
    await admin.call('ACL', 'SETUSER', 'watcher', 'on', '>pw', 'resetkeys', '-@all', '+ping');
    const { session, sent } = open(targetAt(`redis://watcher:pw@127.0.0.1:${peer.port}`));
    const error = await failure(session);
    expect(error.kind).toBe('grant');
    expect(error.message).toContain('ACL SETUSER watcher +info');
    expect(sent).toMatchObject({ connect: 1, command: 2 });
    await admin.call('ACL', 'SETUSER', 'watcher', '+info');
    expect((await visitNow(session)).facts.version).toMatch(/^redis /);
  });

  test('a wrong password is an auth failure whose text holds no secret', async () => {
    const admin = client();
    await admin.call('ACL', 'SETUSER', 'watcher', 'on', '>pw', '-@all', '+info');
    const { session } = open(targetAt(`redis://watcher:s3cr3t@127.0.0.1:${peer.port}`));
    const error = await failure(session);
    expect(error.kind).toBe('auth');
    expect(error.message).toBe(
      'redis: main-cache refused the user name or password of user "watcher"; put the right one into its url',
    );
    // The driver keeps the words of a command on its errors.
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s3cr3t');
  });

  test('a missing password is an auth failure that says so', async () => {
    const admin = client();
    await admin.call('CONFIG', 'SET', 'requirepass', 'needed');
    const { session } = open(targetAt(peer.url));
    const error = await failure(session);
    expect(error.kind).toBe('auth');
    expect(error.message).toContain('asks for a password');
  });

  test('a password that nobody asked for is only a notice', async () => {
    const { session } = open(targetAt(`redis://:pw@127.0.0.1:${peer.port}`));
    const codes = (await visitNow(session)).notices.map((notice) => notice.code);
    expect(codes).toEqual(['password_not_needed']);
  });

  test('no free connection is a limit, not an outage', async () => {
    const admin = client();
    await admin.call('CONFIG', 'SET', 'maxclients', '1');
    const { session } = open(targetAt(peer.url));
    const error = await failure(session);
    expect(error.kind).toBe('limit');
    expect(error.message).toContain('maxclients');
  });

  test('TLS asked of a plain port, which waits in silence, is a timeout that names TLS', async () => {
    const { session } = open(targetAt(`rediss://127.0.0.1:${peer.port}`));
    const error = await failure(session);
    expect(error.kind).toBe('timeout');
    expect(error.message).toContain('made no TLS connection within 3 s');
  });

  test('a connection that the server closed while idle is mended within the visit', async () => {
    const { session, sent } = open(targetAt(peer.url));
    await visitNow(session);
    await client().call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    expect((await visitNow(session)).facts.version).toMatch(/^redis /);
    expect(sent.connect).toBe(2);
  });
});

describe('servers that are no Redis, or behave badly', () => {
  test('one that accepts and stays silent is a timeout at 2 s that leaves no socket behind', async () => {
    const fake = await serve(() => undefined);
    const { session } = open(targetAt(fake.url));
    const begunMs = performance.now();
    const error = await failure(session);
    expect(error.kind).toBe('timeout');
    expect(error.message).toBe(
      'redis: main-cache gave no INFO reply within 2 s; check the network rule or raise timeoutSeconds',
    );
    expect(performance.now() - begunMs).toBeLessThan(2_000 + BUSY_MS);
    await fake.allClosed();
  });

  test('the abort of the visit ends it at once', async () => {
    const fake = await serve(() => undefined);
    const { session } = open(targetAt(fake.url));
    const abort = new AbortController();
    fake.server.once('connection', () => abort.abort());
    const visit = session.collect({ signal: abort.signal, nowMs: Date.now() });
    await expect(visit).rejects.toMatchObject({ kind: 'timeout' });
    await fake.allClosed();
  });

  test('one that drips bytes for ever is held to the deadline', async () => {
    const fake = await serve((socket) => {
      socket.write('$100000\r\n');
      const timer = setInterval(() => socket.write('x'), 100);
      socket.once('close', () => clearInterval(timer));
    });
    const { session } = open(targetAt(fake.url));
    const begunMs = performance.now();
    expect((await failure(session)).kind).toBe('timeout');
    expect(performance.now() - begunMs).toBeLessThan(2_000 + BUSY_MS);
    await fake.allClosed();
  });

  test('one that is cut in mid reply is a network failure without samples', async () => {
    const fake = await serve((socket) => socket.end('$500\r\nredis_version:7.0.15\r\n'));
    const { session, sent } = open(targetAt(fake.url));
    expect((await failure(session)).kind).toBe('network');
    // A new connection that was cut is not tried again.
    expect(sent.connect).toBe(1);
  });

  test.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
    ['noise', '\u0000\u0001\u0002\u0003'],
    ['a reply that nobody asked for', '$-1\r\n$-1\r\n'],
    ['a push message', '>2\r\n+message\r\n+x\r\n'],
    ['an array where text belongs', '*1\r\n$3\r\nabc\r\n'],
    ['a text that is not INFO', '+PONG\r\n'],
  ])('%s is a parse failure', async (_name, bytes) => {
    const fake = await serve((socket) => socket.write(bytes));
    const { session } = open(targetAt(fake.url));
    expect((await failure(session)).kind).toBe('parse');
    await fake.allClosed();
  });

  test('150 made-up conversations never end, hold or leak anything', async () => {
    const pieces = fc.constantFrom(
      ...['+OK', '-ERR x', '*2', '$5', ':12', '%1', '~2', '_', '#t', ',1.5', '=7', 'txt:abc', '', '>1', '+x'],
      ...['$-1', '*-1', '(12', '!3', '|1', '$3', 'abc'],
    );
    for (const lines of fc.sample(fc.array(pieces, { maxLength: 6 }), { numRuns: 150, seed: 20 })) {
      const fake = await serve((socket) =>
        socket.once('data', () => socket.end(`${lines.join('\r\n')}\r\n`)),
      );
      const { session } = open(targetAt(fake.url, { timeoutSeconds: 1 }));
      expect(['parse', 'timeout', 'network']).toContain((await failure(session)).kind);
      await fake.allClosed();
    }
  });

  test('a reply without end is cut before it fills our memory', async () => {
    const fake = await serve((socket) => {
      socket.write('$1000000000\r\n');
      const block = Buffer.alloc(256 * 1024, 'a');
      const more = (): void => {
        while (!socket.destroyed && socket.write(block));
      };
      socket.on('drain', more);
      more();
    });
    const { session } = open(targetAt(fake.url));
    const before = process.memoryUsage().rss;
    const error = await failure(session);
    expect(error.kind).toBe('parse');
    expect(error.message).toContain('longer than any INFO');
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1024 * 1024);
  });

  test.each([
    [
      'ERR max requests limit exceeded. Limit: 500000, Usage: 500003. See the docs',
      'quota',
      'used 500003 of 500000',
      4,
    ],
    ['ERR max daily request limit exceeded. Limit: 10000, Usage: 10001.', 'quota', 'used 10001 of 10000', 4],
    ['ERR max bandwidth limit exceeded', 'limit', 'limit of bandwidth', 4],
    ['ERR this database is suspended', 'auth', 'provider has suspended it', 4],
    ['ERR max concurrent connections exceeded', 'limit', 'maxclients', 1],
    ['NOPERM this user has no permissions to run the info command', 'grant', 'ACL SETUSER default +info', 1],
    ["ERR unknown command 'INFO', with args beginning with: 'all'", 'grant', 'renamed or switched off', 1],
    ['DENIED Redis is running in protected mode because', 'grant', 'protected mode', 1],
    ['LOADING Redis is loading the dataset in memory', 'network', 'loading', 1],
    ['ERR something new', 'network', 'something new', 4],
  ])('the reply "%s" is of kind %s', async (reply, kind, words, command) => {
    const fake = await serve((socket) => socket.on('data', () => socket.write(`-${reply}\r\n`)));
    const { session, sent } = open(targetAt(fake.url));
    const error = await failure(session);
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(words);
    // A reason that is not plain, or a quota met for the first time, is looked into with three real commands.
    expect(sent).toMatchObject({ connect: 1, command });
  });

  test('what a server echoes never shows our password', async () => {
    const fake = await serve((socket) =>
      socket.on('data', () => socket.write('-ERR odd hunter2\u001b[0m\r\n')),
    );
    const { session } = open(targetAt(fake.url.replace('redis://', 'redis://:hunter2@')));
    const error = await failure(session);
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
    expect(error.message).not.toMatch(/\p{Cc}/u);
  });

  test('a host name that does not exist and an address that is none are named', async () => {
    const missing = open(targetAt('redis://no-such-host.invalid:6379'));
    const error = await failure(missing.session);
    expect(error.kind).toBe('network');
    expect(error.message).toContain('DNS');
    const broken = open(targetAt('redis://:100%@127.0.0.1:1'));
    expect((await failure(broken.session)).message).toContain('%25');
  });
});

describe('pace', () => {
  const UPSTASH_INFO = '# Server\r\nupstash_version:1.13.3\r\nredis_version:6.2.6\r\n';

  test('an ordinary Redis is visited every 15 s once it has said what it is, and taken for metered until then', async () => {
    const { session } = open(targetAt(peer.url));
    expect(session.pace()).toMatchObject({ normalSeconds: 300, fixedBeat: true });
    await visitNow(session);
    expect(session.pace()).toEqual({
      normalSeconds: 15,
      denseSeconds: 15,
      fixedBeat: false,
      timeoutSeconds: 5,
      budget: null,
    });
  });

  test('a host of Upstash is metered before its first answer, unless its plan is fixed', () => {
    const url = 'rediss://default:pw@eu1-abc.upstash.io:6379';
    const metered = {
      normalSeconds: 300,
      denseSeconds: 60,
      fixedBeat: true,
      timeoutSeconds: 5,
      budget: { contactsPerDay: 500, denseContactsPerDay: 400, mostPerVisit: 7 },
    };
    expect(open(targetAt(url)).session.pace()).toEqual(metered);
    expect(open(targetAt(peer.url, { metered: true })).session.pace()).toEqual(metered);
    expect(open(targetAt(url, { plan: 'fixed' })).session.pace().normalSeconds).toBe(15);
    expect(open(targetAt(url, { metered: false })).session.pace().fixedBeat).toBe(false);
    expect(open(targetAt('redis://notupstash.io:1', { metered: false })).session.pace().budget).toBeNull();
  });

  test('what answers as Upstash is metered from then on: three probes at first contact, then one command a visit', async () => {
    const asked: string[] = [];
    const fake = await serve((socket) =>
      socket.on('data', (data) => {
        asked.push(data.toString().replaceAll('\r\n', ' ').trim());
        socket.write(`$${UPSTASH_INFO.length}\r\n${UPSTASH_INFO}\r\n`);
      }),
    );
    const { session, sent } = open(targetAt(fake.url));
    const result = await visitNow(session);
    expect(result.start).toBeNull();
    expect(session.pace()).toMatchObject({ normalSeconds: 300, fixedBeat: true });
    await visitNow(session);
    expect(sent).toMatchObject({ connect: 1, command: 5 });
    const get = '*2 $3 GET $16 afterwatch:probe';
    expect(asked).toEqual(['*2 $4 INFO $3 all', get, get, get, '*1 $4 INFO']);
  });

  test('the config may set interval and timeout', () => {
    const { session } = open(targetAt(peer.url, { intervalSeconds: 10, timeoutSeconds: 8, metered: false }));
    expect(session.pace()).toEqual({
      normalSeconds: 10,
      denseSeconds: 10,
      fixedBeat: false,
      timeoutSeconds: 8,
      budget: null,
    });
  });
});

interface Fake {
  url: string;
  server: Server;
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
    url: `redis://127.0.0.1:${address.port}`,
    server,
    allClosed: async () => {
      await Promise.all(
        [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
      );
    },
  };
}
