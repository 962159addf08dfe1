import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { capture } from './capture.ts';
import { checkClock, checkDataFolder, checkNode, checkPort } from './doctor-machine.ts';
import type { TargetReport } from './doctor-targets.ts';

// The first one loads the drivers of every kind of source, on a machine that may do other things beside.
vi.setConfig({ testTimeout: 30_000 });

let folder = '';
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** A Redis that answers every command with one line. */
function redisSaying(line: string): Promise<number> {
  return listen(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.write(`${line}\r\n`));
    }),
  );
}

async function freePort(): Promise<number> {
  const port = await listen(createServer());
  await new Promise((done) => servers.pop()?.close(done));
  return port;
}

async function doctor(yaml: string | null, env: Record<string, string> = {}, args: string[] = []) {
  if (yaml !== null) {
    writeFileSync(join(folder, 'afterwatch.yml'), yaml);
    chmodSync(join(folder, 'afterwatch.yml'), 0o600);
  }
  return capture(['doctor', ...args], { cwd: folder, env: { PORT: String(await freePort()), ...env } });
}

describe('doctor', () => {
  it('lists every fault of the configuration and ends with 2', async () => {
    const { code, out, err } = await doctor('ap: x\nserver: {port: 0}\n', {
      REDIS_URL: 'http://u:hunter2@h',
    });
    expect([code, err]).toEqual([2, '']);
    expect(out.split('\n').slice(-4)).toEqual([
      'the configuration has 3 faults:',
      'REDIS_URL: must begin with redis:// or rediss://',
      'afterwatch.yml:1: ap: ap is not a key here; did you mean app?',
      'afterwatch.yml:2: server.port: must be a port from 1 to 65535',
    ]);
    expect(out).not.toContain('hunter2');
  });

  it('says that nothing is configured and ends with 0: the demo needs no doctor', async () => {
    const { code, out } = await doctor(null);
    expect(code).toBe(0);
    expect(out).toMatch(/the demo fleet would run/);
    expect(out).toMatch(/nothing to mend$/);
  });

  it('visits a machine and says what was read and sent', async () => {
    const port = await listen(
      createHttpServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
        response.end('# TYPE http_requests_total counter\nhttp_requests_total{status="200"} 5\n');
      }),
    );
    const { code, out } = await doctor(null, { APP_METRICS_URLS: `http://127.0.0.1:${port}/metrics` });
    expect(out).toMatch(
      new RegExp(
        `(ok|warning) {2}default/production/app/127\\.0\\.0\\.1:${port}: ok\n.* samples in .* sent 1 `,
      ),
    );
    expect(code).toBe(0);
  });

  it('names a missing grant and prints the command that mends it on its own line', async () => {
    const port = await redisSaying("-NOPERM this user has no permissions to run the 'info' command");
    const { code, out } = await doctor(null, { REDIS_URL: `redis://127.0.0.1:${port}` });
    expect(code).toBe(1);
    expect(out).toMatch(/^mend {2}default\/production\/redis\/redis: misconfigured$/m);
    expect(out).toMatch(/^ {2}run as admin: ACL SETUSER default \+info$/m);
    expect(out).toMatch(/there is something to mend$/);
  });

  it('visits all targets though one fails, and keeps their order', async () => {
    const [silent, refused] = [
      await freePort(),
      await redisSaying('-WRONGPASS invalid username-password pair'),
    ];
    const yaml = `sources:
  - {kind: redis, name: silent, url: "redis://127.0.0.1:${silent}", timeout: 1s}
  - {kind: redis, name: refused, url: "redis://u:hunter2-canary@127.0.0.1:${refused}", timeout: 1s}
`;
    const { code, out } = await doctor(yaml, {}, ['--json']);
    const report = JSON.parse(out);
    expect(report.targets.map((t: TargetReport) => [t.id, t.state])).toEqual([
      ['default/production/redis/silent', 'down'],
      ['default/production/redis/refused', 'refused'],
    ]);
    expect([code, report.ok]).toEqual([1, false]);
    expect(out).not.toContain('hunter2-canary');
    expect(report.warnings).toEqual([expect.stringContaining('sources[1].url holds a credential')]);
  });
});

describe('doctor: this machine', () => {
  it('knows which Node is new enough', () => {
    const verdicts = ['18.20.1', '20.8.9', '20.9.0', '24.21.0'].map((v) => checkNode(v).verdict);
    expect(verdicts).toEqual(['mend', 'mend', 'ok', 'ok']);
  });
  it('doubts a clock that was never set, or that a target contradicts', () => {
    const report = { id: 'a/b/redis/c', codes: ['clock_skew'] } as unknown as TargetReport;
    const now = Date.UTC(2026, 5, 1);
    expect(checkClock(0, []).verdict).toBe('mend');
    expect(checkClock(now, []).verdict).toBe('ok');
    expect(checkClock(now, [report])).toMatchObject({
      verdict: 'warning',
      text: expect.stringContaining('a/b/redis/c'),
    });
  });
  it('looks at the data folder without making it', () => {
    expect(checkDataFolder(join(folder, 'a/b'))).toMatchObject({
      verdict: 'ok',
      text: expect.stringContaining('(not made yet)'),
    });
    writeFileSync(join(folder, 'file'), '');
    expect(checkDataFolder(join(folder, 'file')).verdict).toBe('mend');
    expect(checkDataFolder(join(folder, 'file/below')).verdict).toBe('mend');
  });
  it('tells a running Afterwatch on its port from another program', async () => {
    const ours = await listen(createHttpServer((_request, response) => response.end('{"status":"ok"}')));
    const other = await listen(createHttpServer((_request, response) => response.end('<html>')));
    const bind = (port: number) => checkPort({ host: '127.0.0.1', port });
    expect(await bind(ours)).toMatchObject({
      verdict: 'ok',
      text: expect.stringContaining('a running Afterwatch'),
    });
    expect(await bind(other)).toMatchObject({
      verdict: 'mend',
      text: expect.stringContaining('another program'),
    });
    expect(await bind(await freePort())).toMatchObject({
      verdict: 'ok',
      text: expect.stringContaining('is free'),
    });
  });
});
