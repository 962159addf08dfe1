import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SourceKind } from '@/lib/core/model/target.ts';
import { callsOf, usualShape } from '@/lib/core/sources/cost.ts';
import { SOURCE_SPECS } from '@/lib/core/sources/index.ts';
import { startFlyServer } from '@/lib/demo/fly/server.ts';
import { startNeonServer } from '@/lib/demo/neon/server.ts';
import { stillWorld } from '@/lib/demo/neon/still-world.ts';
import { startPrometheusServer } from '@/lib/demo/prometheus/server.ts';
import { startUpstashServer } from '@/lib/demo/upstash/server.ts';
import { steadyWorld } from '@/lib/demo/upstash/test-world.ts';
import { flyTarget, flyWorld, TOKEN } from '@/lib/server/collectors/fly/test-world.ts';
import { API_KEY, neonTarget } from '@/lib/server/collectors/neon/test-world.ts';
import { engine } from '@/lib/server/collectors/prometheus/test-target.ts';
import { database } from '@/lib/server/collectors/upstash/test-target.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { AppTarget, Target } from '@/lib/server/config/types.ts';
import { scrubText } from '@/lib/server/log/scrub.ts';
import { type TargetReport, visitTargets } from './doctor-targets.ts';

vi.setConfig({ testTimeout: 30_000 });
const nowMs = () => Date.now();
const WRONG = new Secret('wrong-canary');
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function visit(target: Target): Promise<TargetReport> {
  const [report] = await visitTargets([target]);
  if (report === undefined) throw new Error('no report');
  expect(JSON.stringify(report)).not.toContain('wrong-canary');
  return report;
}

async function fly(kind: 'organization' | 'app') {
  const server = await startFlyServer(flyWorld(), { nowMs, tokens: { [`FlyV1 ${TOKEN}`]: kind } });
  closers.push(() => server.close());
  return server;
}
async function upstash() {
  const server = await startUpstashServer(steadyWorld(), { nowMs });
  closers.push(() => server.close());
  return server;
}
async function neon() {
  const server = await startNeonServer(stillWorld(nowMs(), {}), { nowMs, apiKey: API_KEY });
  closers.push(() => server.close());
  return server;
}
async function prometheus(authorization?: string) {
  const series = ['up', 'redis_commands_total', 'pg_up'].map((name) => ({
    labels: { __name__: name, job: 'redis', instance: 'cache:9121', cmd: 'get' },
    value: 1,
    atMs: nowMs() - 1_000,
  }));
  const options = authorization === undefined ? { nowMs } : { nowMs, authorization };
  const server = await startPrometheusServer({ seriesAt: () => series }, options);
  closers.push(() => server.close());
  return server;
}
async function machine(status: number): Promise<AppTarget> {
  const server: Server = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => new Promise((done) => server.close(done)));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    app: 'shop',
    environment: 'production',
    kind: 'app',
    name: 'a',
    group: 'web',
    metricsUrl: `http://127.0.0.1:${port}/metrics`,
    healthUrl: null,
    address: `127.0.0.1:${port}`,
    bearer: null,
    mapping: [],
    intervalSeconds: null,
    timeoutSeconds: null,
  };
}

