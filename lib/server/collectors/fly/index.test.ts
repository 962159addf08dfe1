import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { labelsKey, type Sample } from '@/lib/core/model/sample.ts';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import { type FlyServer, startFlyServer, type TokenKind } from '@/lib/demo/fly/server.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { FlyTarget } from '@/lib/server/config/types.ts';
import { ScrapeError } from '../collector.ts';
import { fly } from './index.ts';
import {
  flyMachine,
  flyTarget,
  flyWorld,
  NOW_MS,
  responses,
  type TestWorld,
  TOKEN,
  TOKENS,
} from './test-world.ts';

const MINUTE_MS = 60_000;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Watch {
  server: FlyServer;
  requests: () => number;
  visit: (atMs?: number) => Promise<CollectResult>;
  session: ReturnType<typeof fly.open>;
}

async function watch(
  world: TestWorld,
  given: Partial<FlyTarget> = {},
  tokens: Record<string, TokenKind> = TOKENS,
): Promise<Watch> {
  let requests = 0;
  const server = await startFlyServer(world, { nowMs: () => NOW_MS, tokens });
  const session = fly.open(flyTarget(server, given), {
    count: (act) => {
      if (act === 'request') requests += 1;
    },
  });
  closers.push(
    () => server.close(),
    () => session.close(),
  );
  const visit = (nowMs = NOW_MS) => session.collect({ signal: AbortSignal.timeout(10_000), nowMs });
  return { server, session, visit, requests: () => requests };
}

function values(samples: readonly Sample[], metric: string): Record<string, number> {
  const own = samples.filter((sample) => sample.metric === metric);
  return Object.fromEntries(own.map(({ labels, value }) => [labelsKey(labels), value]));
}

const codes = ({ notices }: CollectResult) => notices.map(({ code }) => code);

describe('a visit', () => {
  test('tells machines, health, release, secrets and what the proxy counted by machine and exact status', async () => {
    const { visit, server, requests } = await watch(flyWorld());
    const { samples, facts, notices, start } = await visit();
    expect(notices).toEqual([]);
    expect(start).toBeNull();
    expect(values(samples, 'fly_http_responses_total')).toEqual({
      'machine="aaaa1111bbbb22",proxy="blue",status="200"': 1_000,
      'machine="aaaa1111bbbb22",proxy="blue",status="429"': 0,
      'machine="cccc3333dddd44",proxy="blue",status="200"': 2_000,
      'machine="cccc3333dddd44",proxy="blue",status="429"': 7,
    });
    expect(values(samples, 'fly_machine_cpu_seconds_total')).toEqual({
      'machine="aaaa1111bbbb22",mode="user"': 20,
      'machine="cccc3333dddd44",mode="user"': 20,
    });
    expect(values(samples, 'fly_machine_up')).toEqual({
      'machine="aaaa1111bbbb22"': 1,
      'machine="cccc3333dddd44"': 1,
    });
    expect(values(samples, 'fly_machine_info')).toEqual({
      'group="app",image="ab12cd34ef56",machine="aaaa1111bbbb22",region="ams",release="v42"': 1,
      'group="app",image="ab12cd34ef56",machine="cccc3333dddd44",region="lhr",release="v42"': 1,
    });
    expect(values(samples, 'fly_release_landed')).toEqual({ 'group="app"': 1 });
    expect(facts).toEqual({
      organization: 'acme',
      release: 'v42 (complete)',
      machines: '2 started',
      'machine aaaa1111bbbb22': 'started ams v42 app, passing',
      'machine cccc3333dddd44': 'started lhr v42 app, passing',
      secrets: '1',
      'secret DATABASE_URL': 'digest a1b2c3d4e5f6, deployed',
    });
    for (const { metric } of samples) expect(findMetric(metric)).not.toBeNull();
    expect(requests()).toBe(4);
    expect(new Set(server.ledger.map(({ authorization }) => authorization))).toEqual(
      new Set([`FlyV1 ${TOKEN}`]),
    );
  });

  test('costs two requests a minute, and two more every five minutes or when a machine changes its release', async () => {
    const world = flyWorld();
    const { visit, requests } = await watch(world);
    await visit(NOW_MS);
    for (let minute = 1; minute < 5; minute++) await visit(NOW_MS + minute * MINUTE_MS);
    expect(requests()).toBe(4 + 4 * 2);
    await visit(NOW_MS + 5 * MINUTE_MS);
    expect(requests()).toBe(12 + 4);
    world.state = { ...world.state, machines: [flyMachine('aaaa1111bbbb22', { releaseVersion: 43 })] };
    await visit(NOW_MS + 6 * MINUTE_MS);
    expect(requests()).toBe(16 + 4);
  });

  test('keeps a token of the old scheme as a bearer token', async () => {
    const { visit, server } = await watch(
      flyWorld(),
      { token: new Secret('Bearer fo1_old-token') },
      { 'Bearer fo1_old-token': 'organization' },
    );
    expect(codes(await visit())).toEqual([]);
    expect(server.ledger.every(({ authorization }) => authorization === 'Bearer fo1_old-token')).toBe(true);
  });
});

