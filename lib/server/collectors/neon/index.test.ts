import { afterEach, describe, expect, test } from 'vitest';
import { isSafeCall, WAKING_CALLS } from '@/lib/core/neon/safe-calls.ts';
import type { NeonFault } from '@/lib/demo/neon/server.ts';
import { stillWorld } from '@/lib/demo/neon/still-world.ts';
import { codes, metrics, NOW_MS, operation, PROJECT, startScene, value } from './test-world.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const closers: (() => Promise<unknown>)[] = [];
const scene = startScene.bind(null, closers);

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('a visit', () => {
  test('finds the only project, then asks four things, each counted before it is sent', async () => {
    const { api, sent, visit } = await scene();
    await visit();
    await visit(NOW_MS + MINUTE_MS);
    const paths = api.ledger.map(({ path }) => path.replace(`/projects/${PROJECT}`, ''));
    expect(paths.slice(0, 1)).toEqual(['/projects']);
    expect(paths.slice(1, 5).toSorted()).toEqual(['', '/branches', '/endpoints', '/operations']);
    // The spending limit once an hour; the second visit asks the four alone.
    expect(paths.slice(5)).toHaveLength(5);
    expect(sent.filter((act) => act === 'request')).toHaveLength(api.ledger.length);
    expect(sent[0]).toBe('request');
  });

  test('never sends anything but the safe reads, over a day, its history and every fault', async () => {
    const { api, session, visit } = await scene({ usage: () => null });
    const faults: (NeonFault | null)[] = [
      null,
      { kind: 'status', status: 429, message: 'slow down', retryAfter: '1' },
      { kind: 'status', status: 423, message: 'locked' },
      { kind: 'status', status: 500, message: 'broken' },
      { kind: 'html' },
      { kind: 'redirect', location: '/api/v2/projects/x/endpoints/y/start' },
      { kind: 'body', body: '{"projects":[{"id":"../../x/endpoints/y/start"}]}' },
    ];
    for (let visits = 0; visits < 70; visits += 1) {
      api.setFault(faults[visits % faults.length] ?? null);
      await visit(NOW_MS + visits * 20 * MINUTE_MS).catch(() => null);
    }
    api.setFault(null);
    const nowMs = NOW_MS + DAY_MS;
    const range = { startMs: nowMs - 7 * DAY_MS, endMs: nowMs };
    const context = { signal: new AbortController().signal, nowMs };
    await session.history({ ...context, range, onProgress: () => undefined });
    expect(api.ledger.length).toBeGreaterThan(150);
    expect(api.ledger.filter(({ method, path }) => !isSafeCall(method, path))).toEqual([]);
    const waking = WAKING_CALLS.map(([, path]) => path.split('/').at(-1));
    expect(
      api.ledger.filter(
        ({ path }) =>
          waking.includes(path.split('/').at(-1)) && /start|schema|advisors|uri|password/.test(path),
      ),
    ).toEqual([]);
  });

  test('an idle compute is a good visit with the fact asleep, however long', async () => {
    const { visit } = await scene({ endpoints: [{ current: 'idle', suspendedMs: NOW_MS - 40 * DAY_MS }] });
    const result = await visit();
    expect(result.facts).toMatchObject({ state: 'asleep', branch: 'main', suspends: 'after 5 min' });
    expect(codes(result)).toEqual([]);
  });

  test('a disabled compute and an unknown state are said, and never count as healthy', async () => {
    const disabled = await (await scene({ endpoints: [{ disabled: true, current: 'idle' }] })).visit();
    expect(disabled.facts.state).toBe('disabled');
    expect(codes(disabled)).toEqual(['compute_disabled']);
    const world = stillWorld(NOW_MS);
    const odd = {
      ...world,
      endpoints: () => world.endpoints(NOW_MS).map((one) => ({ ...one, current: 'melted' as 'idle' })),
    };
    const unknown = await (await scene({ whole: odd })).visit();
    expect(unknown.facts.state).toBe('unknown');
    expect(codes(unknown)).toEqual(['unknown_state']);
  });

  test('quota, maintenance, spending limit and an archived branch are said', async () => {
    const result = await (
      await scene({
        project: {
          quota: { activeSeconds: 62_144, transferBytes: 1_200_000, writtenBytes: 1e12 },
          maintenanceMs: NOW_MS + DAY_MS,
          spendingLimitCents: 5_000,
        },
        branches: [{ state: 'archived' }],
      })
    ).visit();
    expect(codes(result)).toEqual(['branch_archived', 'quota_exhausted', 'quota_near', 'maintenance']);
    expect(result.facts.spendingLimit).toBe('$50.00 a month');
  });

  test('Neon’s clock an hour ahead is said, and its times are put on ours', async () => {
    const hourMs = 3_600_000;
    const ahead = NOW_MS + hourMs;
    const world = stillWorld(ahead, {
      operations: [operation(1, ahead - 10 * MINUTE_MS, 'start_compute')],
      endpoints: [{ startedMs: ahead - 10 * MINUTE_MS, suspendedMs: null }],
    });
    const result = await (await scene({ whole: world }, { clock: () => ahead })).visit();
    expect(codes(result)).toEqual(['clock_skew']);
    expect(value(result, 'neon_compute_awake_seconds_total')).toBeGreaterThanOrEqual(599);
    expect(value(result, 'neon_compute_awake_seconds_total')).toBeLessThanOrEqual(602);
  });

  test('many computes and branches: the main one first, and no more than 20 get series', async () => {
    const endpoints = Array.from({ length: 60 }, (_, at) => ({
      id: `ep-z${String(99 - at)}`,
      branchId: `br-quiet-hill-${at + 1}`,
    }));
    const result = await (await scene({ endpoints, branches: endpoints.map(() => ({})) })).visit();
    const states = result.samples.filter(({ metric }) => metric === 'neon_compute_state');
    expect(new Set(states.map(({ labels }) => labels.endpoint)).size).toBe(20);
    expect(result.facts).toMatchObject({ endpoint: 'ep-z99', computes: '60, 0 asleep' });
    const sizes = result.samples.filter(({ metric }) => metric === 'neon_branch_size_bytes');
    expect(sizes).toHaveLength(20);
    expect(codes(result)).toEqual(['many_computes']);
  });

  test('branches whose long names are alike keep series of their own', async () => {
    const name = 'preview/a-long-name-that-goes-on-and-on-until-it-has-to-be-cut-somewhere';
    const branches = [{}, { name: `${name}-1` }, { name: `${name}-2` }];
    const result = await (await scene({ branches, endpoints: [{}, {}, {}] })).visit();
    const sizes = result.samples.filter(({ metric }) => metric === 'neon_branch_size_bytes');
    expect(sizes.map(({ labels }) => labels.branch)).toEqual(['main', 'br-quiet-hill-2', 'br-quiet-hill-3']);
  });
});