describe('doctor names the missing right and what mends it', () => {
  it('fly: a token of one app may not read metrics, though all else was read', async () => {
    const report = await visit(flyTarget(await fly('app')));
    expect(report).toMatchObject({ verdict: 'mend', state: 'ok' });
    expect(report.missing.join()).toMatch(/metrics belong to the organisation/);
    expect(report.commands).toEqual(['fly tokens create readonly -o acme --expiry 8760h']);
  });

  it('fly: an unknown token', async () => {
    const report = await visit(flyTarget(await fly('app'), { token: WRONG }));
    expect(report).toMatchObject({ verdict: 'mend', state: 'refused' });
    expect(report.commands).toEqual(['fly tokens create readonly -o ORG --expiry 8760h']);
  });

  it('upstash: a refused key', async () => {
    const report = await visit(database({ apiUrl: (await upstash()).url, apiKey: WRONG }));
    expect(report).toMatchObject({ verdict: 'mend', state: 'refused', commands: [] });
    expect(report.missing).toEqual([SOURCE_SPECS.upstash.mend?.missing]);
    expect(report.steps).toEqual([expect.stringMatching(/Management API → Create API key/)]);
  });

  it('upstash: a key that may read the database and not its statistics', async () => {
    const server = await upstash();
    server.setFault({ type: 'status', code: 403 }, 'stats');
    const report = await visit(database({ apiUrl: server.url }));
    expect(report).toMatchObject({ verdict: 'mend', state: 'ok' });
    expect(report.steps).toHaveLength(1);
  });

  it('neon: a refused key, with the call that makes one of the project only', async () => {
    const report = await visit(neonTarget((await neon()).url, { apiKey: WRONG }));
    expect(report).toMatchObject({ verdict: 'mend', state: 'refused', steps: [] });
    expect(report.commands).toEqual([
      expect.stringMatching(/^curl -X POST .*api_keys .*"project_id":"PROJECT"/),
    ]);
  });

  it('prometheus: a token that is not let in', async () => {
    const server = await prometheus('Bearer right');
    const report = await visit(engine({ apiUrl: server.url, bearer: WRONG }));
    expect(report).toMatchObject({ verdict: 'mend', state: 'refused' });
    expect(report.missing).toEqual(['the right to query']);
    expect(report.steps).toEqual([expect.stringMatching(/metrics:read/)]);
  });

  it.each([401, 403])('app: a page that answers %i wants a token', async (status) => {
    const report = await visit(await machine(status));
    expect(report).toMatchObject({ verdict: 'mend', state: 'refused' });
    expect(report.missing).toEqual(['the right to read its metrics or health page']);
    expect(report.steps).toEqual([expect.stringMatching(/METRICS_TOKEN/)]);
  });

  it('what is printed of a step is not taken for a credential and hidden', () => {
    for (const { mend, grants } of Object.values(SOURCE_SPECS)) {
      if (mend !== null) expect(scrubText(mend.step)).toBe(mend.step);
      for (const { where, text } of grants) if (where === 'shell') expect(scrubText(text)).toBe(text);
    }
  });
});

/** `GET /projects/x`: without the base that each API has, and without the query. */
const bare = (call: string) =>
  call
    .replace(/ (?:\/api)?\/v2(?=\/)/, ' ')
    .replace(/ \/prometheus(?=\/)/, ' ')
    .replace(/[?,].*$/, '');
const asPattern = (text: string) =>
  new RegExp(
    `^${bare(text)
      .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
      .replace(/\{[^}]+\}/g, '[^/]+')}$`,
  );

/** Calls that were made and are not told, and calls that are told for a first visit and were not made. */
function compare(kind: SourceKind, made: readonly { method: string; path: string }[]) {
  const calls = made.map(({ method, path }) => bare(`${method} ${path}`));
  const told = callsOf(usualShape(kind)).filter(({ why }) => why !== 'the time before the first visit');
  const patterns = told.map(({ text }) => ({ text, pattern: asPattern(text) }));
  return {
    untold: [...new Set(calls.filter((call) => !patterns.some(({ pattern }) => pattern.test(call))))],
    unmade: patterns
      .filter(({ pattern }) => !calls.some((call) => pattern.test(call)))
      .map(({ text }) => text),
  };
}

describe('the calls that are told are the calls that are made', () => {
  it('fly', async () => {
    const server = await fly('organization');
    expect((await visit(flyTarget(server))).verdict).toBe('ok');
    expect(compare('fly', server.ledger)).toEqual({ untold: [], unmade: [] });
  });

  it('upstash', async () => {
    const server = await upstash();
    await visit(database({ apiUrl: server.url }));
    // The list at the start tells the details too, so the database is asked for ten minutes later.
    expect(compare('upstash', server.ledger)).toEqual({
      untold: [],
      unmade: ['GET /v2/redis/database/{id}?credentials=hide'],
    });
  });

  it('neon', async () => {
    const server = await neon();
    await visit(neonTarget(server.url));
    const { untold, unmade } = compare('neon', server.ledger);
    // Asked once an hour, and told of paid plans only.
    expect(untold.filter((call) => !/spending_limit$/.test(call))).toEqual([]);
    expect(unmade).toEqual([]);
  });

  it('prometheus', async () => {
    const server = await prometheus();
    await visit(engine({ apiUrl: server.url }));
    expect(compare('prometheus', server.ledger)).toEqual({ untold: [], unmade: [] });
  });
});