describe('machines', () => {
  const visitWith = async (...machines: ReturnType<typeof flyMachine>[]) =>
    (await watch(flyWorld({ machines }))).visit();

  test('that are parked are parked, and not down', async () => {
    const { samples, facts } = await visitWith(
      flyMachine('aaaa1111bbbb22'),
      flyMachine('cccc3333dddd44', { state: 'stopped' }),
      flyMachine('eeee5555ffff66', { state: 'suspended' }),
    );
    expect(values(samples, 'fly_machine_up')).toEqual({ 'machine="aaaa1111bbbb22"': 1 });
    expect(values(samples, 'fly_machine_parked')['machine="cccc3333dddd44"']).toBe(1);
    expect(facts.machines).toBe('1 started, 2 parked');
    expect(values(samples, 'fly_machine_memory_size_bytes')).toEqual({ 'machine="aaaa1111bbbb22"': 5e8 });
  });

  test('on a silent host have no release, no health and no say in whether the release has landed', async () => {
    const result = await visitWith(
      flyMachine('aaaa1111bbbb22'),
      flyMachine('cccc3333dddd44', { hostStatus: 'unreachable' }),
    );
    expect(values(result.samples, 'fly_machine_up')).toEqual({ 'machine="aaaa1111bbbb22"': 1 });
    expect(values(result.samples, 'fly_machine_health_ok')).toEqual({ 'machine="aaaa1111bbbb22"': 1 });
    expect(values(result.samples, 'fly_release_landed')).toEqual({});
    expect(codes(result)).toContain('host_unreachable');
  });

  test('on two releases have not converged, and helpers of a deploy do not count', async () => {
    const result = await visitWith(
      flyMachine('aaaa1111bbbb22'),
      flyMachine('cccc3333dddd44', { releaseVersion: 41 }),
      flyMachine('eeee5555ffff66', { group: 'fly_app_release_command' }),
      flyMachine('7777888899990a', { state: 'destroyed' }),
    );
    expect(values(result.samples, 'fly_release_landed')).toEqual({ 'group="app"': 0 });
    expect(values(result.samples, 'fly_machines')['state="started"']).toBe(2);
  });

  test('in a state, or with a check, that nobody knows are unknown and never healthy', async () => {
    const result = await visitWith(
      flyMachine('aaaa1111bbbb22', { state: 'hibernating' }),
      flyMachine('cccc3333dddd44', { checks: [{ name: 'a', status: 'superb', updatedMs: NOW_MS }] }),
    );
    expect(values(result.samples, 'fly_machine_up')).toEqual({ 'machine="cccc3333dddd44"': 1 });
    expect(values(result.samples, 'fly_machine_health_ok')).toEqual({});
    expect(values(result.samples, 'fly_machines')['state="unknown"']).toBe(1);
    expect(codes(result)).toContain('unknown_state');
  });

  test('with a critical check are not healthy; the checks made up for old clients do not count', async () => {
    const fake = { name: 'bg_deployments_compat_0', status: 'passing', updatedMs: NOW_MS };
    const result = await visitWith(
      flyMachine('aaaa1111bbbb22', { checks: [fake, { ...fake, name: 'http', status: 'critical' }] }),
      flyMachine('cccc3333dddd44', { checks: [fake] }),
    );
    expect(values(result.samples, 'fly_machine_health_ok')).toEqual({ 'machine="aaaa1111bbbb22"': 0 });
    expect(codes(result)).toEqual(['no_checks']);
  });

  test('come in one list, however many; facts name a few of them', async () => {
    const machines = Array.from({ length: 150 }, (_, i) => flyMachine(`aaaa${String(i).padStart(10, '0')}`));
    const { visit, requests } = await watch(flyWorld({ machines }));
    const { samples, facts } = await visit();
    expect(Object.keys(values(samples, 'fly_machine_up'))).toHaveLength(150);
    expect(facts.machines).toBe('150 started');
    expect(facts.otherMachines).toBe('138');
    expect(requests()).toBe(4);
  });

  test('that end are counted once, by reason, from the second visit on', async () => {
    const exit = (atMs: number, oomKilled = false, code = 1) => ({
      type: 'exit',
      status: 'stopped',
      source: 'flyd',
      atMs,
      exit: { code, oomKilled, requestedStop: false },
    });
    const old = exit(NOW_MS - 1_000_000);
    const world = flyWorld({ machines: [flyMachine('aaaa1111bbbb22', { events: [old] })] });
    const { visit } = await watch(world);
    expect(values((await visit()).samples, 'fly_machine_exits_total')).toEqual({});
    const events = [exit(NOW_MS + 30_000, true), exit(NOW_MS + 20_000), old];
    world.state = { ...world.state, machines: [flyMachine('aaaa1111bbbb22', { events })] };
    const reasons = (result: CollectResult) => {
      const all = values(result.samples, 'fly_machine_exits_total');
      return Object.fromEntries(
        Object.entries(all).map(([key, value]) => [/reason="(\w+)"/.exec(key)?.[1], value]),
      );
    };
    const second = await visit(NOW_MS + MINUTE_MS);
    expect(reasons(second)).toEqual({ oom: 1, crash: 1, requested: 0, clean: 0, unknown: 0 });
    expect(second.samples.find(({ metric }) => metric === 'fly_machine_exits_total')?.start).toEqual({
      marker: `counted ${NOW_MS + 1}`,
      atMs: NOW_MS + 1,
    });
    // A host that falls silent hides the list for a while: nothing is counted twice when it is back.
    world.state = {
      ...world.state,
      machines: [flyMachine('aaaa1111bbbb22', { events, hostStatus: 'unknown' })],
    };
    await visit(NOW_MS + 2 * MINUTE_MS);
    world.state = { ...world.state, machines: [flyMachine('aaaa1111bbbb22', { events })] };
    expect(reasons(await visit(NOW_MS + 3 * MINUTE_MS))).toEqual(reasons(second));
  });
});

