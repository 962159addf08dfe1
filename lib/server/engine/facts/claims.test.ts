import { describe, expect, it } from 'vitest';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { unmeasurable } from '@/lib/core/verdict/judge.ts';
import { claim, deployAt, getsFall } from '../../watch/test-deploy.ts';
import { holds, mayCome, readClaimFacts, readStandings } from './claims.ts';
import type { FactQuestion } from './fact-reader.ts';
import { seriesOfClaim } from './series-watched.ts';

const START_MS = Date.UTC(2026, 3, 9, 17, 0);
const SCOPE = { app: 'harbor', environment: 'production' };

const deploy = deployAt(START_MS, {
  release: 'v1206',
  claims: [getsFall(), claim('c2', { standing: 'proposed' })],
});

function recordOf({ id: deployId, release, app, environment, startMs }: Deploy): WatchRecord {
  const change = (atMs: number, to: 'met' | 'relapsed', evidence: string) => ({
    ...{ atMs, claimId: 'c1', from: null, to, provisional: true, reason: null, evidence },
  });
  return {
    ...{ deployId, release, app, environment, originMs: startMs, settledMs: startMs },
    ...{ endMs: startMs + DAY_MS, openedMs: startMs, closedMs: null, judgedMs: startMs },
    ...{ state: 'relapsed', provisional: false, reason: null, sinceMs: startMs + 3 * HOUR_MS },
    claims: {
      c1: {
        ...unmeasurable('It came back.'),
        state: 'relapsed',
        reason: null,
        sinceMs: startMs + 3 * HOUR_MS,
      },
    },
    ...{ checks: [], followUps: [], notChecked: [], interruption: null, override: null },
    changes: [
      change(startMs + HOUR_MS, 'met', 'It fell by 96.7 %.'),
      change(startMs + 3 * HOUR_MS, 'relapsed', 'It came back.'),
    ],
  };
}

function ask(atMs: number, isPast: boolean, record = recordOf(deploy)): FactQuestion {
  const row = { ...deploy, claims: { confirmed: 1, all: 2 }, auditErrors: 0 };
  const deps = {
    clock: { wallMs: () => atMs, monoMs: () => atMs },
    deploys: { list: async () => [row], get: async () => deploy },
    watches: { openNow: () => (record.closedMs === null ? [record] : []), get: async () => record },
  };
  return {
    // Claims are read of these books alone.
    deps: deps as unknown as FactQuestion['deps'],
    ...{ scope: SCOPE, statuses: [], times: { startMs: atMs, endMs: atMs }, isPast },
  };
}

async function factsAt(atMs: number, isPast = false, record?: WatchRecord) {
  return (await readClaimFacts(ask(atMs, isPast, record)))(atMs);
}

describe('claims as facts of alerts', () => {
  it('are those that a person confirmed, as they stand, with what was seen', async () => {
    expect(await factsAt(START_MS + 4 * HOUR_MS)).toEqual([
      {
        ...{ deployId: deploy.id, release: 'v1206', claimId: 'c1', text: 'Redis GETs fall by 96.7 %' },
        ...{
          state: 'relapsed',
          sinceMs: START_MS + 3 * HOUR_MS,
          evidence: 'It came back.',
          series: 'redis_gets',
        },
      },
    ]);
  });

  it('of the past are what they were then, and nothing of what came later', async () => {
    const stateAt = async (minutes: number) => (await factsAt(START_MS + minutes * MINUTE_MS, true))[0];
    expect(await stateAt(-1)).toBeUndefined();
    expect(await stateAt(30)).toMatchObject({ state: 'settling', sinceMs: START_MS });
    expect(await stateAt(90)).toMatchObject({ state: 'met', evidence: 'It fell by 96.7 %.' });
    expect(await stateAt(181)).toMatchObject({ state: 'relapsed', sinceMs: START_MS + 3 * HOUR_MS });
  });

  it('end with their watch, and move what is usual for as long as the days before are remembered', async () => {
    const over = { ...recordOf(deploy), closedMs: START_MS + DAY_MS };
    expect(await factsAt(START_MS + DAY_MS, false, over)).toEqual([]);
    const atMs = START_MS + 5 * DAY_MS;
    const standings = (await readStandings(ask(atMs, false, over)))(atMs);
    expect(standings).toMatchObject([{ claimId: 'c1', claimed: { ratio: expect.closeTo(0.033, 6) } }]);
    expect(standings.map(holds)).toEqual([true]);
    expect(standings.map(mayCome)).toEqual([false]);
  });

  it('are none where no books are kept', async () => {
    const { deps, ...rest } = ask(START_MS, false);
    const { deploys: _, watches: __, ...bare } = deps;
    expect((await readClaimFacts({ ...rest, deps: bare }))(START_MS)).toEqual([]);
  });
});

describe('the watched series of a claim', () => {
  it.each([
    ['redis_commands_total', { cmd: 'get' }, 'redis_gets'],
    ['app_redis_commands_total', { cmd: 'get' }, 'redis_gets'],
    ['redis_commands_total', { cmd: 'set' }, null],
    ['redis_commands_total', {}, null],
    ['db_queries_total', {}, 'db_queries'],
    ['http_responses_total', {}, 'requests'],
    ['http_responses_total', { status: '429' }, 'limited'],
    ['http_responses_per_second', { class: '5xx' }, 'server_errors'],
    ['http_responses_total', { status: '404' }, null],
    ['http_limited_ratio', {}, 'limited'],
    ['http_app_latency_p95_seconds', {}, 'latency_p95'],
    ['http_app_latency_p50_seconds', {}, null],
    [null, {}, null],
  ])('of %s %o is %s', (metric, labels, series) => {
    expect(seriesOfClaim({ metric, labels })).toBe(series);
  });
});
