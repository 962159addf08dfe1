import net from 'node:net';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FleetClock } from '../clock.ts';
import { createWorld } from '../world.ts';
import { type PostgresServer, startPostgresServer } from './server.ts';

const START_MS = Date.UTC(2026, 3, 9, 21, 0, 0);
const clients: pg.Client[] = [];
let server: PostgresServer;

beforeEach(async () => {
  const clock = new FleetClock();
  clock.set(START_MS);
  server = await startPostgresServer(createWorld({ seed: 7, startMs: START_MS }), clock);
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await server.close();
});

async function connect(options: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: server.port,
    user: 'watcher',
    database: 'harbor',
    ...options,
  });
  clients.push(client);
  await client.connect();
  return client;
}

describe('demo postgres', () => {
  it('speaks the simple and the extended protocol with pg', async () => {
    const client = await connect();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect((await client.query({ text: 'SELECT 7 AS seven', values: [] })).rows).toEqual([{ seven: 7 }]);
    const named = { name: 'again', text: 'SELECT 3 AS three /* $1 */', values: ['x'] };
    expect((await client.query(named)).rows).toEqual([{ three: 3 }]);
    expect((await client.query(named)).rows).toEqual([{ three: 3 }]);
    expect((await client.query({ text: 'SHOW server_version' })).rows).toEqual([{ server_version: '16.4' }]);
    expect((await client.query('')).rows).toEqual([]);
  });

  it('an unknown statement is an error with a SQLSTATE, and the connection goes on', async () => {
    const client = await connect();
    const simple = client.query('SELECT * FROM secrets');
    await expect(simple).rejects.toMatchObject({ code: '0A000', severity: 'ERROR' });
    const extended = client.query('SELECT * FROM secrets WHERE id = $1', [1]);
    await expect(extended).rejects.toMatchObject({ code: '0A000' });
    await expect(client.query('SHOW nothing')).rejects.toMatchObject({ code: '42704' });
    expect((await client.query('SELECT 1 AS one', [])).rows).toEqual([{ one: 1 }]);
  });

  it('a failed transaction refuses work until it ends, and its commit is a rollback', async () => {
    const client = await connect();
    await client.query('BEGIN READ ONLY');
    await expect(client.query('SELECT nonsense()')).rejects.toMatchObject({ code: '0A000' });
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    expect((await client.query('COMMIT')).command).toBe('ROLLBACK');
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('several statements in one text answer one by one', async () => {
    const client = await connect();
    const results: unknown = await client.query("SET statement_timeout = '5s'; SELECT 1 AS a; SELECT 2 AS b");
    expect(results).toMatchObject([{ command: 'SET' }, { rows: [{ a: 1 }] }, { rows: [{ b: 2 }] }]);
  });

  it('refuses TLS politely', async () => {
    await expect(connect({ ssl: true })).rejects.toThrow('does not support SSL');
    clients.pop();
  });

  it('bytes that are no protocol end the connection with a FATAL', async () => {
    const text = await new Promise<string>((resolve) => {
      const socket = net.connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1');
      });
      socket.on('close', () => resolve(answer));
    });
    expect(text).toContain('FATAL');
    expect(text).toContain('08P01');
  });
});