describe('settings', () => {
  test('that are staged, masked or hold a digest are named, without a value', async () => {
    const secrets = [
      { name: 'SUSPEND_REDIS', digest: 'fa61a13817d73a23', createdMs: NOW_MS - 1e6, updatedMs: NOW_MS - 1e5 },
      { name: 'PORT', digest: '0123456789abcdef', createdMs: NOW_MS - 9e6, updatedMs: NOW_MS - 9e6 },
    ];
    const env = { PORT: '8080', OTHER_FLAG: 'fa61a13817d73a23', API_KEY: 'value-of-a-key' };
    const machines = [flyMachine('aaaa1111bbbb22', { env })];
    const result = await (await watch(flyWorld({ secrets, machines }))).visit();
    expect(codes(result)).toEqual(['secrets_staged', 'secret_masks_env', 'digest_as_value']);
    const [staged, masks, copied] = result.notices.map(({ text }) => text);
    expect(staged).toContain('SUSPEND_REDIS');
    expect(masks).toContain('PORT');
    expect(copied).toContain('OTHER_FLAG');
    expect(result.facts['secret SUSPEND_REDIS']).toBe('digest fa61a13817d7, staged');
    expect(JSON.stringify(result)).not.toContain('value-of-a-key');
    expect(JSON.stringify(result)).not.toContain('fa61a13817d73a23');
  });

  test('a release that is called running for long is said to be stale', async () => {
    const world = flyWorld();
    const [release] = world.state.releases;
    if (release !== undefined)
      world.state = { ...world.state, releases: [{ ...release, status: 'running' }] };
    const result = await (await watch(world)).visit();
    expect(codes(result)).toEqual(['release_status_stale']);
    expect(result.facts.release).toBe('v42 (running)');
  });
});