describe('keys and projects', () => {
  test('a project-scoped key without a project in the config is told what to do', async () => {
    const { fail } = await scene({}, { keyScope: 'project' });
    const error = await fail();
    expect(error.kind).toBe('grant');
    expect(error.message).toContain('name that project in the config');
  });

  test('with its project it reads everything but what belongs to the organisation', async () => {
    const { api, visit } = await scene({}, { keyScope: 'project', target: { project: PROJECT } });
    const result = await visit();
    expect(result.facts.spendingLimit).toBe('needs a key of the organisation');
    expect(metrics(result).size).toBeGreaterThan(12);
    expect(api.ledger.some(({ path }) => path === '/projects')).toBe(false);
  });

  test('several projects, none, an unknown one and an id that is none are each said', async () => {
    const { api, fail } = await scene();
    api.setFault({ kind: 'body', body: '{"projects":[{"id":"a-1"},{"id":"b-2"}]}' });
    expect((await fail()).message).toContain('sees 2 projects or more; name the one to watch as "project"');
    api.setFault({ kind: 'body', body: '{"projects":[]}' });
    expect((await fail()).message).toContain('sees no project');
    const wrong = await (await scene({}, { target: { project: 'another-one-1' } })).fail();
    expect([wrong.kind, wrong.message.includes('check "project"')]).toEqual(['grant', true]);
    const odd = await scene({}, { target: { project: '../endpoints' } });
    expect((await odd.fail()).kind).toBe('grant');
    expect(odd.api.ledger).toEqual([]);
  });
});

describe('the pace', () => {
  test('is a minute, or the target’s own', async () => {
    const { session } = await scene();
    expect(session.pace()).toEqual({
      normalSeconds: 60,
      denseSeconds: 60,
      fixedBeat: false,
      timeoutSeconds: 10,
    });
    const own = await scene({}, { target: { intervalSeconds: 300, timeoutSeconds: 5 } });
    expect(own.session.pace()).toMatchObject({ normalSeconds: 300, denseSeconds: 60, timeoutSeconds: 5 });
  });
});
