import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const START_MS = Date.UTC(2026, 3, 9, 21, 0, 0);
let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'afterwatch-fleet-'));
  program = join(folder, 'demo-fleet.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./main.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ready {
  type: string;
  redisUrl: string;
  postgresUrl: string;
  machines: { name: string; metricsUrl: string; healthUrl: string }[];
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (value) => resolve(value as T));
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

describe('demo fleet process', () => {
  it('sends the summaries of its evening to the server that it is told, and goes on when nobody takes them', async () => {
    const told: { authorization: string | undefined; deploy: { release: string; time: number } }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += String(part);
      if (request.method === 'POST')
        told.push({ authorization: request.headers.authorization, deploy: JSON.parse(body) });
      response.writeHead(told.length < 3 ? 200 : 403).end('{}');
      if (told.length === 3) server.emit('all told');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = fork(program, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    try {
      await message<Ready>(child);
      const all = once(server, 'all told');
      child.send({ type: 'deploys', url: 5, token: null });
      child.send({ type: 'deploys', url, token: 'aw_x' });
      await all;
      expect(told.map(({ deploy }) => deploy.release)).toEqual(['v1203', 'v1205', 'v1206']);
      expect(told.every(({ authorization }) => authorization === 'Bearer aw_x')).toBe(true);
      child.send({ type: 'faults' });
      expect(await message(child), 'it was refused, and lives').toEqual({ type: 'faults', running: [] });
    } finally {
      const ended = exitCode(child);
      child.kill('SIGTERM');
      await ended;
      server.closeAllConnections();
      server.close();
    }
  });

  it('tells its addresses, obeys the clock and ends with its parent', async () => {
    const child = fork(program, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const ready = await message<Ready>(child);
    expect(ready).toMatchObject({ type: 'ready', machines: [{ name: '3d8dd7a1' }, {}] });
    for (const url of [ready.redisUrl, ready.postgresUrl, ...ready.machines.map((m) => m.metricsUrl)]) {
      expect(new URL(url).hostname).toBe('127.0.0.1');
    }
    child.send({ type: 'clock', atMs: START_MS });
    expect(await message(child)).toEqual({ type: 'clock', atMs: START_MS });
    const health = await fetch(ready.machines[0]?.healthUrl ?? '');
    expect(Date.parse(health.headers.get('date') ?? '')).toBe(START_MS);
    child.send({ type: 'clock', atMs: null });
    expect(await message(child)).toEqual({ type: 'clock', atMs: null });
    child.send({ type: 'fault', id: 'nonsense', on: true });
    child.send({ type: 'fault', id: 'kill', on: true });
    const broken = await message<{ type: string; running: { id: string; endsInMs: number }[] }>(child);
    expect(broken).toMatchObject({ type: 'faults', running: [{ id: 'kill' }] });
    expect(broken.running[0]?.endsInMs).toBeGreaterThan(85_000);
    await expect(fetch(ready.machines[1]?.metricsUrl ?? '')).rejects.toThrow();
    child.send({ type: 'fault', id: 'kill', on: false });
    expect(await message(child)).toEqual({ type: 'faults', running: [] });
    expect((await fetch(ready.machines[1]?.metricsUrl ?? '')).status).toBe(200);
    const ended = exitCode(child);
    child.disconnect();
    expect(await ended).toBe(0);
  });

  it('without a channel it writes one line, and ends on SIGTERM', async () => {
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data))),
    );
    expect(JSON.parse(line)).toMatchObject({ type: 'ready' });
    expect(line.endsWith('\n')).toBe(true);
    const ended = exitCode(child);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