describe('rights', () => {
  test('a token of one app reads all but metrics, and the notice says which token does', async () => {
    const { visit, requests } = await watch(flyWorld(), {}, { [`FlyV1 ${TOKEN}`]: 'app' });
    const result = await visit();
    expect(codes(result)).toEqual(['no_grant_metrics']);
    expect(result.notices[0]?.text).toContain('fly tokens create readonly -o acme --expiry 8760h');
    expect(result.samples.length).toBeGreaterThan(0);
    // It is not asked again for an hour, and still said.
    const before = requests();
    expect(codes(await visit(NOW_MS + MINUTE_MS))).toEqual(['no_grant_metrics']);
    expect(requests() - before).toBe(1);
    await visit(NOW_MS + 61 * MINUTE_MS);
    expect(requests() - before).toBe(1 + 4);
  });

  test('a revoked token fails the visit as refused, asks for all again when a person does, and never shows itself', async () => {
    const { visit, server, requests } = await watch(flyWorld());
    server.setTokens({});
    const error = await visit().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ScrapeError);
    expect(error).toMatchObject({ kind: 'auth' });
    expect(inspect(error, { depth: 9 })).not.toContain(TOKEN);
    server.setTokens(TOKENS);
    const before = requests();
    expect(codes(await visit(NOW_MS + 1_000))).toEqual([]);
    expect(requests()).toBeGreaterThan(before);
  });

  test('an app that the token may not see is named', async () => {
    const { visit } = await watch(flyWorld(), { flyApp: 'shup' });
    await expect(visit()).rejects.toMatchObject({
      kind: 'grant',
      message: expect.stringContaining('no app shup'),
    });
  });

  test('releases that fail are said at every visit until they are read', async () => {
    const { visit, server } = await watch(flyWorld(), { organization: 'acme' });
    server.setFault({ kind: 'status', status: 500 }, 'graphql');
    const first = await visit();
    expect(codes(first)).toEqual(['failed_releases']);
    expect(first.facts.release).toBe('v42');
    expect(codes(await visit(NOW_MS + MINUTE_MS))).toEqual(['failed_releases']);
    server.setFault(null, 'graphql');
    expect(codes(await visit(NOW_MS + 5 * MINUTE_MS))).toEqual([]);
  });

  test('a limited part is left alone for as long as it says, and the others go on', async () => {
    const { visit, server } = await watch(flyWorld());
    await visit();
    server.setFault({ kind: 'status', status: 429, retryAfter: '90' }, 'machines');
    const asked = () => server.ledger.filter(({ part }) => part === 'machines').length;
    const before = asked();
    const limited = await visit(NOW_MS + MINUTE_MS);
    expect(codes(limited)).toEqual(['failed_machines']);
    expect(values(limited.samples, 'fly_http_responses_total')).not.toEqual({});
    await visit(NOW_MS + 2 * MINUTE_MS);
    expect(asked() - before).toBe(1);
    server.setFault(null);
    expect(codes(await visit(NOW_MS + 3 * MINUTE_MS))).toEqual([]);
  });

  test('metrics that come only partly are left out: a sum without a part looks like a drop', async () => {
    const { visit, server } = await watch(flyWorld());
    server.setPartial(true);
    const result = await visit();
    expect(codes(result)).toEqual(['failed_metrics']);
    expect(values(result.samples, 'fly_http_responses_total')).toEqual({});
  });
});

describe('history', () => {
  test('adds up what the proxy counted, through a change from blue to green, the same each time', async () => {
    const world = flyWorld();
    const flipMs = NOW_MS - 3 * 3_600_000;
    // One response a second; green begins at 0 where blue ends.
    world.metrics = {
      seriesAt: (atMs) => [
        atMs < flipMs
          ? responses('aaaa1111bbbb22', '200', Math.floor((atMs - NOW_MS + 1e8) / 1_000))
          : responses('aaaa1111bbbb22', '200', Math.floor((atMs - flipMs) / 1_000), 'green'),
      ],
    };
    const { session, requests } = await watch(world);
    const read = () =>
      session.history({
        signal: AbortSignal.timeout(20_000),
        nowMs: NOW_MS,
        range: { startMs: NOW_MS - 6 * 3_600_000, endMs: NOW_MS },
        onProgress: () => {},
      });
    const history = await read();
    const lines = history.filter(({ metric }) => metric === 'fly_http_responses_total');
    const total = lines.flatMap(({ stretches }) => stretches).reduce((sum, { value }) => sum + value, 0);
    expect(total).toBeGreaterThan(6 * 3_600 * 0.98);
    expect(total).toBeLessThanOrEqual(6 * 3_600);
    for (const { stretches } of lines) {
      for (const [i, { startMs, endMs, value }] of stretches.entries()) {
        expect(value).toBeLessThanOrEqual(60);
        expect(startMs).toBeGreaterThanOrEqual(stretches[i - 1]?.endMs ?? 0);
        expect(endMs).toBeGreaterThan(startMs);
      }
    }
    // The organisation is asked once, then one range.
    expect(requests()).toBe(3);
    expect(await read()).toEqual(history);
  });
});

test('a session tells what it saw for the search for machines', async () => {
  const { session, visit } = await watch(flyWorld());
  expect(session.snapshot()).toBeNull();
  await visit();
  expect(session.snapshot()?.machines?.map(({ id, metrics }) => [id, metrics])).toEqual([
    ['aaaa1111bbbb22', { port: 9091, path: '/metrics' }],
    ['cccc3333dddd44', { port: 9091, path: '/metrics' }],
  ]);
});
