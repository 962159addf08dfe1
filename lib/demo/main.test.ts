import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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
