import net from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FleetClock } from '../clock.ts';
import { REDIS_DOWN_MS, REDIS_RESTART_MS } from '../story.ts';
import { createWorld } from '../world.ts';
import { type RedisServer, startRedisServer } from './server.ts';

const START_MS = Date.UTC(2026, 3, 9, 21, 0, 0);
const MINUTE_MS = 60_000;
const clients: Redis[] = [];
let clock: FleetClock;
let server: RedisServer;

/** As the collector connects. */
const CAREFUL = {
  lazyConnect: true,
  enableOfflineQueue: false,
  enableReadyCheck: false,
  disableClientInfo: true,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
  autoResendUnfulfilledCommands: false,
  commandTimeout: 2_000,
};

beforeEach(async () => {
  clock = new FleetClock();
  clock.set(START_MS);
  server = await startRedisServer(createWorld({ seed: 7, startMs: START_MS }), clock);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await server.close();
});

interface Login {
  protocol?: 2 | 3;
  username?: string;
  password?: string;
}

async function connect(login: Login = {}, port = server.port): Promise<Redis> {
  return ready(new Redis(port, '127.0.0.1', { ...CAREFUL, ...login }));
}

async function ready(client: Redis): Promise<Redis> {
  client.on('error', () => {});
  clients.push(client);
  await client.connect();
  return client;
}

function field(info: unknown, name: string): string | undefined {
  return new RegExp(`^${name}:(.*)\\r$`, 'm').exec(String(info))?.[1];
}

/** Sends raw bytes in the given pieces and gives all that came back until the server ended. */
function raw(pieces: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(server.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    const send = (i: number): void => {
      const piece = pieces[i];
      if (piece !== undefined) socket.write(piece, () => setImmediate(() => send(i + 1)));
    };
    socket.on('connect', () => send(0));
  });
}

describe('demo redis', () => {
  it.each([2, 3] as const)('speaks RESP%i with ioredis', async (protocol) => {
    const client = await connect({ protocol });
    expect(await client.ping()).toBe('PONG');
    expect(await client.set('a', 'ü1')).toBe('OK');
    expect(await client.get('a')).toBe('ü1');
    expect(await client.get('missing')).toBeNull();
    expect(await client.del('a', 'missing')).toBe(1);
    expect(field(await client.info('server'), 'redis_version')).toBe('7.2.5');
    await expect(client.call('FLY', 'me')).rejects.toThrow("ERR unknown command 'fly'");
    await expect(client.call('GET')).rejects.toThrow("ERR wrong number of arguments for 'get' command");
  });

  it('works with the defaults of ioredis, ready check and client info too', async () => {
    const client = await ready(new Redis(server.port, '127.0.0.1', { lazyConnect: true }));
    expect(await client.incr('n').catch((error: Error) => error.message)).toMatch(/unknown command/);
    expect(await client.dbsize()).toBeGreaterThan(20_000);
  });

  it('asks for its password when it has one', async () => {
    const guarded = await startRedisServer(createWorld({ seed: 7, startMs: START_MS }), clock, {
      password: 'pw',
    });
    const open = await connect({ protocol: 2 }, guarded.port);
    await expect(open.ping()).rejects.toThrow('NOAUTH');
    await expect(open.call('AUTH', 'wrong')).rejects.toThrow('WRONGPASS');
    expect(await open.call('AUTH', 'pw')).toBe('OK');
    expect(await open.ping()).toBe('PONG');
    const known = await connect({ username: 'default', password: 'pw' }, guarded.port);
    expect(await known.ping()).toBe('PONG');
    await guarded.close();
  });

  it('INFO gives the sections asked for, commandstats only when asked', async () => {
    const client = await connect();
    const usual = await client.info();
    expect(usual).toContain('# Keyspace\r\ndb0:keys=');
    expect(usual).toContain('# Errorstats');
    expect(usual).not.toContain('cmdstat_');
    const some = String(await client.call('INFO', 'server', 'commandstats'));
    expect(some).toMatch(
      /cmdstat_get:calls=\d+,usec=\d+,usec_per_call=1\.90,rejected_calls=0,failed_calls=0\r\n/,
    );
    expect(some).not.toContain('# Memory');
    expect(await client.info('nonsense')).toBe('');
  });

  it('INFO is of the moment that the clock says', async () => {
    const client = await connect();
    clock.set(START_MS - 40 * MINUTE_MS);
    const before = await client
      .call('INFO', 'all')
      .catch(() => client.connect().then(() => client.info('all')));
    expect(field(before, 'server_time_usec')).toBe(String((START_MS - 40 * MINUTE_MS) * 1000));
    const uptime = Number(field(before, 'uptime_in_seconds'));
    expect(uptime).toBe(Math.floor((-40 * MINUTE_MS - REDIS_RESTART_MS - REDIS_DOWN_MS) / 1000));
  });

  it('counts what was really asked of it on top of the story', async () => {
    const client = await connect();
    const calls = async () => Number(/cmdstat_get:calls=(\d+)/.exec(await client.info('commandstats'))?.[1]);
    const before = await calls();
    await client.get('a');
    await client.get('a');
    expect(await calls()).toBe(before + 2);
    await client.call('NOPE').catch(() => {});
    expect(await client.info('errorstats')).toContain('errorstat_ERR:count=1\r\n');
  });

  it('a restart of the story cuts connections, changes the run id and forgets keys', async () => {
    clock.set(START_MS + REDIS_RESTART_MS - MINUTE_MS);
    const client = await connect();
    await client.set('a', '1');
    const before = field(await client.info(), 'run_id');
    const closed = new Promise((resolve) => client.once('end', resolve));
    clock.set(START_MS + REDIS_RESTART_MS + MINUTE_MS);
    expect(server.sweep()).toBe(true);
    await closed;
    const again = await connect();
    expect(field(await again.info(), 'run_id')).not.toBe(before);
    expect(await again.get('a')).toBeNull();
    expect(server.sweep()).toBe(false);
  });

  it('cannot be reached while it restarts', async () => {
    clock.set(START_MS + REDIS_RESTART_MS + REDIS_DOWN_MS / 2);
    await expect(connect()).rejects.toThrow();
  });

  it('past the limit of the plan it refuses most commands in the words of the provider', async () => {
    const world = createWorld({ seed: 7, startMs: START_MS });
    const limited = await startRedisServer(world, clock);
    world.faults.start('quota', START_MS);
    const client = await connect({}, limited.port);
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => client.get('a').catch((error: Error) => error.message)),
    );
    const refusals = answers.filter((answer) => answer !== null);
    expect(refusals).toHaveLength(14);
    expect(refusals[0]).toMatch(
      /^ERR max requests limit exceeded\. Limit: 600000000, Usage: 60000000\d\. See /,
    );
    world.faults.stop('quota', START_MS);
    expect(await client.get('a')).toBeNull();
    await limited.close();
  });

  it('takes inline commands and commands in pieces, and names what is no RESP', async () => {
    expect(await raw(['PING\r\nQUIT\r\n'])).toBe('+PONG\r\n+OK\r\n');
    expect(await raw(['*2\r\n$4\r\nEC', 'HO\r\n$2\r', '\nhi\r\nQUIT\r\n'])).toBe('$2\r\nhi\r\n+OK\r\n');
    expect(await raw(['*1\r\n:1\r\n'])).toBe("-ERR Protocol error: expected '$'\r\n");
    expect(await raw(['*1\r\n$99999999\r\n'])).toBe('-ERR Protocol error: invalid bulk length\r\n');
  });
});
